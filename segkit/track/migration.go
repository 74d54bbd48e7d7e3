package track

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/internal/option"
	"github.com/segkit/lab/segkit/internal/overlap"
	"github.com/segkit/lab/segkit/internal/seed"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/sheet"
)

// Migration says who moved where between two dates, compared with what would move if no customer's habits changed.
type Migration struct {
	From, To  time.Time
	States    []string    // (s) the k segments, "in no segment", "not a customer": not yet at From, or gone at To if only a window of days counts
	Segments  int         // k
	Customers [][]int     // (s x s) by state at From and at To
	Spend     [][]float64 // (s x s) what these customers spent from the day after From to To, less refunds
	Before    [][]float64 // (s x s) what the same customers spent in as many days up to From: the change is a difference, not an effect of the move
	Unit      string      // of money
	Still     [][]float64 // (s x s) mean number of customers over draws in which all keep their pace; nil without draws
	StillSD   [][]float64 // (s x s) standard deviation over the draws
	Draws     int

	ids [][][]string // (s x s)
}

// DrawOptions says how many draws to use to judge chance.
type DrawOptions struct {
	Draws int // Migration: order logs in which every customer keeps a steady pace (features.Cleaned.StandingStill), 0 means 20, negative none; Steady: chains, 0 means 199
	Seed  int
}

// Migration counts the moves between dates from and to (0 to t-1) of the history, under job.DefaultContext. Most moves are not changes of
// habit: customers who bought much by chance fall back, because the borders of segments run where chance moves people back and forth. So
// the same moves are counted in draws of the log in which every customer keeps a steady pace: even of the best tenth of a stationary
// population, only some 60 % stay. It costs twice the scoring of a date for each draw.
func (h *History) Migration(from, to int, o ...DrawOptions) (*Migration, error) {
	return h.MigrationContext(job.DefaultContext, from, to, o...)
}

// MigrationContext is Migration under ctx.
func (h *History) MigrationContext(ctx context.Context, from, to int, o ...DrawOptions) (*Migration, error) {
	const op = "track.Migration"
	opt, err := option.AtMostOne(op, o)
	if err != nil {
		return nil, err
	}
	if err := h.at(op, from); err != nil {
		return nil, err
	}
	if err := h.at(op, to); err != nil {
		return nil, err
	}
	if from >= to {
		return nil, fault.Option(op, "to", to, fmt.Sprintf("a date after %d", from))
	}
	if opt.Draws == 0 {
		opt.Draws = 20
	}
	m := &Migration{From: h.Dates[from], To: h.Dates[to], States: h.states(), Segments: len(h.Names), Unit: h.unit, Draws: max(opt.Draws, 0)}
	s := len(m.States)
	m.ids = make([][][]string, s)
	for a := range m.ids {
		m.ids[a] = make([][]string, s)
	}
	spent, err := h.spent(m.From, m.To)
	if err != nil {
		return nil, err
	}
	earlier, err := h.spent(m.From.AddDate(0, 0, -daysBetween(m.From, m.To)), m.From)
	if err != nil {
		return nil, err
	}
	m.Customers, m.Spend, m.Before = grid[int](s), grid[float64](s), grid[float64](s)
	all := moves(h.stateOf(from), h.stateOf(to), s-1)
	known := make(map[string]bool, len(all))
	for _, move := range all {
		known[move.id] = true
	}
	for _, id := range slices.Sorted(maps.Keys(spent)) {
		if !known[id] { // came and went between the dates, or only returned goods
			all = append(all, move{id, s - 1, s - 1})
		}
	}
	since, until, decimals := grid[int64](s), grid[int64](s), 0 // the smallest units that the orders know: sums are exact
	for _, money := range spent {
		decimals = money.Decimals
	}
	for _, money := range earlier {
		decimals = money.Decimals // the same
	}
	for _, move := range all {
		m.Customers[move.a][move.b]++
		m.ids[move.a][move.b] = append(m.ids[move.a][move.b], move.id)
		since[move.a][move.b] += spent[move.id].Units
		until[move.a][move.b] += earlier[move.id].Units
	}
	for a := range s {
		for b := range s {
			m.Spend[a][b] = features.Money{Units: since[a][b], Decimals: decimals}.Float()
			m.Before[a][b] = features.Money{Units: until[a][b], Decimals: decimals}.Float()
		}
	}
	if m.Draws == 0 {
		return m, nil
	}
	return m, h.standStill(ctx, m, from, to, opt)
}

