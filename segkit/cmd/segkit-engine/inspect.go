package main

import "context"

// inspectCmd says what cleaning removes from order lines, and changes nothing.
type inspectCmd struct {
	connection
}

func (c *inspectCmd) Run(ctx context.Context) error {
	return c.on(ctx, func(ctx context.Context, s *session) error {
		_, err := s.clean(ctx, s.source.rules)
		return err
	})
}
