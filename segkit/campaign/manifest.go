package campaign

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/segkit/lab/internal/atomicfile"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/inert"
	"github.com/segkit/lab/segkit/internal/seed"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Arm is what a customer was drawn for.
type Arm uint8

const (
	Offered Arm = iota // gets the offer
	HeldOut            // gets nothing
)

var armNames = []string{"offered", "held out"}

func (a Arm) String() string { return armNames[min(a, HeldOut)] }

// Manifest is a test whose lots have been drawn: who is in which segment and arm, and what they did before, frozen. It is made by Test.Draw and read by
// LoadManifest.
type Manifest struct {
	Test     Test
	Unit     string       // of money
	Segments []string     // (k) names
	Caps     []float64    // (k) up to which a customer's revenue counts; NaN if all of it does
	Drawn    []Assignment // by customer id
	Until    string       // last day of the orders, visits and so on that segments and the earlier period were made from, YYYY-MM-DD; "" if the tables do not know it

	Forgotten [][]int // (k) places, among the ids of each segment as it was drawn, of customers whom Forget has removed; nil if there are none
}

// Assignment is one customer of a test.
type Assignment struct {
	Customer string
	Segment  int // 0..k-1
	Arm      Arm
	Response float64 // of the earlier period; NaN if not part of the test
	Revenue  float64 // of the earlier period, winsorised; NaN if not part of the test
}

// Draw holds out a share of each segment by lot. Who is drawn depends only on the seed, the segment's name and the ids of its customers, so that anybody can repeat
// the draw. Customers in no segment are not in the test. What customers did in an earlier period (Size says which) is kept in the manifest, to adjust the results
// later; a customer without a row there did nothing. A segment with nobody in one of the arms is an error. The manifest also keeps the last day that any of this
// was made from, as far as the tables know it, so that Read can refuse an outcome that does not begin after it.
func (t Test) Draw(earlier *table.Table, s *table.Segments) (*Manifest, error) {
	const op = "campaign.Test.Draw"
	if earlier == nil {
		return nil, fault.Nil(op, "table")
	}
	t, err := t.checked()
	if err != nil {
		return nil, err
	}
	groups, _, err := reached(op, s)
	if err != nil {
		return nil, err
	}
	m := &Manifest{Test: t, Until: lastDay(s.Ancestry)}
	for _, ids := range groups {
		sort.Strings(ids)
	}
	response, revenue, err := t.before(op, earlier, slices.Concat(groups...))
	if err != nil {
		return nil, err
	}
	for _, before := range []*past{response, revenue} {
		if before != nil {
			m.Until = max(m.Until, lastDay(before.column.Ancestry))
		}
	}
	if revenue != nil {
		m.Unit = revenue.column.Unit
	}
	from := 0 // of the segment, among all
	for l, ids := range groups {
		if len(ids) == 0 {
			continue
		}
		held := holdout(len(ids), t.Holdout)
		if held == 0 || held == len(ids) {
			none := map[bool]string{true: "nobody", false: "everybody"}[held == 0]
			return nil, fault.Option("campaign.Test", "Holdout", t.Holdout, fmt.Sprintf("a share that leaves somebody in both arms: it holds out %s in %q (%s); "+
				"choose a share nearer to .5, or leave the segment out", none, s.Names[l], wording.Plural(len(ids), "customer")))
		}
		limit := math.NaN()
		if revenue != nil {
			limit = capOf(revenue.values[from:from+len(ids)], t.Winsor)
			clip(revenue.values[from:from+len(ids)], limit)
		}
		if slices.Contains(m.Segments, s.Names[l]) {
			return nil, &fault.CellError{Op: op, Value: s.Names[l], Why: "is the name of two segments, and a manifest tells them apart by name", Remedy: "rename one", Err: fault.ErrDuplicate}
		}
		label := len(m.Segments)
		m.Segments, m.Caps = append(m.Segments, s.Names[l]), append(m.Caps, limit)
		arms := t.lots(s.Names[l], len(ids), held)
		for i, id := range ids {
			a := Assignment{Customer: id, Segment: label, Arm: arms[i], Response: math.NaN(), Revenue: math.NaN()}
			if response != nil {
				a.Response = response.values[from+i]
			}
			if revenue != nil {
				a.Revenue = revenue.values[from+i]
			}
			m.Drawn = append(m.Drawn, a)
		}
		from += len(ids)
	}
	sort.Slice(m.Drawn, func(a, b int) bool { return m.Drawn[a].Customer < m.Drawn[b].Customer })
	return m, nil
}

