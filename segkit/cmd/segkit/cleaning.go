package main

import (
	"fmt"
	"strings"

	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
)

// removed says how many order lines each rule of cleaning removed, with their money, and what the rules say of that, for those who see no ledger.
func removed(l *features.Ledger) string {
	money := func(m features.Money) string { return strings.TrimSpace(l.Currency + " " + m.Text()) }
	var by, said []string
	for _, s := range l.Steps {
		if s.Note != "" {
			said = append(said, s.Note)
		}
		if n := s.Removed.Lines; n > 0 {
			by = append(by, fmt.Sprintf("%q %s (%s)", s.Rule, wording.Plural(n, "line"), money(s.Removed.Net())))
		}
	}
	if by == nil {
		return "The cleaning rules removed no lines."
	}
	return strings.Join(append([]string{fmt.Sprintf("Cleaning left %s of %s order lines and %s of %s net; it removed, by rule: %s.", sheet.Count(l.Closing.Lines), sheet.Count(l.Opening.Lines), money(l.Closing.Net()), money(l.Opening.Net()), sheet.List(by))}, said...), " ")
}
