package predict_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/internal/memory"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/predict"
	"github.com/segkit/lab/segkit/prep"
	"github.com/segkit/lab/segkit/table"
)

// stated is a predictor of the user's own: the columns are the probabilities.
type stated struct{}

func (stated) Check(*table.Table, int) error { return nil }
func (stated) Learn(context.Context, *table.Table, table.Labels, int) (predict.Fitted, error) {
	return stated{}, nil
}
func (stated) Probabilities(_ context.Context, x *table.Table) (out [][]float64, _ error) {
	for i := range x.Len() {
		out = append(out, x.Row(i))
	}
	return out, nil
}

func statedCase(t *testing.T, truth []int, prob ...float64) (*table.Table, *table.Segments) {
	t.Helper()
	x := trial.Numbered(t, 3, prob)
	return x, trial.Sure(table.NewSegments(x.IDs(), truth, []string{"low", "middle", "high"}))
}

func TestScoresByHand(t *testing.T) {
	truth := []int{0, 0, 1, 1, 2, 2}
	x, s := statedCase(t, truth,
		.7, .2, .1,
		.4, .5, .1, // wrong: middle
		.1, .8, .1,
		.2, .6, .2,
		.5, .3, .2, // wrong: low
		.0, .1, .9)
	payoff := [][]float64{{0, -1, -1}, {-1, 2, -1}, {-1, -1, 10}}
	r, err := fit(t, x, s, stated{}).Evaluate(x, s, predict.Options{Ordered: true, Payoff: map[string]map[string]float64{"": {"": -1}, "low": {"low": 0}, "middle": {"middle": 2}, "high": {"": -1, "high": 10}}, Shuffles: -1})
	if err != nil {
		t.Fatal(err)
	}
	if want := [][]float64{{1, 1, 0}, {0, 2, 0}, {1, 0, 1}}; !same(r.Confusion, want) {
		t.Errorf("confusion %v, want %v", r.Confusion, want)
	}
	logs := 0.0
	for _, p := range []float64{.7, .4, .8, .6, .2, .9} {
		logs -= math.Log(p) / 6
	}
	// Ranked: (.3² + .1²), (.6² + .1²), (.1² + .1²), (.2² + .2²), (.5² + .8²), (0² + .1²), each halved.
	ranked := (.10 + .37 + .02 + .08 + .89 + .01) / 2 / 6
	f1 := (.5 + .8 + 2./3) / 3
	for i, want := range []float64{4. / 6, f1, logs, ranked} {
		if got := r.Scores[i].Value; math.Abs(got-want) > 1e-12 {
			t.Errorf("%s is %v, want %v", r.Scores[i].Name, got, want)
		}
	}
	if a := r.Accuracy(); a.Largest != 1./3 || math.Abs(a.OverLargest.Value-1./3) > 1e-12 || !(a.Low <= a.Value && a.Value <= a.High) {
		t.Errorf("accuracy %+v", a)
	}
	if l := r.Scores[2]; math.Abs(l.Largest-math.Log(3)) > 1e-12 || math.Abs(l.OverLargest.Value-(math.Log(3)-logs)) > 1e-12 {
		t.Errorf("log loss %+v", l)
	}
	e := r.Each[1]
	if e.Customers != 2 || e.Named != 3 || math.Abs(e.Precision.Value-2./3) > 1e-12 || e.Recall.Value != 1 {
		t.Errorf("middle: %+v", e)
	}
	// By payoff all but the first go to the side where 10 can be won as soon as its probability is worth it.
	likeliest := (0. - 1 + 2 + 2 - 1 + 10) / 6
	best := 0.0
	for i, p := range [][]float64{{.7, .2, .1}, {.4, .5, .1}, {.1, .8, .1}, {.2, .6, .2}, {.5, .3, .2}, {0, .1, .9}} {
		pay := func(m int) (sum float64) {
			for l := range p {
				sum += p[l] * payoff[l][m]
			}
			return sum
		}
		m := 0
		for try := range 3 {
			if pay(try) > pay(m) {
				m = try
			}
		}
		best += payoff[truth[i]][m] / 6
	}
	if d := r.Decision; math.Abs(d.Likeliest.Value-likeliest) > 1e-12 || math.Abs(d.Best.Value-best) > 1e-12 || d.Treatment != "high" || math.Abs(d.OneForAll-(-1-1-1-1+10+10)/6.) > 1e-12 {
		t.Errorf("payoff %+v, want %v and %v", d, likeliest, best)
	}
	// All two of "middle" are found: no draw is otherwise, so the interval is Wilson's, n / (n + z²).
	if low := 2 / (2 + 1.959964*1.959964); math.Abs(e.Recall.Low-low) > 1e-6 || e.Recall.High != 1 {
		t.Errorf("recall of middle %+v, want from %v", e.Recall, low)
	}
	last := r.Coverage[len(r.Coverage)-1]
	if last.Coverage != 1 || last.Right.Value != r.Accuracy().Value || r.Coverage[0].Least != .9 || r.Coverage[0].Right.Value != 1 {
		t.Errorf("coverage %+v", r.Coverage)
	}
	rank, err := r.Rank("high")
	if err != nil {
		t.Fatal(err)
	}
	// high: .9 (in), then .2 twice (one of two in), then the rest.
	if !slices.Equal(rank.Found, []float64{0, .5, 1, 1}) || math.Abs(rank.Lift[1]-3) > 1e-12 || math.Abs(rank.At(1./3)-.75) > 1e-9 {
		t.Errorf("ranking %+v, at a third %v", rank, rank.At(1./3))
	}
	if p, ok := r.Answered(.99); !ok || p.Least != .6 && p.Least != .7 {
		t.Errorf("answered from %+v", p)
	}
}

