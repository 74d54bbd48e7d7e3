package basket_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/segkit/lab/datasets"
	"github.com/segkit/lab/segkit/basket"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/features"
)

// made are baskets in which neighbours in the alphabet are often together.
func made(t *testing.T, n, items int, random *rand.Rand) (*basket.Baskets, [][]string) {
	t.Helper()
	lists := make([][]string, n)
	for i := range lists {
		for range random.IntN(6) {
			item := random.IntN(items)
			lists[i] = append(lists[i], name(item))
			if random.IntN(2) == 0 {
				lists[i] = append(lists[i], name((item+1)%items))
			}
		}
	}
	return sure(t)(basket.FromLists(lists)), lists
}

func name(item int) string { return string(rune('a' + item)) }

func sure(t *testing.T) func(*basket.Baskets, error) *basket.Baskets {
	return func(b *basket.Baskets, err error) *basket.Baskets {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
}

// Every set of items is counted by itself: the search must find those that are frequent, with their counts, and no others.
func TestItemsetsAreThoseThatCountingFinds(t *testing.T) {
	for seed := range uint64(20) {
		const items = 9
		b, lists := made(t, 120, items, rand.New(rand.NewPCG(seed, 1)))
		o := basket.Options{MinSupport: .03, MaxLength: 4}
		found, err := b.Itemsets(o)
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]int{}
		for _, s := range found.Sets {
			got[strings.Join(slices.Sorted(slices.Values(s.Items)), "")] = s.Count
		}
		want := map[string]int{}
		for mask := 1; mask < 1<<items; mask++ {
			set := ""
			for i := range items {
				if mask>>i&1 == 1 {
					set += name(i)
				}
			}
			count := 0
			for _, list := range lists {
				if !slices.ContainsFunc(strings.Split(set, ""), func(item string) bool { return !slices.Contains(list, item) }) {
					count++
				}
			}
			if count >= 4 && len(set) <= 4 { // 3.6 baskets
				want[set] = count
			}
		}
		if !reflect.DeepEqual(got, want) || len(got) != len(found.Sets) {
			t.Fatalf("seed %d: %d sets %v, want %d %v", seed, len(got), got, len(want), want)
		}
	}
}

// Laws of all rules, of one item or several on the right: counts and measures fit, a redundant rule has a shorter one that does as
// well, one that is not has none.
func TestRulesKeepTheirLaws(t *testing.T) {
	b, lists := made(t, 300, 8, rand.New(rand.NewPCG(7, 1)))
	r, err := b.Rules(basket.Options{MinSupport: .02, MinConfidence: -1, MaxConsequent: 2})
	if err != nil {
		t.Fatal(err)
	}
	count := func(items ...string) (n int) {
		for _, list := range lists {
			if !slices.ContainsFunc(items, func(item string) bool { return !slices.Contains(list, item) }) {
				n++
			}
		}
		return n
	}
	several := 0
	for _, x := range r.Rules {
		both := count(append(slices.Clone(x.Antecedent), x.Consequent...)...)
		with, holding := count(x.Antecedent...), count(x.Consequent...)
		if x.Both != both || x.With != with || x.Holding != holding {
			t.Fatalf("%v -> %v: %d, %d, %d, counted %d, %d, %d", x.Antecedent, x.Consequent, x.Both, x.With, x.Holding, both, with, holding)
		}
		confidence := float64(both) / float64(with)
		better := float64(holding)/300 >= confidence
		for mask := 1; mask < 1<<len(x.Antecedent)-1; mask++ {
			var part []string
			for i, item := range x.Antecedent {
				if mask>>i&1 == 1 {
					part = append(part, item)
				}
			}
			better = better || float64(count(append(slices.Clone(part), x.Consequent...)...))/float64(count(part...)) >= confidence
		}
		if better != x.Redundant {
			t.Errorf("%v -> %v: redundant is %v", x.Antecedent, x.Consequent, x.Redundant)
		}
		if x.Q < x.P || x.Zhang < -1 || x.Zhang > 1 || math.Abs(x.Lift-x.Confidence/(float64(holding)/300)) > 1e-12 {
			t.Errorf("%v -> %v: %+v", x.Antecedent, x.Consequent, x)
		}
		if len(x.Consequent) == 2 {
			several++
		}
	}
	if several == 0 {
		t.Error("no rule tells two items")
	}
}

