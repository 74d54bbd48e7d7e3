package describe

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Segments introduced as one would introduce people: only what the profile shows, in words that need no statistics, and no motives.

// Persona is a segment as one would introduce a person.
type Persona struct {
	Label        int
	Name         string
	Size         int
	Share        float64   // of customers
	ValueColumns []string  // the profile's
	ValueShare   []float64 // of each
	Sentences    []string  // up to three: what stands out, first in what formed the segments and in their value
	Prototype    string    // id of the medoid customer; "" where MadeUp
	MadeUp       bool      // Like belongs to no real customer: it was made up from the segment, for pages that are shared
	Like         string    // that customer in the columns that stand out: "recency 12 days, orders 9, basket 45 EUR"
	Rule         string    // how to recognise the segment; "" without rules
	Caution      string    // what to bear in mind: few customers, many of them on the border, a rule that fits poorly; "" for nothing
}

// Personas introduces every segment of a profile.
type Personas []Persona

var _ sheet.Sheeter = Personas(nil)

const (
	personaSentences = 3
	personaTraits    = 4    // of the prototype
	crowdedBorder    = 0.25 // share of a segment on its border from which that is told
	goodRule         = 0.75 // precision and recall below which a rule says its segment badly
)

// Rules says how to recognise segments, as an Explanation does.
type Rules interface {
	// Words returns the rule of a segment in words, "" without one.
	Words(segment string) string
	// PrecisionRecall returns the share of the customers whom the rule takes who are in the segment, NaN without a rule, and the share
	// of the segment that it takes.
	PrecisionRecall(segment string) (precision, recall float64)
}

// Personas introduces every segment. Sentences take the strongest markers in the columns that formed the segments and in values
// first. Rules, from Explain, say how to recognise it; without them Rule is "". What customers did afterwards (Role Outcome) is
// there to judge segments, and is not used to introduce them.
func (p *Profile) Personas(rules ...Rules) Personas {
	if p == nil {
		return nil
	}
	out := make(Personas, len(p.Segments))
	for l := range p.Segments {
		g := &p.Segments[l]
		out[l] = Persona{Label: g.Label, Name: g.Name, Size: g.Size, Share: g.Share, ValueColumns: p.ValueColumns, ValueShare: g.ValueShare,
			Prototype: g.Exemplars.Medoid, MadeUp: g.Exemplars.MadeUp, Like: p.like(g)}
		persona := &out[l]
		markers := p.introducing(g)
		for _, m := range markers[:min(personaSentences, len(markers))] {
			persona.Sentences = append(persona.Sentences, p.sentence(m))
		}
		var cautions []string
		switch {
		case g.Size == 0:
			cautions = append(cautions, "It has no customers.")
		case len(persona.Sentences) == 0:
			cautions = append(cautions, "Nothing stands out: these are average customers.")
		}
		if g.Small {
			cautions = append(cautions, fmt.Sprintf("Only %s: what is typical of them is uncertain.", wording.Plural(g.Size, "customer")))
		}
		if g.Exemplars.OnBorder >= crowdedBorder {
			cautions = append(cautions, fmt.Sprintf("%s of them could just as well be in another segment.", roundPercent(g.Exemplars.OnBorder)))
		}
		for _, e := range rules {
			if e != nil && persona.Rule == "" {
				persona.Rule = e.Words(g.Name)
				cautions = append(cautions, caution(e, g.Name)...)
			}
		}
		persona.Caution = strings.Join(cautions, " ")
	}
	return out
}

// introducing are the markers that introduce a segment: first those in what formed it and in what it is worth, as its name does,
// then the others. Columns that formed no segments as far as is known are features and values.
func (p *Profile) introducing(g *SegmentProfile) []Marker {
	formed := func(j int) bool { return slices.Contains(p.FormedBy, p.Columns[j].Name) }
	known := slices.ContainsFunc(pick.All(len(p.Columns)), formed)
	var first, then []Marker
	for _, m := range g.Markers {
		switch j := p.Index(m.Column); {
		case p.Columns[j].Role == table.Outcome:
		case p.Columns[j].Role == table.Value || known && formed(j) || !known && p.Columns[j].Role == table.Feature:
			first = append(first, m)
		default:
			then = append(then, m)
		}
	}
	return append(first, then...)
}

