package track

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/table"
)

// Everyone is measured by their own rhythm: 30 days are long for who orders every 10, and nothing for who orders every 200.
func TestStagesGoByEachOnesRhythm(t *testing.T) {
	columns := []table.Column{{Name: "recency"}, {Name: "orders"}, {Name: "gap"}}
	nan := math.NaN()
	x := trial.Sure(table.New([]string{"daily", "lapsed", "slow", "rare", "new", "once"}, columns, []float64{
		12, 9, 10,
		31, 9, 10,
		20, 9, 10,
		31, 3, 200,
		25, 1, nan, // the median gap of the others is 10
		99, 1, nan,
	}))
	s := trial.Sure(Stages(x))
	if got := fmt.Sprint(s.NameOfEach()); got != "[Active Lapsed Slowing Active New Lapsed]" {
		t.Error(got)
	}
	later := trial.Sure(table.New([]string{"lapsed", "once"}, columns, []float64{2, 10, 14, 1, 2, 130}))
	if got := fmt.Sprint(trial.Sure(Stages(later, StageOptions{Before: s})).NameOfEach()); got != "[Won back Won back]" {
		t.Error(got)
	}
	other := trial.Sure(table.NewSegments([]string{"daily"}, table.Labels{0}, []string{"Gold"}))
	if _, err := Stages(x, StageOptions{Before: other}); err == nil || !strings.Contains(err.Error(), "StageOptions.Before = Gold") {
		t.Error(err)
	}
}
