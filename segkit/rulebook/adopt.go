package rulebook

import (
	"fmt"
	"math"
	"slices"

	"github.com/segkit/lab/segkit/compare"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/internal/worth"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// The rules become the definition, and the clusters they were read from their audit: the business signs rules that anybody can
// check, and the clustering runs on every month to tell how far the customers have moved away from them.

// Adoption is a segmentation by rules, with the clusters for comparison.
type Adoption struct {
	Rules    *Book
	Segments *table.Segments   // by the rules
	Matching *compare.Matching // of the audit (From) with the rules' segments (To)
	History  []Fidelity        // how well the two agreed: at adoption, at every Audit since, now
}

// Adopt segments raw (n) by rules and compares the result with other segments of the same customers, usually those of the
// model that the rules were read from. Match pairs the rules' segments with those of the audit; a customer counts as agreed on
// if both segments of a pair have that customer. Every customer of raw must be in audit. The Fidelity respects the table's
// Weighting; the Matching counts rows. Cost n times the length of the rules.
func Adopt(raw *table.Table, rules *Book, audit *table.Segments) (*Adoption, error) {
	return adopt("rulebook.Adopt", raw, rules, audit, nil)
}

// Audit compares the adopted rules with the segments that the clustering gives for raw (n) now: next month's customers, scored by
// the model or by a new fit. The rules stay; earlier figures stay in History.
func (a *Adoption) Audit(raw *table.Table, audit *table.Segments) (*Adoption, error) {
	if a == nil {
		return nil, fault.Nil("rulebook.Adoption.Audit", "adoption")
	}
	return adopt("rulebook.Adoption.Audit", raw, a.Rules, audit, a.History)
}

func adopt(op string, raw *table.Table, rules *Book, audit *table.Segments, history []Fidelity) (*Adoption, error) {
	audited, err := audit.LabelsFor(op, raw)
	if err != nil {
		return nil, err
	}
	if raw.Len() == 0 {
		return nil, fmt.Errorf("segkit: %s: %w", op, fault.ErrEmpty)
	}
	segments, err := rules.Assign(raw)
	if err != nil {
		return nil, fmt.Errorf("segkit: %s: %w", op, fault.Trimmed(err))
	}
	m, err := compare.Match(audit, segments)
	if err != nil {
		return nil, err
	}
	agreed, all := 0.0, 0.0
	for i, l := range segments.Labels {
		all += raw.Weight(i)
		if l >= 0 && audited[i] >= 0 && m.Of[l] == audited[i] {
			agreed += raw.Weight(i)
		}
	}
	now := Fidelity{Accuracy: agreed / all, AdjustedRand: compare.WeightedRand(raw, audited, segments.Labels)}
	return &Adoption{Rules: rules, Segments: segments, Matching: m, History: append(slices.Clone(history), now)}, nil
}

// Sheet lays out the rules' segments beside the audit's segments that they stand for.
func (a *Adoption) Sheet() sheet.Sheet {
	m, counts := a.Matching, a.Segments.Counts()
	inAudit := make([]int, m.From.K()) // of these customers
	for c, row := range m.Counts {
		for _, n := range row {
			inAudit[c] += n
		}
	}
	now := a.History[len(a.History)-1]
	out := sheet.Sheet{Caption: fmt.Sprintf("The rules decide: %s of %s are where the audit puts them", sheet.Percent(now.Accuracy),
		wording.Plural(a.Segments.Count(), "customer")),
		Columns: []sheet.Column{{Name: "segment", Text: true}, {Name: "customers"}, {Name: "audit", Text: true}, {Name: "customers"},
			{Name: "in both"}, {Name: "of the segment"}, {Name: "of the audit's"}}}
	paired := make([]bool, len(inAudit))
	for l, name := range m.To.Names {
		row := []string{name, sheet.Count(counts[l]), sheet.Missing, sheet.Missing, sheet.Missing, sheet.Missing, sheet.Missing}
		if c := m.Of[l]; c >= 0 {
			paired[c] = true
			both := m.Counts[c][l]
			row = []string{name, sheet.Count(counts[l]), m.From.Names[c], sheet.Count(inAudit[c]), sheet.Count(both),
				sheet.Percent(worth.Share(float64(both), float64(counts[l]))), sheet.Percent(worth.Share(float64(both), float64(inAudit[c])))}
		}
		out.Rows = append(out.Rows, row)
	}
	for c, name := range m.From.Names {
		if !paired[c] && inAudit[c] > 0 {
			out.Notes = append(out.Notes, fmt.Sprintf("No rule matches the audit's %q (%s).", name, wording.Plural(inAudit[c], "customer")))
		}
	}
	if !math.IsNaN(now.AdjustedRand) {
		out.Notes = append(out.Notes, fmt.Sprintf("Adjusted Rand index %s: 1 where the two are identical, 0 where they are unrelated.",
			sheet.Fixed(now.AdjustedRand, 2)))
	}
	if before := len(a.History) - 1; before > 0 {
		out.Notes = append(out.Notes, fmt.Sprintf("At adoption it was %s of customers, at the last audit %s.",
			sheet.Percent(a.History[0].Accuracy), sheet.Percent(a.History[before-1].Accuracy)))
	}
	return out
}

// Frame returns a row per customer: id, segment (by the rules), audit (the other), and whether the two agree. Look at those
// on whom the two disagree.
func (a *Adoption) Frame() table.Frame {
	m := a.Matching
	others, _ := m.From.LabelsOfIDs("rulebook.Adoption.Frame", a.Segments.IDs) // Adopt has seen to it that all are there
	agree := make([]bool, len(others))
	for i, other := range others {
		agree[i] = other >= 0 && m.Of[a.Segments.Labels[i]] == other
	}
	return frame.New(frame.Column("id", a.Segments.IDs), frame.Column("segment", a.Segments.NameOfEach()),
		frame.Each("audit", others, m.From.Name), frame.Column("agree", agree))
}