// lastDay is the last day that something was made from; "" if it is not known.
func lastDay(a table.Ancestry) (day string) {
	for _, s := range a.Sources {
		day = max(day, s.To)
	}
	return day
}

// begun refuses an outcome with days that segments or the earlier period were made from: customers lived them before anybody was drawn.
func (m *Manifest) begun(op string, outcome table.Column) error {
	for _, s := range outcome.Ancestry.Sources {
		if m.Until != "" && (s.From != "" || s.To != "") && s.From <= m.Until {
			return &fault.CellError{Op: op, Column: outcome.Name, Err: fault.ErrSchema,
				Why:    fmt.Sprintf("is not what customers did after the draw: it is of %s, and the groups were drawn from what was known up to %s", s, m.Until),
				Remedy: "read the days after the offer went out, such as clean.Outcome(nb.Date(\"" + m.Until + "\"), 90)"}
		}
	}
	return nil
}

// lots draws the arms of n customers of a segment (n), in the order of their ids.
func (t Test) lots(segment string, n, held int) []Arm {
	arms := make([]Arm, n)
	for _, i := range shuffled(seed.Stream(t.Seed, "hold-out of "+segment, 0), n)[:held] {
		arms[i] = HeldOut
	}
	return arms
}

// shuffled is a random order of 0 to n-1 (Fisher & Yates; Durstenfeld 1964). It is written out here, down to how a number below another is drawn (Lemire 2019,
// doi:10.1145/3230636), because a manifest must be drawn alike by any later version: what math/rand makes of its generators may change.
func shuffled(r *rand.Rand, n int) []int {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	for i := n - 1; i > 0; i-- {
		j := below(r, uint32(i+1))
		order[i], order[j] = order[j], order[i]
	}
	return order
}

func below(r *rand.Rand, n uint32) uint32 {
	if n&(n-1) == 0 {
		return uint32(r.Uint64()) & (n - 1)
	}
	product := uint64(uint32(r.Uint64()>>32)) * uint64(n)
	for low := uint32(product); low < n && low < -n%n; low = uint32(product) {
		product = uint64(uint32(r.Uint64()>>32)) * uint64(n)
	}
	return uint32(product >> 32)
}

// SaveMailing writes the list for those who send the offer, completely or not at all: the customers who get it, with their segments, and nobody
// who is held out. Text that a spreadsheet would run gets an apostrophe in front.
func (m *Manifest) SaveMailing(path string) error {
	if m == nil {
		return fault.Nil("campaign.Manifest.SaveMailing", "manifest")
	}
	return atomicfile.Write(path, func(w io.Writer) error {
		out := csv.NewWriter(w)
		out.Write([]string{"customer", "segment"})
		for _, a := range m.Drawn {
			if a.Arm == Offered {
				out.Write([]string{inert.Cell(a.Customer), inert.Cell(m.Segments[a.Segment])})
			}
		}
		out.Flush()
		return out.Error()
	})
}

// Arms returns who is in which arm as segments, "offered" and "held out", by customer id.
func (m *Manifest) Arms() *table.Segments {
	s := &table.Segments{Names: slices.Clone(armNames)}
	for _, a := range m.Drawn {
		s.IDs, s.Labels = append(s.IDs, a.Customer), append(s.Labels, int(a.Arm))
	}
	return s
}

