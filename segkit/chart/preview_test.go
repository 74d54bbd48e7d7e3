package chart

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit"
)

func demo(n, k int, names []string) (*segkit.Table, *segkit.Segments) {
	r := rand.New(rand.NewPCG(1, 2))
	ids := make([]string, n)
	labels := make(segkit.Labels, n)
	var data []float64
	for i := range n {
		ids[i] = fmt.Sprintf("C%05d", i)
		l := int(math.Floor(float64(k) * math.Pow(r.Float64(), 1.5)))
		labels[i] = l
		spend := math.Exp(r.NormFloat64()*0.7 + 3 + 0.5*float64(l))
		rec := math.Floor(math.Exp(r.NormFloat64()*0.5+5-0.3*float64(l)))
		orders := 1 + math.Floor(r.ExpFloat64()*float64(1+l)*0.7)
		gap := 30 + 10*r.NormFloat64()
		if orders == 1 {
			gap = math.NaN()
		}
		data = append(data, spend, rec, orders, gap)
	}
	cols := []segkit.Column{{Name: "spend", Unit: "EUR", Role: segkit.Value}, {Name: "recency", Unit: "days", LowerIsBetter: true}, {Name: "orders"}, {Name: "gap", Unit: "days"}}
	t, err := segkit.NewTable(ids, cols, data)
	if err != nil {
		panic(err)
	}
	if names != nil {
		names = names[:k]
	}
	s, err := segkit.NewSegments(ids, labels, names)
	if err != nil {
		panic(err)
	}
	return t, s
}

var someNames = []string{"rare, lapsed, small basket", "frequent, high-value", "recent", "big basket", "frequent, recent, high-value, big basket, many categories", "Ωmega <script>alert(1)</script>", "one-time", "average", "lapsed", "rare"}

func show(t *testing.T, name string) func(f *Figure, err error) {
	return func(f *Figure, err error) {
		t.Helper()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			return
		}
		for _, ext := range []string{"svg", "png", "pdf"} {
			if err := f.Save(os.Getenv("PREVIEW") + "/" + name + "." + ext); err != nil {
				t.Error(err)
			}
		}
		info, _ := os.Stat(os.Getenv("PREVIEW") + "/" + name + ".svg")
		fmt.Printf("%s (%d kB)\n  T %s\n  N %s\n  A %s\n", name, info.Size()/1000, f.Title, f.Note, f.Alt)
	}
}

func TestPreview(t *testing.T) {
	if os.Getenv("PREVIEW") == "" {
		t.Skip()
	}
	_ = strings.Join
	t3, s3 := demo(4000, 3, nil)
	t10, s10 := demo(4000, 10, someNames)
	show(t, "lorenz")(Lorenz(t3, "spend"))
	show(t, "hist")(Histograms(t3))
	show(t, "hist1")(Histograms(t3, "spend"))
	show(t, "missing")(Missingness(t3))
	show(t, "sizes3")(Sizes(s3, t3, "spend"))
	show(t, "sizes10")(Sizes(s10, t10, "spend"))
	show(t, "sizes10n")(Sizes(s10, t10, ""))
	drop := func(t *segkit.Table) *segkit.Table { t, _ = t.Select("spend", "recency", "orders"); return t }
	show(t, "scatter3")(Scatter(drop(t3), s3))
	show(t, "scatter10")(Scatter(drop(t10), s10))
}
