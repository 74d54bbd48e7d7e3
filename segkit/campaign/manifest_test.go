package campaign

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/seed"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/table"
)

// Laws of the draw: everybody once, the share that was asked for in each segment, the same for any order of the rows, another seed another draw.
func TestDraw(t *testing.T) {
	earlier, s := people(t, 1003, 4, .3, 1)
	test := voucher
	test.Holdout, test.Winsor = .2, .99
	m := trial.Sure(test.Draw(earlier, s))
	if len(m.Drawn) != 1003 || len(m.Offered())+int(counted(m, HeldOut)) != 1003 {
		t.Fatalf("%d drawn", len(m.Drawn))
	}
	for l, n := range m.counts() {
		if all := n[0] + n[1]; n[HeldOut] != holdout(all, .2) || all != s.Counts()[l] {
			t.Errorf("%s: %v", m.Segments[l], n)
		}
	}
	turned := &table.Segments{IDs: slices.Clone(s.IDs), Labels: slices.Clone(s.Labels), Names: s.Names}
	slices.Reverse(turned.IDs)
	slices.Reverse(turned.Labels)
	if again := trial.Sure(test.Draw(earlier, turned)); trial.Sure(again.Fingerprint()) != trial.Sure(m.Fingerprint()) {
		t.Error("the order of the rows moves the lots")
	}
	test.Seed = 2
	if other := trial.Sure(test.Draw(earlier, s)); slices.Equal(other.Offered(), m.Offered()) {
		t.Error("another seed draws the same customers")
	}
	if arms := m.Arms(); arms.Counts()[HeldOut] != counted(m, HeldOut) || arms.Names[HeldOut] != "held out" {
		t.Error(arms.Sizes())
	}
}

// Lots are drawn as Go 1.26's rand.Perm draws them, which is an implementation of its own of the same method.
func TestShuffled(t *testing.T) {
	for n := range 300 {
		if a, b := shuffled(seed.Stream(n, "lots", 1), n), seed.Stream(n, "lots", 1).Perm(n); !slices.Equal(a, b) {
			t.Fatalf("%d: %v, want %v", n, a, b)
		}
	}
}

func counted(m *Manifest, arm Arm) (n int) {
	for _, a := range m.Drawn {
		if a.Arm == arm {
			n++
		}
	}
	return n
}

