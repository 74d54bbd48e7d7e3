package privacy

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize/convex/lp"

	"github.com/segkit/lab/segkit/internal/wording"
)

// counted is a table of customers without names.
func counted(customers ...[]int) Crosstab {
	return Crosstab{Row: "segment", Column: "city", Rows: wording.Numbered(len(customers)), Columns: wording.Numbered(len(customers[0])), Customers: customers}
}

// drawn is a table of r x c cells of 0 to most customers; with money, each customer is worth up to 100, and now and then far more.
func drawn(random *rand.Rand, r, c, most int, money bool) Crosstab {
	t := counted(grid[int](make([]string, r), make([]string, c))...)
	if money {
		t.Amount, t.Sums, t.Largest = "spend", grid[float64](t.Rows, t.Columns), grid[[2]float64](t.Rows, t.Columns)
	}
	for i := range r {
		for j := range c {
			t.Customers[i][j] = random.IntN(most + 1)
			for range t.Customers[i][j] {
				if v := float64(random.IntN(100)); money {
					if random.IntN(12) == 0 {
						v *= 100
					}
					t.Sums[i][j] += v
					t.Largest[i][j] = two(t.Largest[i][j], [2]float64{v})
				}
			}
		}
	}
	return t
}

// The bounds that Suppress tells are those which a reader finds who tries every table of whole numbers that fits what is published.
func TestBoundsAreThoseOfAllTablesThatFit(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	tried := 0
	for range 400 {
		x := drawn(random, 1+random.IntN(3), 1+random.IntN(3), 6, false)
		s, err := Suppress(x, Rules{MinCount: 3})
		if err != nil {
			t.Fatal(err)
		}
		if math.IsNaN(s.Cells[len(s.Rows)][len(s.Columns)].Value) { // without a grand total there is no end of tables
			continue
		}
		low, high := grid[float64](append(s.Rows, ""), append(s.Columns, "")), grid[float64](append(s.Rows, ""), append(s.Columns, ""))
		for r := range low {
			for c := range low[r] {
				low[r][c], high[r][c] = math.Inf(1), math.Inf(-1)
			}
		}
		if open := fill(s, low, high); open == 0 {
			continue
		}
		tried++
		for r := range low {
			for c := range low[r] {
				if cell := s.Cells[r][c]; cell.Low != low[r][c] || cell.High != high[r][c] {
					t.Fatalf("%v: cell %d,%d is bounded by %v to %v, all tables that fit say %v to %v", x.Customers, r, c, cell.Low, cell.High, low[r][c], high[r][c])
				}
			}
		}
	}
	if tried < 100 {
		t.Fatalf("only %d tables had anything to hide", tried)
	}
}

// fill tries all whole numbers in the open cells, and notes the least and the most that each cell and total is in a table that fits.
func fill(s *Suppressed, low, high [][]float64) (open int) {
	rows, columns := len(s.Rows), len(s.Columns)
	all := s.Cells[rows][columns].Value
	values := grid[float64](append(slices.Clone(s.Rows), ""), append(slices.Clone(s.Columns), ""))
	fits := func(r, c int, v float64) bool {
		cell := s.Cells[r][c]
		return math.IsNaN(cell.Value) || cell.Value == v
	}
	var next func(at int, left float64)
	next = func(at int, left float64) {
		r, c := at/columns, at%columns
		if at > 0 && c == 0 { // a row is full
			total := 0.0
			for _, v := range values[r-1][:columns] {
				total += v
			}
			if values[r-1][columns] = total; !fits(r-1, columns, total) {
				return
			}
		}
		if at == rows*columns {
			if left != 0 {
				return
			}
			values[rows][columns] = all
			for c := range columns {
				total := 0.0
				for r := range rows {
					total += values[r][c]
				}
				if values[rows][c] = total; !fits(rows, c, total) {
					return
				}
			}
			for r := range values {
				for c, v := range values[r] {
					low[r][c], high[r][c] = min(low[r][c], v), max(high[r][c], v)
				}
			}
			return
		}
		if v := s.Cells[r][c].Value; !math.IsNaN(v) {
			if v <= left {
				values[r][c] = v
				next(at+1, left-v)
			}
			return
		}
		for v := 0.0; v <= left; v++ {
			values[r][c] = v
			next(at+1, left-v)
		}
	}
	next(0, all)
	for _, row := range s.Cells {
		for _, cell := range row {
			if math.IsNaN(cell.Value) {
				open++
			}
		}
	}
	return open
}