// Offered returns the ids of the customers who get the offer, sorted.
func (m *Manifest) Offered() []string {
	var ids []string
	for _, a := range m.Drawn {
		if a.Arm == Offered {
			ids = append(ids, a.Customer)
		}
	}
	return ids
}

// counts returns how many customers of each segment are in each arm (k).
func (m *Manifest) counts() [][2]int {
	out := make([][2]int, len(m.Segments))
	for _, a := range m.Drawn {
		out[a.Segment][a.Arm]++
	}
	return out
}

// The file of a manifest is a CSV file whose first line is a mark and the declaration as JSON.
const manifestMark = "# segkit campaign manifest 1 "

type manifestHead struct {
	Test     Test       `json:"test"`
	Unit     string     `json:"unit"`
	Segments []string   `json:"segments"`
	Caps     []*float64 `json:"caps"` // null if all revenue counts
	Until    string     `json:"until,omitempty"`

	Forgotten [][]int `json:"forgotten,omitempty"`
}

// text is the file, byte for byte: the same test and customers give the same text anywhere.
func (m *Manifest) text() ([]byte, error) {
	head := manifestHead{Test: m.Test, Unit: m.Unit, Segments: m.Segments, Until: m.Until, Forgotten: m.Forgotten}
	for _, limit := range m.Caps {
		if math.IsNaN(limit) {
			head.Caps = append(head.Caps, nil)
		} else {
			head.Caps = append(head.Caps, &limit)
		}
	}
	declared, err := json.Marshal(head)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	b.WriteString(manifestMark)
	b.Write(declared)
	b.WriteString("\n")
	out := csv.NewWriter(&b)
	out.Write([]string{"customer", "segment", "arm", "response_before", "revenue_before"})
	number := func(v float64) string {
		if math.IsNaN(v) {
			return ""
		}
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	for _, a := range m.Drawn {
		out.Write([]string{inert.Cell(a.Customer), inert.Cell(m.Segments[a.Segment]), a.Arm.String(), number(a.Response), number(a.Revenue)})
	}
	out.Flush()
	return b.Bytes(), out.Error()
}

// Fingerprint is the SHA-256 of the file that Save writes, in hex. Give it to somebody before the offer goes out: later, sha256sum
// FILE shows that nobody was moved.
func (m *Manifest) Fingerprint() (string, error) {
	if m == nil {
		return "", fault.Nil("campaign.Manifest.Fingerprint", "manifest")
	}
	text, err := m.text()
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}

// Save writes the manifest, completely or not at all. The file contains customer ids and what they spent, so keep it as safe as the
// originals.
func (m *Manifest) Save(path string) error {
	if m == nil {
		return fault.Nil("campaign.Manifest.Save", "manifest")
	}
	text, err := m.text()
	if err != nil {
		return err
	}
	return atomicfile.Write(path, func(w io.Writer) error { _, err := w.Write(text); return err })
}

// LoadManifest reads what Save wrote, and draws the lots again: a customer whose arm is not the one that the seed gives is an error, and so is a
// fingerprint that differs from a given one.
func LoadManifest(path string, fingerprint ...string) (*Manifest, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("segkit: campaign.LoadManifest: %w", err)
	}
	m, err := parseManifest(text)
	if err != nil {
		return nil, fmt.Errorf("segkit: campaign.LoadManifest: %s: %w", filepath.Base(path), fault.Trimmed(err))
	}
	sum := sha256.Sum256(text)
	if is := hex.EncodeToString(sum[:]); len(fingerprint) > 0 && is != fingerprint[0] {
		return nil, fault.Errorf(fault.ErrFormat, "segkit: campaign.LoadManifest: %s has the fingerprint %s, not %s: it was changed, or belongs to another test", filepath.Base(path), is, wording.Clip(fingerprint[0]))
	}
	return m, nil
}

