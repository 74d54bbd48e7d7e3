package rulebook

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/table"
)

func rulesOf(t testing.TB, text string) *Book {
	t.Helper()
	b, err := Parse(strings.NewReader(text), "rules.txt")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestParseRules(t *testing.T) {
	text := "\ufeff# agreed with marketing\r\n\r\nChampions: orders >= 6 and recency <= 30 # for now\r\n" +
		"  Gold #1 :city in [\"#1: Leeds\", '\\'#']\r\n\"Staff: own\" : staff == \"yes\"\r\nEveryone else: *"
	b := rulesOf(t, text)
	want := []Rule{{"Champions", "orders >= 6 and recency <= 30"}, {"Gold #1", `city in ["#1: Leeds", '\'#']`}, {"Staff: own", `staff == "yes"`}}
	if !slices.Equal(b.Rules, want) || b.Rest != "Everyone else" || !slices.Equal(b.Lines, []int{3, 4, 5}) || b.File != "rules.txt" {
		t.Errorf("%+v", b)
	}
	if again := rulesOf(t, b.String()); !slices.Equal(again.Rules, want) || again.Rest != b.Rest {
		t.Errorf("%q reads as %+v", b, again)
	}
}

func TestParseRulesErrors(t *testing.T) {
	for text, want := range map[string][]string{
		"":                               {"rules.txt", "holds no rules", "Champions: orders"},
		"# nothing\n\n":                  {"holds no rules"},
		"Rest: *":                        {"holds no rules"},
		"id,spend\nA,1\n":                {"line 1", `"id,spend" is not a rule`, "a colon", "\n", "line 2"},
		"A: x > 1\nB x > 2":              {"rules.txt", "line 2", `"B x > 2" is not a rule`},
		"A: x > 1\n: x > 2":              {"line 2", "is not a rule"},
		"A:":                             {"line 1", `rule "A"`, "ends too early", "write a condition"},
		"A: x = 1":                       {"line 1", "character 3", "equality is written =="},
		"A: x >":                         {"ends too early"},
		"Others: *\nA: x > 1":            {"line 2", `"A" comes after "Others"`, "move it up"},
		"\x00\x01\x02":                   {"rules.txt", "NUL byte"},
		"PK\x03\x04 and so on":           {"Excel"},
		`{"rules": [{"name": "A"}]}`:     {"line 1", "character 2"},
		"A: " + strings.Repeat("(", 999): {"levels deep"},
		strings.Repeat("no rule\n", 99):  {"line 5", "and 94 more"},
	} {
		_, err := Parse(strings.NewReader(text), "rules.txt")
		if !errors.Is(err, fault.ErrFormat) {
			t.Errorf("%.40q: %v", text, err)
			continue
		}
		for _, part := range want {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%.40q: %q does not say %q", text, err, part)
			}
		}
	}
	if _, err := Read("no/such/rules.txt"); err == nil || !errors.Is(err, os.ErrNotExist) || !strings.Contains(err.Error(), "no/such/rules.txt") {
		t.Errorf("a file that is not there: %v", err)
	}
}

func TestRuleBookWriteFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rules.txt")
	before := &Book{Rules: []Rule{{`"; drop table`, "x > 1"}, {" a: b\n", `city == "#\n"`}, {"# no remark", "y < .5"}}, Rest: "le reste: tous"}
	if err := before.WriteFile(path); err != nil {
		t.Fatal(err)
	}
	after, err := Read(path)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(before.Rules, after.Rules) || after.Rest != before.Rest {
		t.Errorf("%+v comes back as %+v", before, after)
	}
	kept, _ := os.ReadFile(path)
	for _, bad := range []string{"x > 1\nand y < 2", "x > 1 # remark", " x > 1", "x >", "*"} {
		b := &Book{Rules: []Rule{{"A", bad}, {"B", "x > 1"}}}
		if err := b.WriteFile(path); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if now, _ := os.ReadFile(path); string(now) != string(kept) {
		t.Error("the file was changed")
	}
}

// Names of any kind come back from the file.
func TestRuleNamesRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name, rest := rapid.StringN(1, 20, -1).Draw(t, "name"), rapid.StringN(1, 20, -1).Draw(t, "rest")
		b := &Book{Rules: []Rule{{name, "x > 1"}, {"B", "true"}}, Rest: rest}
		again, err := Parse(strings.NewReader(b.String()), "")
		if err != nil || !slices.Equal(again.Rules, b.Rules) || again.Rest != rest {
			t.Fatalf("%q: %+v, %v", b.String(), again, err)
		}
	})
}

func TestRuleBookCheck(t *testing.T) {
	for rules, want := range map[string][]string{
		"A: orders >= 6\nB: ordrs > 1":                   {"rules.txt, line 2", `rule "B"`, "character 1", `no column "ordrs"`, `did you mean "orders"?`},
		"A: city > 5":                                    {"compares a category", "with a number"},
		"A: spend == \"much\"":                           {"compares a number with text", "`spend == \"much\"`"},
		"A: city == \"Lleeds\"":                          {"line 1", "character 9", "is never", `did you mean "Leeds"?`},
		"A: spend":                                       {"line 1", `rule "A"`, `"spend" is a number, not a condition`},
		"A: spend > 1\n\nB: spend > 2\nA: spend > 1":     {"line 4", `rule "A"`, "twice"},
		"A: a > 1\nB: b > 1\nC: c > 1":                   {"line 1", "\n", "line 3"},
		"A: a>1\nB: a>1\nC: a>1\nD: a>1\nE: a>1\nF: a>1": {"line 5", "and 1 more"},
	} {
		err := rulesOf(t, rules).Check(trial.Shop(t))
		if err == nil {
			t.Errorf("%s: no error", rules)
			continue
		}
		for _, part := range want {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%s: %q does not say %q", rules, err, part)
			}
		}
	}
	if err := rulesOf(t, "B: ordrs > 1").Check(trial.Shop(t)); !errors.Is(err, fault.ErrMissingColumn) {
		t.Errorf("%v is not ErrMissingColumn", err)
	}
	if err := (&Book{}).Check(trial.Shop(t)); !errors.Is(err, fault.ErrEmpty) || !strings.Contains(err.Error(), "Champions") {
		t.Errorf("no rules: %v", err)
	}
	if err := (&Book{Rules: []Rule{{"", "spend > 1"}}}).Check(trial.Shop(t)); err == nil || !strings.Contains(err.Error(), "rule 1 has no name") {
		t.Errorf("no name: %v", err)
	}
}

