package choose

import (
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

// Results of the reference implementation kneed (BSD-3), from its test suite, offline form with sensitivity 1 unless said.
func TestKneedle(t *testing.T) {
	ten := []float64{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}
	concaveRising := []float64{0, 60, 80, 85, 90, 95, 96, 97, 98, 99}
	convexFalling := []float64{100, 40, 20, 15, 10, 5, 4, 3, 2, 1}
	convexRising := []float64{1, 2, 3, 4, 5, 10, 15, 20, 40, 100}
	concaveFalling := []float64{99, 98, 97, 96, 95, 90, 85, 80, 60, 0}
	var tenths, figure2 []float64
	for i := range 10 {
		tenths = append(tenths, float64(i)/10)
		figure2 = append(figure2, 5-1/(float64(i)/9+.1))
	}
	flat := []float64{1, 0.787701317715959, 0.7437774524158126, 0.6559297218155198, 0.5065885797950219, 0.36749633967789164,
		0.2547584187408492, 0.16251830161054173, 0.10395314787701318, 0.06734992679355783, 0.043923865300146414, 0.027818448023426062,
		0.01903367496339678, 0.013177159590043924, 0.010248901903367497, 0.007320644216691069, 0.005856515373352855, 0.004392386530014641}
	bumpy := []float64{7305, 6979, 6666.6, 6463.2, 6326.5, 6048.8, 6032.8, 5762, 5742.8, 5398.2, 5256.8, 5227, 5001.7, 4942, 4854.2,
		4734.6, 4558.7, 4491.1, 4411.6, 4333, 4234.6, 4139.1, 4056.8, 4022.5, 3868, 3808.3, 3745.3, 3692.3, 3645.6, 3618.3, 3574.3,
		3504.3, 3452.4, 3401.2, 3382.4, 3340.7, 3301.1, 3247.6, 3190.3, 3180, 3154.2, 3089.5, 3045.6, 2989, 2993.6, 2941.3, 2875.6,
		2866.3, 2834.1, 2785.1, 2759.7, 2763.2, 2720.1, 2660.1, 2690.2, 2635.7, 2632.9, 2574.6, 2556, 2545.7, 2513.4, 2491.6, 2496,
		2466.5, 2442.7, 2420.5, 2381.5, 2388.1, 2340.6, 2335, 2318.9, 2319, 2308.2, 2262.2, 2235.8, 2259.3, 2221, 2202.7, 2184.3,
		2170.1, 2160, 2127.7, 2134.7, 2102, 2101.4, 2066.4, 2074.3, 2063.7, 2048.1, 2031.9}
	const none = -1
	for _, c := range []struct {
		name        string
		x, y        []float64
		sensitivity float64
		shape       curveShape
		want        float64 // x of the knee
	}{
		{"figure 2 of the paper", tenths, figure2, 1, curveShape{}, .2}, // printed .222 on 0..1 in ninths
		{"concave rising", ten, concaveRising, 1, curveShape{}, 2},
		{"convex falling", ten, convexFalling, 1, curveShape{Convex: true, Falling: true}, 2},
		{"convex rising", ten, convexRising, 1, curveShape{Convex: true}, 7},
		{"concave falling", ten, concaveFalling, 1, curveShape{Falling: true}, 7},
		{"concave rising, truncated", tenths[:7], concaveRising[:7], 1, curveShape{}, .2},
		{"convex falling, truncated", tenths[:7], convexFalling[:7], 1, curveShape{Convex: true, Falling: true}, .2},
		{"convex rising, truncated", tenths[:7], convexRising[:7], 1, curveShape{Convex: true}, .4},
		{"concave falling, truncated", tenths[:7], concaveFalling[:7], 1, curveShape{Falling: true}, .4},
		{"flat maxima, sensitivity 0", upTo(18), flat, 0, curveShape{Convex: true, Falling: true}, 1},
		{"flat maxima", upTo(18), flat, 1, curveShape{Convex: true, Falling: true}, 8},
		{"bumpy", upTo(90), bumpy, 1, curveShape{Convex: true, Falling: true}, 26},
		{"constant", ten, make([]float64, 10), 1, curveShape{}, none},
		{"straight", ten, ten, 1, curveShape{}, none},
		{"three points of an exponential", []float64{1, 2, 3}, []float64{0.90483742, 0.81873075, 0.74081822}, 1, curveShape{Convex: true, Falling: true}, none},
		{"two points", ten[:2], ten[:2], 1, curveShape{}, none},
		{"nothing", nil, nil, 1, curveShape{}, none},
	} {
		x, y := slices.Clone(c.x), slices.Clone(c.y)
		at, ok := kneedle(x, y, c.sensitivity, c.shape)
		if !slices.Equal(x, c.x) || !slices.Equal(y, c.y) {
			t.Errorf("%s: the curve was changed", c.name)
		}
		switch {
		case !ok && c.want != none:
			t.Errorf("%s: no knee, want %v", c.name, c.want)
		case ok && c.x[at] != c.want:
			t.Errorf("%s: knee at %v, want %v", c.name, c.x[at], c.want)
		}
	}
	// The distribution function of N(50, 10) at 1000 points; the paper and kneed find 63 to 64 on a sample.
	var x, y []float64
	for i := range 1000 {
		x = append(x, distuv.Normal{Mu: 50, Sigma: 10}.Quantile((float64(i)+.5)/1000))
		y = append(y, float64(i)/1000)
	}
	if at, ok := kneedle(x, y, 1, curveShape{}); !ok || math.Abs(x[at]-63.5) > 1 {
		t.Errorf("normal distribution: knee at %v, %v", x[at], ok)
	}
}

func upTo(n int) []float64 {
	v := make([]float64, n)
	for i := range v {
		v[i] = float64(i)
	}
	return v
}
