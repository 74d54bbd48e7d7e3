package choose

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/grouping"
	"github.com/segkit/lab/segkit/internal/memory"
	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/refit"
	"github.com/segkit/lab/segkit/internal/seed"
	"github.com/segkit/lab/segkit/internal/stats"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// PredictionStrengths says, for several numbers of segments, whether the segments found in one half of the customers are
// also found in the other half (Tibshirani & Walther 2005, doi:10.1198/106186005X59243).
type PredictionStrengths struct {
	Method string
	Splits int
	Points []PredictionPoint // k rising
}

// PredictionPoint is the prediction strength at one number of segments.
type PredictionPoint struct {
	K        int
	Strength []float64 // (splits) share of pairs that stay together in the worst segment, averaged over both halves
	Mean     float64
	SE       float64 // of Mean: sd of the splits over the square root of their number
}

// PredictionOptions are the choices for PredictionStrength besides the method's own.
type PredictionOptions struct {
	Splits int // into halves at random; 0 means 10
	Seed   int // of the splits
}

// strong is the strength from which segments count as found again, as the paper has it.
const strong = .8

var _ sheet.Sheeter = (*PredictionStrengths)(nil)

// PredictionStrength splits the customers of raw (n), prepared by r, into random halves, runs the method of r on both at every number of
// segments from..to under DefaultContext, and uses each half to predict where the customers of the other belong. The strength is the share of a
// segment's pairs of customers that the other half also puts together, in the segment where this share is lowest, averaged over both halves. A
// segment with a single customer in a half has no pairs, and counts 0, because nothing shows that it would recur; so does a split of which a half has
// fewer different customers than segments. With one segment, the strength is 1.
//
// The table's Weighting is respected: the customers of repeated rows go to the halves one by one; otherwise the fits are weighted, and pairs are
// pairs of rows. A method that cannot assign new customers gives ErrNoPredict. It costs two Fits of half the customers for each k and split.
func PredictionStrength(raw *table.Table, r segkit.Recipe, from, to int, o ...PredictionOptions) (*PredictionStrengths, error) {
	return PredictionStrengthContext(job.DefaultContext, raw, r, from, to, o...)
}

// PredictionStrengthContext is PredictionStrength under ctx.
func PredictionStrengthContext(ctx context.Context, raw *table.Table, r segkit.Recipe, from, to int, o ...PredictionOptions) (*PredictionStrengths, error) {
	return onPrepared(ctx, "choose.PredictionStrength", raw, r, from, to, o, strengthPrepared)
}

// strengthPrepared is PredictionStrength of a method on a prepared table.
func strengthPrepared(ctx context.Context, x *table.Table, m cluster.KMethod, from, to int, opt PredictionOptions) (*PredictionStrengths, error) {
	opt.Splits = cmp.Or(opt.Splits, 10)
	if opt.Splits < 2 {
		return nil, fault.Option("choose.PredictionStrength", "Splits", opt.Splits, "at least 2, or 0 for 10")
	}
	x, _ = x.Repeated()
	if err := checkRange("choose.PredictionStrength", x, m, from, to); err != nil {
		return nil, err
	}
	if most := x.Len() / 4; to > most {
		return nil, fault.Option("choose.PredictionStrength", "to", to,
			fmt.Sprintf("at most %d, a quarter of the customers: every segment needs a pair in both halves", most))
	}
	compute := func() (*PredictionStrengths, error) { return predictionStrengths(ctx, x, m, from, to, opt) }
	options, known := memory.Spell(m)
	if !known {
		return compute()
	}
	return memory.Recall(ctx, memory.Key("prediction strength", x.Fingerprint(), options, from, to, opt), compute)
}

func predictionStrengths(ctx context.Context, x *table.Table, m cluster.KMethod, from, to int, o PredictionOptions) (*PredictionStrengths, error) {
	p := &PredictionStrengths{Method: wording.TypeName(m), Splits: o.Splits}
	if km, ok := m.(cluster.KMeans); ok {
		km.MinSize /= 2 // halves have half the customers
		m = km
	}
	report := job.Steps(ctx, fmt.Sprintf("prediction strength of %s, k = %d to %d", p.Method, from, to), o.Splits)
	quiet := job.WithProgress(ctx, func(job.Progress) {})
	strengths, errs := make([][]float64, o.Splits), make([]error, o.Splits) // (splits x ks)
	err := par.Items(ctx, o.Splits, func(i int) {
		order := seed.Stream(o.Seed, "prediction split", i).Perm(x.Len())
		halves := [2]*table.Table{}
		for h, rows := range [2][]int{order[:len(order)/2], order[len(order)/2:]} {
			slices.Sort(rows)
			halves[h] = x.Rows(rows)
		}
		for k := from; k <= to && errs[i] == nil; k++ {
			var strength float64
			strength, errs[i] = strengthOfHalves(quiet, halves, m.WithK(k), k)
			strengths[i] = append(strengths[i], strength)
		}
		report()
	})
	if err != nil {
		return nil, err
	}
	for _, err := range errs {
		switch {
		case errors.Is(err, fault.ErrNoPredict):
			return nil, fmt.Errorf("segkit: choose.PredictionStrength: %s: %w, and one half must assign the other: use Stability", p.Method, fault.ErrNoPredict)
		case err != nil:
			return nil, fmt.Errorf("segkit: choose.PredictionStrength: half of the customers: %w", fault.Trimmed(err))
		}
	}
	for k := from; k <= to; k++ {
		point := PredictionPoint{K: k}
		for i := range strengths {
			point.Strength = append(point.Strength, strengths[i][k-from])
		}
		mean, squares, splits := stats.MeanKnown(point.Strength), 0.0, float64(o.Splits)
		for _, v := range point.Strength {
			squares += float64((v - mean) * (v - mean))
		}
		point.Mean, point.SE = mean, math.Sqrt(squares/(splits-1)/splits)
		p.Points = append(p.Points, point)
	}
	return p, nil
}

