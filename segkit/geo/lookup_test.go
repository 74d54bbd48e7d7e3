package geo

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/segkit/lab/segkit/describe"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/table"
)

func read(t *testing.T, name, id, text string, o ...table.CSVOptions) *table.Table {
	t.Helper()
	out, err := table.ParseCSV(strings.NewReader(text), name, id, o...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

var codes = table.CSVOptions{Text: []string{"postcode"}}

func TestTraitsOfAreasAreMarked(t *testing.T) {
	customers := read(t, "customers.csv", "id", "id,postcode,spend\na,04109,10\nb,20095,20\nc,4109,30\nd,99999,40\ne,,50\n", codes)
	areas := read(t, "areas.csv", "code", "code,income\n04109,21000\n20095,32000\n80331,41000\n", table.CSVOptions{Units: map[string]string{"income": "EUR"}})
	l, err := Traits(customers, "postcode", areas)
	if err != nil {
		t.Fatal(err)
	}
	if got := trial.Sure(l.Customers.Values("income")); got[0] != 21000 || got[1] != 32000 || !math.IsNaN(got[2]+got[3]+got[4]) {
		t.Errorf("%v", got)
	}
	c := trial.Sure(l.Customers.Column("income"))
	if c.Area != "postcode" || c.Role != table.Descriptor || c.Unit != "EUR" || c.Saying("21,000") != "income of the postcode 21,000 EUR" {
		t.Errorf("%+v", c)
	}
	for formula, want := range map[string]string{"income / 12": "postcode", "spend / income": "", "spend * 2": ""} {
		if c := trial.Sure(trial.Sure(l.Customers.With("x", formula)).Column("x")); c.Area != want {
			t.Errorf("%s is a trait of %q, want %q", formula, c.Area, want)
		}
	}
	if l.Found != 2 || l.NoKey != 1 || l.Unused != 1 || !slices.Equal(l.Unknown, []Unknown{{"4109", 1, "04109"}, {"99999", 1, ""}}) {
		t.Errorf("%+v", *l)
	}
	text := l.Sheet().Text()
	for _, want := range []string{"The postcode of 2 of 5 customers is in the table", "ecological fallacy", "1 customer without a postcode", "No customer lives in 1 place"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	if l.Customers.Len() != customers.Len() || !slices.Equal(l.Customers.IDs(), customers.IDs()) {
		t.Error("customers were lost")
	}
}

func TestProfilesSayWhichTraitsAreThoseOfAreas(t *testing.T) {
	customers := read(t, "customers.csv", "id", "id,postcode,spend\na,04109,10\nb,20095,20\nc,04109,30\nd,20095,40\n", codes)
	areas := read(t, "areas.csv", "code", "code,income,milieu\n04109,21000,Students\n20095,32000,Families\n")
	l := trial.Sure(Traits(customers, "postcode", areas))
	s := trial.Sure(l.Customers.SegmentsBy("postcode"))
	text := trial.Sure(describe.Segments(l.Customers, s)).Sheet().Text()
	want := "Income and milieu are traits of the areas where customers live: what holds for areas need not hold for the customers in them"
	if squeezed := strings.Join(strings.Fields(text), " "); strings.Count(squeezed, want) != 1 {
		t.Error(text)
	}
	milieu := trial.Sure(l.Customers.Column("milieu"))
	if milieu.Speaks(1) || milieu.Level(1) != "milieu of the postcode Students" {
		t.Errorf("%v %q", milieu.Speaks(1), milieu.Level(1))
	}
}

func TestPlacesRollUp(t *testing.T) {
	customers := read(t, "customers.csv", "id", "id,city\na,Köln\nb,Koeln\nc,Köln\nd,Bonn\ne,Hamburg\n")
	places := read(t, "places.csv", "name", "name,region,country\nKöln,NRW,Germany\nBonn,NRW,Germany\nHamburg,Hamburg,Germany\n")
	l, err := RollUp(customers, "city", places)
	if err != nil {
		t.Fatal(err)
	}
	region := trial.Sure(l.Customers.Column("region"))
	if region.Area != "" || !slices.Equal(region.Ancestry.Columns, []string{"city"}) {
		t.Errorf("%+v", region)
	}
	if !slices.Equal(l.Unknown, []Unknown{{"Koeln", 1, "Köln"}}) {
		t.Errorf("%+v", l.Unknown)
	}
	_, err = RollUp(customers, "city", read(t, "places.csv", "name", "name,inhabitants\nKöln,1000000\n"))
	if !errors.Is(err, fault.ErrSchema) || !strings.Contains(err.Error(), "geo.Traits") {
		t.Error(err)
	}
}

func TestLookupsThatCannotWork(t *testing.T) {
	customers := read(t, "customers.csv", "id", "id,postcode,city\na,4109,Leipzig\nb,20095,Hamburg\n")
	for name, c := range map[string]struct {
		areas *table.Table
		key   string
		kind  error
		says  string
	}{
		"a key of numbers":  {read(t, "areas.csv", "code", "code,income\n04109,1\n"), "postcode", fault.ErrSchema, `table.CSVOptions{Text: []string{"postcode"}}`},
		"no key":            {read(t, "areas.csv", "code", "code,income\n04109,1\n"), "post code", fault.ErrMissingColumn, `did you mean "postcode"`},
		"nothing in common": {read(t, "areas.csv", "code", "code,income\n04109,1\n"), "city", fault.ErrUnmatched, `such as "Hamburg" and "Leipzig", the table's such as "04109"`},
		"a column of both":  {read(t, "areas.csv", "name", "name,postcode\nLeipzig,1\n"), "city", fault.ErrDuplicate, "is a column of the customers, too"},
	} {
		if _, err := Traits(customers, c.key, c.areas); !errors.Is(err, c.kind) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPostcodesThatLostTheirZeros(t *testing.T) {
	customers := read(t, "customers.csv", "id", "id,postcode\na,4109\nb,20095\nc,80331\nd,1067\ne,\n", codes)
	_, err := Postcodes{}.Pad(customers)
	want := `segkit: geo.Postcodes: customers.csv, column "postcode", row 1 (id a): "4109" has 4 digits, where 2 codes have 5: it may have lost a leading zero in a spreadsheet; 2 such cells: put zeros in front with geo.Postcodes{Digits: map[string]int{"": 5}}, and name the column of the countries in Country if there are several`
	if !errors.Is(err, fault.ErrSchema) || err.Error() != want {
		t.Error(err)
	}
	germany := Postcodes{Digits: map[string]int{"": 5}}
	padded, err := germany.Pad(customers)
	if err != nil {
		t.Fatal(err)
	}
	if c := padded.Columns()[0]; !slices.Equal(c.Levels, []string{"01067", "04109", "20095", "80331"}) || !math.IsNaN(padded.At(4, 0)) || c.Levels[int(padded.At(0, 0))] != "04109" {
		t.Errorf("%+v", c)
	}
	if note := strings.Join(padded.Summary().Notes, " "); !strings.Contains(note, "2 of postcode got their leading zeros back") {
		t.Error(note)
	}
	numbers := read(t, "customers.csv", "id", "id,postcode\na,4109\nb,20095\n")
	if _, err := (Postcodes{}).Pad(numbers); !errors.Is(err, fault.ErrSchema) || !strings.Contains(err.Error(), "geo.Postcodes{Digits: …}") {
		t.Error(err)
	}
	again, err := germany.Pad(numbers)
	if err != nil || !slices.Equal(again.Columns()[0].Levels, []string{"04109", "20095"}) {
		t.Errorf("%v, %v", again, err)
	}
	if _, err := (Postcodes{Digits: map[string]int{"": 4}}).Pad(customers); err == nil || !strings.Contains(err.Error(), "has 5 digits, where codes have 4") {
		t.Error(err)
	}
}

func TestPrefixesOfPostcodes(t *testing.T) {
	customers := read(t, "customers.csv", "id", "id,postcode,country\na,4109,Germany\nb,20095,Germany\nc,4020,Austria\nd,3511 AB,Netherlands\ne,,Austria\n", codes)
	p := Postcodes{Country: "country", Digits: map[string]int{"Germany": 5, "Austria": 4}}
	out, err := p.Prefixes(customers, 1, 2)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(out.Names(), []string{"postcode", "country", "postcode 1", "postcode 2"}) {
		t.Fatal(out.Names())
	}
	c := out.Columns()[3]
	var got []string
	for i := range 4 {
		got = append(got, c.Levels[int(out.At(i, 3))])
	}
	if want := []string{"Germany 04", "Germany 20", "Austria 40", "Netherlands 35"}; !slices.Equal(got, want) || !math.IsNaN(out.At(4, 3)) {
		t.Errorf("%v, %v", got, out.At(4, 3))
	}
	if _, err := p.Prefixes(customers, 2, 1); !errors.Is(err, fault.ErrOption) {
		t.Error(err)
	}
	if _, err := (Postcodes{Digits: map[string]int{"Germany": 5}}).Pad(customers); !errors.Is(err, fault.ErrOption) || !strings.Contains(err.Error(), "the column that says") {
		t.Error(err)
	}
}

func TestSmallPlacesArePooledUpwards(t *testing.T) {
	customers := read(t, "customers.csv", "id", `id,city,region,country
a,Köln,NRW,Germany
b,Köln,NRW,Germany
c,Bonn,NRW,Germany
d,Essen,NRW,Germany
e,Kiel,Holstein,Germany
f,Wien,Wien,Austria
g,,Holstein,Germany
h,,,
`)
	out, err := Pool(customers, 2, "city", "region", "country")
	if err != nil {
		t.Fatal(err)
	}
	c := trial.Sure(out.Column("place"))
	var got []string
	for _, v := range trial.Sure(out.Values("place"))[:7] {
		got = append(got, c.Levels[int(v)])
	}
	if want := []string{"Köln", "Köln", "other NRW", "other NRW", "other Holstein", "elsewhere", "other Holstein"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if v := out.At(7, 3); !math.IsNaN(v) {
		t.Errorf("nobody knows where h lives, but %v", v)
	}
	two := read(t, "customers.csv", "id", "id,city,region\na,Halle,Saxony-Anhalt\nb,Halle,NRW\n")
	if _, err := Pool(two, 1, "city", "region"); !errors.Is(err, fault.ErrSchema) || !strings.Contains(err.Error(), `row 2 (id b): "Halle" lies in region "NRW", but in "Saxony-Anhalt"`) {
		t.Error(err)
	}
}

// Whatever the places: nobody is lost, and no place but "elsewhere" is named for fewer customers than asked.
func TestNoPooledPlaceIsSmall(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n, least := rapid.IntRange(1, 60).Draw(rt, "n"), rapid.IntRange(1, 12).Draw(rt, "least")
		var ids []string
		var data []float64
		for i := range n {
			city := rapid.IntRange(0, 11).Draw(rt, "city")
			ids, data = append(ids, string(rune('a'+i))), append(data, float64(city), float64(city/4))
		}
		levels := func(n int, prefix string) (out []string) {
			for i := range n {
				out = append(out, prefix+string(rune('A'+i)))
			}
			return out
		}
		x := trial.Table(t, ids, []table.Column{{Name: "city", Levels: levels(12, "c")}, {Name: "region", Levels: levels(3, "r")}}, data)
		out := trial.Sure(Pool(x, least, "city", "region"))
		place := trial.Sure(out.Column("place"))
		counts := make([]int, len(place.Levels))
		for _, v := range trial.Sure(out.Values("place")) {
			counts[int(v)]++
		}
		for l, count := range counts {
			if count < least && place.Levels[l] != "elsewhere" {
				rt.Fatalf("%s has %d customers, fewer than %d", place.Levels[l], count, least)
			}
		}
	})
}

func TestSpellingsOfOnePlace(t *testing.T) {
	customers := read(t, "customers.csv", "id", "id,city\na,Köln\nb,Koeln\nc,KOLN\nd,Köln\ne,Bonn\nf,St. Pölten\ng,St Poelten\nh,\n")
	s, err := FindSpellings(customers, "city")
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Groups) != 2 || s.Groups[0].Name != "Köln" || !slices.Equal(s.Groups[0].Others, []string{"KOLN", "Koeln"}) || s.Groups[0].Customers != 2 || s.Groups[1].Customers != 1 {
		t.Errorf("%+v", s.Groups)
	}
	if text := s.Sheet().Text(); !strings.Contains(text, "2 places in city with another spelling, of 3 customers") {
		t.Error(text)
	}
	out := trial.Sure(s.Unified())
	if c := out.Columns()[0]; len(c.Levels) != 3 || !math.IsNaN(out.At(7, 0)) || c.Levels[int(out.At(2, 0))] != "Köln" {
		t.Errorf("%+v", c)
	}
	for cities, want := range map[string]string{
		"leipzig leipzig Leipzig":         "Leipzig",
		"LEIPZIG LEIPZIG leipzig Leipzig": "Leipzig",
		"LEIPZIG LEIPZIG leipzig":         "LEIPZIG",
		"köln köln Koeln":                 "köln", // Koeln is another spelling, not köln with a capital
	} {
		lines := "id,city\n"
		for i, city := range strings.Fields(cities) {
			lines += fmt.Sprintf("%d,%s\n", i, city)
		}
		if g := trial.Sure(FindSpellings(read(t, "customers.csv", "id", lines), "city")).Groups; len(g) != 1 || g[0].Name != want {
			t.Errorf("%s: %+v, want %s", cities, g, want)
		}
	}
	byTable := trial.Sure(FindSpellings(customers, "city", "Koeln", "Sankt Pölten", "BONN"))
	if g := byTable.Groups; len(g) != 3 || g[0].Name != "Koeln" || !slices.Equal(g[0].Others, []string{"Köln", "KOLN"}) {
		t.Errorf("%+v", g)
	}
	if c := trial.Sure(byTable.Unified()).Columns()[0]; !slices.Equal(c.Levels, []string{"BONN", "Koeln", "St Poelten"}) {
		t.Errorf("%v", c.Levels)
	}
	for a, b := range map[string]string{"Łódź": "Lodz", "Frankfurt (Main)": "frankfurt main", "Gro\u00dfenhain": "GROSSENHAIN", "Ko\u0308ln": "Köln"} {
		if folded(a) != folded(b) {
			t.Errorf("%s is %s, %s is %s", a, folded(a), b, folded(b))
		}
	}
	if folded("Kiel") == folded("Köln") {
		t.Error("Kiel is not Köln")
	}
}