// standStill fills in what draws of steady customers show.
func (h *History) standStill(ctx context.Context, m *Migration, from, to int, o DrawOptions) error {
	s := len(m.States)
	m.Still, m.StillSD = grid[float64](s), grid[float64](s)
	step := job.Steps(ctx, "what chance alone moves", m.Draws)
	for draw := range m.Draws {
		if err := ctx.Err(); err != nil {
			return err
		}
		still, err := h.clean.StandingStill(int(seed.Stream(o.Seed, "migration", draw).Uint64() >> 1))
		if err != nil {
			return err
		}
		tables, err := still.Snapshots([]time.Time{h.Dates[from], h.Dates[to]}, h.spec)
		if err != nil {
			return err
		}
		var states [2]map[string]int
		for at, raw := range tables {
			segments, err := h.score(raw)
			if err != nil {
				return err
			}
			states[at] = h.statesIn(segments)
		}
		count := grid[int](s)
		for _, move := range moves(states[0], states[1], s-1) {
			count[move.a][move.b]++
		}
		for a := range count {
			for b, n := range count[a] { // Welford's running mean and sum of squares
				d := float64(n) - m.Still[a][b]
				m.Still[a][b] += d / float64(draw+1)
				m.StillSD[a][b] += float64(d * (float64(n) - m.Still[a][b]))
			}
		}
		step()
	}
	for a := range m.StillSD {
		for b, squares := range m.StillSD[a] {
			m.StillSD[a][b] = math.Sqrt(squares / float64(max(m.Draws-1, 1)))
		}
	}
	return nil
}

// move is a customer with the states before and after.
type move struct {
	id   string
	a, b int
}

// moves joins two dates by id, sorted by it; who is in one of them only is in state absent in the other.
func moves(before, after map[string]int, absent int) []move {
	var out []move
	for id, a := range before {
		b, ok := after[id]
		if !ok {
			b = absent
		}
		out = append(out, move{id, a, b})
	}
	for id, b := range after {
		if _, ok := before[id]; !ok {
			out = append(out, move{id, absent, b})
		}
	}
	slices.SortFunc(out, func(x, y move) int { return strings.Compare(x.id, y.id) })
	return out
}

func grid[E any](s int) [][]E {
	out := make([][]E, s)
	for i := range out {
		out[i] = make([]E, s)
	}
	return out
}

// Stayed returns the share of the customers in state a at From who were still in a at To, and, from the draws, the share who would have
// been; NaN if there are none.
func (m *Migration) Stayed(a int) (share, still float64) {
	if m == nil || a < 0 || a >= len(m.States) {
		return math.NaN(), math.NaN()
	}
	return shareOf(m.Customers[a], a), shareOf(m.stillRow(a), a)
}

func (m *Migration) stillRow(a int) []float64 {
	if m.Still == nil {
		return nil
	}
	return m.Still[a]
}

// shareOf is that of one cell of a row; NaN of nothing.
func shareOf[N int | float64](row []N, b int) float64 {
	total := 0.0
	for _, n := range row {
		total += float64(n)
	}
	if total == 0 {
		return math.NaN()
	}
	return float64(row[b]) / total
}

// Movers returns the ids of the customers who went from one state to another, sorted: "Champions" to "Lapsed", or from "not a customer". An empty
// name means any other state: Movers("Champions", "") returns all who left the champions, Movers("", "Champions") all who joined.
func (m *Migration) Movers(from, to string) ([]string, error) {
	const op = "track.Movers"
	if m == nil {
		return nil, fault.Nil(op, "migration")
	}
	at := [2]int{-1, -1}
	for i, name := range [2]string{from, to} {
		if at[i] = slices.Index(m.States, name); at[i] < 0 && name != "" {
			return nil, fault.Option(op, [2]string{"from", "to"}[i], fmt.Sprintf("%q", name), "one of "+sheet.List(m.States)+", or nothing for any other")
		}
	}
	if from == "" && to == "" {
		return nil, fault.Option(op, "from", `""`, "the name of a state, there or in to")
	}
	var out []string
	for a := range m.ids {
		for b, ids := range m.ids[a] {
			one, other := a == at[0] || at[0] < 0 && a != b, b == at[1] || at[1] < 0 && a != b
			if one && other {
				out = append(out, ids...)
			}
		}
	}
	slices.Sort(out)
	return out, nil
}

