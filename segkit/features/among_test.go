package features_test

// An answer that is kept beside a file is about the words that the file had then: later ones are asked about.

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/internal/kept"
)

func TestKeptAnswersAreAboutTheWordsThatWereThere(t *testing.T) {
	file := func(column string, words ...string) string {
		text := "order,customer,date,amount," + column + "\n"
		for i, w := range words {
			text += fmt.Sprintf("%d,c%d,2024-03-%02d,%d,%s\n", i, i, i+1, 10+i, w)
		}
		return text
	}
	for name, c := range map[string]struct {
		column         string
		answer         features.OrdersOptions
		then, now      []string // words of the file that was answered for, and of the next
		later          string   // a word that only a third has
		asks           string   // in its question
		first          any      // of the answers to it
		without, named string
	}{
		"no order came to nothing": {"status", features.OrdersOptions{Undone: []string{}}, []string{"held", "parked"}, []string{"parked"}, "shelved", `"shelved"`, []string{"shelved"}, "held", "undone"},
		"these did":                {"status", features.OrdersOptions{Undone: []string{"held"}}, []string{"held", "parked"}, []string{"parked"}, "shelved", `"shelved"`, []string{"held", "shelved"}, "held", "undone"},
		"nothing went back":        {"direction", features.OrdersOptions{Back: []string{}}, []string{"debit", "credit"}, []string{"debit"}, "overbooked", `"overbooked"`, []string{}, "credit", "back"},
		"this went back":           {"direction", features.OrdersOptions{Back: []string{"credit"}}, []string{"debit", "credit"}, []string{"debit"}, "overbooked", `"overbooked"`, []string{"credit"}, "credit", "back"},
		"one currency":             {"currency", features.OrdersOptions{Currency: "EUR"}, []string{"EUR", "eur."}, []string{"EUR"}, "USD", "USD on 1 line", "EUR", "eur.", "currency"},
		"another instead":          {"currency", features.OrdersOptions{Currency: "EUR"}, []string{"EUR", "EUR"}, nil, "USD", "USD on 1 line", "USD", "EUR", "currency"},
	} {
		t.Run(name, func(t *testing.T) {
			path := fileOf(t, "orders.csv", file(c.column, c.then...))
			report := inspected(t, path, c.answer)
			if _, err := report.Keep(); err != nil {
				t.Fatal(err)
			}
			settled := false
			read := func(words ...string) error {
				if err := os.WriteFile(path, []byte(file(c.column, words...)), 0o600); err != nil {
					t.Fatal(err)
				}
				orders, err := features.ReadOrders(path, features.OrdersOptions{})
				if err != nil {
					return err
				}
				clean, err := orders.Clean(features.Undone)
				if err == nil {
					_, err = clean.Features(time.Date(2024, 3, 31, 0, 0, 0, 0, time.UTC))
				}
				if notes, _ := orders.Notes(); err == nil && c.column == "status" && !settled && slices.Contains(words, c.later) != strings.Contains(strings.Join(notes, " "), "is not known, so such lines count") {
					t.Errorf("with %q: %q", words, notes)
				}
				return err
			}
			if err := read(c.then...); err != nil {
				t.Errorf("as it was: %v", err)
			}
			if again := inspected(t, path); len(again.Questions) > 0 {
				t.Errorf("as it was: %+v", again.Questions)
			} else if _, err := again.Keep(); err != nil { // what is kept anew says the same
				t.Fatal(err)
			}
			if len(c.now) > 0 { // fewer words are no new ones
				if err := read(c.now...); err != nil {
					t.Errorf("with fewer: %v", err)
				}
				if report := inspected(t, path); len(report.Questions) > 0 {
					t.Errorf("with fewer: %+v", report.Questions)
				} else if _, err := report.Keep(); err != nil { // and what is not there now was answered all the same
					t.Fatal(err)
				}
				if err := read(c.then...); err != nil {
					t.Errorf("with all again: %v", err)
				}
				if report := inspected(t, path); len(report.Questions) > 0 {
					t.Errorf("with all again: %+v", report.Questions)
				}
			}
			if err := read(append(slices.Clone(c.now), c.later)...); (err == nil) != (c.column == "status") {
				t.Errorf("with %q: %v", c.later, err)
			}
			report = inspected(t, path)
			if len(report.Questions) != 1 || !strings.Contains(report.Questions[0].Text, c.asks) || strings.Contains(report.Questions[0].Text, c.without) && c.named != "currency" {
				t.Fatalf("with %q: %+v", c.later, report.Questions)
			}
			if a := report.Questions[0].Answers; len(a) == 0 || a[0].Option != c.named || fmt.Sprint(a[0].Value) != fmt.Sprint(c.first) {
				t.Fatalf("answers: %+v", a)
			}
			if _, err := report.Keep(); err == nil {
				t.Error("kept with a question open")
			}
			a := report.Questions[0].Answers[0]
			var answer features.OrdersOptions
			if err := kept.Put(&answer, kept.Setting{Key: a.Option, Value: a.Value}, true); err != nil {
				t.Fatal(err)
			}
			if answered := inspected(t, path, answer); len(answered.Questions) > 0 {
				t.Errorf("answered: %+v", answered.Questions)
			} else if _, err := answered.Keep(); err != nil {
				t.Fatal(err)
			}
			settled = true
			if err := read(append(slices.Clone(c.now), c.later)...); err != nil {
				t.Errorf("answered: %v", err)
			}
		})
	}
}

