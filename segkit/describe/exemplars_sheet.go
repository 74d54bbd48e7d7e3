package describe

import (
	"fmt"
	"math"
	"strings"

	"github.com/segkit/lab/segkit/sheet"
)

// Examples lays out the customers who show what each segment is like: the medoid with its values, other typical ones, the
// least typical one, and those who could just as well be in another segment. They are in SegmentProfile.Exemplars.
func (p *Profile) Examples() sheet.Sheet {
	out := sheet.Sheet{Total: len(p.Segments), Columns: []sheet.Column{{Name: "segment", Text: true}, {Name: "a typical customer", Text: true},
		{Name: "as typical", Text: true}, {Name: "least typical", Text: true}, {Name: "could be in", Text: true}, {Name: "on the border"}}}
	doubtful, madeUp := 0.0, false
	for l := range p.Segments {
		g := &p.Segments[l]
		e := g.Exemplars
		row := []string{g.Name, sheet.Missing, sheet.Missing, sheet.Missing, sheet.Missing, sheet.Missing}
		if e.Values != nil {
			row[1] = sheet.Lines(e.Medoid, p.like(g))
			row[5] = sheet.Percent(e.OnBorder)
		}
		madeUp = madeUp || e.MadeUp
		if len(e.Typical) > 1 {
			row[2] = strings.Join(e.Typical[1:], ", ")
		}
		if e.Atypical != "" {
			row[3] = e.Atypical
		}
		if len(e.Border) > 0 {
			b := e.Border[0]
			row[4] = sheet.Lines(b.ID, "in "+p.Segments[b.Second].Name)
		}
		if !math.IsNaN(e.OnBorder) {
			doubtful += float64(g.Size) * e.OnBorder
		}
		out.Rows = append(out.Rows, row)
	}
	out.Caption = fmt.Sprintf("%s of customers could just as well be in another segment", roundPercent(doubtful/float64(max(1, p.N))))
	out.Notes = []string{"The typical customer is the one nearest to all others of the segment, the least typical is the one farthest from them.",
		"On the border: less than a tenth nearer to the centre of their own segment than to the next one."}
	if madeUp {
		out.Notes[0] = madeUpNote
	}
	if p.Space != "" {
		out.Notes = append(out.Notes, "Near in "+p.Space+".")
	}
	return out
}
