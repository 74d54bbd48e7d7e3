// Package trial makes the tables that tests of several rooms try things on. Only tests import it.
package trial

import (
	"encoding/csv"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/segkit/lab/segkit/table"
)

// NoneLeft returns a check, to be called when the work is over, that no goroutine was left behind. A goroutine that has
// reported its end may need some moments more until the runtime no longer counts it.
func NoneLeft(t *testing.T) func() {
	before := runtime.NumGoroutine()
	return func() {
		t.Helper()
		for wait := time.Millisecond; runtime.NumGoroutine() > before; wait *= 2 {
			if wait > 5*time.Second {
				t.Fatalf("%d goroutines, were %d", runtime.NumGoroutine(), before)
			}
			time.Sleep(wait)
		}
	}
}

func WithProcs(n int, do func()) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(n))
	do()
}

func Table(t *testing.T, ids []string, columns []table.Column, data []float64) *table.Table {
	t.Helper()
	x, err := table.New(ids, columns, data)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// Numbered is a table of d columns a, b, … with customers c1, c2, …
func Numbered(t *testing.T, d int, data []float64) *table.Table {
	t.Helper()
	var ids []string
	for i := range len(data) / d {
		ids = append(ids, fmt.Sprintf("c%d", i+1))
	}
	var columns []table.Column
	for j := range d {
		columns = append(columns, table.Column{Name: string(rune('a' + j))})
	}
	return Table(t, ids, columns, data)
}

func Column(t *testing.T, values ...float64) *table.Table { return Numbered(t, 1, values) }

// Groups draws n customers around k centres that lie `apart` standard deviations from each other on every axis.
func Groups(t *testing.T, n, d, k int, apart float64) *table.Table {
	r := rand.New(rand.NewPCG(uint64(n), uint64(d)))
	data := make([]float64, n*d)
	for i := range n {
		g := r.IntN(k)
		for j := range d {
			data[i*d+j] = r.NormFloat64() + apart*float64((g*(j+1)+g)%k)
		}
	}
	return Numbered(t, d, data)
}

func GroupsWithConstant(t *testing.T) *table.Table {
	return Numbered(t, 2, []float64{1, 5, 2, 5, 11, 5, 12, 5, 21, 5, 22, 5})
}

// Grid draws n customers on a few grid points, so that rows repeat and distances tie.
func Grid(t *testing.T, seed uint64, n, d int) *table.Table {
	r := rand.New(rand.NewPCG(seed, 1))
	data := make([]float64, n*d)
	for i := range data {
		data[i] = float64(r.IntN(5))
	}
	return Numbered(t, d, data)
}

func Spoilt(t *testing.T, v float64) *table.Table {
	return Numbered(t, 2, []float64{1, 2, 3, v, 5, v})
}

func RowsOf(t *testing.T, x *table.Table, rows []int) *table.Table {
	t.Helper()
	ids := x.IDs()
	var picked []string
	var data []float64
	for _, i := range rows {
		picked, data = append(picked, ids[i]), append(data, x.Row(i)...)
	}
	return Table(t, picked, x.Columns(), data)
}

func Mapped(t *testing.T, x *table.Table, f func(float64) float64) *table.Table {
	t.Helper()
	var data []float64
	for i := range x.Len() {
		for _, v := range x.Row(i) {
			data = append(data, f(v))
		}
	}
	return Table(t, x.IDs(), x.Columns(), data)
}

func Nearly(t *testing.T, what string, got, want, relative float64) {
	t.Helper()
	if d := math.Abs(got - want); !(d <= relative*math.Abs(want)) {
		t.Errorf("%s = %.15g, want %.15g", what, got, want)
	}
}

// Planted are n customers in segments by rule: "orders >= 6 and recency <= 90", the others with orders >= 6, and the rest.
func Planted(t testing.TB, n int) (*table.Table, *table.Segments) {
	t.Helper()
	r := rand.New(rand.NewPCG(7, 7))
	ids, labels, data := make([]string, n), make(table.Labels, n), []float64(nil)
	for i := range ids {
		ids[i] = fmt.Sprintf("c%04d", i)
		orders, recency := float64(1+r.IntN(12)), float64(1+r.IntN(365))
		data = append(data, recency, orders, math.Exp(r.NormFloat64())*40)
		switch {
		case orders >= 6 && recency <= 90:
			labels[i] = 2
		case orders >= 6:
			labels[i] = 1
		}
	}
	x, err := table.New(ids, []table.Column{{Name: "recency", Unit: "days", LowerIsBetter: true}, {Name: "orders"}, {Name: "basket", Unit: "EUR"}}, data)
	if err != nil {
		t.Fatal(err)
	}
	s, err := table.NewSegments(ids, labels, []string{"Rare", "Lapsed", "Regulars"})
	if err != nil {
		t.Fatal(err)
	}
	return x, s
}

// Published results on published data. Sums of squares are the best known, not proven least: a lower one is a pass.

// Public reads a data set that the repository does not carry.
func Public(t *testing.T, path, id string, columns ...string) *table.Table {
	t.Helper()
	dir := os.Getenv("SEGKIT_DATA")
	if dir == "" {
		t.Skip("SEGKIT_DATA is not set: set it to the folder of the public data sets to run this test")
	}
	full := filepath.Join(dir, path)
	if _, err := os.Stat(full); err != nil {
		t.Skipf("%s is not there", full)
	}
	return Read(t, full, id, columns...)
}

func Read(t *testing.T, path, id string, columns ...string) *table.Table {
	t.Helper()
	x, err := table.ReadCSV(path, id, table.CSVOptions{Columns: columns})
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func Columns(t *testing.T, x *table.Table, names ...string) *table.Table {
	t.Helper()
	out, err := x.Select(names...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// ZScores has every column at mean 0 and standard deviation 1, divisor n.
func ZScores(t *testing.T, x *table.Table) *table.Table {
	t.Helper()
	n, d := x.Dims()
	data := make([]float64, n*d)
	for j, name := range x.Names() {
		v, _ := x.Values(name)
		mean, sum := 0.0, 0.0
		for _, a := range v {
			mean += a / float64(n)
		}
		for _, a := range v {
			sum += (a - mean) * (a - mean)
		}
		for i, a := range v {
			data[i*d+j] = (a - mean) / math.Sqrt(sum/float64(n))
		}
	}
	return Table(t, x.IDs(), x.Columns(), data)
}

// Classes reads a column of known groups.
func Classes(t *testing.T, x *table.Table, name string) table.Labels {
	t.Helper()
	v, err := x.Values(name)
	if err != nil {
		t.Fatal(err)
	}
	l := make(table.Labels, len(v))
	for i := range v {
		l[i] = int(v[i])
	}
	return l
}

func Numbers(t *testing.T, d int, data ...float64) *table.Table {
	t.Helper()
	var ids []string
	for i := range len(data) / d {
		ids = append(ids, strconv.Itoa(i))
	}
	var columns []table.Column
	for j := range d {
		columns = append(columns, table.Column{Name: strconv.Itoa(j)})
	}
	x, err := table.New(ids, columns, data)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// Small draws tables of few values, so that equal rows, ties and empty segments are common.
func Small(t *rapid.T) *table.Table {
	d := rapid.IntRange(1, 3).Draw(t, "d")
	n := rapid.IntRange(1, 40).Draw(t, "n")
	data := rapid.SliceOfN(rapid.Map(rapid.IntRange(-4, 4), func(v int) float64 { return float64(v) / 2 }), n*d, n*d).Draw(t, "data")
	var ids []string
	for i := range n {
		ids = append(ids, fmt.Sprint(i))
	}
	var columns []table.Column
	for j := range d {
		columns = append(columns, table.Column{Name: string(rune('a' + j))})
	}
	x, err := table.New(ids, columns, data)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func CountDifferent(x *table.Table) int {
	seen := map[string]bool{}
	for i := range x.Len() {
		seen[fmt.Sprint(x.Row(i))] = true
	}
	return len(seen)
}

func Squared(a, b []float64) (s float64) {
	for j := range a {
		s += (a[j] - b[j]) * (a[j] - b[j])
	}
	return s
}

// MixedTable has two numbers and two categories, all drawn alike.
func MixedTable(t *testing.T, seed uint64, n int, weights bool) *table.Table {
	r := rand.New(rand.NewPCG(seed, 8))
	levels := []string{"x", "y", "z"}
	columns := []table.Column{{Name: "a"}, {Name: "p", Levels: levels}, {Name: "b"}, {Name: "q", Levels: levels}}
	var data, w []float64
	for range n {
		data = append(data, r.NormFloat64(), float64(r.IntN(3)), r.NormFloat64(), float64(r.IntN(3)))
		w = append(w, float64(1+r.IntN(3)))
	}
	x := Table(t, Numbered(t, 1, make([]float64, n)).IDs(), columns, data)
	if !weights {
		return x
	}
	x, err := x.WithWeights(w)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// ThreeGroups returns n customers of three kinds that nobody would mix up, in falling size.
func ThreeGroups(n int) *table.Table {
	r := rand.New(rand.NewPCG(5, 6))
	ids, data := make([]string, n), []float64(nil)
	kinds := [][3]float64{{300, 2, 40}, {30, 6, 60}, {5, 40, 90}} // recency, orders, basket
	for i := range n {
		ids[i] = fmt.Sprintf("C-%04d", i)
		k := kinds[[]int{0, 0, 0, 1, 1, 2}[i%6]]
		for _, v := range k {
			data = append(data, v*math.Exp(r.NormFloat64()/8))
		}
		data = append(data, float64(i%2), float64(i))
	}
	t, err := table.New(ids, []table.Column{
		{Name: "recency", Unit: "days", LowerIsBetter: true, High: "lapsed", Low: "recent"},
		{Name: "orders", High: "frequent", Low: "rare"}, {Name: "basket", Unit: "EUR"},
		{Name: "channel", Levels: []string{"shop", "web"}, Role: table.Descriptor},
		{Name: "later", Unit: "EUR", Role: table.Outcome},
	}, data)
	if err != nil {
		panic(err)
	}
	return t
}

type InMap map[string][]byte

func (m InMap) Get(key string) ([]byte, bool) { v, ok := m[key]; return v, ok }

func (m InMap) Put(key string, value []byte) { m[key] = value }

// Mcdonalds returns the eleven yes/no answers of 1,453 respondents as 0 and 1.
func Mcdonalds(t *testing.T) *table.Table {
	t.Helper()
	f, err := os.Open(filepath.Join(os.Getenv("SEGKIT_DATA"), "mcdonalds", "mcdonalds.csv"))
	if err != nil {
		t.Skip("the McDonald's survey is not in SEGKIT_DATA")
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var columns []table.Column
	for _, name := range rows[0][:11] {
		columns = append(columns, table.Column{Name: name})
	}
	var ids []string
	var data []float64
	for i, row := range rows[1:] {
		ids = append(ids, strconv.Itoa(i+1))
		for _, answer := range row[:11] {
			v := 0.0
			if answer == "Yes" {
				v = 1
			}
			data = append(data, v)
		}
	}
	x, err := table.New(ids, columns, data)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// Must returns a function that passes a table through and fails on an error.
func Must(t *testing.T) func(*table.Table, error) *table.Table {
	return func(x *table.Table, err error) *table.Table {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
}

// Corners draws n customers around the k corners of a regular polygon: k groups that any method can see.
func Corners(t *testing.T, n, k int) *table.Table {
	r := rand.New(rand.NewPCG(uint64(n), uint64(k)))
	var data []float64
	for range n {
		turn := 2 * math.Pi * float64(r.IntN(k)) / float64(k)
		data = append(data, 9*math.Cos(turn)+r.NormFloat64(), 9*math.Sin(turn)+r.NormFloat64())
	}
	return Numbered(t, 2, data)
}

type Shelf map[string][]byte

func (m Shelf) Get(key string) ([]byte, bool) { v, ok := m[key]; return v, ok }

func (m Shelf) Put(key string, value []byte) { m[key] = value }

// Near fails unless want and got agree to tol of the size of the largest value; missing agrees with missing.
func Near(t *testing.T, want, got []float64, tol float64) {
	t.Helper()
	if len(want) != len(got) {
		t.Fatalf("%d values, want %d", len(got), len(want))
	}
	size := 1.0
	for _, v := range want {
		if !math.IsNaN(v) {
			size = max(size, math.Abs(v))
		}
	}
	for i := range want {
		if math.IsNaN(want[i]) != math.IsNaN(got[i]) || math.Abs(want[i]-got[i]) > tol*size {
			t.Fatalf("value %d is %v, want %v", i, got[i], want[i])
		}
	}
}

func Sure[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// TableOf reads a table from text as from a file.
func TableOf(t testing.TB, text string, o ...table.CSVOptions) *table.Table {
	t.Helper()
	x, err := table.ParseCSV(strings.NewReader(text), "customers.csv", "id", o...)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// Shop is five customers with gaps, a category and an ordered one.
func Shop(t testing.TB) *table.Table {
	t.Helper()
	return TableOf(t, `id,spend,orders,city,visits,Annual income (k$)
a,50,1,Leeds,never,10
b,150,3,York,weekly,20
c,,2,Leeds,monthly,30
d,900,0,,weekly,40
e,-20,4,Hull,,
`, table.CSVOptions{Levels: map[string][]string{"visits": {"never", "monthly", "weekly"}}})
}

// SameFloats reports whether two lists are equal, missing being like missing.
func SameFloats(a, b []float64) bool {
	return slices.EqualFunc(a, b, func(x, y float64) bool { return x == y || math.IsNaN(x) && math.IsNaN(y) })
}

// refinable makes eight customers in three segments: A (0-3), B (4-6), C (7).
// Refinable is eight customers in three segments, with two values missing.
func Refinable(t interface{ Fatal(...any) }) (*table.Table, *table.Segments) {
	ids := []string{"c0", "c1", "c2", "c3", "c4", "c5", "c6", "c7"}
	raw, err := table.New(ids, []table.Column{{Name: "orders"}, {Name: "spend", Unit: "EUR", Role: table.Value}},
		[]float64{1, 10, 2, 20, 3, 30, math.NaN(), 40, 5, 50, 6, 60, 7, math.NaN(), 8, 80})
	if err != nil {
		t.Fatal(err)
	}
	s, err := table.NewSegments(slices.Clone(ids), table.Labels{0, 0, 0, 0, 1, 1, 1, 2}, []string{"A", "B", "C"})
	if err != nil {
		t.Fatal(err)
	}
	return raw, s
}
