package table

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/wording"
)

const shopText = `id,spend,orders,city,visits,Annual income (k$)
a,50,1,Leeds,never,10
b,150,3,York,weekly,20
c,,2,Leeds,monthly,30
d,900,0,,weekly,40
e,-20,4,Hull,,
`

func shop(t testing.TB) *Table {
	t.Helper()
	return tableOf(t, shopText, CSVOptions{Levels: map[string][]string{"visits": {"never", "monthly", "weekly"}}})
}

func TestWhere(t *testing.T) {
	for condition, want := range map[string]string{
		`spend > 100`:                             "b d",
		`spend >= 50 and orders < 3`:              "a d",
		`not (spend > 100)`:                       "a e",
		`not spend > 100`:                         "a e",
		`!(spend > 100) || orders == 2`:           "a c e",
		`spend > 100 or orders > 3`:               "b d e",
		`city == "Leeds"`:                         "a c",
		`"Leeds" != city`:                         "b e",
		`city in ["Leeds", "Hull"]`:               "a c e",
		`city not in ["Leeds", "Hull"]`:           "b",
		`orders in [1, 2]`:                        "a c",
		`spend in [-20, 50]`:                      "a e",
		`visits >= "monthly"`:                     "b c d",
		`"never" < visits`:                        "b c d",
		`missing(spend) or missing(city)`:         "c d",
		`spend / orders > 40`:                     "a b",
		`spend / orders > 40 or orders == 0`:      "a b d",
		`log(spend) > 5`:                          "b d",
		`abs(spend) <= 50`:                        "a e",
		`max(spend, orders) < 100`:                "a e",
		`min(spend, orders, 2) == 2`:              "b",
		`-spend > 0`:                              "e",
		`0 < orders < 3`:                          "a c",
		`col("Annual income (k$)") * 1000 > 15e3`: "b c d",
		`true`:                         "a b c d e",
		`spend > 100 and false`:        "",
		`(spend > 0) and orders*2 > 5`: "b",
	} {
		got, err := shop(t).Where(condition)
		if err != nil {
			t.Errorf("%s: %v", condition, err)
		} else if strings.Join(got.raw.IDs, " ") != want {
			t.Errorf("%s keeps %q, want %q", condition, got.raw.IDs, want)
		}
	}
}

