package privacy

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/folds"
	"github.com/segkit/lab/segkit/judge"
	"github.com/segkit/lab/segkit/table"
)

var _ judge.Proxies = Proxied(nil)

// telling makes n customers of two sexes in three segments; with probability tied the segment of a woman is the first, of a man the second,
// else it is drawn alike for both.
func telling(t *testing.T, seed uint64, n int, tied float64) (*table.Table, *table.Segments) {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, 5))
	var ids []string
	var data []float64
	var labels table.Labels
	for i := range n {
		sex := random.IntN(2)
		l := random.IntN(4) - 1
		if random.Float64() < tied {
			l = sex
		}
		ids, labels = append(ids, fmt.Sprint("c", i)), append(labels, l)
		data = append(data, float64(sex), 20+10*float64(sex)*tied+random.Float64()*50, float64(random.IntN(2)))
	}
	raw, err := table.New(ids, []table.Column{{Name: "sex", Levels: []string{"women", "men"}}, {Name: "age", Unit: "years"}, {Name: "coin"}}, data)
	if err != nil {
		t.Fatal(err)
	}
	s, err := table.NewSegments(ids, labels, []string{"A", "B", "C"})
	if err != nil {
		t.Fatal(err)
	}
	return raw, s
}

func TestProxiesFindWhatWasPlanted(t *testing.T) {
	raw, s := telling(t, 1, 4000, .6)
	found, err := Proxies(raw, s, ProxyOptions{Columns: []string{"coin", "age", "sex"}})
	if err != nil {
		t.Fatal(err)
	}
	// A woman is in A with .6 + .4/4 and in B with .4/4, a man the other way round; C and none tell nothing. So women are guessed right with .7 and
	// men too, and the .2 in C and none go to one of them: .8 on average, with a standard deviation of .006.
	if p := found[0]; p.Attribute != "sex" || math.Abs(p.Right-.8) > .02 || p.Low > p.Right || p.High < p.Right || p.High-p.Low > .03 || p.Chance != .5 || p.P != 1./500 {
		t.Errorf("%+v", p)
	}
	if !strings.Contains(found[0].Most, `of "A", of all customers`) && !strings.Contains(found[0].Most, `of "B", of all customers`) {
		t.Error(found[0].Most)
	}
	if p := found[1]; p.Attribute != "age" || len(p.Classes) != 4 || p.Chance != .25 || p.P > .01 || !strings.HasSuffix(p.Classes[0], " years") || !strings.Contains(p.Classes[0], " to ") {
		t.Errorf("%+v", p)
	}
	if p := found[2]; p.Attribute != "coin" || p.P < .01 || math.Abs(p.Lift) > .06 {
		t.Errorf("%+v", p)
	}
}

// What recalls counts in tables is what comes of doing it customer by customer.
func TestRecallsAreThoseOfGuessingOneByOne(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 3))
	for range 20 {
		g := guess{groups: make([]string, 2+random.IntN(4)), classes: make([]string, 2+random.IntN(3))}
		var ids []string
		for i := range 60 + random.IntN(100) {
			g.of, g.in, ids = append(g.of, i%len(g.classes)), append(g.in, random.IntN(len(g.groups))), append(ids, fmt.Sprint(i))
		}
		g.fold = folds.Deal(ids, g.of, proxyFolds, 1)
		right, all := make([]float64, len(g.classes)), make([]float64, len(g.classes))
		for i := range g.of {
			var best, most = -1, 0.0
			for class := range g.classes {
				n, size := 1.0, float64(len(g.groups))
				for o := range g.of {
					if g.fold[o] != g.fold[i] && g.of[o] == class {
						size++
						if g.in[o] == g.in[i] {
							n++
						}
					}
				}
				if n/size > most {
					best, most = class, n/size
				}
			}
			if all[g.of[i]]++; best == g.of[i] {
				right[best]++
			}
		}
		for class, r := range g.recalls(g.in) {
			if math.Abs(r-right[class]/all[class]) > 1e-12 {
				t.Fatalf("class %d: %v, one by one %v", class, r, right[class]/all[class])
			}
		}
	}
}

// Where segments know nothing of an attribute, p is below .05 in about one table of twenty, also in small ones.
func TestProxiesFindNothingWhereNothingIs(t *testing.T) {
	below := 0
	for seed := range uint64(200) {
		raw, s := telling(t, seed, 150, 0)
		found, err := Proxies(raw, s, ProxyOptions{Columns: []string{"sex"}, Draws: 99, Seed: int(seed)})
		if err != nil {
			t.Fatal(err)
		}
		if found[0].P <= .05 {
			below++
		}
	}
	if below > 22 { // of 200 at .05: more than 22 has a probability of .0002
		t.Errorf("p is below .05 in %d of 200 tables", below)
	}
}

func TestProxiesDoNotMindTheOrderOfRows(t *testing.T) {
	raw, s := telling(t, 9, 300, .2)
	order := rand.New(rand.NewPCG(1, 1)).Perm(raw.Len())
	o := ProxyOptions{Columns: []string{"sex", "age"}, Draws: 49}
	a, err := Proxies(raw, s, o)
	if err != nil {
		t.Fatal(err)
	}
	b, err := Proxies(raw.Rows(order), s, o)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(a, b) {
		t.Errorf("%+v\n%+v", a, b)
	}
}

func TestProxiesRefuseWhatCannotBeTold(t *testing.T) {
	raw, s := telling(t, 1, 40, 0)
	if _, err := Proxies(raw, s, ProxyOptions{}); err == nil || !strings.Contains(err.Error(), "Columns") {
		t.Errorf("%v", err)
	}
	if _, err := Proxies(raw, s, ProxyOptions{Columns: []string{"sex"}}); !errors.Is(err, fault.ErrUndefined) { // 20 of each, fewer than 30
		t.Errorf("%v", err)
	}
	if _, err := Proxies(raw, s, ProxyOptions{Columns: []string{"sexx"}}); !errors.Is(err, fault.ErrMissingColumn) {
		t.Errorf("%v", err)
	}
}
