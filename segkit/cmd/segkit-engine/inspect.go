package main

import "context"

// inspectCmd says what order lines hold.
type inspectCmd struct {
	connection
}

func (c *inspectCmd) Run(ctx context.Context) error {
	return c.on(ctx, func(ctx context.Context, s *session) error {
		orders, err := s.orders(ctx)
		if err != nil {
			return err
		}
		audit, err := orders.AuditContext(ctx)
		if err != nil {
			return err
		}
		return s.show(audit.Sheet())
	})
}
