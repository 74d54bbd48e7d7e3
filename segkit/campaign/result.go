package campaign

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/stats"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Result is what a test showed.
type Result struct {
	Test     Test
	Unit     string
	Ratios   []Ratio  // of each segment, and of all at the end: did about the same share of each arm come back?
	Response *Effects // additional customers who ordered, as a share; nil if not part of the test
	Revenue  *Effects // additional money spent; nil if not part of the test
	Return   *Effects // margin on that money, less what the offer cost; nil without revenue
	Notes    []string
}

// Effects has the effects on one measure, by segment.
type Effects struct {
	Measure  string   // "response", "revenue", "return"
	Unit     string   // "points" for a response, whose values are shares of 1
	Segments []Effect // (k)
	Total    Effect   // over all segments, per customer; Corrected is P
	Q, P     float64  // Cochran's Q of the segments' effects, and the chance of a Q this large if all have the same effect; NaN with one segment
	Test     Test     // with its defaults filled in
}

// Differ reports whether the offer is shown to do more in some segments than in others. If not, the overall effect, or Shrunk, is a better guess for each segment
// than its own effect.
func (e *Effects) Differ() bool { return e.P < e.Test.Level }

// Ratio compares how many customers were drawn for each arm with how many came back.
type Ratio struct {
	Segment      string
	Drawn, Found [2]int  // by arm: Offered, HeldOut
	P            float64 // chance of a loss this uneven by accident (Fisher's exact test)
}

// unevenLoss is the P below which a result is refused: the field's limit for a sample-ratio mismatch (Fabijan et al. 2019, "Diagnosing sample ratio
// mismatch in online controlled experiments", KDD).
const unevenLoss = .001

// Read compares the arms in an outcome: what customers did after the offer went out, with the columns that the test declared, joined by id. All customers
// are compared as they were drawn, including those who never opened the offer, because only then are the arms alike. Read first checks that neither arm lost
// more of its customers than the other, overall and in each segment; below p = .001 the result is refused, because such arms differ by more than the offer.
// Customers outside the manifest are left out. A customer who did nothing must have a row with 0.
//
// Days that came before the draw show no effect of the offer: an outcome with any of them is refused where both the manifest and the outcome know their days, as
// features' Outcome does. Tables read from a file do not; Read then only notes an outcome that repeats the earlier period. It costs O(n).
func (m *Manifest) Read(outcome *table.Table) (*Result, error) {
	const op = "campaign.Manifest.Read"
	switch {
	case m == nil:
		return nil, fault.Nil(op, "manifest")
	case outcome == nil:
		return nil, fault.Nil(op, "table")
	}
	t, err := m.Test.checked()
	if err != nil {
		return nil, err
	}
	r := &Result{Test: t, Unit: m.Unit}
	response, revenue, known, err := m.outcomes(op, t, outcome)
	if err != nil {
		return nil, err
	}
	if err := r.ratios(m, known); err != nil {
		return nil, err
	}
	below, lost := 0, 0
	for i := range known {
		if revenue != nil && revenue[i] < 0 {
			below++
		}
		if !known[i] {
			lost++
		}
	}
	if below > 0 {
		r.Notes = append(r.Notes, fmt.Sprintf("%s got back more than they paid: their money counts as negative, in either arm.", wording.Plural(below, "customer")))
	}
	if lost > 0 {
		r.Notes = append(r.Notes, fmt.Sprintf("Left out: %s of the manifest without an outcome, about as many in one arm as in the other (%s). If they did nothing, give them a row with 0.",
			wording.Plural(lost, "customer"), sheet.Percent(float64(lost)/float64(len(known)))))
	}
	measure := func(name, unit string, share bool, y, x func(i int, a Assignment) float64) *Effects {
		e := &Effects{Measure: name, Unit: unit, Test: t}
		e.estimate(m, known, share, y, x)
		return e
	}
	if response != nil {
		r.Response = measure("response", "points", true, func(i int, _ Assignment) float64 { return response[i] }, func(_ int, a Assignment) float64 { return a.Response })
	}
	if m.repeats(response, revenue) {
		r.Notes = append(r.Notes, "Every customer did exactly what the manifest says of the earlier period: check that these are the days after the offer went out, and not the same ones again.")
	}
	if revenue != nil {
		for i, a := range m.Drawn {
			if limit := m.Caps[a.Segment]; revenue[i] > limit { // false where there is none
				revenue[i] = limit
			}
		}
		r.Revenue = measure("revenue", m.Unit, false, func(i int, _ Assignment) float64 { return revenue[i] }, func(_ int, a Assignment) float64 { return a.Revenue })
		r.Return = measure("return", m.Unit, false, func(i int, a Assignment) float64 {
			left := t.Margin * revenue[i]
			if a.Arm == Offered {
				left -= t.Contact
				if response != nil {
					left -= t.Reward * response[i]
				}
			}
			return left
		}, func(_ int, a Assignment) float64 { return t.Margin * a.Revenue })
	}
	r.remarks()
	return r, nil
}