func TestWhereErrors(t *testing.T) {
	for condition, want := range map[string][]string{
		``:                               {"ends too early", "spend > 100"},
		`spnd > 100`:                     {"character 1", `no column "spnd"`, `did you mean "spend"?`},
		`spned > 100`:                    {`did you mean "spend"?`},
		`spend > 1 and Orders > 1`:       {"character 15", `did you mean "orders"?`},
		`nonsense > 1`:                   {"among spend, orders"},
		`spend`:                          {"is a number, not a condition"},
		`spend = 100`:                    {"character 7", "=="},
		`Annual income > 5`:              {`col("Annual income (k$)")`},
		`city > 100`:                     {"compares a category", "Leeds", "with a number"},
		`city > "Leeds"`:                 {"no order"},
		`city == "leeds"`:                {"character 9", "never", `did you mean "Leeds"?`},
		`city == "Paris"`:                {"Hull"},
		`spend == "Leeds"`:               {"compares a number with text"},
		`city == city`:                   {"a category"},
		`!spend > 100`:                   {"! applies to a condition", "parentheses"},
		`spend and orders > 1`:           {"and wants a condition, not a number"},
		`spend + city > 1`:               {"+ wants a number, not a category"},
		`spend in [1, "x"]`:              {"character 14", "constants"},
		`spend in [orders]`:              {"constants"},
		`[spend] == 1`:                   {"can only follow in"},
		`spend in 5`:                     {"a list"},
		`spend in []`:                    {"a list"},
		`filter([1], # > 0)`:             {"character 13", "cannot stand here"},
		`len(city) > 1`:                  {"no function len"},
		`abs(spend, 2) > 1`:              {"no function abs of 2 arguments"},
		`log(city) > 1`:                  {"log wants a number"},
		`spend.amount > 1`:               {"cannot stand here"},
		`spend > 1 & orders > 1`:         {"character 11", "write and"},
		`spend > 1 | orders > 1`:         {"character 11", "write or"},
		`city <> "Leeds"`:                {"written !="},
		`spend is null`:                  {"missing(column)"},
		`spend between 1 and 2`:          {"age >= 20 and age <= 30"},
		`city like "L%"`:                 {"compared as a whole"},
		`spend % 2 == 0`:                 {"cannot stand here"},
		`spend matches "a"`:              {"cannot stand here"},
		`spend ?? 1`:                     {"cannot stand here"},
		`spend > 1 ? true : false`:       {"cannot stand here"},
		`let x = 1; x > 0`:               {"cannot stand here"},
		`spend > 1; orders > 1`:          {"cannot stand here"},
		`col(spend) > 1`:                 {"in quotes"},
		`col("none") > 1`:                {`no column "none"`},
		`spend > nil`:                    {`no column "nil"`},
		`now() > 1`:                      {"no function now"},
		`if(spend, 1, 0) > 0`:            {"if needs a condition and two values"},
		`if(spend > 1, 1) > 0`:           {"if needs a condition and two values"},
		`if(spend > 1, 1, "x")`:          {"two numbers or two texts", `text ("x")`},
		`if(spend > 1, 1, 0)`:            {"is a number, not a condition"},
		`if spend > 1 {1}`:               {"if(condition, then, otherwise)"},
		`if(spend > 1, "x", "y") == "z"`: {`"z"`},
		`spend > 100 == true`:            {"compares a number with a condition"},
		strings.Repeat("(", 1<<12):       {"levels deep"},
		"spend > 1e999":                  {"plain decimal number"},
	} {
		_, err := shop(t).Where(condition)
		if err == nil {
			t.Errorf("%.60s: no error", condition)
			continue
		}
		for _, part := range want {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%.60s: %q does not say %q", condition, err, part)
			}
		}
		if len(err.Error()) > 500 || strings.Contains(err.Error(), "\n") {
			t.Errorf("%.60s: error is no sentence: %.200q", condition, err)
		}
	}
	if _, err := shop(t).Where("spnd > 1"); !errors.Is(err, fault.ErrMissingColumn) {
		t.Errorf("%v is not ErrMissingColumn", err)
	}
}

// randomCondition draws a condition over the columns x and y, with its value for a row computed independently: true,
// false, or nil for unknown.
func randomCondition(t *rapid.T, depth int) (string, func(x, y float64) *bool) {
	truth := func(b bool) *bool { return &b }
	switch op := rapid.IntRange(0, 3).Draw(t, "op"); {
	case depth == 0 || op == 0:
		limit := rapid.IntRange(0, 3).Draw(t, "limit")
		first := rapid.Bool().Draw(t, "x")
		name := map[bool]string{true: "x", false: "y"}[first]
		return fmt.Sprintf("%s > %d", name, limit), func(x, y float64) *bool {
			v := y
			if first {
				v = x
			}
			if math.IsNaN(v) {
				return nil
			}
			return truth(v > float64(limit))
		}
	case op == 1:
		text, inner := randomCondition(t, depth-1)
		return "not (" + text + ")", func(x, y float64) *bool {
			if b := inner(x, y); b != nil {
				return truth(!*b)
			}
			return nil
		}
	default:
		decides, word := op == 3, map[int]string{2: "and", 3: "or"}[op] // one true decides an or, one false an and
		lt, l := randomCondition(t, depth-1)
		rt, r := randomCondition(t, depth-1)
		return "(" + lt + ") " + word + " (" + rt + ")", func(x, y float64) *bool {
			a, b := l(x, y), r(x, y)
			if a != nil && *a == decides || b != nil && *b == decides {
				return truth(decides)
			}
			if a == nil || b == nil {
				return nil
			}
			return truth(!decides)
		}
	}
}

