package survey_test

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/segkit/lab/datasets"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/survey"
)

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}

// R's mtcars: cylinders, gears, carburettors and horsepower.
var mtcars = [][4]int{{6, 4, 4, 110}, {6, 4, 4, 110}, {4, 4, 1, 93}, {6, 3, 1, 110}, {8, 3, 2, 175}, {6, 3, 1, 105}, {8, 3, 4, 245}, {4, 4, 2, 62}, {4, 4, 2, 95}, {6, 4, 4, 123},
	{6, 4, 4, 123}, {8, 3, 3, 180}, {8, 3, 3, 180}, {8, 3, 3, 180}, {8, 3, 4, 205}, {8, 3, 4, 215}, {8, 3, 4, 230}, {4, 4, 1, 66}, {4, 4, 2, 52}, {4, 4, 1, 65}, {4, 3, 1, 97}, {8, 3, 2, 150},
	{8, 3, 2, 150}, {8, 3, 4, 245}, {8, 3, 2, 175}, {4, 4, 1, 66}, {4, 5, 2, 91}, {4, 5, 2, 113}, {8, 5, 4, 264}, {6, 5, 6, 175}, {8, 5, 8, 335}, {4, 4, 2, 109}}

func TestAlphaOfCars(t *testing.T) {
	lines := []string{"id,cyl,gear,carb,hp"}
	for i, car := range mtcars {
		lines = append(lines, fmt.Sprintf("%d,%d,%d,%d,%d", i, car[0], car[1], car[2], car[3]))
	}
	o := survey.Options{Kinds: map[string]survey.Kind{"cyl": survey.Number, "gear": survey.Number, "carb": survey.Number}}
	r := trial.Sure(trial.Sure(parse(o, lines...)).Alpha("cyl", "gear", "carb", "hp"))
	near(t, "alpha", r.Alpha, .09463206, 5e-9) // by numpy.cov
}

// Computed by numpy and scipy from the same file: covariances, correlations of each item with the sum of the rest, and Feldt's interval
// by scipy.stats.f.ppf.
func TestAlphaOfFastFood(t *testing.T) {
	path, err := datasets.Find("mcdonalds")
	if err != nil {
		t.Skip("the published figures are of this public set: ", err)
	}
	items := []string{"yummy", "convenient", "spicy", "fattening", "greasy", "fast", "cheap", "tasty", "expensive", "healthy", "disgusting"}
	raw := trial.Sure(trial.Sure(survey.Read(path, survey.Options{})).Alpha(items...))
	near(t, "alpha of raw items", raw.Alpha, .028741, 5e-7)
	near(t, "its lower end", raw.Low, -.047018, 5e-7)
	near(t, "its upper end", raw.High, .101192, 5e-7)
	near(t, "the mean correlation", raw.MeanR, .008856078098125893, 1e-12)
	near(t, "cheap with the others", raw.Items[6].Rest, -.109715, 5e-7)
	near(t, "without disgusting", raw.Items[10].Without, .19654, 5e-6)
	if want := []string{"fattening", "greasy", "expensive", "disgusting"}; !slices.Equal(raw.Against, want) {
		t.Errorf("against the others run %q, want %q, the other side of the first principal component", raw.Against, want)
	}
	o := survey.Options{Reversed: []string{"spicy", "fattening", "greasy", "expensive", "disgusting"}}
	a := trial.Sure(survey.Read(path, o))
	keyed := trial.Sure(a.Alpha(items...))
	near(t, "alpha of keyed items", keyed.Alpha, .683549, 5e-7)
	near(t, "its lower end", keyed.Low, .658866, 5e-7)
	near(t, "its upper end", keyed.High, .707155, 5e-7)
	near(t, "spicy with the others", keyed.Items[2].Rest, -.02232, 5e-6)
	near(t, "without tasty", keyed.Items[7].Without, .632026, 5e-7)
	if keyed.Against != nil { // spicy stands at -.02, which is chance
		t.Errorf("against the others run %q", keyed.Against)
	}
	o.Reversed = raw.Against
	turned := trial.Sure(trial.Sure(survey.Read(path, o)).Alpha(items...))
	near(t, "alpha once the items are turned round", turned.Alpha, raw.Turned, 1e-12)
	price := trial.Sure(a.Alpha("cheap", "expensive"))
	near(t, "alpha of cheap and not expensive", price.Alpha, .838165, 5e-7)
	if len(price.Items) != 2 || price.Items[0].Without == price.Items[0].Without {
		t.Errorf("alpha of one item: %+v", price.Items)
	}
}

// Laws: copies of an item agree fully, a shift of everybody's answers changes nothing, and turning all items changes nothing.
func TestAlphaLaws(t *testing.T) {
	lines := []string{"id,a,b,c"}
	for i := range 30 {
		lines = append(lines, fmt.Sprintf("%d,%d,%d,%d", i, i%5+1, i%5+1, i%5+1))
	}
	r := trial.Sure(trial.Sure(parse(survey.Options{}, lines...)).Alpha("a", "b", "c"))
	near(t, "alpha of copies", r.Alpha, 1, 1e-12)
	for i := range 30 {
		lines[i+1] = fmt.Sprintf("%d,%d,%d,%d", i, i%5+1, (i*i)%5+1, (i*7+i/5)%5+1)
	}
	r = trial.Sure(trial.Sure(parse(survey.Options{}, lines...)).Alpha("a", "b", "c"))
	turned := trial.Sure(trial.Sure(parse(survey.Options{Reversed: []string{"a", "b", "c"}}, lines...)).Alpha("a", "b", "c"))
	near(t, "alpha of all items turned", turned.Alpha, r.Alpha, 1e-12)
	if !strings.Contains(strings.Join(r.Sheet().Notes, " "), "Nor does it make a good basis for segments") {
		t.Errorf("notes %q", r.Sheet().Notes)
	}
	a := trial.Sure(parse(survey.Options{Scales: map[string][]string{"a": {"1", "2"}, "b": {"1", "2"}}}, "id,a,b", "1,1,1", "2,1,1", "3,1,1"))
	if _, err := a.Alpha("a", "b"); !errors.Is(err, fault.ErrUndefined) {
		t.Errorf("alpha of answers that are all alike: %v", err)
	}
	if _, err := a.Alpha("a"); !errors.Is(err, fault.ErrOption) {
		t.Errorf("alpha of one item: %v", err)
	}
}
