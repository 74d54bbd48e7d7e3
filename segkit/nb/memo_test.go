package nb

import (
	"bytes"
	"crypto/sha256"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"

	"github.com/segkit/lab/segkit/table"
)

// stopped runs f with a store of its own and returns what it stopped with, "" if it did not.
func stopped(t *testing.T, f func()) (message string) {
	t.Helper()
	oldExit, oldStderr, oldStore := exit, os.Stderr, store
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	type exited struct{}
	exit, os.Stderr = func(int) { panic(exited{}) }, w
	defer func() {
		exit, os.Stderr, store = oldExit, oldStderr, oldStore
		w.Close()
		var b bytes.Buffer
		b.ReadFrom(r)
		message = b.String()
		if r := recover(); r != nil && r != any(exited{}) {
			panic(r)
		}
	}()
	f()
	return ""
}

func testStore(t *testing.T) *diskStore {
	old := store
	t.Cleanup(func() { store = old })
	store = &diskStore{dir: t.TempDir(), limit: 1 << 20, code: func() string { return "1" }}
	return store
}

type everything struct {
	I   int8
	U   uint64
	F   float64
	F32 float32
	C   complex128
	S   string
	B   bool
	L   []float64
	E   []string
	N   []int
	A   [2]int
	M   map[string][]int
	NM  map[int]bool
	P   *int
	NP  *int
	T   time.Time
	Tab *table.Table
	NT  *table.Table
}

func TestPlainDataComesBackExactly(t *testing.T) {
	table, err := table.New([]string{"a", "b"}, []table.Column{{Name: "x"}, {Name: "city", Levels: []string{"Köln"}}}, []float64{1, 0, math.NaN(), math.NaN()})
	if err != nil {
		t.Fatal(err)
	}
	seven := 7
	v := everything{-5, 1 << 63, math.Copysign(0, -1), 0.1, complex(1, math.Inf(-1)), "ä\x00\xff", true, []float64{math.NaN(), 1e-300},
		[]string{}, nil, [2]int{1, -2}, map[string][]int{"b": {1}, "a": nil, "": {}}, nil, &seven, nil,
		time.Date(2025, 9, 30, 1, 2, 3, 4, time.UTC), table, nil}
	if err := storable(reflect.TypeOf(v)); err != nil {
		t.Fatal(err)
	}
	data, err := encode(nil, reflect.ValueOf(v), 0)
	if err != nil {
		t.Fatal(err)
	}
	var w everything
	if err := decode(data, reflect.ValueOf(&w).Elem()); err != nil {
		t.Fatal(err)
	}
	if !math.IsNaN(w.L[0]) || !math.Signbit(w.F) || w.Tab.Fingerprint() != table.Fingerprint() {
		t.Errorf("%+v", w)
	}
	w.L[0], v.L[0], w.Tab, v.Tab = 0, 0, nil, nil // NaN is not equal to itself
	if !reflect.DeepEqual(v, w) {
		t.Errorf("%+v\n%+v", v, w)
	}
}

func TestTypesThatWouldNotSurviveAreRefused(t *testing.T) {
	type hidden struct{ x int } //lint:ignore U1000 it is there to be refused
	for _, c := range []struct {
		value any
		want  string
	}{
		{dataframe.DataFrame{}, "unexported"}, {series.Series{}, "unexported"}, {hidden{}, "unexported field x"}, {[]hidden{}, "unexported"},
		{map[string]*hidden{}, "unexported"}, {func() {}, "func"}, {make(chan int), "chan"}, {[]any{}, "interface"}, {struct{ E error }{}, "interface"},
	} {
		if err := storable(reflect.TypeOf(c.value)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%T: %v, want %q", c.value, err, c.want)
		}
	}
	testStore(t)
	got := stopped(t, func() { Memo("frame", func() dataframe.DataFrame { return dataframe.DataFrame{} })() })
	if !strings.Contains(got, `segkit: Memo "frame" cannot keep a dataframe.DataFrame exactly`) || !strings.Contains(got, "keep a *table.Table") {
		t.Errorf("%q", got)
	}
	type ring struct{ Next *ring }
	loop := &ring{}
	loop.Next = loop
	if got := stopped(t, func() { Memo("ring", func() *ring { return loop })() }); !strings.Contains(got, "nests without end") {
		t.Errorf("%q", got)
	}
	if got := stopped(t, func() { Memo("in", func() int { return 1 }, func() {})() }); !strings.Contains(got, "input 1 (a func()) changes: it contains a func") {
		t.Errorf("%q", got)
	}
}