// A model's words are compared with those that a kept answer is not about.
func TestFamiliarAsksWhatTheKeptAnswerIsNotAbout(t *testing.T) {
	made := features.Spec{Rules: []features.Rule{features.Undone}, Statuses: map[string]bool{"paid": false, "lost": true}}
	text := "order,customer,date,amount,status\n1,a,2024-03-01,10,paid\n2,b,2024-03-02,20,%s\n3,a,2024-03-03,30,%s\n"
	for _, c := range []struct{ one, other, says string }{
		{"held", "held", ""},         // answered for
		{"held", "parked", "parked"}, // new
		{"held", "lost", "lost"},     // of the model, and taken for something else here
	} {
		orders, err := features.ReadOrders(fileOf(t, "orders.csv", fmt.Sprintf(text, c.one, c.other)), features.OrdersOptions{Undone: []string{}, UndoneAmong: []string{"paid", "held"}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := made.Familiar(orders); (err == nil) != (c.says == "") || err != nil && (!strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "held")) {
			t.Errorf("%s and %s: %v", c.one, c.other, err)
		}
	}
}

// Words that are named later are added to those that were kept, whether these are in the file now or not; an empty list takes their place.
func TestNewWordsAreAddedToKeptOnes(t *testing.T) {
	const head = "order,customer,date,amount,status\n"
	path := fileOf(t, "orders.csv", head+"1,a,2024-03-01,10,paid\n2,a,2024-03-02,20,held\n3,b,2024-03-03,40,Gast\n")
	keep := func(o features.OrdersOptions, noted string) []string {
		t.Helper()
		r := inspected(t, path, o)
		if _, err := r.Keep(); err != nil {
			t.Fatalf("%v: %+v", err, r.Questions)
		}
		if notes := strings.Join(r.Notes, " "); !strings.Contains(notes, noted) || noted == "" && strings.Contains(notes, "is added to it") {
			t.Errorf("%+v: noted %q, want %q", o, notes, noted)
		}
		k, err := kept.Beside("test", path)
		if err != nil {
			t.Fatal(err)
		}
		return k.List("undone")
	}
	left := func() string {
		t.Helper()
		orders, err := features.ReadOrders(path, features.OrdersOptions{})
		if err != nil {
			t.Fatal(err)
		}
		return clean(t, orders, features.Undone).Ledger.Closing.Net().String()
	}
	if got := keep(features.OrdersOptions{Undone: []string{"held"}}, ""); !slices.Equal(got, []string{"held"}) || left() != "50" {
		t.Errorf("%q kept, %s left", got, left())
	}
	if err := os.WriteFile(path, []byte(head+"4,a,2024-04-01,1,paid\n5,a,2024-04-02,2,parked\n"), 0o600); err != nil { // the next month has no such order
		t.Fatal(err)
	}
	if got := keep(features.OrdersOptions{Undone: []string{"parked"}}, `undone = ["held"] was kept before, and "parked" is added to it.`); !slices.Equal(got, []string{"held", "parked"}) || left() != "1" {
		t.Errorf("%q kept, %s left", got, left())
	}
	if got := keep(features.OrdersOptions{Undone: []string{"parked"}}, ""); !slices.Equal(got, []string{"held", "parked"}) { // once more
		t.Errorf("%q kept", got)
	}
	if _, err := features.ReadOrders(path, features.OrdersOptions{Undone: []string{"parkd"}}); err == nil || !strings.Contains(err.Error(), `never holds "parkd"`) {
		t.Errorf("a word that neither the file nor its options have: %v", err)
	}
	if got := keep(features.OrdersOptions{Undone: []string{}}, `undone = ["held", "parked"] was kept before, and an empty list takes its place.`); len(got) > 0 || left() != "3" {
		t.Errorf("%q kept, %s left", got, left())
	}
}