// Money lays out the moves with the most money: how many customers made each, what they spent in the days before, and in as many days
// since. The change is a difference between two times, not an effect of the move: customers move because they spend more or less.
func (m *Migration) Money() sheet.Sheet {
	out := sheet.Sheet{Columns: []sheet.Column{{Name: "from", Text: true}, {Name: "to", Text: true}, {Name: "customers"}}}
	if m == nil {
		return out
	}
	days := wording.Plural(daysBetween(m.From, m.To), "day")
	out.Caption = fmt.Sprintf("What customers spent in the %s up to %s, and in the %s up to %s", days, m.From.Format(time.DateOnly), days, m.To.Format(time.DateOnly))
	out.Columns = append(out.Columns, sheet.Column{Name: "before", Unit: m.Unit}, sheet.Column{Name: "since", Unit: m.Unit}, sheet.Column{Name: "difference", Unit: m.Unit})
	type cell struct{ a, b int }
	var cells []cell
	for a := range m.Customers {
		for b, n := range m.Customers[a] {
			if n > 0 {
				cells = append(cells, cell{a, b})
			}
		}
	}
	change := func(c cell) float64 { return m.Spend[c.a][c.b] - m.Before[c.a][c.b] }
	slices.SortStableFunc(cells, func(x, y cell) int { return cmp.Compare(math.Abs(change(y)), math.Abs(change(x))) })
	for _, c := range cells {
		out.Rows = append(out.Rows, []string{m.States[c.a], m.States[c.b], sheet.Count(m.Customers[c.a][c.b]),
			sheet.Fixed(m.Before[c.a][c.b], 0), sheet.Fixed(m.Spend[c.a][c.b], 0), sheet.Fixed(change(c), 0)})
	}
	out.Notes = []string{"A difference, not an effect: customers are in another segment because they spent more or less, which is partly chance."}
	return out
}

// Sheet lays out the moves: a row for each state at From. Each cell shows how many customers went there, as a share of the row, and in brackets the
// share that would have gone if all customers had kept their pace.
func (m *Migration) Sheet() sheet.Sheet {
	if m == nil {
		return sheet.Sheet{}
	}
	days := daysBetween(m.From, m.To)
	out := sheet.Sheet{
		Caption: fmt.Sprintf("Where the customers of %s were on %s, %s later", m.From.Format(time.DateOnly), m.To.Format(time.DateOnly), wording.Plural(days, "day")),
		Columns: []sheet.Column{{Name: "from", Text: true}, {Name: "customers"}},
	}
	rows, columns := overlap.Used(m.Customers)
	for _, b := range columns {
		out.Columns = append(out.Columns, sheet.Column{Name: "to " + m.States[b]})
	}
	out.Columns = append(out.Columns, sheet.Column{Name: "spent since", Unit: m.Unit})
	for _, a := range rows {
		total, money := 0, 0.0
		for b, n := range m.Customers[a] {
			total += n
			money += m.Spend[a][b]
		}
		row := []string{m.States[a], sheet.Count(total)}
		for _, b := range columns {
			cell := sheet.Percent(shareOf(m.Customers[a], b))
			if m.Still != nil && a < m.Segments {
				cell += fmt.Sprintf(" (%s)", sheet.Percent(shareOf(m.Still[a], b)))
			}
			row = append(row, cell)
		}
		out.Rows = append(out.Rows, append(row, sheet.Fixed(money, 0)))
	}
	if m.Still != nil {
		out.Notes = append(out.Notes, fmt.Sprintf("In brackets: where they would be if every customer had kept a steady pace (mean of %s). Only the difference from that is a change.", wording.Plural(m.Draws, "draw")))
		out.Notes = append(out.Notes, m.Changes()...)
	}
	return out
}

// Changes says in which segments clearly more or fewer customers stayed than chance explains.
func (m *Migration) Changes() []string {
	var out []string
	for a := range m.Segments {
		share, still := m.Stayed(a)
		if math.IsNaN(share) || math.IsNaN(still) {
			continue
		}
		total := 0
		for _, n := range m.Customers[a] {
			total += n
		}
		// The draws vary with the days alone; the customers themselves are a sample, too.
		sd := math.Hypot(m.StillSD[a][a]/math.Max(sum(m.Still[a]), 1), math.Sqrt(still*(1-still)/float64(total)))
		word := ""
		switch {
		case share < still-2.58*sd:
			word = "fewer"
		case share > still+2.58*sd:
			word = "more"
		default:
			continue
		}
		out = append(out, fmt.Sprintf("%s: %s stayed, %s than the %s of customers who keep their pace.", m.States[a], sheet.Percent(share), word, sheet.Percent(still)))
	}
	if out == nil {
		out = []string{"In no segment did clearly more or fewer customers stay than if all had kept their pace."}
	}
	return out
}

func sum(values []float64) (s float64) {
	for _, v := range values {
		s += v
	}
	return s
}