// outcomes returns what each drawn customer did (n each; nil for what the test does not measure), and who of them is known to have done it.
func (m *Manifest) outcomes(op string, t Test, outcome *table.Table) (response, revenue []float64, known []bool, err error) {
	ids := make([]string, len(m.Drawn))
	for i, a := range m.Drawn {
		ids[i] = a.Customer
	}
	read := func(name string) (values []float64, err error) {
		if name == "" {
			return nil, nil
		}
		c, values, _, err := outcome.MetricFor(ids, name)
		if err != nil {
			return nil, err
		}
		return values, m.begun(op, c)
	}
	if response, err = read(t.Response); err != nil {
		return nil, nil, nil, err
	}
	if err := zeroOne(op, t.Response, ids, response); err != nil {
		return nil, nil, nil, err
	}
	if revenue, err = read(t.Revenue); err != nil {
		return nil, nil, nil, err
	}
	known = make([]bool, len(ids))
	for i := range ids {
		known[i] = !(response != nil && math.IsNaN(response[i]) || revenue != nil && math.IsNaN(revenue[i]))
		if revenue != nil && math.IsInf(revenue[i], 0) {
			return nil, nil, nil, &fault.CellError{Op: op, Column: t.Revenue, ID: ids[i], Why: "is infinite", Err: fault.ErrNotFinite}
		}
	}
	return response, revenue, known, nil
}

// estimate compares the arms of each segment by y, adjusted for x, among customers who are known. y and x give the value of the customer drawn as number i.
func (e *Effects) estimate(m *Manifest, known []bool, share bool, y, x func(i int, a Assignment) float64) {
	for l, segment := range m.Segments {
		var arms [2]arm
		for i, a := range m.Drawn {
			if a.Segment != l || !known[i] {
				continue
			}
			of := &arms[a.Arm]
			of.y = append(of.y, y(i, a))
			if before := x(i, a); !math.IsNaN(before) {
				of.x = append(of.x, before)
			}
		}
		found := estimate(arms[Offered], arms[HeldOut], share)
		found.Segment = segment
		_, _, found.Skew = stats.Moments(slices.Concat(arms[Offered].y, arms[HeldOut].y), nil)
		e.Segments = append(e.Segments, found)
	}
	correct(e.Segments)
	shrink(e.Segments)
	e.Total = together(e.Segments)
	e.Q, e.P = heterogeneity(e.Segments)
}

// repeats reports whether response and revenue (n each, or nil) are those of the earlier period for everybody, among customers who did not all do the same.
func (m *Manifest) repeats(response, revenue []float64) bool {
	differ := false
	for i, a := range m.Drawn {
		if response != nil && response[i] != a.Response || revenue != nil && revenue[i] != a.Revenue && !(revenue[i] > a.Revenue && a.Revenue == m.Caps[a.Segment]) {
			return false
		}
		differ = differ || response != nil && a.Response != m.Drawn[0].Response || revenue != nil && a.Revenue != m.Drawn[0].Revenue
	}
	return differ
}