func parseManifest(text []byte) (*Manifest, error) {
	first, rest, _ := bytes.Cut(text, []byte("\n"))
	declared, ok := bytes.CutPrefix(first, []byte(manifestMark))
	if !ok {
		return nil, fault.Errorf(fault.ErrFormat, "segkit: this is not a campaign manifest: its first line does not begin with %q", strings.TrimSpace(manifestMark))
	}
	var head manifestHead
	if err := json.Unmarshal(declared, &head); err != nil {
		return nil, fault.Errorf(fault.ErrFormat, "segkit: the declaration in its first line cannot be read: %v", err)
	}
	test, err := head.Test.checked()
	if err != nil {
		return nil, err
	}
	if len(head.Caps) != len(head.Segments) {
		return nil, fault.Errorf(fault.ErrFormat, "segkit: its first line has %d caps for %d segments", len(head.Caps), len(head.Segments))
	}
	if head.Forgotten != nil && len(head.Forgotten) != len(head.Segments) {
		return nil, fault.Errorf(fault.ErrFormat, "segkit: its first line lists who was forgotten for %d segments, but there are %d", len(head.Forgotten), len(head.Segments))
	}
	m := &Manifest{Test: test, Unit: head.Unit, Segments: head.Segments, Until: head.Until, Forgotten: head.Forgotten}
	for _, limit := range head.Caps {
		v := math.NaN()
		if limit != nil {
			v = *limit
		}
		m.Caps = append(m.Caps, v)
	}
	rows, err := csv.NewReader(bytes.NewReader(rest)).ReadAll()
	if err != nil {
		return nil, fault.Errorf(fault.ErrFormat, "segkit: %v", err)
	}
	if len(rows) < 2 || len(rows[0]) != 5 {
		return nil, fault.Errorf(fault.ErrFormat, "segkit: it holds no customers")
	}
	for r, row := range rows[1:] {
		row[0], row[1] = inert.FromCell(row[0]), inert.FromCell(row[1])
		bad := func(why string) error {
			return &fault.CellError{Line: r + 3, ID: row[0], Why: why, Err: fault.ErrFormat}
		}
		a := Assignment{Customer: row[0], Segment: slices.Index(m.Segments, row[1]), Arm: Arm(slices.Index(armNames, row[2]))}
		if a.Segment < 0 {
			return nil, bad(fmt.Sprintf("the segment %q is not among those of the first line", wording.Clip(row[1])))
		}
		if slices.Index(armNames, row[2]) < 0 {
			return nil, bad(fmt.Sprintf("the arm %q is neither %q nor %q", wording.Clip(row[2]), armNames[0], armNames[1]))
		}
		if r > 0 && row[0] <= rows[r][0] {
			return nil, bad("customers must be sorted by id, each appearing once")
		}
		for at, to := range []*float64{&a.Response, &a.Revenue} {
			*to = math.NaN()
			if cell := row[3+at]; cell != "" {
				if *to, err = strconv.ParseFloat(cell, 64); err != nil {
					return nil, bad(fmt.Sprintf("%q is not a number", wording.Clip(cell)))
				}
			}
		}
		m.Drawn = append(m.Drawn, a)
	}
	return m, m.drawAgain()
}

