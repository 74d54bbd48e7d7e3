// Package control says when a solution can be compared with the same on data of one group only.
package control

import (
	"fmt"
	"math"
	"slices"

	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/distance"
	"github.com/segkit/lab/segkit/table"
)

// WhyNot says why costs of m on draws from a blob cannot stand beside those on x, "" if they can.
func WhyNot(m cluster.KMethod, x *table.Table) string {
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