func TestConditionsFollowKleene(t *testing.T) {
	var data []float64
	values := []float64{math.NaN(), 0, 1, 2, 3, 4}
	for _, x := range values {
		for _, y := range values {
			data = append(data, x, y)
		}
	}
	table, err := New(wording.Numbered(36), []Column{{Name: "x"}, {Name: "y"}}, data)
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		condition, independent := randomCondition(t, 4)
		got, err := table.Where(condition)
		if err != nil {
			t.Fatal(err)
		}
		var want []string
		for i, id := range table.raw.IDs {
			if b := independent(table.At(i, 0), table.At(i, 1)); b != nil && *b {
				want = append(want, id)
			}
		}
		if !slices.Equal(got.raw.IDs, want) {
			t.Fatalf("%s keeps %v, want %v", condition, got.raw.IDs, want)
		}
	})
}

func TestWith(t *testing.T) {
	before := shop(t)
	print := before.Fingerprint()
	for expression, want := range map[string][]float64{
		`spend / orders`:    {50, 50, math.NaN(), math.NaN(), -5},
		`spend > 100`:       {0, 1, math.NaN(), 1, 0},
		`sqrt(spend)`:       {math.Sqrt(50), math.Sqrt(150), math.NaN(), 30, math.NaN()},
		`log(orders)`:       {0, math.Log(3), math.Log(2), math.NaN(), math.Log(4)},
		`city`:              {1, 2, 1, math.NaN(), 0},
		`floor(orders / 2)`: {0, 1, 1, 0, 2},
		// A condition counts 1 or 0, and stays missing where it is unknown.
		`(spend > 100) + (orders > 1)`:                       {0, 2, math.NaN(), 1, 1},
		`0 - (orders > 1) * 2`:                               {0, -2, -2, 0, -2},
		`max(spend > 100, orders > 1)`:                       {0, 1, math.NaN(), 1, 1},
		`if(orders > 1, spend, 0)`:                           {0, 150, math.NaN(), 0, -20},
		`if(missing(spend), 0, spend)`:                       {50, 150, 0, 900, -20},
		`if(spend > 100, orders > 5, true)`:                  {1, 0, math.NaN(), 0, 1},
		`if(spend > 100, "big", "small")`:                    {0, 1, math.NaN(), 1, 0}, // otherwise, then: as false, true
		`if(missing(city), "unknown", city)`:                 {1, 2, 1, 3, 0},
		`if(city == "Leeds", city, "elsewhere")`:             {2, 0, 2, math.NaN(), 0},
		`if(if(spend > 100, "big", "small") == "big", 1, 0)`: {0, 1, math.NaN(), 1, 0},
	} {
		got, err := before.With("new", expression)
		if err != nil {
			t.Errorf("%s: %v", expression, err)
			continue
		}
		if v, _ := got.Values("new"); !sameFloats(v, want) {
			t.Errorf("%s = %v, want %v", expression, v, want)
		}
	}
	if before.Fingerprint() != print {
		t.Error("With changed its table")
	}
	if c := sure(sure(before.With("size", `if(spend > 500, "big", if(spend > 100, "middle", "small"))`)).Column("size")); !slices.Equal(c.Levels, []string{"small", "middle", "big"}) {
		t.Errorf("levels %q", c.Levels)
	}
	for _, bad := range [][2]string{{"spend", "orders * 2"}, {"", "orders"}, {"new", `"text"`}, {"new", "ordres"}} {
		if _, err := before.With(bad[0], bad[1]); err == nil {
			t.Errorf("With(%q, %q): no error", bad[0], bad[1])
		}
	}
}

func TestJoin(t *testing.T) {
	left := tableOf(t, "id,a\nx,1\ny,2\nz,3\n")
	right := tableOf(t, "id,b,c\nz,30,no\nq,40,yes\nx,10,yes\n")
	got, err := left.Join(right)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got.raw.IDs, left.raw.IDs) || !slices.Equal(got.Names(), []string{"a", "b", "c"}) {
		t.Errorf("%v %v", got.raw.IDs, got.Names())
	}
	if want := []float64{1, 10, 1, 2, math.NaN(), math.NaN(), 3, 30, 0}; !sameFloats(got.raw.Data, want) {
		t.Errorf("data %v, want %v", got.raw.Data, want)
	}
	if _, err := left.Join(left); err == nil || !strings.Contains(err.Error(), `column "a": both tables have it`) {
		t.Errorf("the same column twice: %v", err)
	}
	if notes := strings.Join(got.Sheet().Notes, " "); !strings.Contains(notes, "which does not have 1 of 3 customers, so its columns are empty for them.") {
		t.Error(notes)
	}
	if notes := sure(left.Join(tableOf(t, "id,b\nz,30\ny,1\nx,10\nq,40\n"))).Sheet().Notes; len(notes) != 0 {
		t.Errorf("everybody has a row: %q", notes)
	}
	apart := sure(left.Join(tableOf(t, "id,d\nck1,1\nck2,2\n")))
	if notes := strings.Join(apart.Sheet().Notes, " "); !strings.Contains(notes, `none of these customers, so its columns are empty: ids here are like "x", those there like "ck1"`) {
		t.Errorf("nobody in common: %q", notes)
	}
}

