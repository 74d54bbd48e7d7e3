package choose

import (
	"fmt"
	"math"
	"slices"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/distance"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/table"
)

// preparedK returns the table as a recipe prepares it, and its method, whose number of segments must be given.
func preparedK(op string, raw *table.Table, r segkit.Recipe) (*table.Table, cluster.KMethod, error) {
	switch {
	case raw == nil:
		return nil, nil, fault.Nil(op, "table")
	case r.Method == nil:
		return nil, nil, fault.Option("Recipe", "Method", nil, "a method such as KMeans{}")
	}
	m, ok := r.Method.(cluster.KMethod)
	if !ok {
		return nil, nil, fault.Option("Recipe", "Method", wording.TypeName(r.Method), "a method whose number of segments is given, such as KMeans")
	}
	x, err := r.Prepare(raw)
	return x, m, err
}

// hasLikelihood refuses methods whose cost is a log-likelihood, before anything is asked of the options.
func hasLikelihood(op string, m cluster.KMethod, from, to int) error {
	switch m.(type) {
	case cluster.GaussianMixture, cluster.LatentClass:
		return bySweepBIC(op, wording.TypeName(m), from, to)
	}
	return nil
}

// bySweepBIC is the error for a method that has a likelihood.
func bySweepBIC(op, method string, from, to int) error {
	return fault.Option(op, "Method", method, fmt.Sprintf("a method whose cost is a sum of distances: %s has a likelihood, and numbers of segments are compared by its BIC: "+
		"x, err := recipe.Prepare(customers), then choose.SweepBIC(x, %d, %d, cluster.%s{})", method, from, to, method))
}

// WhyNoControl says why costs of m on draws from a blob cannot stand beside those on x, "" if they can.
func WhyNoControl(m cluster.KMethod, x *table.Table) string {
	if km, ok := m.(cluster.KMedoids); ok && (km.Distance == distance.Cosine || km.Distance == distance.Jaccard) {
		return fmt.Sprintf("says nothing about the %s distance", km.Distance)
	}
	for j, c := range x.Raw().Columns {
		switch {
		case c.Categorical():
			return fmt.Sprintf("has no categories such as those of %q", c.Name)
		case slices.ContainsFunc(x.Raw().Column(j), math.IsNaN):
			return fmt.Sprintf("misses no values, as %q does", c.Name)
		}
	}
	return ""
}

// checkRange refuses numbers of segments that m cannot find in x.
func checkRange(op string, x *table.Table, m cluster.KMethod, from, to int) error {
	switch {
	case m == nil:
		return fault.Option(op, "method", nil, "a method such as KMeans{}")
	case from < 1:
		return fault.Option(op, "from", from, "at least 1 segment")
	case to < from:
		return fault.Option(op, "to", to, fmt.Sprintf("at least from = %d", from))
	}
	for _, k := range []int{from, to} {
		if err := m.WithK(k).Check(x); err != nil {
			return err
		}
	}
	return nil
}