// In baskets without any ties, rules found by luck are called significant in about as few sets of data as the level says.
func TestChanceIsSeldomSignificant(t *testing.T) {
	false1, rules := 0, 0
	const sets = 200
	for seed := range uint64(sets) {
		random := rand.New(rand.NewPCG(seed, 5))
		lists := make([][]string, 400)
		for i := range lists {
			for item := range 15 {
				if random.IntN(12) == 0 {
					lists[i] = append(lists[i], name(item))
				}
			}
		}
		r, err := sure(t)(basket.FromLists(lists)).Rules(basket.Options{MinSupport: .01, MinConfidence: .01})
		if err != nil {
			t.Fatal(err)
		}
		rules += len(r.Rules)
		if len(r.Significant().Rules) > 0 {
			false1++
		}
	}
	if rules < 50*sets {
		t.Errorf("only %d rules were there to be mistaken", rules)
	}
	if false1 > sets*5/100+2*3 { // .05 and two standard deviations
		t.Errorf("%d of %d sets of data had a significant rule", false1, sets)
	}
}

// Customers who always fill the same basket, each at random: Fisher's test sees ties between items that only habits make,
// and permutation of customers does not.
func TestHabitsAreNoRules(t *testing.T) {
	withHabits, without := 0, 0
	for seed := range uint64(30) {
		random := rand.New(rand.NewPCG(seed, 9))
		var text strings.Builder
		text.WriteString("basket,item,customer\n")
		at := 0
		for customer := range 60 {
			var habit []int
			for item := range 10 {
				if random.IntN(4) == 0 {
					habit = append(habit, item)
				}
			}
			for range 8 + random.IntN(3) {
				at++
				for _, item := range habit {
					fmt.Fprintf(&text, "%d,%s,%d\n", at, name(item), customer)
				}
			}
		}
		b := sure(t)(basket.ReadCSV(file(t, text.String())))
		for permutations, found := range map[int]*int{0: &without, -1: &withHabits} {
			r, err := b.Rules(basket.Options{MinSupport: .01, MinConfidence: .01, MaxLength: 2, Permutations: permutations})
			if err != nil {
				t.Fatal(err)
			}
			if len(r.Significant().Rules) > 0 {
				*found++
			}
		}
	}
	if withHabits < 25 {
		t.Errorf("habits alone fooled Fisher's test in %d of 30 sets of data: this test tests nothing", withHabits)
	}
	if without > 4 {
		t.Errorf("habits alone were called rules in %d of 30 sets of data", without)
	}
}

// The shop has six pairs that are bought together (its datasheet), and nothing else.
func TestTheShopsPairsAreFoundAndNothingElse(t *testing.T) {
	b := shop(t)
	r, err := b.Rules(basket.Options{MinSupport: .001})
	if err != nil {
		t.Fatal(err)
	}
	pairs := map[string]bool{}
	for _, x := range r.Significant().Pruned().Rules {
		pairs[strings.Join(slices.Sorted(slices.Values(slices.Concat(x.Antecedent, x.Consequent))), " + ")] = true
	}
	want := map[string]bool{"Coffee filters + Filter coffee maker": true, "Candle holder + Taper candle": true, "Gift wrap + Greeting card": true,
		"Black tea + Teapot": true, "Flower pot + Seed packet": true, "Bath towel + Hand towel": true}
	if !reflect.DeepEqual(pairs, want) {
		t.Errorf("%v, want %v", pairs, want)
	}
}

func shop(t *testing.T) *basket.Baskets {
	t.Helper()
	orders, err := datasets.Orders("shop")
	if err != nil {
		t.Fatal(err)
	}
	clean, err := orders.Clean(features.NoCustomer, features.Duplicate, features.TestOrder, features.NetCancelled)
	if err != nil {
		t.Fatal(err)
	}
	return sure(t)(basket.FromOrders(clean))
}

// The same rules to the last bit on one processor and on eight.
func TestRulesDoNotDependOnProcessors(t *testing.T) {
	b := shop(t)
	var first *basket.Rules
	for _, procs := range []int{1, 8} {
		before := runtime.GOMAXPROCS(procs)
		r, err := b.Rules(basket.Options{MinSupport: .0005, MinConfidence: .05, Permutations: 50})
		runtime.GOMAXPROCS(before)
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = r
		} else if a, b := fmt.Sprintf("%+v", first.Rules), fmt.Sprintf("%+v", r.Rules); a != b {
			t.Error("the rules differ")
		}
	}
}

