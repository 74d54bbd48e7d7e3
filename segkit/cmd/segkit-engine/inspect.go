package main

import (
	"context"
	"fmt"
)

// inspectCmd says what is wrong with order lines, and what cleaning removes from them. It changes nothing.
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
		if err := s.show(audit.Sheet()); err != nil {
			return err
		}
		if _, err = s.clean(ctx, orders, s.source.rules); err == nil && orders.OneCurrency() != nil {
			return lookError{fmt.Errorf("segkit: %s: 1 question open", s.source.path)}
		}
		return err
	})
}