func TestMemoComputesOncePerContent(t *testing.T) {
	s := testStore(t)
	calls := 0
	memo := func(name string, inputs ...any) func() []float64 {
		return Memo(name, func() []float64 { calls++; return []float64{math.NaN(), 2} }, inputs...)
	}
	if memo("a", 1); calls != 0 {
		t.Fatal("computed before it was asked for")
	}
	frame := func(v int) dataframe.DataFrame { return dataframe.New(series.New([]int{v}, series.Int, "x")) }
	steps := []struct {
		f     func() []float64
		calls int // in all, afterwards
	}{
		{memo("a", 1), 1}, {memo("a", 1), 1}, {memo("a", 2), 2}, {memo("a", int64(1)), 3}, {memo("b", 1), 4}, {memo("a", "1"), 5}, {memo("a", 1), 5},
		{memo("f", frame(1)), 6}, {memo("f", frame(2)), 7}, {memo("f", frame(1)), 7},
		{memo("m", map[string]int{"a": 1, "b": 2}), 8}, {memo("m", map[string]int{"b": 2, "a": 1}), 8},
		{memo("s", "ab", "c"), 9}, {memo("s", "a", "bc"), 10}, {memo("n", nil), 11}, {memo("n"), 12},
	}
	for i, step := range steps {
		if v := step.f(); calls != step.calls || len(v) != 2 || !math.IsNaN(v[0]) {
			t.Errorf("step %d: %d calls, want %d; %v", i, calls, step.calls, v)
		}
	}
	s.code = func() string { return "2" }
	if memo("a", 1)(); calls != 13 {
		t.Error("recalled what other code computed")
	}
}

func TestDamagedMemoryIsForgotten(t *testing.T) {
	s := testStore(t)
	calls := 0
	value := func() string {
		return Memo("a", func() string { calls++; return strings.Repeat("customer", 100) })()
	}
	want := value()
	entries, _ := os.ReadDir(s.dir)
	path := filepath.Join(s.dir, entries[0].Name())
	whole, _ := os.ReadFile(path)
	for n, damaged := range [][]byte{nil, whole[:10], whole[:len(whole)/2], append(bytes.Clone(whole), 'x'), bytes.Replace(whole, []byte("cust"), []byte("cost"), 1)} {
		if err := os.WriteFile(path, damaged, 0o644); err != nil {
			t.Fatal(err)
		}
		if got := value(); got != want || calls != n+2 {
			t.Errorf("damage %d: %d calls, %d bytes", n, calls, len(got))
		}
	}
}

func TestDecodeNeedsEveryByte(t *testing.T) {
	data, err := encode(nil, reflect.ValueOf(everything{L: []float64{1, 2}, M: map[string][]int{"a": {1}}}), 0)
	if err != nil {
		t.Fatal(err)
	}
	for i := range data {
		var w everything
		if decode(data[:i], reflect.ValueOf(&w).Elem()) == nil {
			t.Errorf("the first %d of %d bytes passed for the whole", i, len(data))
		}
	}
}

// Whatever decodes must encode to something that decodes to the same.
func FuzzDecode(f *testing.F) {
	seven := 7
	data, err := encode(nil, reflect.ValueOf(everything{L: []float64{1, math.NaN()}, M: map[string][]int{"a": {1}}, P: &seven, E: []string{}}), 0)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add(bytes.Repeat([]byte{0xff}, 100))
	f.Fuzz(func(t *testing.T, data []byte) {
		var v, w everything
		if decode(data, reflect.ValueOf(&v).Elem()) != nil {
			return
		}
		first, err := encode(nil, reflect.ValueOf(v), 0)
		if err != nil {
			t.Fatal(err)
		}
		if err := decode(first, reflect.ValueOf(&w).Elem()); err != nil {
			t.Fatal(err)
		}
		if second, _ := encode(nil, reflect.ValueOf(w), 0); !bytes.Equal(first, second) {
			t.Errorf("%x, then %x", first, second)
		}
	})
}

