package fault_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/chart"
	"github.com/segkit/lab/segkit/choose"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/compare"
	"github.com/segkit/lab/segkit/describe"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/measure"
	"github.com/segkit/lab/segkit/prep"
	"github.com/segkit/lab/segkit/rulebook"
	"github.com/segkit/lab/segkit/table"
)

// Of what callers do wrong, each error is of the kind that fault lists, begins with the name of what was called where there is one,
// and does not repeat the kind's own text behind its sentence.
func TestErrorsAreOfAKind(t *testing.T) {
	raw := trial.ThreeGroups(30)
	recipe := segkit.Recipe{Columns: []string{"recency", "orders"}, Prep: []prep.Transformer{prep.Standardize{}}, Method: cluster.KMeans{K: 3}}
	s := trial.Sure(trial.Sure(recipe.Fit(raw)).Score(raw))
	strangers := trial.Sure(table.NewSegments([]string{"nowhere"}, table.Labels{0}, nil))
	parse := func(text string) (*table.Table, error) { return table.ParseCSV(strings.NewReader(text), "t.csv", "id") }
	yes := trial.Sure(parse("id,yummy,x\na,Yes,1\nb,No,\nc,Yes,3\n"))
	orders := trial.Sure(features.ParseOrders(strings.NewReader("order,customer,date,quantity,price,Country\n1,a,2024-01-01,1,3,UK\n2,b,2024-01-05,1,4,FR\n"), "o.csv",
		features.OrdersOptions{}))
	fail := func(_ any, err error) error { return err }
	with := func(m cluster.Method, columns ...string) error {
		return fail(segkit.Recipe{Columns: columns, Method: m}.Fit(raw))
	}
	for name, c := range map[string]struct {
		err  error
		kind error
		says string
	}{
		"nil table":          {fail(recipe.Fit(nil)), fault.ErrNil, "segkit: Recipe.Fit: "},
		"nil model":          {fail((*segkit.Model)(nil).Score(raw)), fault.ErrNil, "segkit: Model.Score: the model is nil"},
		"nil segments":       {fail(chart.Sizes(nil, raw, "")), fault.ErrNil, "segkit: chart.Sizes: "},
		"k too small":        {with(cluster.KMeans{}, "orders"), fault.ErrOption, "segkit: cluster.KMeans.K = 0, want 1 to "},
		"two options":        {fail(measure.Silhouette(raw, s, measure.SilhouetteOptions{}, measure.SilhouetteOptions{})), fault.ErrOption, "segkit: measure.Silhouette"},
		"unknown rule":       {fail(orders.Clean(features.Rule{Name: "no custmer"})), fault.ErrOption, "did you mean features.NoCustomer?"},
		"missing cell":       {fail(segkit.Recipe{Columns: []string{"x"}, Method: cluster.KMeans{K: 1}}.Fit(yes)), fault.ErrNotFinite, "use prep.Impute first"},
		"misspelt column":    {with(cluster.KMeans{K: 2}, "recensy"), fault.ErrMissingColumn, `did you mean "recency"?`},
		"misspelt header":    {fail(orders.Clean(features.Without("country", "UK"))), fault.ErrMissingColumn, `did you mean "Country"?`},
		"misspelt feature":   {fail(trial.Sure(orders.Clean()).Features(time.Date(2024, 1, 6, 0, 0, 0, 0, time.UTC), features.Spec{Features: []string{"recensy"}})), fault.ErrMissingColumn, `did you mean "recency"?`},
		"yes and no":         {fail(prep.Standardize{Columns: []string{"yummy"}}.Fit(yes)), fault.ErrSchema, "put prep.OneHot before it"},
		"id twice":           {fail(parse("id,x\na,1\na,2\n")), fault.ErrDuplicate, "segkit: table."},
		"other customers":    {fail(compare.Match(s, strangers)), fault.ErrUnmatched, "segkit: compare.Match: "},
		"not segmented":      {fail(describe.Segments(raw, strangers)), fault.ErrUnmatched, "segkit: describe.Segments: "},
		"half a condition":   {fail(raw.Where("orders >")), fault.ErrCondition, "segkit: table.Table.Where: "},
		"number as rule":     {fail((&rulebook.Book{Rules: []rulebook.Rule{{Name: "a", When: "orders + 1"}}}).Assign(raw)), fault.ErrCondition, "segkit: rulebook.Book.Assign: "},
		"no rows":            {fail(parse("id,x\n")), fault.ErrEmpty, "no rows"},
		"no prediction":      {fail((&cluster.Clustering{}).Predict(raw)), fault.ErrNoPredict, "segkit: cluster.Clustering.Predict: "},
		"one segment":        {fail(measure.Dunn(trial.Sure(raw.Select("orders")), trial.Sure(table.NewSegments(raw.IDs(), make(table.Labels, raw.Len()), nil)))), fault.ErrUndefined, "segkit: measure.Dunn: "},
		"no rules in a file": {fail(rulebook.Parse(strings.NewReader("nothing"), "r.txt")), fault.ErrFormat, "segkit: rulebook.Parse: "},
		"k for a tree":       {fail(choose.SweepK(raw, segkit.Recipe{Columns: []string{"orders"}, Method: cluster.DBSCAN{}}, 2, 3)), fault.ErrOption, "such as cluster.KMeans"},
	} {
		switch {
		case !errors.Is(c.err, c.kind) || !strings.HasPrefix(c.err.Error(), "segkit: ") || !strings.Contains(c.err.Error(), c.says):
			t.Errorf("%s: %v, want %q, of the kind %q", name, c.err, c.says, c.kind)
		case strings.HasSuffix(c.err.Error(), ": "+c.kind.Error()) && strings.Count(c.err.Error(), ": ") > 2:
			t.Errorf("%s: %v repeats its kind", name, c.err)
		}
	}
}