// ratios checks that neither arm lost more of its customers than the other.
func (r *Result) ratios(m *Manifest, known []bool) error {
	const op = "campaign.Manifest.Read"
	all := Ratio{Segment: "all segments"}
	r.Ratios = make([]Ratio, len(m.Segments), len(m.Segments)+1)
	for i, a := range m.Drawn {
		of := &r.Ratios[a.Segment]
		of.Segment = m.Segments[a.Segment]
		of.Drawn[a.Arm]++
		all.Drawn[a.Arm]++
		if known[i] {
			of.Found[a.Arm]++
			all.Found[a.Arm]++
		}
	}
	if all.Found == [2]int{} {
		return &fault.CellError{Op: op, Why: fmt.Sprintf("none of the %d customers of the manifest has an outcome", len(m.Drawn)),
			Remedy: "check that both write the ids the same way: 00123 is not 123", Err: fault.ErrUnmatched}
	}
	r.Ratios = append(r.Ratios, all)
	for l := range r.Ratios {
		of := &r.Ratios[l]
		of.P = unlike(of.Drawn[Offered]-of.Found[Offered], of.Drawn[Offered], of.Drawn[HeldOut]-of.Found[HeldOut], of.Drawn[HeldOut])
	}
	for _, of := range slices.Backward(r.Ratios) { // all first
		if of.P < unevenLoss {
			name := of.Segment
			if name != all.Segment {
				name = fmt.Sprintf("%q", name)
			}
			return &fault.CellError{Op: op, Why: fmt.Sprintf("in %s, %s of %s customers drawn for the offer have an outcome, and %s of %s held out (p %s): arms that lost customers so "+
				"unevenly differ in more than the offer", name, sheet.Count(of.Found[Offered]), sheet.Count(of.Drawn[Offered]), sheet.Count(of.Found[HeldOut]), sheet.Count(of.Drawn[HeldOut]), small(of.P)),
				Remedy: "give the outcome of everyone who was drawn, including those who did not open the offer or bought nothing", Err: fault.ErrUnmatched}
		}
	}
	return nil
}

// remarks notes what a reader must know of the numbers.
func (r *Result) remarks() {
	main := r.main()
	var small []string
	for _, e := range main.Segments {
		if math.IsNaN(e.SE) {
			small = append(small, fmt.Sprintf("%q (%d and %d customers)", e.Segment, e.Offered, e.HeldOut))
		}
	}
	if r.Revenue != nil {
		r.Notes = append(r.Notes, skewedIn(r.Revenue.Segments)...)
	}
	if len(small) > 0 {
		r.Notes = append(r.Notes, "No interval, and no part in the total: "+sheet.List(small)+", where an arm has fewer than two customers, or no two customers differ.")
	}
}

// skewedIn warns of segments whose money is too skewed for so few customers, those the worst off first.
func skewedIn(effects []Effect) []string {
	type short struct {
		name        string
		have, wants int
	}
	var all []short
	for _, e := range effects {
		if s := (short{e.Segment, min(e.Offered, e.HeldOut), skewNeeds(e.Skew)}); s.have < s.wants && !math.IsNaN(e.SE) {
			all = append(all, s)
		}
	}
	if len(all) == 0 {
		return nil
	}
	slices.SortStableFunc(all, func(a, b short) int { return cmp.Compare(a.have*b.wants, b.have*a.wants) })
	names := make([]string, len(all))
	for i, s := range all {
		names[i] = s.name
	}
	return []string{fmt.Sprintf("Money is skewed in %s, and with so few customers their intervals are rough, most of all in %q, where %s in each arm would be enough and the smaller has %s.",
		wording.Quoted(names), all[0].name, sheet.Count(all[0].wants), sheet.Count(all[0].have))}
}

// main is the measure that decides: money where it is asked for.
func (r *Result) main() *Effects {
	if r.Revenue != nil {
		return r.Revenue
	}
	return r.Response
}

// Pays returns the segments in which the offer is shown to bring more than it costs, the ones to send it to. Without revenue it is nil.
func (r *Result) Pays() []string {
	if r == nil || r.Return == nil {
		return nil
	}
	return r.Return.in(func(of Effect) bool { return of.Value > 0 && of.Shown(r.Test.Level) })
}