// strengthOfHalves is the mean of the two strengths of a split into k segments, 0 where a half has fewer different customers.
func strengthOfHalves(ctx context.Context, halves [2]*table.Table, m cluster.Method, k int) (sum float64, err error) {
	var fits [2]*cluster.Clustering
	for h, x := range halves {
		if fits[h], err = refit.AtMost(ctx, x, m, k); err != nil {
			return 0, err
		}
		if fits[h].K < k { // nobody of a rare kind is in this half
			return 0, nil
		}
	}
	for h, own := range fits {
		predicted, err := fits[1-h].Predict(halves[h])
		if err != nil {
			return 0, err
		}
		sum += togetherness(own.Labels, predicted) / 2
	}
	return sum, nil
}

// togetherness is the share of the pairs of a segment that the prediction puts together, in the segment where it is lowest.
// Noise is together with nobody.
func togetherness(own, predicted table.Labels) float64 {
	sizes := own.Counts()
	both := make([][]int64, len(sizes)) // (own x predicted) customers
	for l := range both {
		both[l] = make([]int64, predicted.K())
	}
	for i, l := range own {
		if l != table.Noise && predicted[i] != table.Noise {
			both[l][predicted[i]]++
		}
	}
	worst := 1.0
	for l, n := range sizes {
		switch n {
		case 0:
		case 1:
			worst = 0
		default:
			together := int64(0)
			for _, c := range both[l] {
				together += grouping.Pairs(c)
			}
			worst = min(worst, float64(together)/float64(grouping.Pairs(int64(n))))
		}
	}
	return worst
}

// Best returns the largest number of segments whose strength plus one standard error is at least the threshold; 0 means .8, and
// the paper suggests .8 to .9. It is not ok if there is none.
func (p *PredictionStrengths) Best(threshold float64) (k int, ok bool) {
	if threshold == 0 {
		threshold = strong
	}
	for _, at := range p.Points {
		if at.Mean+at.SE >= threshold {
			k, ok = at.K, true
		}
	}
	return k, ok
}

// Sheet lists the numbers of segments.
func (p *PredictionStrengths) Sheet() sheet.Sheet {
	out := sheet.Sheet{Columns: []sheet.Column{{Name: "k"}, {Name: "prediction strength"}, {Name: "standard error"},
		{Name: "splits", Unit: "lowest – highest"}}}
	switch k, ok := p.Best(strong); {
	case !ok:
		out.Caption = fmt.Sprintf("No number of segments is found again in the other half of the customers (none reaches %s)", sheet.Fixed(strong, 1))
	case k == 1:
		out.Caption = "No division into several segments is found again in the other half of the customers"
	default:
		out.Caption = fmt.Sprintf("The most segments that are found again in the other half of the customers are %d", k)
	}
	for _, at := range p.Points {
		out.Rows = append(out.Rows, []string{sheet.Count(at.K), sheet.Fixed(at.Mean, 2), sheet.Fixed(at.SE, 2),
			sheet.Fixed(slices.Min(at.Strength), 2) + " – " + sheet.Fixed(slices.Max(at.Strength), 2)})
	}
	out.Notes = append(out.Notes, fmt.Sprintf("Share of pairs who stay together in the worst segment, over %d splits into halves.", p.Splits),
		fmt.Sprintf("Found again: %s or more, within one standard error.", sheet.Fixed(strong, 1)))
	if last := len(p.Points) - 1; p.Points[last].Mean+p.Points[last].SE >= strong {
		out.Notes = append(out.Notes, "That is the largest number tried: try more.")
	}
	return out
}

// Frame returns one row per number of segments.
func (p *PredictionStrengths) Frame() table.Frame {
	return frame.New(
		frame.Each("k", p.Points, func(at PredictionPoint) int { return at.K }),
		frame.Each("strength", p.Points, func(at PredictionPoint) float64 { return at.Mean }),
		frame.Each("se", p.Points, func(at PredictionPoint) float64 { return at.SE }))
}
