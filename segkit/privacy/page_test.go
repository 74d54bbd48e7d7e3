package privacy

import (
	"fmt"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/campaign"
	"github.com/segkit/lab/segkit/chart"
	"github.com/segkit/lab/segkit/internal/trial"
)

// Whatever is made of a shared profile, the plan and the charts too, shows nobody, and reads well where figures are left out.
func TestPlansAndChartsOfAPageShowNobody(t *testing.T) {
	for seed := range uint64(6) {
		raw, s := shop(t, seed, 200, 5)
		shared := trial.Sure(Share(raw, s, Rules{MinCount: 15 + 10*int(seed)}))
		said := text(trial.Sure(campaign.Plan(shared.Profile)).Sheet())
		for _, figure := range []*chart.Figure{trial.Sure(chart.Profile(shared.Profile)), trial.Sure(chart.ProfilePlot(shared.Profile))} {
			said += figure.Title + figure.Alt
		}
		for _, bad := range []string{"NaN", "Customer-", "– %"} {
			if strings.Contains(said, bad) {
				t.Errorf("seed %d: %q in %s", seed, bad, said)
			}
		}
		if !strings.Contains(said, fmt.Sprint(shared.Segments.Name(0))) {
			t.Error("the page does not name its segments")
		}
	}
}