// The precision of a segment that is never named is not defined, and neither is its interval.
func TestASegmentNeverNamed(t *testing.T) {
	x, s := mixed(200, 1)
	r, err := fit(t, x, s, predict.LargestSegment{}).Evaluate(x, s, predict.Options{Draws: 20, Shuffles: -1})
	if err != nil {
		t.Fatal(err)
	}
	never := 0
	for _, row := range r.Segments().Rows {
		if row[2] != "0" {
			continue
		}
		never++
		if row[3] != "–" || row[4] != "–" {
			t.Errorf("segment %s: precision %s, %s, want dashes", row[0], row[3], row[4])
		}
	}
	if never == 0 {
		t.Error("each segment was named")
	}
}

func TestPairedDifferencesAreNarrow(t *testing.T) {
	x, s := mixed(400, 1)
	held, truth := mixed(400, 2)
	r, err := fit(t, x, s, predict.Logistic{}).Evaluate(held, truth, predict.Options{Shuffles: -1})
	if err != nil {
		t.Fatal(err)
	}
	a := r.Accuracy()
	// The interval of a share by the normal approximation, and the bootstrap's.
	se := math.Sqrt(a.Value * (1 - a.Value) / 400)
	if got := (a.High - a.Low) / 2; math.Abs(got-1.96*se) > .25*1.96*se {
		t.Errorf("half width %v, want about %v", got, 1.96*se)
	}
}

// Where probabilities are true, they are found so; where they are too bold, that is found.
func TestCalibration(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	n := 6000
	var honest, bold []float64
	truth := make([]int, n)
	for i := range n {
		p := .5 + r.Float64()/2
		if r.Float64() > p {
			truth[i] = 1
		}
		b := min(1, .5+(p-.5)*2)
		honest, bold = append(honest, p, 1-p, 0), append(bold, b, 1-b, 0)
	}
	off := func(prob []float64) float64 {
		x, s := statedCase(t, truth, prob...)
		rep, err := fit(t, x, s, stated{}).Evaluate(x, s, predict.Options{Shuffles: -1, Draws: 20})
		if err != nil {
			t.Fatal(err)
		}
		customers := 0
		for _, b := range rep.Bins {
			customers += b.Customers
		}
		if len(rep.Bins) < 5 || len(rep.Bins) > 10 || customers != n {
			t.Errorf("%d bins of %d customers", len(rep.Bins), customers)
		}
		return rep.Off
	}
	if h, b := off(honest), off(bold); h > .025 || b < .1 {
		t.Errorf("off by %v where true, by %v where too bold", h, b)
	}
}

