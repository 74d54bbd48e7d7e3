package basket_test

import (
	"errors"
	"io/fs"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/segkit/lab/datasets"
	"github.com/segkit/lab/segkit/basket"
)

// groceries are the 9,835 baskets of R's arules, where they are on this machine.
func groceries(t *testing.T) *basket.Baskets {
	t.Helper()
	path, err := datasets.Find("groceries")
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("groceries is not on this machine: segkit data get groceries")
	}
	b, err := basket.ReadLists(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if math.IsNaN(got) || math.Abs(got-want) > within {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}

// The numbers of rules that R's arules 1.7 finds in its groceries (and that mlxtend confirms), with those of the highest lift.
func TestGroceriesHaveTheRulesOfArules(t *testing.T) {
	b := groceries(t)
	if n := b.Count(); n != 9835 || len(b.Items()) != 169 || b.Items()[0] != "whole milk" {
		t.Fatalf("%d baskets of %d items, most often %s", n, len(b.Items()), b.Items()[0])
	}
	type top struct {
		antecedent, consequent    string
		support, confidence, lift float64
	}
	for _, c := range []struct {
		support, confidence float64
		rules               int
		byLength            []int // from 2
		tops                []top
	}{
		{.006, .25, 463, []int{150, 297, 16}, []top{{"herbs", "root vegetables", .007015760, .43125, 3.956477}, {"berries", "whipped/sour cream", .009049314, .272171, 3.796886}}},
		{.001, .8, 410, []int{0, 29, 229, 140, 12}, []top{{"liquor,red/blush wine", "bottled beer", .001931876, .904762, 11.235269}}},
		{.01, .5, 15, nil, []top{{"citrus fruit,root vegetables", "other vegetables", .010371, .586207, 3.029608}}},
		{.001, .5, 5668, nil, []top{{"Instant food products,soda", "hamburger meat", math.NaN(), math.NaN(), 18.995654}}},
	} {
		r, err := b.Rules(basket.Options{MinSupport: c.support, MinConfidence: c.confidence})
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Rules) != c.rules {
			t.Errorf("support %v, confidence %v: %d rules, want %d", c.support, c.confidence, len(r.Rules), c.rules)
		}
		if c.byLength != nil {
			lengths := make([]int, len(c.byLength))
			for _, x := range r.Rules {
				lengths[len(x.Antecedent)-1]++
			}
			if !slices.Equal(lengths, c.byLength) {
				t.Errorf("support %v: %v rules by length, want %v", c.support, lengths, c.byLength)
			}
		}
		for i, want := range c.tops {
			got := r.Rules[i]
			sorted := slices.Sorted(slices.Values(got.Antecedent))
			if strings.Join(sorted, ",") != want.antecedent || strings.Join(got.Consequent, ",") != want.consequent {
				t.Errorf("rule %d is %v -> %v, want %s -> %s", i+1, got.Antecedent, got.Consequent, want.antecedent, want.consequent)
			}
			near(t, "lift of "+want.antecedent, got.Lift, want.lift, 5e-7)
			if !math.IsNaN(want.support) {
				near(t, "support of "+want.antecedent, got.Support, want.support, 5e-7)
				near(t, "confidence of "+want.antecedent, got.Confidence, want.confidence, 5e-7)
			}
		}
	}
}

// The example of mlxtend's documentation: five baskets, nine rules, and all nine measures of two of them.
func TestMeasuresAreThoseOfMlxtend(t *testing.T) {
	b, err := basket.FromLists([][]string{
		{"Milk", "Onion", "Nutmeg", "Kidney Beans", "Eggs", "Yogurt"}, {"Dill", "Onion", "Nutmeg", "Kidney Beans", "Eggs", "Yogurt"},
		{"Milk", "Apple", "Kidney Beans", "Eggs"}, {"Milk", "Unicorn", "Corn", "Kidney Beans", "Yogurt"}, {"Corn", "Onion", "Onion", "Kidney Beans", "Ice cream", "Eggs"}})
	if err != nil {
		t.Fatal(err)
	}
	r, err := b.Rules(basket.Options{MinSupport: .6, MinConfidence: .8, MaxConsequent: 5})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Rules) != 9 {
		t.Errorf("%d rules, want 9", len(r.Rules))
	}
	inf := math.Inf(1)
	for _, c := range []struct {
		antecedent, consequent string
		want                   basket.Measures
	}{
		{"Onion", "Eggs", basket.Measures{Support: .6, Confidence: 1, Lift: 1.25, Leverage: .12, Conviction: inf, Zhang: .5, Jaccard: .75, Certainty: 1, Kulczynski: .875}},
		{"Kidney Beans", "Eggs", basket.Measures{Support: .8, Confidence: .8, Lift: 1, Leverage: 0, Conviction: 1, Zhang: 0, Jaccard: .8, Certainty: 0, Kulczynski: .9}},
	} {
		found := false
		for _, x := range r.Rules {
			if strings.Join(x.Antecedent, ",") != c.antecedent || strings.Join(x.Consequent, ",") != c.consequent {
				continue
			}
			found = true
			got, want := x.Measures, c.want
			for what, v := range map[string][2]float64{"support": {got.Support, want.Support}, "confidence": {got.Confidence, want.Confidence}, "lift": {got.Lift, want.Lift},
				"leverage": {got.Leverage, want.Leverage}, "zhang": {got.Zhang, want.Zhang}, "jaccard": {got.Jaccard, want.Jaccard}, "certainty": {got.Certainty, want.Certainty},
				"kulczynski": {got.Kulczynski, want.Kulczynski}} {
				near(t, c.antecedent+": "+what, v[0], v[1], 1e-15)
			}
			if got.Conviction != want.Conviction && math.Abs(got.Conviction-want.Conviction) > 1e-12 {
				t.Errorf("%s: conviction is %v, want %v", c.antecedent, got.Conviction, want.Conviction)
			}
		}
		if !found {
			t.Errorf("%s -> %s is missing", c.antecedent, c.consequent)
		}
	}
	if s := r.Sheet(); !slices.ContainsFunc(s.Notes, func(n string) bool { return strings.Contains(n, `"Kidney Beans" is in every basket`) }) {
		t.Errorf("nobody says that beans are everywhere: %q", s.Notes)
	}
}