// A manifest comes back as it was; its fingerprint is the file's SHA-256; and what was changed afterwards is found.
func TestManifestFile(t *testing.T) {
	earlier, s := people(t, 200, 2, .5, 3)
	s.IDs[0], s.Names[1] = `=cmd, "x"`, "Rarely, or\nnever"
	test := voucher
	test.Winsor = .9
	m := trial.Sure(test.Draw(earlier, s))
	path := filepath.Join(t.TempDir(), "manifest.csv")
	if err := m.Save(path); err != nil {
		t.Fatal(err)
	}
	text, _ := os.ReadFile(path)
	sum := sha256.Sum256(text)
	print := trial.Sure(m.Fingerprint())
	if print != hex.EncodeToString(sum[:]) {
		t.Error("the fingerprint is not that of the file")
	}
	back := trial.Sure(LoadManifest(path, print))
	if trial.Sure(back.Fingerprint()) != print || !reflect.DeepEqual(back.Drawn, m.Drawn) || back.Test != m.Test {
		t.Error("it comes back changed")
	}
	for what, change := range map[string][2]string{
		"but its seed draws them as": {",offered,", ",held out,"},
		"is neither":                 {",offered,", ",sent,"},
		"is not among those":         {",Often,", ",Oftne,"},
		"is not a campaign manifest": {"# segkit", "segkit"},
		"declaration":                {`{"test"`, `["test"`},
		"but its seed draws 40":      {`"holdout":0.5`, `"holdout":0.4`},
		"campaign.Test.Holdout = 5":  {`"holdout":0.5`, `"holdout":5`},
		"caps for":                   {`"caps":[`, `"caps":[1,`},
		"has the fingerprint":        {`"name":"voucher"`, `"name":"letter"`},
	} {
		bad := strings.Replace(string(text), change[0], change[1], 1)
		if what == "but its seed draws them as" { // two customers change places
			bad = swapped(string(text))
		}
		if bad == string(text) {
			t.Fatalf("%s: nothing was changed", what)
		}
		if err := os.WriteFile(path, []byte(bad), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := LoadManifest(path, print)
		if err == nil || !strings.Contains(err.Error(), what) || !strings.HasPrefix(err.Error(), "segkit: campaign.LoadManifest: ") {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := LoadManifest(filepath.Join(t.TempDir(), "none.csv")); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}

// swapped exchanges the arms of the first two customers of one segment who have different ones.
func swapped(text string) string {
	lines := strings.Split(text, "\n")
	a, b := -1, -1
	for i, l := range lines {
		if a < 0 && strings.Contains(l, ",Often,offered,") {
			a = i
		}
		if b < 0 && strings.Contains(l, ",Often,held out,") {
			b = i
		}
	}
	lines[a] = strings.Replace(lines[a], "offered", "held out", 1)
	lines[b] = strings.Replace(lines[b], "held out", "offered", 1)
	return strings.Join(lines, "\n")
}

// A segment of three customers, and a hold-out of nobody: names and numbers.
func TestDrawOfTooFew(t *testing.T) {
	earlier, s := people(t, 303, 1, .3, 1)
	s.Names = append(s.Names, "VIP")
	for i := range 3 {
		s.Labels[i] = 1
	}
	test := voucher
	test.Holdout = .1
	_, err := test.Draw(earlier, s)
	if err == nil || !errors.Is(err, fault.ErrOption) || !strings.Contains(err.Error(), `holds out nobody in "VIP" (3 customers)`) {
		t.Error(err)
	}
	if test.Holdout = .95; true {
		if _, err = test.Draw(earlier, s); err == nil || !strings.Contains(err.Error(), `everybody in "VIP"`) {
			t.Error(err)
		}
	}
	test.Holdout = .5
	if m := trial.Sure(test.Draw(earlier, s)); m.counts()[1] != [2]int{1, 2} {
		t.Error(m.counts())
	}
	if _, err := test.Draw(nil, s); !errors.Is(err, fault.ErrNil) {
		t.Error(err)
	}
	if _, err := (*Manifest)(nil).Fingerprint(); !errors.Is(err, fault.ErrNil) {
		t.Error(err)
	}
	if err := (*Manifest)(nil).Save("x"); !errors.Is(err, fault.ErrNil) {
		t.Error(err)
	}
}

// The list for those who send the offer names nobody who is held out.
func TestMailingList(t *testing.T) {
	earlier, s := people(t, 60, 2, .3, 1)
	m := trial.Sure(voucher.Draw(earlier, s))
	path := filepath.Join(t.TempDir(), "mailing.csv")
	if err := m.SaveMailing(path); err != nil {
		t.Fatal(err)
	}
	text := string(trial.Sure(os.ReadFile(path)))
	lines := strings.Split(strings.TrimSpace(text), "\n")
	if lines[0] != "customer,segment" || len(lines)-1 != len(m.Offered()) {
		t.Fatal(text)
	}
	for i, id := range m.Offered() {
		if !strings.HasPrefix(lines[i+1], id+",") {
			t.Errorf("line %d is %q, want %s", i+2, lines[i+1], id)
		}
	}
}

// Whoever is forgotten, in whatever order: the file knows their ids no more, the lots of all others can be drawn again, and who is moved is still found out.
func TestForgottenCustomersLeaveTheLotsOfOthers(t *testing.T) {
	earlier, s := people(t, 120, 3, .3, 1)
	test := voucher
	test.Holdout = .25
	drawn := trial.Sure(test.Draw(earlier, s))
	path := filepath.Join(t.TempDir(), "manifest.csv")
	leaving := []string{drawn.Drawn[0].Customer, drawn.Drawn[119].Customer, drawn.Drawn[60].Customer, drawn.Drawn[59].Customer, drawn.Drawn[61].Customer, drawn.Drawn[1].Customer}
	var last string
	for _, order := range [][]int{{0, 1, 2, 3, 4, 5}, {5, 4, 3, 2, 1, 0}, {3, 0, 5, 1, 4, 2}} {
		m := drawn
		for n, i := range order {
			rest, found := m.Forget(leaving[i])
			if !found || len(rest.Drawn) != 119-n || len(m.Drawn) != 120-n {
				t.Fatalf("%s is forgotten: %v, %d are left", leaving[i], found, len(rest.Drawn))
			}
			if m = rest; m.Save(path) != nil {
				t.Fatal("not saved")
			}
			if back, err := LoadManifest(path); err != nil || !reflect.DeepEqual(back.Forgotten, m.Forgotten) {
				t.Fatalf("after %v: %v", order[:n+1], err)
			}
		}
		text := string(trial.Sure(os.ReadFile(path)))
		for _, id := range leaving {
			if strings.Contains(text, "\n"+id+",") {
				t.Errorf("%s is still there", id)
			}
		}
		if last != "" && text != last {
			t.Error("the order in which customers are forgotten shows")
		}
		last = text
		if _, found := m.Forget(leaving[0]); found {
			t.Error("forgotten twice")
		}
	}
	moved := strings.Replace(last, ",held out,", ",offered,", 1)
	if err := os.WriteFile(path, []byte(moved), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadManifest(path); !errors.Is(err, fault.ErrFormat) {
		t.Errorf("somebody was moved: %v", err)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(last, `"forgotten":[[`, `"forgotten":[[999,`, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadManifest(path); !errors.Is(err, fault.ErrFormat) {
		t.Errorf("a place that is none: %v", err)
	}
}

// Days that came before the draw show no effect: an outcome with any of them is refused, also by a manifest that was saved, whether the days are known of the
// segments or of the earlier period. Where the days are not known, an outcome that repeats the earlier period is noted.
func TestDaysBeforeTheDrawAreNoResult(t *testing.T) {
	earlier, s := people(t, 200, 2, .5, 3)
	of := func(from, to string) *table.Table {
		columns := earlier.Columns()
		for i := range columns {
			columns[i].Ancestry = table.Ancestry{Sources: []table.Source{{Name: "the orders of shop.csv", From: from, To: to}}}
		}
		return earlier.WithData(columns, slices.Clone(earlier.Raw().Data))
	}
	sorted := *s
	sorted.Ancestry = table.Ancestry{Sources: []table.Source{{Name: "the visits of log.csv", From: "2024-01-01", To: "2025-09-30"}}}
	for _, drawn := range []*Manifest{trial.Sure(voucher.Draw(of("2025-07-03", "2025-09-30"), s)), trial.Sure(voucher.Draw(earlier, &sorted))} {
		path := filepath.Join(t.TempDir(), "manifest.csv")
		if err := drawn.Save(path); err != nil {
			t.Fatal(err)
		}
		m := trial.Sure(LoadManifest(path))
		if m.Until != "2025-09-30" || !strings.Contains(strings.Join(m.Sheet().Notes, " "), "Drawn from what was known up to 2025-09-30") {
			t.Errorf("%q, %q", m.Until, m.Sheet().Notes)
		}
		for from, fine := range map[string]bool{"2025-07-03": false, "2025-09-30": false, "2025-10-01": true} {
			r, err := m.Read(of(from, "2025-12-29"))
			if fine && err != nil {
				t.Error(err)
			}
			if !fine && (!errors.Is(err, fault.ErrSchema) || r != nil || !strings.Contains(err.Error(), "of the orders of shop.csv, "+from+" to 2025-12-29, and the groups were drawn from what was known up to 2025-09-30: read the days after")) {
				t.Error(from, err)
			}
		}
	}
	const again = "Every customer did exactly what the manifest says of the earlier period"
	test := voucher
	test.Winsor = .9
	m := trial.Sure(test.Draw(earlier, s))
	if r := trial.Sure(m.Read(earlier)); m.Until != "" || !strings.HasPrefix(strings.Join(r.Notes, " "), again) || !strings.Contains(strings.Join(m.Sheet().Notes, " "), "write that day down") {
		t.Errorf("%q, %q", r.Notes, m.Sheet().Notes)
	}
	later, _ := people(t, 200, 2, .5, 4)
	if r := trial.Sure(m.Read(later)); strings.Contains(strings.Join(r.Notes, " "), again) {
		t.Errorf("%q", r.Notes)
	}
	all := make([]float64, 400) // everybody orders again, and the test is of nothing else: no news
	for i := range all {
		all[i] = 1
	}
	same := earlier.WithData(earlier.Columns(), all)
	if r := trial.Sure(trial.Sure(Test{Response: "active", Worth: .02}.Draw(same, s)).Read(same)); strings.Contains(strings.Join(r.Notes, " "), again) {
		t.Errorf("%q", r.Notes)
	}
}

// Segments that were formed from the earlier period are sorted by what is measured in it: Size says so, and takes those of its beginning without a word.
func TestSizeSaysWhereSegmentsCameFromTheEarlierPeriod(t *testing.T) {
	earlier, s := people(t, 200, 2, .5, 3)
	columns := earlier.Columns()
	for i := range columns {
		columns[i].Ancestry = table.Ancestry{Sources: []table.Source{{Name: "the orders of shop.csv", From: "2025-07-03", To: "2025-09-30"}}}
	}
	dated := earlier.WithData(columns, slices.Clone(earlier.Raw().Data))
	for to, want := range map[string]bool{"2025-07-02": false, "2025-07-03": true, "2025-09-30": true} {
		s.Ancestry = table.Ancestry{Sources: []table.Source{{Name: "the orders of shop.csv", To: to}}}
		notes := strings.Join(trial.Sure(voucher.Size(dated, s)).Notes, " ")
		if strings.Contains(notes, "The segments were formed from what was known up to "+to) != want {
			t.Errorf("%s: %q", to, notes)
		}
	}
}
