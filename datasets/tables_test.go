package datasets

import (
	"errors"
	"io/fs"
	"math"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit"
)

func TestTable(t *testing.T) {
	for name, want := range map[string]struct{ n, d, features int }{
		"mall": {200, 4, 3}, "wholesale": {440, 8, 6}, "mcdonalds": {1453, 15, 11}, "online-shoppers": {12330, 18, 10},
	} {
		if _, err := Find(name); errors.Is(err, fs.ErrNotExist) {
			t.Skipf("data set %s is not on this machine: let SEGKIT_DATA name the folder of the public sets", name)
		}
		table, err := Table(name)
		if err != nil {
			t.Error(err)
			continue
		}
		features := 0
		for _, c := range table.Columns() {
			if c.Role == segkit.Feature {
				features++
			}
		}
		if n, d := table.Dims(); n != want.n || d != want.d || features != want.features {
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
	table, err := Table("mcdonalds")
	if err != nil {
		t.Fatal(err)
	}
	like, err := table.Values("Like")
	if err != nil {
		t.Fatal(err)
	}
	neutral := 0
	for _, v := range like {
		if v == 5 {
			neutral++
		}
	}
	if column, _ := table.Column("Like"); neutral != 169 || !column.Ordered {
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
		if l == segkit.Noise {
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
		if c.Role != segkit.Descriptor || c.Categorical() != (c.Name != "age") {
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
	if _, err := Truth("online-retail"); err == nil || !strings.Contains(err.Error(), `want "shop" or "shop-without-segments"`) {
		t.Errorf("got %v", err)
	}
}