func file(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "baskets.csv")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestFilesOfBasketsAreReadAsTheyAreWritten(t *testing.T) {
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	z.Write([]byte("item;basket\nTee;1\nM\xfcsli;1\n")) // Windows-1252
	z.Close()
	for text, want := range map[string]string{
		"basket,item\n1,tea\n2,honey\n1,honey\n":                      "1:honey,tea 2:honey",
		"order_id\tcustomer_id\tproduct\n7\t01\t\"a\tb\"\n7\t01\tc\n": "7:a\tb,c",
		"who,what\n1,tea\n1,tea\n":                                    "1:tea",
		zipped.String():                                               "1:Müsli,Tee",
		"\ufeffTransaction,Item\r\n001,tea\r\n1,tea\r\n":              "001:tea 1:tea",
	} {
		b := sure(t)(basket.ReadCSV(file(t, text)))
		rows := map[string][]string{}
		var order []string
		f := b.Frame()
		for i := range f.Nrow() {
			id, item := f.Col("basket").Elem(i).String(), f.Col("item").Elem(i).String()
			if rows[id] == nil {
				order = append(order, id)
			}
			rows[id] = append(rows[id], item)
		}
		var got []string
		for _, id := range order {
			slices.Sort(rows[id])
			got = append(got, id+":"+strings.Join(rows[id], ","))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q gives %q, want %q", text, got, want)
		}
	}
	b := sure(t)(basket.ReadLists(file(t, "tea, honey ,\n\n\"jam, red\"\n")))
	if !reflect.DeepEqual(b.Items(), []string{"honey", "jam, red", "tea"}) || b.Count() != 2 {
		t.Errorf("%d lists of %q", b.Count(), b.Items())
	}
}

// What cannot be used is answered with a sentence that says where, and what to do.
func TestBadBasketsAreAnsweredWithASentence(t *testing.T) {
	for text, want := range map[string]string{
		"":                                     "is empty",
		"basket,item\n":                        "there are no baskets",
		"basket\n1\n":                          "ReadLists",
		"basket,item\n1,tea\n2,\n":             `line 3, column "item": is empty`,
		"basket,item\n1,tea,3\n":               "line 2",
		"basket,item\n1,\"tea\n":               "line",
		"basket,item,customer\n1,a,x\n1,b,y\n": "is not the customer of earlier rows",
		"PK\x03\x04 this is no text\x00\x00":   "",
	} {
		_, err := basket.ReadCSV(file(t, text))
		if err == nil || !strings.HasPrefix(err.Error(), "segkit: basket.ReadCSV") || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
	good := file(t, "basket,item\n1,tea\n")
	for want, o := range map[string]basket.CSVOptions{`did you mean "item"?`: {Item: "itme"}, "both basket and item": {Basket: "item", Item: "item"}, "separator": {Comma: '"'}} {
		if _, err := basket.ReadCSV(good, o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v", o, err)
		}
	}
	if _, err := basket.ReadLists(filepath.Join(t.TempDir(), "no.csv")); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	if _, err := basket.FromLists([][]string{{"tea"}, {"tea", ""}}); err == nil || !strings.Contains(err.Error(), "item 2 of basket 2") {
		t.Error(err)
	}
	b := sure(t)(basket.FromLists([][]string{{"tea"}, {"tea", "jam"}}))
	for _, o := range []basket.Options{{MinSupport: -1}, {MinSupport: 1.5}, {MinSupport: math.NaN()}, {MinConfidence: 2}, {MaxLength: 1}, {MaxLength: 31}, {MaxConsequent: -1}, {MaxBasket: -1}, {Level: 1}} {
		if _, err := b.Rules(o); !errors.Is(err, fault.ErrOption) {
			t.Errorf("%+v: %v", o, err)
		}
	}
}

// A basket of ten thousand items is left out and told; thirty of them alike are no reason to run out of memory.
func TestGiantBasketsAreTold(t *testing.T) {
	giant := make([]string, 10_000)
	for i := range giant {
		giant[i] = fmt.Sprint("item ", i)
	}
	lists := [][]string{giant}
	for range 50 {
		lists = append(lists, []string{"tea", "jam"}, []string{"item 7"})
	}
	r, err := sure(t)(basket.FromLists(lists)).Rules(basket.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if r.Baskets != 100 || len(r.Notes) == 0 || !strings.Contains(r.Notes[0], `1 basket of more than 1,000 different items was left out; the largest, "1", has 10,000 items`) {
		t.Errorf("%d baskets, %q", r.Baskets, r.Notes)
	}
	for range 30 {
		lists = append(lists, giant)
	}
	b := sure(t)(basket.FromLists(lists))
	if r, err = b.Rules(basket.Options{}); err != nil || r.Baskets != 100 {
		t.Errorf("%v, %v", r, err)
	}
	if _, err = b.Rules(basket.Options{MaxBasket: 20_000}); err == nil || !strings.Contains(err.Error(), "raise Options.MinSupport") {
		t.Errorf("with them: %v", err)
	}
}