// The same bounds come from the simplex method, for tables too large to try all.
func TestBoundsAreThoseOfTheLinearProgram(t *testing.T) {
	random := rand.New(rand.NewPCG(2, 2))
	for run := range 25 {
		x := drawn(random, 3+random.IntN(3), 3+random.IntN(4), 12, run%2 == 1)
		s, err := Suppress(x, Rules{MinCount: 5})
		if err != nil {
			t.Fatal(err)
		}
		rows, columns := len(s.Rows), len(s.Columns)
		at := map[[2]int]int{} // variables: the open cells and totals
		for r, row := range s.Cells {
			for c, cell := range row {
				if math.IsNaN(cell.Value) {
					at[[2]int{r, c}] = len(at)
				}
			}
		}
		if len(at) == 0 {
			continue
		}
		var a [][]float64
		var b []float64
		equation := func(cells [][2]int) { // all but the last add up to the last
			row, right := make([]float64, len(at)), 0.0
			for i, cell := range cells {
				sign := 1.0
				if i == len(cells)-1 {
					sign = -1
				}
				if v, open := at[cell]; open {
					row[v] = sign
				} else {
					right -= sign * s.Cells[cell[0]][cell[1]].Value
				}
			}
			if slices.ContainsFunc(row, func(v float64) bool { return v != 0 }) {
				a, b = append(a, row), append(b, right)
			}
		}
		for r := range rows + 1 {
			var cells [][2]int
			for c := range columns + 1 {
				cells = append(cells, [2]int{r, c})
			}
			equation(cells)
		}
		for c := range columns + 1 {
			var cells [][2]int
			for r := range rows + 1 {
				cells = append(cells, [2]int{r, c})
			}
			equation(cells)
		}
		a, b = independent(a, b)
		A := mat.NewDense(len(a), len(at), slices.Concat(a...))
		for cell, v := range at {
			for _, sign := range []float64{1, -1} {
				objective := make([]float64, len(at))
				objective[v] = sign
				want := s.Cells[cell[0]][cell[1]].Low
				if sign < 0 {
					want = s.Cells[cell[0]][cell[1]].High
				}
				best, _, err := lp.Simplex(objective, A, b, 1e-9, nil)
				if err == lp.ErrUnbounded {
					best, err = math.Inf(-1), nil
				}
				if err != nil {
					t.Logf("the simplex method gave up: %v", err)
					continue
				}
				if got := sign * best; got != want && math.Abs(got-want) > 1e-6*(1+math.Abs(want)) {
					t.Fatalf("run %d: cell %v is bounded by %v, the linear program says %v", run, cell, want, got)
				}
			}
		}
	}
}

// independent leaves out equations that follow from others, which gonum's Simplex refuses.
func independent(a [][]float64, b []float64) (rows [][]float64, right []float64) {
	var reduced [][]float64
	for i, row := range a {
		left := slices.Clone(row)
		for _, r := range reduced {
			p := slices.IndexFunc(r, func(v float64) bool { return math.Abs(v) > 1e-9 })
			if f := left[p] / r[p]; f != 0 {
				for j := range left {
					left[j] -= f * r[j]
				}
			}
		}
		if slices.ContainsFunc(left, func(v float64) bool { return math.Abs(v) > 1e-9 }) {
			reduced, rows, right = append(reduced, left), append(rows, row), append(right, b[i])
		}
	}
	return rows, right
}