func TestRuleBookAssign(t *testing.T) {
	b := rulesOf(t, `
Big:    spend > 100
Nobody: orders > 99
Leeds:  city == "Leeds"
Big:    spend / orders > 40
Others: *`)
	// a: 50/1 = 50; c: no spend, Leeds; e: nothing holds
	for i := range 2 {
		got, err := b.Assign(trial.Shop(t))
		if err != nil {
			t.Fatal(err)
		}
		if want := []string{"Big", "Nobody", "Leeds", "Others"}; !slices.Equal(got.Names, want) {
			t.Errorf("segments %q, want %q", got.Names, want)
		}
		if want := []string{"Leeds", "Big", "Leeds", "Big", "Others"}; !slices.Equal(got.NameOfEach(), want) {
			t.Errorf("run %d: %q, want %q", i, got.NameOfEach(), want)
		}
	}
	b.Rules = slices.Delete(b.Rules, 1, 2)
	b.Rest = "Leeds" // the rest may join a segment
	if got, err := b.Assign(trial.Shop(t)); err != nil || !slices.Equal(got.Names, []string{"Big", "Leeds"}) || got.Labels[4] != 1 {
		t.Errorf("%v, %v", got, err)
	}
}

// Dividing by zero and missing values are unknown, and unknown is not true, however it is put.
func TestUnknownRulesDoNotHold(t *testing.T) {
	for _, condition := range []string{"spend / orders > 0", "not (spend / orders > 0)", "spend / (orders - orders) == 1", "log(orders - 1) < 0"} {
		table, err := table.New([]string{"zero", "none"}, []table.Column{{Name: "spend"}, {Name: "orders"}}, []float64{1, 0, math.NaN(), math.NaN()})
		if err != nil {
			t.Fatal(err)
		}
		b := &Book{Rules: []Rule{{"A", condition}}}
		if got, err := b.Assign(table); err != nil || !slices.Equal(got.NameOfEach(), []string{"Rest", "Rest"}) {
			t.Errorf("%s: %v, %v", condition, got, err)
		}
	}
}

func TestRulesOnManyLevels(t *testing.T) {
	levels, data := make([]string, 10_000), make([]float64, 10_000)
	for l := range levels {
		levels[l], data[l] = fmt.Sprintf("p%04d", l), float64(l)
	}
	table, err := table.New(wording.Numbered(10_000), []table.Column{{Name: "postcode", Levels: levels}}, data)
	if err != nil {
		t.Fatal(err)
	}
	got, err := (&Book{Rules: []Rule{{"A", `postcode in ["p0007", "p9999"]`}}}).Assign(table)
	if err != nil || got.Counts()[0] != 2 {
		t.Errorf("%v, %v", got.Counts(), err)
	}
	err = (&Book{Rules: []Rule{{"A", `postcode == "x"`}}}).Check(table)
	if err == nil || len(err.Error()) > 500 || !strings.Contains(err.Error(), "9992 others") {
		t.Errorf("%v", err)
	}
}

func FuzzParseRules(f *testing.F) {
	for _, seed := range []string{"A: x > 1\n", "# x\r\n\"A: b\": x == \"#\" # y\nRest: *", "id,a\n1,2\n", "A: /* # */ x", "\"\\x00\": true", "A: `a\nb`"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := Parse(strings.NewReader(string(data)), "rules.txt")
		if err != nil {
			if b != nil || len(err.Error()) > 5000 || !errors.Is(err, fault.ErrFormat) || !strings.Contains(err.Error(), "rules.txt") {
				t.Fatalf("%.300q", err)
			}
			return
		}
		again, err := Parse(strings.NewReader(b.String()), "rules.txt")
		if err != nil || !slices.Equal(again.Rules, b.Rules) || again.Rest != b.Rest {
			t.Fatalf("%q is written as %q, which reads as %+v, %v", data, b.String(), again, err)
		}
	})
}

// A rest that nobody has named and nobody is in is no segment; one with a name stays, so that a month without customers shows.
func TestRestWithoutCustomers(t *testing.T) {
	table, err := table.New([]string{"one", "two"}, []table.Column{{Name: "orders"}}, []float64{1, 2})
	if err != nil {
		t.Fatal(err)
	}
	for rest, want := range map[string][]string{"": {"Few"}, "Others": {"Few", "Others"}, "Few": {"Few"}} {
		b := &Book{Rules: []Rule{{"Few", "orders <= 2"}}, Rest: rest}
		if got, err := b.Assign(table); err != nil || !slices.Equal(got.Names, want) {
			t.Errorf("rest %q: %v, %v, want %q", rest, got, err, want)
		}
	}
}