// sentence reads like "orders: 9, far above the typical 4", with the column's own word for it in front where it has one. It begins with a
// name in the user's spelling, and so with no capital of ours.
func (p *Profile) sentence(m Marker) string {
	j := p.Index(m.Column)
	c, word := p.Columns[j], p.wordFor(m, j)
	if own := []string{c.High, c.Low}; slices.Contains(own, word) || p.isAnswer(j) && slices.Contains(c.Labels, word) {
		return word + ": " + strings.Replace(m.Says, ": ", " ", 1)
	}
	return m.Says
}

// like lists the medoid's values in the columns that stand out, and where these are few in those that tell segments apart.
func (p *Profile) like(g *SegmentProfile) string {
	if g.Exemplars.Values == nil {
		return ""
	}
	var shown []int
	for _, m := range p.introducing(g) {
		shown = append(shown, p.Index(m.Column))
	}
	for _, j := range p.Telling() {
		if !slices.Contains(shown, j) {
			shown = append(shown, j)
		}
	}
	var traits []string
	for _, j := range shown {
		c, v := p.Columns[j], g.Exemplars.Values[j]
		if len(traits) == personaTraits || c.Role == table.Outcome || math.IsNaN(v) {
			continue
		}
		switch {
		case c.Yes() >= 0:
			traits = append(traits, c.Answer(int(v) == c.Yes()))
		case p.isAnswer(j):
			traits = append(traits, c.Answer(v == 1))
		case c.Categorical():
			traits = append(traits, c.Level(int(v)))
		default:
			number, _ := p.sayable(j, v, 0)
			traits = append(traits, c.Saying(number))
		}
	}
	return strings.Join(traits, ", ")
}

// caution says how many customers the rules of a segment miss, and how many they take in error, where those are many.
func caution(e Rules, segment string) []string {
	switch precision, recall := e.PrecisionRecall(segment); {
	case math.IsNaN(precision):
		return []string{"No rule says who they are."}
	case recall < goodRule && precision < goodRule:
		return []string{fmt.Sprintf("The rule misses %s of them, and %s of those it takes belong elsewhere.",
			roundPercent(1-recall), roundPercent(1-precision))}
	case recall < goodRule:
		return []string{fmt.Sprintf("The rule misses %s of them.", roundPercent(1-recall))}
	case precision < goodRule:
		return []string{fmt.Sprintf("%s of those that the rule takes belong elsewhere.", roundPercent(1-precision))}
	}
	return nil
}

// worth reads like "61 % of spend"; "" where the profile has no value column.
func (p Persona) worth() string {
	var parts []string
	for v, share := range p.ValueShare {
		if !math.IsNaN(share) {
			parts = append(parts, roundPercent(share)+" of "+wording.InWords(p.ValueColumns[v]))
		}
	}
	return strings.Join(parts, ", ")
}