func TestTheStoreKeepsWhatWasAskedForLast(t *testing.T) {
	s := testStore(t)
	s.limit = 10_000
	value := bytes.Repeat([]byte("x"), 3000)
	hour := time.Now().Add(-time.Hour)
	for i, key := range []string{"a", "b", "c"} {
		s.Put(key, value)
		old := hour.Add(time.Duration(i) * time.Minute)
		os.Chtimes(s.path(key), old, old)
	}
	if _, ok := s.Get("a"); !ok { // now b is the oldest
		t.Fatal("lost what fits")
	}
	s.Put("d", value)
	for key, want := range map[string]bool{"a": true, "b": false, "c": true, "d": true} {
		if _, ok := s.Get(key); ok != want {
			t.Errorf("%s kept: %v, want %v", key, ok, want)
		}
	}
	s.Put("huge", bytes.Repeat(value, 3))
	if _, ok := s.Get("huge"); ok {
		t.Error("one value filled the store")
	}
	(&diskStore{dir: "/dev/null/x", limit: 1 << 20, code: s.code}).Put("a", value) // nowhere to write: no matter
}

// A clock that jumps makes files of the future and of long ago: what they hold is recalled all the same, and room is found for more.
func TestTheClockMayJump(t *testing.T) {
	s := testStore(t)
	s.limit = 10_000
	value := bytes.Repeat([]byte("x"), 3000)
	for key, at := range map[string]time.Time{"a": time.Unix(0, 0), "b": time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC), "c": time.Now()} {
		s.Put(key, value)
		if err := os.Chtimes(s.path(key), at, at); err != nil {
			t.Fatal(err)
		}
	}
	for _, key := range []string{"a", "b", "c"} {
		if got, ok := s.Get(key); !ok || !bytes.Equal(got, value) {
			t.Errorf("%s is not recalled", key)
		}
	}
	for _, key := range []string{"d", "e", "f", "g"} {
		s.Put(key, value)
		if got, ok := s.Get(key); !ok || !bytes.Equal(got, value) {
			t.Errorf("%s is not recalled", key)
		}
	}
}

const notebook = `package main

import "fmt"

const base, step = 1, 2

var k = 4

var slow = nb.Memo("slow", func() int { return helper(k) + limit{}.value() })

var unrelated = 5

type limit struct{}

func (limit) value() int { return base }

func helper(n int) int { return n + other }

var other = 3

func main() { fmt.Println(unrelated, slow()) }
`

func TestMemoSeesTheCodeItCanReachAndNoOther(t *testing.T) {
	const line = 9
	before, ok := reachable([]byte(notebook), line)
	if !ok {
		t.Fatal("not found")
	}
	for _, c := range []struct {
		old, new string
		changed  bool
	}{
		{"k = 4", "k = 5", true}, {"n + other", "n - other", true}, {"other = 3", "other = 4", true}, {"return base", "return step", true},
		{"= 1, 2", "= 2, 2", true}, {"helper(k) +", "helper(k) -", true},
		{"unrelated = 5", "unrelated = 6", false}, {"Println(unrelated", "Print(unrelated", false},
		{"func main", "var later = k\n\nfunc main", false}, // a new cell below
		{`import "fmt"`, `import ("fmt"; "os")`, false},
	} {
		source := strings.Replace(notebook, c.old, c.new, 1)
		after, ok := reachable([]byte(source), line)
		if !ok || (after != before) != c.changed {
			t.Errorf("%q -> %q: changed %v, want %v", c.old, c.new, after != before, c.changed)
		}
	}
	if text := dependencies(func() int { return len(notebook) }); !strings.Contains(text, "return len(notebook)") || !strings.Contains(text, "package main") {
		t.Errorf("own source: %q", text)
	}
}

func TestCodeVersionChangesWithASourceFile(t *testing.T) {
	dir := t.TempDir()
	version := func() string {
		h := sha256.New()
		if err := hashFiles(h, dir); err != nil {
			t.Fatal(err)
		}
		return sum(h)
	}
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("a.go", "package a")
	first := version()
	write("a_test.go", "package a")
	write("notes.md", "x")
	if err := os.Mkdir(filepath.Join(dir, "testdata"), 0o755); err != nil {
		t.Fatal(err)
	}
	write("testdata/x.csv", "x")
	if version() != first {
		t.Error("tests and texts are not what computes")
	}
	for name, text := range map[string]string{"a.go": "package a //", "kernels_amd64.s": "TEXT", "orders.csv.gz": "embedded"} {
		before := version()
		write(name, text)
		if version() == before {
			t.Errorf("a changed %s went unnoticed", name)
		}
	}
	if codeVersion() == "" {
		t.Error("no version")
	}
}
