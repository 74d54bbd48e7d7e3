package chart

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/table"
)

// battery is three questions on five steps, answered by six.
func battery() *table.Table {
	steps := []string{"not at all", "hardly", "partly", "largely", "fully"}
	column := func(name string) table.Column { return table.Column{Name: name, Levels: steps, Ordered: true} }
	columns := []table.Column{column("price matters"), column("quality matters"), column("plans ahead"), {Name: "garden", Levels: []string{"yes", "no"}}}
	nan := math.NaN()
	return trial.Sure(table.New([]string{"a", "b", "c", "d", "e", "f"}, columns, []float64{
		0, 4, 2, 0,
		1, 3, 2, 0,
		1, 4, nan, 1,
		0, 3, 3, 0,
		2, 2, 1, nan,
		3, 4, 2, 0}))
}

func TestAnswersSayWhoStandsHighest(t *testing.T) {
	x := battery()
	fig := trial.Sure(Answers(x, "price matters", "quality matters", "plans ahead"))
	if want := "“quality matters” scores highest (83 % answer largely or fully), “price matters” lowest (17 %)"; fig.Title != want {
		t.Errorf("title %q, want %q", fig.Title, want)
	}
	if !strings.Contains(fig.Note, "Up to 1 respondent without an answer") || !strings.Contains(fig.Alt, "plans ahead: not at all 0 %, hardly 20 %, partly 60 %, largely 20 %, fully 0 %.") {
		t.Errorf("note %q, alt %q", fig.Note, fig.Alt)
	}
	golden(t, "answers", fig)
	fig = trial.Sure(Answers(x, "garden")) // yes stands first among its levels, and to the right
	if want := "“garden”: 80 % answer yes"; fig.Title != want {
		t.Errorf("title %q, want %q", fig.Title, want)
	}
	weighted := trial.Sure(x.WithWeights([]float64{1, 1, 6, 1, 1, 1}))
	if fig := trial.Sure(Answers(weighted, "garden")); fig.Title != "“garden”: 40 % answer yes" {
		t.Errorf("weighted: %q", fig.Title)
	}
	if _, err := Answers(x); !errors.Is(err, fault.ErrSchema) || !strings.Contains(err.Error(), "share one scale") {
		t.Errorf("questions of five and of two levels: %v", err)
	}
	if _, err := Answers(trial.ThreeGroups(30)); !errors.Is(err, fault.ErrSchema) {
		t.Errorf("numbers: %v", err)
	}
}