// Whatever the table: no small or dominated cell is shown, each of them is as open as the rules demand, shown cells are right, and no cell
// that was left out besides could be shown again.
func TestWhatIsLeftOutCannotBeReckonedBack(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 3))
	for run := range 300 {
		money := run%3 == 0
		x := drawn(random, 1+random.IntN(7), 1+random.IntN(7), 4+random.IntN(60), money)
		s, err := Suppress(x, Rules{})
		if err != nil {
			t.Fatal(err)
		}
		counts, sums, largest := margins(x)
		for r, row := range s.Cells {
			for c, cell := range row {
				n, v := counts[r][c], float64(counts[r][c])
				if money {
					v = sums[r][c]
				}
				name := fmt.Sprintf("run %d: cell %d,%d of %v", run, r, c, x.Customers)
				shown := !math.IsNaN(cell.Value)
				two := largest[r][c]
				dominated := money && v-two[0]-two[1] < .1*two[0]-1e-9
				switch small := n > 0 && n < 10; {
				case shown != (cell.Why == Shown):
					t.Fatalf("%s is shown: %v, but %v", name, shown, cell.Why)
				case shown && (small || n > 0 && dominated):
					t.Fatalf("%s has %d customers, and is shown", name, n)
				case shown && (math.Abs(cell.Value-v) > 1e-6 || cell.Low != cell.Value || cell.High != cell.Value):
					t.Fatalf("%s is %v, and shown as %+v", name, v, cell)
				case shown:
				case n == 0:
					t.Fatalf("%s has no customers, and is left out", name)
				case cell.Low > v+1e-6 || cell.High < v-1e-6:
					t.Fatalf("%s is %v, outside of %v to %v", name, v, cell.Low, cell.High)
				case small && !money && cell.High-cell.Low < 10:
					t.Fatalf("%s lies between %v and %v", name, cell.Low, cell.High)
				case dominated && (cell.High-v < .1*two[0]-(v-two[0]-two[1])-1e-6 || v-cell.Low < min(v, .1*two[0]-(v-two[0]-two[1]))-1e-6):
					t.Fatalf("%s is %v of which %v is one customer's, and lies between %v and %v", name, v, two[0], cell.Low, cell.High)
				}
			}
		}
	}
}

// A table by hand: the 3 can be worked out from its row and its column, until a square of four cells is left out. Of the squares
// through it, that with the fewest customers is the one.
func TestOneSmallCellTakesThreeOthersWithIt(t *testing.T) {
	s, err := Suppress(counted([]int{3, 40, 50}, []int{60, 20, 80}, []int{90, 70, 99}), Rules{})
	if err != nil {
		t.Fatal(err)
	}
	want := [][]Why{{Small, Complement, Shown, Shown}, {Complement, Complement, Shown, Shown}, {Shown, Shown, Shown, Shown}, {Shown, Shown, Shown, Shown}}
	for r, row := range s.Cells {
		for c, cell := range row {
			if cell.Why != want[r][c] {
				t.Errorf("cell %d,%d: %v, want %v", r, c, cell.Why, want[r][c])
			}
		}
	}
	// the square holds 3 40 / 60 20: the 3 and the 20 can lose 3 to the others, or win 40 from them
	if cell := s.Cells[0][0]; cell.Low != 0 || cell.High != 43 {
		t.Errorf("the small cell lies between %v and %v, want 0 and 43", cell.Low, cell.High)
	}
}

// Two amounts of 90 and 8 and three of 1: whoever has 8 knows the largest to within 3, less than 10 % of 90.
func TestTheLargestCustomerIsNotToBeEstimated(t *testing.T) {
	x := counted([]int{20, 30}, []int{30, 40})
	x.Amount, x.Unit = "spend", "EUR"
	x.Sums = [][]float64{{101, 900}, {800, 700}}
	x.Largest = [][][2]float64{{{90, 8}, {60, 50}}, {{50, 40}, {30, 20}}}
	s, err := Suppress(x, Rules{})
	if err != nil {
		t.Fatal(err)
	}
	if cell := s.Cells[0][0]; cell.Why != Dominated || cell.High-101 < 6 || 101-cell.Low < 6 { // 9 - 3
		t.Errorf("%+v", cell)
	}
	x.Largest[0][0] = [2]float64{80, 8} // 13 are others', more than 8
	if s, _ = Suppress(x, Rules{}); s.Cells[0][0].Why != Shown {
		t.Errorf("%v", s.Cells[0][0].Why)
	}
}

func TestNegativeSumsHaveNoBound(t *testing.T) {
	x := counted([]int{3, 30}, []int{30, 40})
	x.Amount, x.Sums = "spend", [][]float64{{-30, 300}, {400, 500}}
	x.Largest = [][][2]float64{{{20, 8}, {20, 20}}, {{20, 20}, {20, 20}}}
	s, err := Suppress(x, Rules{})
	if err != nil {
		t.Fatal(err)
	}
	if cell := s.Cells[0][0]; cell.Why != Small || !math.IsInf(cell.Low, -1) || !math.IsInf(cell.High, 1) {
		t.Errorf("%+v", cell)
	}
}

func TestRulesThatProtectNobodyAreRefused(t *testing.T) {
	for _, r := range []Rules{{MinCount: 1}, {MinCount: -3}, {P: -1}, {P: 101}, {P: math.NaN()}} {
		if _, err := Suppress(counted([]int{1}), r); err == nil {
			t.Errorf("%+v is taken", r)
		}
	}
}