// Doubling a column leaves what its group contributes, for predictors to which a copy tells nothing new. (To a centre it does: it counts a
// column twice.)
func TestADoubledColumnKeepsItsImportance(t *testing.T) {
	x, s := mixed(400, 1)
	held, truth := mixed(400, 2)
	double := func(t0 *table.Table) *table.Table { return trial.Sure(t0.With("spend again", "spend")) }
	importance := func(c *predict.Classifier, on *table.Table) predict.Importance {
		r, err := c.Evaluate(on, truth, predict.Options{Draws: 20})
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(r.Importance, func(i predict.Importance) bool { return slices.Contains(i.Columns, "spend") })
		return r.Importance[i]
	}
	for p, near := range map[predict.Predictor]float64{predict.Tree{}: 1e-12, predict.Boosted{Rounds: 20}: 1e-12, predict.Forest{Trees: 50, Columns: 4}: .05,
		predict.Logistic{Ridge: 1e-4}: 1e-3} {
		once, twice := importance(fit(t, x, s, p), held), importance(fit(t, double(x), s, p), double(held))
		if !slices.Equal(twice.Columns, []string{"spend", "spend again"}) {
			t.Fatalf("grouped %v", twice.Columns)
		}
		if !(once.LogLoss.Value > .1) || math.Abs(once.LogLoss.Value-twice.LogLoss.Value) > near*max(1, once.LogLoss.Value) {
			t.Errorf("%T: importance %v, doubled %v", p, once.LogLoss.Value, twice.LogLoss.Value)
		}
	}
	r, err := fit(t, x, s, predict.Forest{Trees: 50}).Evaluate(held, truth, predict.Options{Draws: 20})
	if err != nil {
		t.Fatal(err)
	}
	if last := r.Importance[len(r.Importance)-1]; !slices.Equal(last.Columns, []string{"noise"}) || math.Abs(last.Accuracy) > .05 {
		t.Errorf("noise is no noise: %+v", r.Importance)
	}
}

// cloud is one single Gaussian.
func cloud(t *testing.T, n, d int, seed uint64) *table.Table {
	r := rand.New(rand.NewPCG(seed, 4))
	data := make([]float64, n*d)
	for i := range data {
		data[i] = r.NormFloat64()
	}
	return trial.Numbered(t, d, data)
}

// k-means cuts one single Gaussian into parts that a forest tells apart with hardly an error: the report says so, beside the result.
func TestPredictableIsNotReal(t *testing.T) {
	split := trial.Sure(predict.Random(cloud(t, 3000, 4, 1), .3, 1))
	recipe := segkit.Recipe{Prep: []prep.Transformer{prep.Standardize{}}, Method: cluster.KMeans{K: 4, Seed: 1, Restarts: 3}}
	r, err := predict.Prove(split, recipe, predict.Forest{Trees: 100, Seed: 1}, predict.Options{Draws: 50, Shuffles: -1})
	if err != nil {
		t.Fatal(err)
	}
	if a := r.Accuracy().Value; a < .9 {
		t.Errorf("accuracy %v on one single Gaussian", a)
	}
	if len(r.Null.Accuracy) != 3 || math.Abs(r.Null.Accuracy[0]-r.Accuracy().Value) > .05 {
		t.Errorf("null %v, found %v", r.Null, r.Accuracy().Value)
	}
	if notes := strings.Join(r.Sheet().Notes, " "); !strings.Contains(notes, "no evidence that segments exist") && !strings.Contains(notes, "not that they exist") {
		t.Errorf("notes: %s", notes)
	}
	if !strings.Contains(r.Card(), "In data of one group, cut by the same recipe") {
		t.Error("the card is silent about the null")
	}
	if r.Model.Customers != split.Train.Len() || r.Customers != split.Test.Len() {
		t.Errorf("fitted on %d, judged on %d", r.Model.Customers, r.Customers)
	}
	again, err := predict.Prove(split, recipe, predict.Forest{Trees: 100, Seed: 1}, predict.Options{Draws: 50, Shuffles: -1})
	if err != nil || fmt.Sprint(again.Scores, again.Null) != fmt.Sprint(r.Scores, r.Null) {
		t.Error("the same proof gives other numbers")
	}
}

