package describe_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/describe"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/table"
)

// A file that was put together elsewhere and joined holds a rate, a logarithm and a sum of what formed the segments, without their formulas: a difference there
// is no finding. Age is free, although the segments differ in it.
func TestColumnsMadeElsewhereAreNoEvidence(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var shop, elsewhere strings.Builder
	shop.WriteString("id,orders,age\n")
	elsewhere.WriteString("id,online,offline,per_month,log_orders\n")
	groups := make([]int, 300)
	for i := range groups {
		groups[i] = i % 3
		orders := 2 + 8*groups[i] + r.IntN(5)
		online := r.IntN(orders + 1)
		fmt.Fprintf(&shop, "c%d,%d,%d\n", i, orders, 25+10*groups[i]+r.IntN(30))
		fmt.Fprintf(&elsewhere, "c%d,%d,%d,%.2f,%.6f\n", i, online, orders-online, float64(orders)/12, math.Log(float64(orders)))
	}
	raw := trial.Sure(trial.TableOf(t, shop.String()).Join(trial.TableOf(t, elsewhere.String())))
	s := trial.Sure(table.NewSegments(raw.IDs(), groups, []string{"low", "middle", "high"}))
	s.FormedBy = []string{"orders"}
	d := trial.Sure(describe.Segments(raw, s)).Differences()
	for i, c := range d.Columns {
		want := map[string]string{"orders": "none: formed the segments", "age": "independent"}[c.Name]
		if want == "" {
			want = "none: its values are tied to orders"
		}
		if got := d.Evidence(i); got != want || math.IsNaN(d.Effects[i].P) != (c.Name != "age") {
			t.Errorf("%s: %s, want %s (%+v)", c.Name, got, want, d.Effects[i])
		}
	}
	sheet := d.Sheet()
	if !strings.Contains(sheet.Caption, "most in age") || !slices.ContainsFunc(sheet.Notes, func(n string) bool {
		return strings.HasPrefix(n, "For per month, log orders, offline and online, no formula says so, but the values do: ")
	}) {
		t.Errorf("%s\n%s", sheet.Caption, strings.Join(sheet.Notes, "\n"))
	}
}