// Customers whom a join loses because their ids are written in another way are told: nothing else in the result does.
func TestJoinOfIDsWrittenInAnotherWay(t *testing.T) {
	orders := tableOf(t, "id,spend\n09517067801,1\n08711497530,2\n23168708054,3\n55555555555,4\n")
	for name, c := range map[string]struct{ survey, says string }{
		"zeros":         {"id,mood\n9517067801,1\n8711497530,2\n23168708054,3\n", `not have 3 of 4 customers, so its columns are empty for them; but it would have 2 of them if leading zeros were ignored, as in "09517067801" here and "9517067801" there`},
		"marks":         {"id,mood\n095.170.678-01,1\n231.687.080-54,3\n", `not have 4 of 4 customers, so its columns are empty for them; but it would have 2 of them if punctuation marks were ignored`},
		"other persons": {"id,mood\n55555555555,1\n9517067802,1\n", `not have 3 of 4 customers, so its columns are empty for them.`},
	} {
		joined := sure(orders.Join(tableOf(t, c.survey)))
		if got := strings.Join(joined.Summary().Notes, " "); !strings.Contains(got, c.says) {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// Rows that were only numbered are nobody's: row 2 is not customer 2, in whichever table it stands. What was made of the rows themselves is theirs.
func TestJoinOfNumberedRows(t *testing.T) {
	const lines = "a,b\n1,10\n2,20\n3,30\n"
	read := func(id string) *Table { return sure(ParseCSV(strings.NewReader(lines), "survey.csv", id)) }
	rows, orders := read(""), tableOf(t, "id,spend\n2,5\n1,6\n3,7\n")
	for _, pair := range [][2]*Table{{rows, orders}, {orders, rows}, {orders, rows.Rows([]int{1})}, {sure(rows.Select("b")), orders}} {
		joined, err := pair[0].Join(pair[1])
		if !errors.Is(err, fault.ErrUnmatched) || joined != nil || !strings.Contains(fmt.Sprint(err), "segkit: table.Table.Join: survey.csv: its ids only number its rows") {
			t.Errorf("%v, %v", joined, err)
		}
	}
	flags := sure(New(rows.IDs(), []Column{{Name: "flag"}}, []float64{0, 1, 0}))
	for name, pair := range map[string][2]*Table{"ids that were read": {read("a"), orders}, "two numbered ones": {sure(rows.Select("a")), sure(rows.Select("b")).Rows([]int{2, 0})},
		"made of the rows": {rows, flags}} {
		if _, err := pair[0].Join(pair[1]); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzWhere(f *testing.F) {
	for _, seed := range []string{`spend > 100`, `city in ["Leeds"]`, `not (orders == 1) and missing(spend)`, `col("x") ** 2`, "a ? b : c"} {
		f.Add(seed)
	}
	table := shop(f)
	f.Fuzz(func(t *testing.T, condition string) {
		kept, err := table.Where(condition)
		if err != nil {
			return
		}
		without, err := table.Where("not (" + condition + "\n)") // a comment ends with its line
		if err != nil && !strings.Contains(err.Error(), "levels deep") {
			t.Fatalf("%q is a condition, its negation is not: %v", condition, err)
		}
		if err == nil && kept.Len()+without.Len() > table.Len() {
			t.Fatalf("%q and its negation keep %d and %d of %d", condition, kept.Len(), without.Len(), table.Len())
		}
	})
}

// sure returns v, which cannot have failed.
func sure[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