// A notebook's next cell is given what an earlier one computed, to the last bit.
func TestProofsAreRecalled(t *testing.T) {
	x, _ := mixed(300, 1)
	split := trial.Sure(predict.Random(x, .3, 1))
	recipe := segkit.Recipe{Columns: []string{"spend"}, Prep: []prep.Transformer{prep.Impute{}}, Method: cluster.KMeans{K: 2}}
	store := trial.InMap{}
	ctx := memory.With(context.Background(), store)
	prove := func(seed int) *predict.Report {
		r, err := predict.ProveContext(ctx, split, recipe, predict.Forest{Trees: 10, Seed: seed}, predict.Options{Draws: 20, NullDraws: 1})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	first, kept := prove(1), len(store)
	again := prove(1)
	if len(store) != kept || kept == 0 {
		t.Errorf("%d results remembered, then %d", kept, len(store))
	}
	if again.Card() != first.Card() || again.Unknown().Rows[0][1] != first.Unknown().Rows[0][1] {
		t.Error("a recalled proof says something else")
	}
	if a, err := again.Classifier.Predict(x); err != nil || !same(a.Probability, probabilities(t, first.Classifier, x).Probability) {
		t.Errorf("a recalled classifier predicts something else: %v", err)
	}
	if prove(2); len(store) == kept {
		t.Error("another seed is not another proof")
	}
}

// The null keeps what columns have: skew, whole numbers, categories, missing cells; and groups that are apart become one.
func TestTheNullIsOneGroup(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 9))
	n := 1200
	columns := []table.Column{{Name: "orders"}, {Name: "spend", Unit: "EUR"}, {Name: "channel", Levels: []string{"shop", "web", "phone"}}}
	var ids []string
	var data []float64
	for i := range n {
		g := i % 2
		ids = append(ids, fmt.Sprint("c", i))
		channel := float64(r.IntN(2) + g)
		if r.IntN(10) == 0 {
			channel = math.NaN()
		}
		data = append(data, float64(1+6*g+r.IntN(4)), math.Exp(2+2.5*float64(g)+.3*r.NormFloat64()), channel)
	}
	x := trial.Table(t, ids, columns, data)
	recipe := segkit.Recipe{Columns: []string{"orders", "spend"}, Prep: []prep.Transformer{prep.Log1p{}, prep.Standardize{}}, Method: cluster.KMeans{K: 2, Seed: 1}}
	rep, err := predict.Prove(trial.Sure(predict.Random(x, .4, 1)), recipe, predict.Logistic{}, predict.Options{Known: predict.Known{Columns: []string{"channel"}}, Draws: 50})
	if err != nil {
		t.Fatal(err)
	}
	if rep.Null.Draws != 3 || rep.Null.Accuracy[0] < rep.Null.Largest[0]-.05 || rep.Null.Accuracy[0] > rep.Accuracy().Value+.05 {
		t.Errorf("null %+v, found %v", rep.Null, rep.Accuracy().Value)
	}
	if rep.Classifier.Formed != nil {
		t.Errorf("channel formed nothing: %v", rep.Classifier.Formed)
	}
}

// What is known early comes from another table, by id; quality is told by the orders seen.
func TestColdStart(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 1))
	n := 1500
	var ids []string
	var whole, early []float64
	for i := range n {
		ids = append(ids, fmt.Sprint("c", i))
		g, seen := float64(i%2), 1+r.IntN(12)
		whole = append(whole, 10*g+r.NormFloat64())
		early = append(early, float64(seen), 10*g+18*r.NormFloat64()/float64(seen))
	}
	x := trial.Table(t, ids, []table.Column{{Name: "basket"}}, whole)
	from := trial.Table(t, ids[:n-100], []table.Column{{Name: "orders"}, {Name: "basket"}}, early[:2*(n-100)])
	rep, err := predict.Prove(trial.Sure(predict.Random(x, .5, 1)), segkit.Recipe{Method: cluster.KMeans{K: 2}}, predict.Boosted{},
		predict.Options{From: from, Seen: "orders", NullDraws: -1, Draws: 50})
	if err != nil {
		t.Fatal(err)
	}
	if rep.LeftOut == 0 || rep.LeftOut+rep.Customers != 750 {
		t.Errorf("%d left out, %d judged", rep.LeftOut, rep.Customers)
	}
	var said []string
	for _, g := range rep.ColdStart {
		said = append(said, g.Orders)
	}
	if !slices.Equal(said, []string{"1", "2", "3 to 5", "6 to 9", "10 and more"}) {
		t.Errorf("groups %v", said)
	}
	first, last := rep.ColdStart[0], rep.ColdStart[len(rep.ColdStart)-1]
	if first.Accuracy.Value > .8 || last.Accuracy.Value < .95 || rep.Null != nil {
		t.Errorf("%+v", rep.ColdStart)
	}
}

func TestByGroupDrawsGroups(t *testing.T) {
	x, _ := mixed(600, 1)
	x = trial.Sure(x.Drop("noise"))
	recipe := segkit.Recipe{Columns: []string{"spend"}, Prep: []prep.Transformer{prep.Impute{}}, Method: cluster.KMeans{K: 2}}
	width := func(s *predict.Split) float64 {
		r, err := predict.Prove(s, recipe, predict.Tree{}, predict.Options{Known: predict.Known{Columns: []string{"city", "member"}}, NullDraws: -1, Shuffles: -1})
		if err != nil {
			t.Fatal(err)
		}
		return r.Accuracy().High - r.Accuracy().Low
	}
	if g, r := width(trial.Sure(predict.ByGroup(x, "city", .5, 1))), width(trial.Sure(predict.Random(x, .5, 1))); g == r || g == 0 {
		t.Errorf("the interval is %v by whole groups, %v by customers", g, r)
	}
}

