package segkit

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/internal/identify"
	"github.com/segkit/lab/segkit/internal/stats"
	"github.com/segkit/lab/segkit/prep"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Columns that are not what they look like: numbers that only name something, and what tells who somebody is instead of what they are like.

const (
	fewestCodes = 10 // different numbers, below which a column may well be a scale
	shortest    = 4  // digits of a code: postcodes of small countries
)

// identifying says how column j tells who a customer is, None where it does not by itself; what was transformed is not what it was.
func identifying(raw *table.Table, j int) identify.Kind {
	if raw.Transformed() {
		return identify.None
	}
	return identify.Names(raw.Raw().Columns[j], raw.Raw().Column(j))
}

// near says, in a sentence, which columns of x hold what names most people together with something else: postcodes, dates of birth; "" if none does.
func near(x *table.Table) string {
	var parts []string
	for j, c := range x.Raw().Columns {
		if kind := identify.Column(c, x.Raw().Column(j)); kind != identify.None && !kind.Tells() && !x.Transformed() && !likeCodes(c, x.Raw().Column(j)) {
			instead := map[identify.Kind]string{identify.Postcode: "a region", identify.BirthDate: "an age"}[kind]
			parts = append(parts, fmt.Sprintf("%s holds %s: %s says as much about a segment, and less about a person.", c.Name, kind, instead))
		}
	}
	return strings.Join(parts, " ")
}

// codes says, in a sentence, which columns of x look like codes that are clustered as if they were amounts; "" if none does.
func codes(x *table.Table) string {
	var names []string
	for j, c := range x.Raw().Columns {
		if likeCodes(c, x.Raw().Column(j)) {
			names = append(names, c.Name)
		}
	}
	switch len(names) {
	case 0:
		return ""
	case 1:
		return fmt.Sprintf("%s looks like a code (whole numbers of the same length, as postcodes are), and is clustered as an amount: if it is one, "+
			"leave it out with Drop(%q), or read it with table.CSVOptions{Text: []string{%[2]q}}; if not, give it a Unit.", names[0], names[0])
	}
	return fmt.Sprintf("%s look like codes (whole numbers of the same length, as postcodes are), and are clustered as amounts: leave out what is one "+
		"with Drop, or read it as text with table.CSVOptions.Text; give the others a Unit.", sheet.List(names))
}

// likeCodes reports whether a column holds whole numbers of one length, four digits or more. Years, and amounts that are all rounded to
// tens, are no codes, and neither is what has a unit, words, or a formula.
func likeCodes(c table.Column, values []float64) bool {
	if !c.Numeric() || c.Unit != "" || c.High != "" || c.Low != "" || c.Formula != "" {
		return false
	}
	low, high, round := math.Inf(1), math.Inf(-1), true
	different := make(map[float64]bool)
	for _, v := range values {
		if math.IsNaN(v) {
			continue
		}
		if v != math.Trunc(v) {
			return false
		}
		low, high, round = min(low, v), max(high, v), round && math.Mod(v, 10) == 0
		if len(different) < fewestCodes {
			different[v] = true
		}
	}
	years := low >= 1900 && high <= 2100
	return len(different) >= fewestCodes && !round && !years && low >= math.Pow10(shortest-1) && math.Floor(math.Log10(low)) == math.Floor(math.Log10(high))
}

// sentences joins those that there are.
func sentences(all ...string) string {
	return strings.Join(slices.DeleteFunc(all, func(s string) bool { return s == "" }), " ")
}

// alone is from which share of the spread on a column decides alone where customers lie.
const alone = .99

// outweighs says which column of x decides alone who is near whom, since its numbers are so much larger than those of the others; "" if
// none does, or the method does not measure by sums over the columns.
func outweighs(m cluster.Method, x *table.Table) string {
	switch m.(type) {
	case cluster.KMeans, cluster.MiniBatch, cluster.Hierarchical, cluster.DBSCAN, cluster.HDBSCAN:
	default:
		return ""
	}
	total, most, at := 0.0, 0.0, 0
	for j, sd := range stats.SDs(x.Raw().Data, len(x.Raw().Columns), x.Raw().Weights) {
		if total += sd * sd; sd > most {
			most, at = sd, j
		}
	}
	if d := len(x.Raw().Columns); d < 2 || !(most*most > alone*total) {
		return ""
	}
	return fmt.Sprintf("%s has %s of the spread, so that the other columns hardly count: put prep.Standardize before the method, or leave them out.", x.Raw().Columns[at].Name, sheet.Percent(most*most/total))
}

// twins says which columns of x say the same as another one, up to scale, and so count twice; "" if none does.
func twins(x *table.Table) string {
	const rows, same = 1000, 1 - 1e-9 // of the first customers
	if x.Len() < 3 {
		return ""
	}
	first := x.Head(rows).Raw()
	unit := make([][]float64, len(first.Columns)) // columns of mean 0 and length 1; nil for one that is constant
	var pairs []string
	for j, c := range first.Columns {
		if c.Numeric() {
			unit[j] = standing(first.Column(j))
		}
		for i := range j {
			if unit[i] != nil && unit[j] != nil && math.Abs(dot(unit[i], unit[j])) > same {
				pairs = append(pairs, fmt.Sprintf("%s says the same as %s", c.Name, first.Columns[i].Name))
				break
			}
		}
	}
	if pairs == nil {
		return ""
	}
	return sheet.List(pairs) + ", and counts twice: leave one of them out."
}

// standing takes the mean off the values and scales them to length 1; nil where they are constant but for rounding.
func standing(values []float64) []float64 {
	n, sum := float64(len(values)), 0.0
	for _, v := range values {
		sum += v
	}
	mean := sum / n
	for i := range values {
		values[i] -= mean
	}
	length := dot(values, values)
	if !(length > 1e-20*(1+mean*mean)*n) {
		return nil
	}
	for i := range values {
		values[i] /= math.Sqrt(length)
	}
	return values
}

func dot(a, b []float64) (sum float64) {
	for i := range a {
		sum += float64(a[i] * b[i])
	}
	return sum
}

// madeUp says of which columns prep.Impute fills in more than a third; "" where there are none.
func (r Recipe) madeUp(chosen *table.Table) string {
	if !slices.ContainsFunc(r.Prep, func(step prep.Transformer) bool { _, ok := step.(prep.Impute); return ok }) {
		return ""
	}
	var parts []string
	for j, c := range chosen.Raw().Columns {
		missing := 0
		for _, v := range chosen.Raw().Column(j) {
			if math.IsNaN(v) {
				missing++
			}
		}
		if 3*missing > chosen.Len() {
			parts = append(parts, fmt.Sprintf("%s of %s", sheet.Percent(float64(missing)/float64(chosen.Len())), c.Name))
		}
	}
	if parts == nil {
		return ""
	}
	return fmt.Sprintf("Impute fills in %s: customers who lack a value become alike, and may form a segment of their own.", sheet.List(parts))
}
