package main

import (
	"context"
	"fmt"

	"github.com/segkit/lab/segkit/internal/wording"
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
		if _, err = s.clean(ctx, orders, s.source.rules); err != nil {
			return err
		}
		open := 0
		if orders.OneCurrency() != nil {
			open++
		}
		if len(orders.Unsure()) > 0 { // the audit says which, and how to answer
			open++
		}
		if open > 0 {
			return lookError{fmt.Errorf("segkit: %s: %s open", s.source.path, wording.Plural(open, "question"))}
		}
		return nil
	})
}