// Sheet has a card for each persona: who they are, what stands out, a typical customer, and if known the rule and what to bear in
// mind.
func (ps Personas) Sheet() sheet.Sheet {
	out := sheet.Sheet{Caption: ps.finding(), Total: len(ps),
		Columns: []sheet.Column{{Name: "segment", Text: true}, {Name: "what stands out", Text: true}}}
	madeUp := slices.ContainsFunc(ps, func(p Persona) bool { return p.MadeUp })
	prototypes := madeUp || slices.ContainsFunc(ps, func(p Persona) bool { return p.Prototype != "" })
	ruled := slices.ContainsFunc(ps, func(p Persona) bool { return p.Rule != "" })
	cautions := 0
	for _, p := range ps {
		if p.Caution != "" {
			cautions++
		}
	}
	cautious := cautions > 0 && (2*cautions >= len(ps) || !ruled) // a column that would be mostly empty is none: the few stand with the rules
	add := func(asked bool, name string) {
		if asked {
			out.Columns = append(out.Columns, sheet.Column{Name: name, Text: true})
		}
	}
	add(prototypes, "a typical customer")
	add(ruled, "how to recognise them")
	add(cautious, "what to mind")
	for _, p := range ps {
		rule := []string{p.Rule}
		if !cautious {
			rule = append(rule, p.Caution)
		}
		row := []string{sheet.Lines(p.Name, fmt.Sprintf("%s (%s)", wording.Plural(p.Size, "customer"), roundPercent(p.Share)), p.worth()),
			sheet.Lines(p.Sentences...)}
		if prototypes {
			row = append(row, sheet.Lines(p.Prototype, p.Like))
		}
		if ruled {
			row = append(row, sheet.Lines(rule...))
		}
		if cautious {
			row = append(row, p.Caution)
		}
		out.Rows = append(out.Rows, row)
	}
	out.Notes = []string{"Clearly means by at least 0.8 robust standard deviations of all customers, far by at least 2."}
	if slices.ContainsFunc(ps, func(p Persona) bool { return strings.Contains(strings.Join(p.Sentences, " "), " the typical ") }) {
		out.Notes = append(out.Notes, "Typical is the value that half of all customers are below and half above.")
	}
	switch {
	case madeUp:
		out.Notes = append(out.Notes, madeUpNote)
	case prototypes:
		out.Notes = append(out.Notes, "The typical customer is the one nearest to all others of the segment.")
	}
	return out
}

// madeUpNote says whose values a typical customer has who is made up.
const madeUpNote = "The typical customer is made up from what is typical of the segment, and is not a customer in this table."

// finding is the caption: the largest persona, and the one that is worth most.
func (ps Personas) finding() string {
	if len(ps) == 0 {
		return "No segments"
	}
	largest, best := ps[0], ps[0]
	for _, p := range ps {
		if p.Size > largest.Size {
			largest = p
		}
		if len(p.ValueShare) > 0 && (p.ValueShare[0] > best.ValueShare[0] || math.IsNaN(best.ValueShare[0])) {
			best = p
		}
	}
	caption := fmt.Sprintf("The largest segment is %q (%s)", largest.Name, roundPercent(largest.Share))
	if len(best.ValueShare) > 0 && !math.IsNaN(best.ValueShare[0]) {
		caption += fmt.Sprintf("; most %s comes from %q (%s)", wording.InWords(best.ValueColumns[0]), best.Name, roundPercent(best.ValueShare[0]))
	}
	return caption
}

// Frame returns a row per persona: segment, customers, share, <value>_share, sentence_1 to sentence_3, prototype, made_up, like, rule, caution.
func (ps Personas) Frame() table.Frame {
	text := func(name string, of func(p Persona) string) frame.Columns { return frame.Each(name, ps, of) }
	columns := []frame.Columns{
		text("segment", func(p Persona) string { return p.Name }),
		frame.Each("customers", ps, func(p Persona) int { return p.Size }),
		frame.Each("share", ps, func(p Persona) float64 { return p.Share }),
	}
	if len(ps) > 0 {
		for v, name := range ps[0].ValueColumns {
			columns = append(columns, frame.Each(name+"_share", ps, func(p Persona) float64 { return p.ValueShare[v] }))
		}
	}
	for s := range personaSentences {
		columns = append(columns, text(fmt.Sprintf("sentence_%d", s+1), func(p Persona) string {
			if s < len(p.Sentences) {
				return p.Sentences[s]
			}
			return ""
		}))
	}
	return frame.New(append(columns,
		text("prototype", func(p Persona) string { return p.Prototype }),
		frame.Each("made_up", ps, func(p Persona) bool { return p.MadeUp }), text("like", func(p Persona) string { return p.Like }),
		text("rule", func(p Persona) string { return p.Rule }), text("caution", func(p Persona) string { return p.Caution }))...)
}