// drawAgain draws the lots anew and compares. Customers who were forgotten had a lot, too.
func (m *Manifest) drawAgain() error {
	for l, n := range m.counts() {
		var gone []int
		if m.Forgotten != nil {
			gone = m.Forgotten[l]
		}
		all := n[Offered] + n[HeldOut] + len(gone)
		arms := m.Test.lots(m.Segments[l], all, holdout(all, m.Test.Holdout))
		for i := len(gone) - 1; i >= 0; i-- {
			if gone[i] < 0 || gone[i] >= len(arms) || i > 0 && gone[i] <= gone[i-1] {
				return fault.Errorf(fault.ErrFormat, "segkit: its first line says that the customers in places %v of %q were forgotten: want rising places below %d", gone, m.Segments[l], all)
			}
			arms = slices.Delete(arms, gone[i], gone[i]+1)
		}
		held := 0
		for _, arm := range arms {
			held += int(arm)
		}
		if held != n[HeldOut] {
			return fault.Errorf(fault.ErrFormat, "segkit: %s in %q are held out, but its seed draws %d: it was changed after the draw", sheet.Count(n[HeldOut]), m.Segments[l], held)
		}
		at := 0
		for _, a := range m.Drawn {
			if a.Segment != l {
				continue
			}
			if a.Arm != arms[at] {
				return fault.Errorf(fault.ErrFormat, "segkit: customer %s of %q is %s, but its seed draws them as %s: it was changed after the draw", wording.Clip(a.Customer), m.Segments[l], a.Arm, arms[at])
			}
			at++
		}
	}
	return nil
}

// Forget returns the manifest without a customer, and whether they were in it. It keeps their place among the ids of their segment, so that the lots of all others
// can still be drawn again. The file and therefore its fingerprint change: write down why.
func (m *Manifest) Forget(customer string) (rest *Manifest, found bool) {
	if m == nil {
		return nil, false
	}
	i := slices.IndexFunc(m.Drawn, func(a Assignment) bool { return a.Customer == customer })
	if i < 0 {
		return m, false
	}
	out, l, place := *m, m.Drawn[i].Segment, 0
	for _, a := range m.Drawn[:i] {
		if a.Segment == l {
			place++
		}
	}
	out.Drawn = slices.Delete(slices.Clone(m.Drawn), i, i+1)
	out.Forgotten = make([][]int, len(m.Segments))
	copy(out.Forgotten, m.Forgotten)
	gone := slices.Clone(out.Forgotten[l])
	for _, g := range gone { // rising: each of them stood before those who had a later place
		if g <= place {
			place++
		}
	}
	at, _ := slices.BinarySearch(gone, place)
	out.Forgotten[l] = slices.Insert(gone, at, place)
	return &out, true
}

// Sheet counts the arms by segment, and shows the fingerprint.
func (m *Manifest) Sheet() sheet.Sheet {
	out := sheet.Sheet{Whole: true, Columns: []sheet.Column{{Name: "segment", Text: true}, {Name: "offered", Unit: "customers"}, {Name: "held out", Unit: "customers"}}}
	var all [2]int
	for l, n := range m.counts() {
		out.Rows = append(out.Rows, []string{m.Segments[l], sheet.Count(n[Offered]), sheet.Count(n[HeldOut])})
		all[Offered] += n[Offered]
		all[HeldOut] += n[HeldOut]
	}
	out.Total = len(out.Rows)
	out.Caption = fmt.Sprintf("%s get the offer, %s are held out at random", wording.Plural(all[Offered], "customer"), sheet.Count(all[HeldOut]))
	if print, err := m.Fingerprint(); err == nil {
		out.Notes = []string{"Fingerprint " + print + ": that of the file that Save writes (sha256sum shows it). Write it down before the offer goes out."}
	}
	if m.Until == "" {
		out.Notes = append(out.Notes, "The tables do not say which days they cover, so reading the result cannot check that it begins after the draw: write that day down, too.")
	} else {
		out.Notes = append(out.Notes, "Drawn from what was known up to "+m.Until+": the result is read from the days after it.")
	}
	return out
}

// Frame returns a row per customer: customer, segment, arm, response_before, revenue_before.
func (m *Manifest) Frame() table.Frame {
	return frame.New(
		frame.Each("customer", m.Drawn, func(a Assignment) string { return a.Customer }),
		frame.Each("segment", m.Drawn, func(a Assignment) string { return m.Segments[a.Segment] }),
		frame.Each("arm", m.Drawn, func(a Assignment) string { return a.Arm.String() }),
		frame.Numbers([]string{"response_before", "revenue_before"}, m.Drawn, func(a Assignment) []float64 { return []float64{a.Response, a.Revenue} }))
}
