package datasets

import (
	"errors"
	"io/fs"
	"math"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/compare"
	"github.com/segkit/lab/segkit/prep"
	"github.com/segkit/lab/segkit/table"
)

func TestTable(t *testing.T) {
	for name, want := range map[string]struct{ n, d, features int }{
		"mall": {200, 4, 3}, "wholesale": {440, 8, 6}, "mcdonalds": {1453, 15, 11}, "online-shoppers": {12330, 18, 10},
	} {
		if _, err := Find(name); errors.Is(err, fs.ErrNotExist) {
			t.Skipf("data set %s is not on this machine: let SEGKIT_DATA name the folder of the public sets", name)
		}
		rows, err := Table(name)
		if err != nil {
			t.Error(err)
			continue
		}
		features := 0
		for _, c := range rows.Columns() {
			if c.Role == table.Feature {
				features++
			}
		}
		if n, d := rows.Dims(); n != want.n || d != want.d || features != want.features {
			t.Errorf("%s: %d x %d with %d features, want %+v", name, n, d, features, want)
		}
	}
	if _, err := Table("groceries"); err == nil || !strings.Contains(err.Error(), "want one of mall, mcdonalds") {
		t.Errorf("got %v", err)
	}
}

// The middle of Like is 0 and stands in the middle: the order of the answers is told, not guessed. 169 people said so.
func TestOrderedAnswers(t *testing.T) {
	if _, err := Find("mcdonalds"); errors.Is(err, fs.ErrNotExist) {
		t.Skip("data set mcdonalds is not on this machine: let SEGKIT_DATA name the folder of the public sets")
	}
	rows, err := Table("mcdonalds")
	if err != nil {
		t.Fatal(err)
	}
	like, err := rows.Values("Like")
	if err != nil {
		t.Fatal(err)
	}
	neutral := 0
	for _, v := range like {
		if v == 5 {
			neutral++
		}
	}
	if column, _ := rows.Column("Like"); neutral != 169 || !column.Ordered {
		t.Errorf("%d people are neutral, want 169; %+v", neutral, column)
	}
}

func TestShopTables(t *testing.T) {
	customers, err := Customers("shop")
	if err != nil {
		t.Fatal(err)
	}
	truth, err := Truth("shop")
	if err != nil {
		t.Fatal(err)
	}
	if customers.Len() != 4000 || len(truth.IDs) != 4000 || customers.IDs()[0] != "00001" || truth.IDs[3999] != "04000" {
		t.Errorf("%d customers from %s, %d in the truth to %s", customers.Len(), customers.IDs()[0], len(truth.IDs), truth.IDs[3999])
	}
	noise, before := 0, math.MaxInt
	for _, l := range truth.Labels {
		if l == table.Noise {
			noise++
		}
	}
	for i, n := range truth.Counts() { // labels go by falling weight
		if n > before {
			t.Errorf("segment %d is larger than the one before: %v", i, truth.Counts())
		}
		before = n
	}
	if noise != 1 || truth.K() != 4 {
		t.Errorf("%d customers in none of %d segments", noise, truth.K())
	}
	for _, c := range customers.Columns() {
		if c.Role != table.Descriptor || c.Categorical() != (c.Name != "age") {
			t.Errorf("column %+v", c)
		}
	}
	survey, err := Survey("shop")
	if err != nil {
		t.Fatal(err)
	}
	numbers, questions := 0, 0
	for _, c := range survey.Columns() {
		switch {
		case !c.Categorical():
			numbers++
		case len(c.Levels) == 2 && c.Levels[0] == "no" && c.Levels[1] == "yes":
			questions++
		}
	}
	if numbers != 10 || questions != 4 {
		t.Errorf("%d statements and %d questions in the survey, want 10 and 4", numbers, questions)
	}
}

func TestControl(t *testing.T) {
	truth, err := Truth("shop-without-segments")
	if err != nil {
		t.Fatal(err)
	}
	if truth.K() != 1 || truth.Counts()[0] != 3999 {
		t.Errorf("%d segments: %v", truth.K(), truth.Counts())
	}
	if _, err := Truth("online-retail"); err == nil || !strings.Contains(err.Error(), `want "shop", "shop-without-segments" or "shop-that-changes"`) {
		t.Errorf("got %v", err)
	}
}

// Every made-up set is the same each time and has all its groups.
func TestMadeSets(t *testing.T) {
	for name, set := range madeSets {
		one, err := Table(name)
		if err != nil {
			t.Fatal(err)
		}
		two, _ := Table(name)
		if one.Fingerprint() != two.Fingerprint() {
			t.Errorf("%s differs from one call to the next", name)
		}
		known, err := one.SegmentsBy("truth")
		if err != nil || known.K() != len(set.groups) || one.Len() != set.rows {
			t.Fatalf("%s: %d rows in %d groups, %v", name, one.Len(), known.K(), err)
		}
		for g, n := range known.Counts() {
			if n < one.Len()/10 {
				t.Errorf("%s: group %q has %d of %d rows", name, known.Names[g], n, one.Len())
			}
		}
	}
	if _, err := Table("wholesale", "blobs"); err != nil {
		t.Error(err)
	}
	t.Setenv("SEGKIT_DATA", t.TempDir())
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	if instead, err := Table("wholesale", "spenders"); err != nil || instead.Len() != madeSets["spenders"].rows {
		t.Errorf("an absent set is not replaced: %v", err)
	}
}

// On "spenders" the scale decides: k-means finds the groups in logarithms, and not in the raw units.
func TestSpendersNeedLogarithms(t *testing.T) {
	x, err := Table("spenders")
	if err != nil {
		t.Fatal(err)
	}
	agreement := func(prep ...prep.Transformer) float64 {
		m, err := segkit.Recipe{Columns: []string{"visits", "spend"}, Prep: prep, Method: cluster.KMeans{K: 3}}.Fit(x)
		if err != nil {
			t.Fatal(err)
		}
		found, _ := m.Score(x)
		known, _ := x.SegmentsBy("truth")
		ari, err := compare.AdjustedRand(found.Labels, known.Labels)
		if err != nil {
			t.Fatal(err)
		}
		return ari
	}
	raw, logged := agreement(), agreement(prep.Log1p{}, prep.Standardize{})
	t.Logf("adjusted Rand: raw %.2f, in logarithms %.2f", raw, logged)
	if raw > .5 || logged < .8 {
		t.Errorf("adjusted Rand %.2f raw and %.2f in logarithms: nothing to learn", raw, logged)
	}
}
