package predict

import (
	"fmt"
	"strings"

	"github.com/segkit/lab/segkit/internal/inert"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
)

// Card returns a model card in Markdown (Mitchell et al. 2019, doi:10.1145/3287560.3287596): what is predicted from what, for which use, how
// well on unseen customers, and what not to conclude. It contains no customer.
func (r *Report) Card() string {
	var b strings.Builder
	c := r.Classifier
	say := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	say("# Model card: who will be in which segment\n")
	say("%s\n", plain(r.Says()))
	say("## What it does\n")
	say("- Predicts one of %d segments: %s.", c.K(), plain(wording.Quoted(c.Names)))
	say("- From %s.", plain(sheet.List(labelsOf(c))))
	say("- Uses %s, learned from %s.", plain(spelled(c.Predictor)), wording.Plural(c.Customers, "customer"))
	for _, note := range r.notes() {
		say("- %s", plain(note))
	}
	say("\n## How well, on customers it has not seen\n")
	scores := r.Sheet()
	scores.Caption = "Scores, compared with the two simplest answers" // the finding stands on top
	markdown(&b, scores)
	markdown(&b, r.Segments())
	say("Probabilities are off by %s points on average (expected calibration error).\n", points(r.Off))
	markdown(&b, r.Unknown())
	if r.ColdStart != nil {
		markdown(&b, r.Early())
	}
	if r.Importance != nil {
		markdown(&b, r.Importances())
	}
	say("## What not to conclude\n")
	say("- That segments can be predicted does not show that they exist.")
	say("- What a column contributes to the prediction is not what changing it would do: that is worth a test.")
	say("- The figures hold for customers like those held out; check again when the mix changes.")
	return b.String()
}

// labelsOf are the names of the columns with their units.
func labelsOf(c *Classifier) []string {
	out := make([]string, len(c.Columns))
	for j, column := range c.Columns {
		out[j] = column.Label()
	}
	return out
}

// markdown writes a sheet as a table.
func markdown(b *strings.Builder, s sheet.Sheet) {
	fmt.Fprintf(b, "**%s**\n\n", plain(s.Caption))
	heads, rules := make([]string, len(s.Columns)), make([]string, len(s.Columns))
	for j, c := range s.Columns {
		heads[j], rules[j] = plain(c.Name), "---:"
		if c.Unit != "" {
			heads[j] += " (" + plain(c.Unit) + ")"
		}
		if c.Text {
			rules[j] = ":---"
		}
	}
	fmt.Fprintf(b, "| %s |\n| %s |\n", strings.Join(heads, " | "), strings.Join(rules, " | "))
	for _, row := range s.Rows {
		cells := make([]string, len(row))
		for j, cell := range row {
			cells[j] = plain(cell)
		}
		fmt.Fprintf(b, "| %s |\n", strings.Join(cells, " | "))
	}
	b.WriteString("\n")
}

// plain keeps text from data from being read as Markdown or HTML.
func plain(s string) string {
	s = strings.Join(strings.Fields(inert.Shown(inert.Cut(s, inert.Longest))), " ")
	return strings.NewReplacer(`\`, `\\`, "&", "&amp;", "|", `\|`, "*", `\*`, "_", `\_`, "`", "\\`", "<", "&lt;", "[", `\[`, "#", `\#`).Replace(s)
}