func TestLookalikes(t *testing.T) {
	x, s := mixed(400, 1)
	var seeds []string
	for i, l := range s.Labels {
		if l == 2 && len(seeds) < 40 {
			seeds = append(seeds, x.IDs()[i])
		}
	}
	k, err := predict.Lookalikes(x, seeds)
	if err != nil {
		t.Fatal(err)
	}
	if len(k.IDs) != 400-len(seeds) || slices.ContainsFunc(k.IDs, func(id string) bool { return slices.Contains(seeds, id) }) {
		t.Errorf("%d ranked beside %d seeds", len(k.IDs), len(seeds))
	}
	label, err := s.ByID("test")
	if err != nil {
		t.Fatal(err)
	}
	top := 0
	for _, id := range k.IDs[:40] {
		if label[id] == 2 {
			top++
		}
	}
	if top < 28 {
		t.Errorf("%d of the first 40 are of the seeds' segment", top)
	}
	// Parts add up: the log odds differ from customer to customer by what the parts say.
	sum := func(i int) (adds float64) {
		for _, p := range k.Because[i] {
			adds += p.Adds
		}
		return adds
	}
	odds := func(p float64) float64 { return math.Log(p / (1 - p)) }
	for i := range k.IDs {
		if got, want := sum(i)-sum(0), odds(k.Score[i])-odds(k.Score[0]); math.Abs(got-want) > 1e-9 {
			t.Fatalf("parts of %s add up to %v, want %v", k.IDs[i], got, want)
		}
	}
	if !slices.IsSortedFunc(k.Score, func(a, b float64) int { return int(math.Copysign(1, b-a)) }) && !slices.IsSortedFunc(k.Score, func(a, b float64) int {
		switch {
		case a > b:
			return -1
		case a < b:
			return 1
		}
		return 0
	}) {
		t.Error("not in order")
	}
	if f := k.Frame(); f.Nrow() != len(k.IDs) || f.Ncol() != 2+4 {
		t.Errorf("frame of %d x %d", f.Nrow(), f.Ncol())
	}
	p, err := fit(t, x, s, predict.Forest{Trees: 30}).Prospects(x, "large")
	if err != nil || p.Because != nil || len(p.IDs) != 400 || p.Score[0] < p.Score[399] {
		t.Errorf("prospects %v", err)
	}
}

func TestTheCardIsSafe(t *testing.T) {
	x, s := mixed(200, 1)
	s.Names[0] = "a|b <script> *c*"
	held, truth := mixed(100, 2)
	truth.Names[0] = s.Names[0]
	r, err := fit(t, x, s, predict.Tree{}).Evaluate(held, truth, predict.Options{Draws: 20})
	if err != nil {
		t.Fatal(err)
	}
	card := r.Card()
	if strings.Contains(card, "<script>") || !strings.Contains(card, `a\|b &lt;script> \*c\*`) {
		t.Errorf("a name is not quoted:\n%s", card)
	}
	if n := strings.Count(card, " customers correctly "); n != 1 {
		t.Errorf("the finding stands in the card %d times", n)
	}
	for i, line := range strings.Split(card, "\n") {
		if strings.HasPrefix(line, "|") && !strings.HasSuffix(line, "|") {
			t.Errorf("line %d: %s", i+1, line)
		}
	}
	if f := r.Frame(); f.Nrow() != 3 || f.Err != nil {
		t.Errorf("frame %v", f)
	}
}

func TestTuningLooksAtTheTrainingPartAlone(t *testing.T) {
	x, s := mixed(300, 1)
	tuned := predict.Tuned{Try: []predict.Predictor{predict.LargestSegment{}, predict.Logistic{Ridge: 1}, predict.Logistic{Ridge: 1e6}}}
	c := fit(t, x, s, tuned)
	if c.Predictor != (predict.Logistic{Ridge: 1}) || len(c.Trials) != 3 {
		t.Errorf("chose %v of %v", c.Predictor, c.Trials)
	}
	// What was chosen is what the chosen predictor learns alone.
	if !same(probabilities(t, c, x).Probability, probabilities(t, fit(t, x, s, predict.Logistic{Ridge: 1}), x).Probability) {
		t.Error("tuning leaves a trace")
	}
}
