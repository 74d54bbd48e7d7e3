package judge

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/choose"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/table"
)

// What customers did afterwards may stand in their own table, with its role: the verdict is that without it.
func TestOutcomesAmongTheCustomersColumnsAreLeftOut(t *testing.T) {
	raw, next, m, s := judged(t, 150, 8)
	o := given(raw, next, m, s)
	want := trial.Sure(Segments(raw, s, o))
	got, err := Segments(trial.Sure(raw.Join(next)), s, o)
	if err != nil || fmt.Sprint(*got) != fmt.Sprint(*want) { // NaN is no equal of itself
		t.Errorf("%v\n%+v, want\n%+v", err, got, want)
	}
}

// An outcome that formed the segments cannot judge them, and is not overlooked.
func TestAnOutcomeThatFormedSegmentsIsRefused(t *testing.T) {
	raw, next, m, s := judged(t, 150, 8)
	o := given(raw, next, m, s)
	all := trial.Sure(raw.Join(next))
	by := trial.Sure(table.NewSegments(s.IDs, s.Labels, s.Names))
	by.FormedBy = []string{"next"}
	if _, err := Segments(all, by, o); err == nil || !strings.Contains(err.Error(), `Drop("next")`) {
		t.Errorf("%v", err)
	}
}

// Rows that were only numbered are no customers of another table: what customer 7 did afterwards says nothing about row 7. Whatever joins an outcome by id refuses it.
func TestTheOutcomeOfOthersIsRefused(t *testing.T) {
	raw, next, m, s := judged(t, 150, 8)
	o := given(raw, next, m, s)
	numbered := *raw.Raw()
	numbered.Numbered = true
	rows, later := table.FromRaw(numbered), trial.Sure(next.Where(`next > 0`))
	o.Outcome = later
	for name, join := range map[string]func() error{
		"judge.Segments": func() error { _, err := Segments(rows, s, o); return err },
		"choose.SweepK": func() error {
			_, err := choose.SweepK(rows, m.Recipe, 2, 3, choose.SweepOptions{Outcome: later})
			return err
		},
	} {
		if err := join(); !errors.Is(err, fault.ErrUnmatched) || !strings.HasPrefix(err.Error(), "segkit: "+name+": ") || !strings.Contains(err.Error(), "only number its rows") {
			t.Errorf("%s: %v", name, err)
		}
	}
	o.Outcome = next // of the same rows
	if _, err := Segments(rows, s, o); err != nil {
		t.Error(err)
	}
}

// Three clear groups are no reason to call eight segments natural: the sweep's own evidence at eight stands in the verdict.
func TestGroupsDoNotMakeEveryNumberNatural(t *testing.T) {
	raw, next, m, s := judged(t, 450, 8)
	o := given(raw, next, m, s)
	o.Sweep = trial.Sure(choose.SweepK(trial.Sure(m.Prepare(raw)), segkit.Recipe{Method: cluster.KMeans{}}, 2, 9, choose.SweepOptions{Draws: 99}))
	v := trial.Sure(Segments(raw, s, o))
	if c := grade(t, v, "natural"); c.Grade != Pass || !v.Natural {
		t.Errorf("three: %+v", c)
	}
	eight := trial.Sure(o.Sweep.Segments(9))
	o.Stability, o.Rules = nil, nil
	v = trial.Sure(Segments(raw, eight, o))
	c := grade(t, v, "natural")
	if against := o.Sweep.Advice().Choices[7].Against; len(against) == 0 || c.Grade != Weak || !v.Natural || !strings.Contains(c.Says, "at k = 9 the sweep finds a silhouette no higher") ||
		!strings.Contains(v.Summary, "themselves have groups, but probably not 9") {
		t.Errorf("nine, against which stand %q: %+v; %s", against, c, v.Summary)
	}
}
