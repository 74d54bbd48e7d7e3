package segkit_test

import (
	"context"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"math"
	"path/filepath"
	"reflect"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/basket"
	"github.com/segkit/lab/segkit/campaign"
	"github.com/segkit/lab/segkit/chart"
	"github.com/segkit/lab/segkit/choose"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/combine"
	"github.com/segkit/lab/segkit/compare"
	"github.com/segkit/lab/segkit/describe"
	"github.com/segkit/lab/segkit/distance"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/geo"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/measure"
	"github.com/segkit/lab/segkit/predict"
	"github.com/segkit/lab/segkit/prep"
	"github.com/segkit/lab/segkit/privacy"
	"github.com/segkit/lab/segkit/rfm"
	"github.com/segkit/lab/segkit/rulebook"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/survey"
	"github.com/segkit/lab/segkit/table"
	"github.com/segkit/lab/segkit/track"
	"github.com/segkit/lab/segkit/typing"
	"github.com/segkit/lab/segkit/value"
	"github.com/segkit/lab/segkit/weblog"
)

// The exported functions and methods that can return an error and take something. The test reads the source to be sure that
// none is forgotten. What returns no error (chart.Color, table.FromRaw, Personas, all of nb) has no way to answer with a sentence.
var functions = map[string]any{
	"segkit.LoadModel": segkit.LoadModel,

	"features.OrdersFromFrame": features.OrdersFromFrame,
	"features.ParseOrders":     features.ParseOrders,
	"features.ReadOrders":      features.ReadOrders,

	"geo.Locate":          geo.Locate,
	"geo.ParseBoundaries": geo.ParseBoundaries,
	"geo.ReadBoundaries":  geo.ReadBoundaries,
	"geo.ParseCoordinate": geo.ParseCoordinate,
	"geo.FindSpellings":   geo.FindSpellings,
	"geo.Pool":            geo.Pool,
	"geo.RollUp":          geo.RollUp,
	"geo.Traits":          geo.Traits,

	"survey.FromTable": survey.FromTable,
	"survey.Parse":     survey.Parse,
	"survey.Rake":      survey.Rake,
	"survey.Read":      survey.Read,

	"rfm.Score": rfm.Score,

	"privacy.Cross":          privacy.Cross,
	"privacy.Identifiers":    privacy.Identifiers,
	"privacy.Release":        privacy.Release,
	"privacy.Proxies":        privacy.Proxies,
	"privacy.ProxiesContext": privacy.ProxiesContext,
	"privacy.Share":          privacy.Share,
	"privacy.ShareContext":   privacy.ShareContext,
	"privacy.Suppress":       privacy.Suppress,

	"predict.ByGroup":        predict.ByGroup,
	"predict.ByTime":         predict.ByTime,
	"predict.Fit":            predict.Fit,
	"predict.FitContext":     predict.FitContext,
	"predict.LoadClassifier": predict.LoadClassifier,
	"predict.Lookalikes":     predict.Lookalikes,
	"predict.Prove":          predict.Prove,
	"predict.ProveContext":   predict.ProveContext,
	"predict.Random":         predict.Random,
	"predict.Stratified":     predict.Stratified,

	"prep.Apply": prep.Apply,

	"chart.AccuracyByLength":  chart.AccuracyByLength,
	"chart.AccuracyBySegment": chart.AccuracyBySegment,

	"chart.Agreement":        chart.Agreement,
	"chart.Answers":          chart.Answers,
	"chart.Funnel":           chart.Funnel,
	"chart.Week":             chart.Week,
	"chart.Transitions":      chart.Transitions,
	"chart.Conversion":       chart.Conversion,
	"chart.Alive":            chart.Alive,
	"chart.RepeatOrders":     chart.RepeatOrders,
	"chart.Survival":         chart.Survival,
	"chart.ValueRisk":        chart.ValueRisk,
	"chart.Alluvial":         chart.Alluvial,
	"chart.AlluvialBy":       chart.AlluvialBy,
	"chart.BeforeAfter":      chart.BeforeAfter,
	"chart.Calibration":      chart.Calibration,
	"chart.ColdStart":        chart.ColdStart,
	"chart.Confusion":        chart.Confusion,
	"chart.Gain":             chart.Gain,
	"chart.Lift":             chart.Lift,
	"chart.Biplot":           chart.Biplot,
	"chart.Boxes":            chart.Boxes,
	"chart.Bubble":           chart.Bubble,
	"chart.Correlation":      chart.Correlation,
	"chart.Cohorts":          chart.Cohorts,
	"chart.DailyRevenue":     chart.DailyRevenue,
	"chart.Dendrogram":       chart.Dendrogram,
	"chart.DriftLines":       chart.DriftLines,
	"chart.Elbow":            chart.Elbow,
	"chart.Flow":             chart.Flow,
	"chart.Gap":              chart.Gap,
	"chart.Heatmap":          chart.Heatmap,
	"chart.Histograms":       chart.Histograms,
	"chart.Penetration":      chart.Penetration,
	"chart.RuleMatrix":       chart.RuleMatrix,
	"chart.Life":             chart.Life,
	"chart.Lorenz":           chart.Lorenz,
	"chart.MapPoints":        chart.MapPoints,
	"chart.MapShares":        chart.MapShares,
	"chart.Migration":        chart.Migration,
	"chart.MigrationMatrix":  chart.MigrationMatrix,
	"chart.Coverage":         chart.Coverage,
	"chart.Missingness":      chart.Missingness,
	"chart.Mosaic":           chart.Mosaic,
	"chart.Outcome":          chart.Outcome,
	"chart.Overlap":          chart.Overlap,
	"chart.Profile":          chart.Profile,
	"chart.ProfilePlot":      chart.ProfilePlot,
	"chart.RecencyFrequency": chart.RecencyFrequency,
	"chart.RuleTree":         chart.RuleTree,
	"chart.Scatter":          chart.Scatter,
	"chart.Scree":            chart.Scree,
	"chart.SegmentStability": chart.SegmentStability,
	"chart.Shares":           chart.Shares,
	"chart.Silhouette":       chart.Silhouette,
	"chart.Sizes":            chart.Sizes,
	"chart.Stability":        chart.Stability,
	"chart.Starts":           chart.Starts,
	"chart.TierWaterfall":    chart.TierWaterfall,
	"chart.Uplift":           chart.Uplift,
	"chart.VerdictBoard":     chart.VerdictBoard,

	"table.Attach":    table.Attach,
	"table.SchemaOf":  table.SchemaOf,
	"table.FromFrame": table.FromFrame,
	"table.New":       table.New,
	"table.ParseCSV":  table.ParseCSV,
	"table.ReadCSV":   table.ReadCSV,

	"table.ScanCSV": table.ScanCSV,

	"table.NewSegments": table.NewSegments,

	"combine.Tables":           combine.Tables,
	"combine.Agreement":        combine.Agreement,
	"combine.AgreementContext": combine.AgreementContext,
	"combine.Consensus":        combine.Consensus,
	"combine.ConsensusContext": combine.ConsensusContext,
	"combine.Cross":            combine.Cross,
	"combine.Price":            combine.Price,
	"combine.PriceContext":     combine.PriceContext,

	"compare.AdjustedMutualInfo":     compare.AdjustedMutualInfo,
	"compare.AdjustedRand":           compare.AdjustedRand,
	"compare.PairJaccard":            compare.PairJaccard,
	"compare.VariationOfInformation": compare.VariationOfInformation,
	"compare.Outcomes":               compare.Outcomes,
	"compare.OutcomesContext":        compare.OutcomesContext,
	"compare.Match":                  compare.Match,

	"measure.CalinskiHarabasz":  measure.CalinskiHarabasz,
	"measure.DaviesBouldin":     measure.DaviesBouldin,
	"measure.Dunn":              measure.Dunn,
	"measure.DunnContext":       measure.DunnContext,
	"measure.Silhouette":        measure.Silhouette,
	"measure.SilhouetteContext": measure.SilhouetteContext,

	"cluster.Fit":        cluster.Fit,
	"cluster.FitContext": cluster.FitContext,

	"describe.Names":           describe.Names,
	"describe.Influence":       describe.Influence,
	"describe.Segments":        describe.Segments,
	"describe.SegmentsContext": describe.SegmentsContext,

	"choose.SweepBIC":                  choose.SweepBIC,
	"choose.SweepBICContext":           choose.SweepBICContext,
	"choose.Gap":                       choose.Gap,
	"choose.GapContext":                choose.GapContext,
	"choose.PredictionStrength":        choose.PredictionStrength,
	"choose.PredictionStrengthContext": choose.PredictionStrengthContext,
	"choose.Stability":                 choose.Stability,
	"choose.StabilityContext":          choose.StabilityContext,
	"choose.SweepK":                    choose.SweepK,
	"choose.SweepKContext":             choose.SweepKContext,

	"weblog.ParseSpec":   weblog.ParseSpec,
	"weblog.ParseVisits": weblog.ParseVisits,
	"weblog.ReadVisits":  weblog.ReadVisits,
	"weblog.ParsePaths":  weblog.ParsePaths,
	"weblog.ReadPaths":   weblog.ReadPaths,

	"features.ParseSpec": features.ParseSpec,
	"features.Inspect":   features.Inspect,

	"track.Compare":        track.Compare,
	"track.CohortsOf":      track.CohortsOf,
	"track.Decide":         track.Decide,
	"track.Follow":         track.Follow,
	"track.FollowContext":  track.FollowContext,
	"track.FromModel":      track.FromModel,
	"track.ReadLedger":     track.ReadLedger,
	"track.Refit":          track.Refit,
	"track.RefitContext":   track.RefitContext,
	"track.Refresh":        track.Refresh,
	"track.RefreshContext": track.RefreshContext,
	"track.Stages":         track.Stages,

	"campaign.LoadManifest": campaign.LoadManifest,
	"campaign.Plan":         campaign.Plan,

	"basket.FromLists":  basket.FromLists,
	"basket.FromOrders": basket.FromOrders,
	"basket.ReadCSV":    basket.ReadCSV,
	"basket.ReadLists":  basket.ReadLists,

	"typing.Find":        typing.Find,
	"typing.FindContext": typing.FindContext,
	"typing.Load":        typing.Load,

	"value.ChurnScore":        value.ChurnScore[predict.Fitted],
	"value.ChurnScoreContext": value.ChurnScoreContext[predict.Fitted],
	"value.SurvivalOf":        value.SurvivalOf,

	"value.FromTable": value.FromTable,
	"value.Summarize": value.Summarize,

	"rulebook.Adopt":          rulebook.Adopt,
	"rulebook.Parse":          rulebook.Parse,
	"rulebook.Read":           rulebook.Read,
	"rulebook.Carve":          rulebook.Carve,
	"rulebook.CarveContext":   rulebook.CarveContext,
	"rulebook.Explain":        rulebook.Explain,
	"rulebook.ExplainContext": rulebook.ExplainContext,
	"rulebook.Refine":         rulebook.Refine,
}

// mayBeNil are the arguments for which nil means something.
var mayBeNil = map[string]string{
	"chart.Biplot *table.Segments":      "customers are drawn in one color",
	"chart.MapPoints *table.Segments":   "customers are drawn in one color",
	"describe.Influence cluster.Method": "segments that no method formed are taken apart into squares from the mean",
}

// A nil mostly is what a call gave that failed and whose error was passed over. Each pointer and interface in turn is nil
// while the other arguments are good, and then all are: the answer is a sentence. A nil slice or func may be a rightful
// empty one; it must not panic.
func TestEveryNilIsAnsweredWithASentence(t *testing.T) {
	raw := trial.ThreeGroups(30)
	recipe := segkit.Recipe{Prep: []prep.Transformer{prep.Standardize{}}, Method: cluster.KMeans{K: 3, Seed: 1}}
	model := trial.Sure(recipe.Fit(raw))
	s := trial.Sure(model.Score(raw))
	sweep := trial.Sure(choose.SweepK(raw, recipe, 2, 4))
	good := map[reflect.Type]reflect.Value{}
	for _, v := range []any{raw, s, model, recipe, sweep, raw.Names()[0], 2, s.Labels} {
		good[reflect.TypeOf(v)] = reflect.ValueOf(v)
	}
	good[reflect.TypeFor[context.Context]()] = reflect.ValueOf(context.Background())
	good[reflect.TypeFor[cluster.Method]()] = reflect.ValueOf(recipe.Method)
	good[reflect.TypeFor[io.Reader]()] = reflect.ValueOf(strings.NewReader("a,b\n1,2\n"))
	good[reflect.TypeFor[io.Writer]()] = reflect.ValueOf(io.Discard)
	calls := map[string]reflect.Value{}
	for name, f := range functions {
		calls[name] = reflect.ValueOf(f)
	}
	for _, r := range append(receivers(), model, &recipe, raw, raw.Raw(), s, sweep) {
		v := reflect.ValueOf(r)
		for i := range v.NumMethod() {
			name := v.Type().Elem().String() + "." + v.Type().Method(i).Name
			calls[name] = v.Method(i)
		}
	}
	for _, name := range withErrors(t) {
		f, ok := calls[name]
		if !ok {
			t.Errorf("%s is not in the table of this test", name)
			continue
		}
		if strings.HasPrefix(name, "cluster.") && strings.HasSuffix(name, ".Cluster") || strings.HasPrefix(name, "predict.") && strings.HasSuffix(name, ".Learn") {
			continue // it is the second half of cluster.Fit or predict.Fit, which calls Check before it
		}
		var sentence, quiet []int // arguments that may be nil
		for i := range f.Type().NumIn() {
			if f.Type().IsVariadic() && i == f.Type().NumIn()-1 {
				break
			}
			switch f.Type().In(i).Kind() {
			case reflect.Pointer, reflect.Interface:
				if _, ok := mayBeNil[name+" "+f.Type().In(i).String()]; ok || f.Type().In(i) == reflect.TypeFor[context.Context]() {
					continue // a context that is nil is a fault of the program, in all of Go
				}
				sentence = append(sentence, i)
			case reflect.Slice, reflect.Func, reflect.Map:
				quiet = append(quiet, i)
			}
		}
		try := func(which string, nils []int, answers bool) {
			t.Run(name+" "+which, func(t *testing.T) {
				defer func() {
					if p := recover(); p != nil {
						t.Errorf("panics: %v", p)
					}
				}()
				out := f.Call(arguments(f.Type(), good, nils))
				err, _ := out[len(out)-1].Interface().(error)
				if answers && (err == nil || !strings.HasPrefix(err.Error(), "segkit: ")) {
					t.Errorf("answers %v", err)
				}
			})
		}
		for _, i := range sentence {
			try(f.Type().In(i).String(), []int{i}, true)
		}
		for _, i := range quiet {
			try(f.Type().In(i).String(), []int{i}, false)
		}
		if len(sentence)+len(quiet) > 1 {
			try("all", append(sentence, quiet...), len(sentence) > 0)
		}
	}
}

// prefix is how messages begin: the package and the name behind it, as the user writes them; the root package is segkit itself.
var prefix = regexp.MustCompile(`^segkit: ([a-z]+\.[A-Z]\w*|Recipe|Model|LoadModel)\b`)

// A result that is nil, as a call gave it that failed, answers with a sentence whatever it is asked.
func TestEveryNilReceiverIsAnsweredWithASentence(t *testing.T) {
	good := map[reflect.Type]reflect.Value{
		reflect.TypeFor[context.Context](): reflect.ValueOf(context.Background()),
		reflect.TypeFor[string]():          reflect.ValueOf("cluster.KMeans"), // what is being done, where a method asks for it
	}
	asked := 0
	for _, r := range receivers() {
		pointer := reflect.TypeOf(r)
		for i := range pointer.NumMethod() {
			m := pointer.Method(i)
			if _, byValue := pointer.Elem().MethodByName(m.Name); byValue {
				continue // Go itself looks at the pointer before the method is called
			}
			if strings.HasPrefix(m.Name, "Marshal") || strings.HasPrefix(m.Name, "Unmarshal") {
				continue // encoders call them, with values that they made
			}
			if promoted(pointer.Elem(), m.Name) {
				continue // Go itself looks at the pointer on its way to the part that has the method
			}
			if m.Type.NumOut() == 0 || m.Type.Out(m.Type.NumOut()-1) != reflect.TypeFor[error]() {
				continue
			}
			asked++
			t.Run(pointer.Elem().String()+"."+m.Name, func(t *testing.T) {
				defer func() {
					if p := recover(); p != nil {
						t.Errorf("panics: %v", p)
					}
				}()
				none := reflect.Zero(pointer).Method(i)
				out := none.Call(arguments(none.Type(), good, nil))
				if err, _ := out[len(out)-1].Interface().(error); err == nil || !prefix.MatchString(err.Error()) || !errors.Is(err, fault.ErrNil) {
					t.Errorf("answers %v", err)
				}
			})
		}
	}
	if asked < 40 {
		t.Errorf("only %d methods were asked", asked)
	}
	if (*describe.Profile)(nil).Personas() != nil {
		t.Error("nothing makes something of nothing")
	}
}

// What cannot answer with an error does what Go does with a nil pointer, and panics, or gives nothing: no rows, no number, or the
// sentence that says so. It never makes something up that reads like a finding.
func TestEveryOtherNilReceiverPanicsOrGivesNothing(t *testing.T) {
	asked := 0
	for _, r := range receivers() {
		pointer := reflect.TypeOf(r)
		for i := range pointer.NumMethod() {
			m := pointer.Method(i)
			if _, byValue := pointer.Elem().MethodByName(m.Name); byValue || promoted(pointer.Elem(), m.Name) {
				continue
			}
			if n := m.Type.NumOut(); n == 0 || m.Type.Out(n-1) == reflect.TypeFor[error]() {
				continue
			}
			asked++
			t.Run(pointer.Elem().String()+"."+m.Name, func(t *testing.T) {
				defer func() {
					p := recover()
					if fault, isRuntime := p.(runtime.Error); p != nil && (!isRuntime || !strings.Contains(fault.Error(), "nil pointer")) {
						t.Errorf("panics otherwise: %v", p)
					}
				}()
				none := reflect.Zero(pointer).Method(i)
				good := map[reflect.Type]reflect.Value{reflect.TypeFor[context.Context](): reflect.ValueOf(context.Background())}
				for _, out := range none.Call(arguments(none.Type(), good, nil)) {
					if !nothing(out) {
						t.Errorf("makes up %v", out.Interface())
					}
				}
			})
		}
	}
	if asked < 100 {
		t.Errorf("only %d methods were asked", asked)
	}
}

// nothing reports whether a value holds no finding.
func nothing(v reflect.Value) bool {
	if v.CanInterface() {
		switch known := v.Interface().(type) {
		case sheet.Sheet:
			return len(known.Rows) == 0
		case table.Frame:
			return known.Err != nil || known.Nrow() == 0
		}
	}
	switch v.Kind() {
	case reflect.String:
		return v.Len() == 0 || strings.HasPrefix(v.String(), "segkit: ") || v.String() == "sweep"
	case reflect.Float64:
		return v.Float() == 0 || math.IsNaN(v.Float())
	case reflect.Pointer, reflect.Interface:
		return v.IsNil() || nothing(v.Elem())
	case reflect.Slice:
		for i := range v.Len() {
			if !nothing(v.Index(i)) {
				return false
			}
		}
		return true
	case reflect.Map:
		return v.Len() == 0
	case reflect.Struct:
		for i := range v.NumField() {
			if !nothing(v.Field(i)) {
				return false
			}
		}
		return true
	}
	return v.IsZero()
}

// promoted reports whether a method is that of a part.
func promoted(of reflect.Type, method string) bool {
	if of.Kind() != reflect.Struct {
		return false
	}
	for i := range of.NumField() {
		if f := of.Field(i); f.Anonymous {
			if _, has := reflect.PointerTo(f.Type).MethodByName(method); has {
				return true
			}
			if _, has := f.Type.MethodByName(method); has {
				return true
			}
		}
	}
	return false
}

// receivers is one value of every exported type whose methods can return an error.
func receivers() []any {
	return []any{
		&weblog.Visits{}, &weblog.Cleaned{}, &weblog.Ledger{}, &weblog.Spec{}, &weblog.Dictionary{}, &weblog.Funnel{}, &weblog.Transitions{}, &weblog.Audit{}, &weblog.Conversion{}, &weblog.Cookies{}, &weblog.Habits{}, &weblog.Overlap{},
		&segkit.Model{}, &segkit.Recipe{}, &table.Table{}, &table.Segments{}, &features.Orders{}, &features.Cleaned{}, &features.Audit{}, &features.Ledger{}, &features.Spec{},
		&survey.Answers{}, &survey.Ledger{}, &survey.Reliability{}, &survey.Ipsatize{}, &survey.Weighting{}, new(survey.Kind),
		&rfm.Scores{}, &chart.Figure{}, &table.Schema{}, &table.CSVOptions{}, &table.Column{}, new(table.Role), new(table.Ancestry), new(prep.Fill), &prep.FittedPCA{},
		&prep.Impute{}, &prep.Log1p{}, &prep.MinMax{}, &prep.OneHot{}, &prep.Ordinal{}, &prep.PCA{}, &prep.Quantile{}, &prep.Robust{}, &prep.Snap{},
		&prep.Standardize{}, &prep.Winsor{}, &prep.YeoJohnson{}, new(distance.Distance), &cluster.Clustering{}, new(cluster.Covariance),
		&cluster.DBSCAN{}, &cluster.FittedLatentClass{}, &cluster.FittedMixture{}, &cluster.GaussianMixture{}, &cluster.HDBSCAN{},
		&cluster.Hierarchical{}, new(cluster.Init), &cluster.KMeans{}, &cluster.KMedoids{}, &cluster.KPrototypes{}, &cluster.LatentClass{},
		new(cluster.Linkage), &cluster.MiniBatch{}, &cluster.Nearest{}, &cluster.NearestMedoid{}, &cluster.Prototypes{}, &cluster.Tree{},
		&predict.Boosted{}, &predict.Classifier{}, &predict.Forest{}, &predict.LargestSegment{}, &predict.Logistic{}, &predict.NearestCenter{},
		&predict.Neighbors{}, &predict.Predictions{}, &predict.Report{}, &predict.StratifiedGuess{}, &predict.Tree{}, &predict.Tuned{},
		&combine.Combined{}, &combine.Coverage{}, &combine.Bias{}, &combine.Combination{}, &combine.Agreements{}, &combine.Prices{}, &choose.Sweep{}, &rulebook.Adoption{}, &rulebook.Book{}, &rulebook.Carved{}, &rulebook.Explanation{},
		&value.BGNBD{}, &value.MBGNBD{}, &value.NBD{}, &value.ParetoNBD{}, &value.GammaGamma{}, &value.BGBB{}, &value.ShiftedBetaGeometric{}, &value.Buying{}, &value.Forecast{}, &value.Holdout{},
		&typing.Points{}, &typing.Scores{}, &typing.Tool{},
		&track.Drift{}, &track.History{}, &track.Ledger{}, &track.Migration{},
		&basket.Baskets{}, &basket.Contrasts{}, &basket.Offers{}, &basket.Rules{}, &privacy.Shared{}, &privacy.Suppressed{},
		&geo.Boundaries{}, &geo.Places{}, &geo.Postcodes{}, &geo.Spellings{}, &prep.Bands{}, &prep.Pool{},
		&campaign.ActionPlan{}, &campaign.Programme{}, &campaign.Standing{}, &campaign.Test{}, &campaign.Sizes{}, &campaign.TierMoves{}, &campaign.Manifest{}, &campaign.Effects{}, &campaign.Result{},
	}
}

// A sweep that failed, and whose error was passed over, is nil: what it is asked answers with a sentence, or finds nothing.
func TestANilSweepIsNoPanic(t *testing.T) {
	var s *choose.Sweep
	_, err := s.Segments(3)
	for what, says := range map[string]string{
		"Segments": err.Error(), "Advice": s.Advice().Sentences[0], "Advice shown": s.Advice().Sheet().Caption, "Panel": s.Panel().Criteria[0].Says,
		"Sheet": s.Sheet().Caption, "Frame": s.Frame().Err.Error(),
	} {
		if !strings.HasPrefix(says, "segkit: ") || !strings.Contains(says, "sweep is nil") {
			t.Errorf("%s of a nil sweep: %s", what, says)
		}
	}
	_, knee := s.Knee()
	_, elbow := s.Elbow()
	if all, within := s.HighestSilhouette(); knee || elbow || all.K+within.K > 0 || s.Squares() || len(s.Panel().Sheet().Rows) != 1 {
		t.Error("a nil sweep finds something")
	}
}

// arguments are good ones, but for the nils. A variadic last one is left out.
func arguments(f reflect.Type, good map[reflect.Type]reflect.Value, nils []int) []reflect.Value {
	var in []reflect.Value
	for i := range f.NumIn() {
		if f.IsVariadic() && i == f.NumIn()-1 {
			break
		}
		a := f.In(i)
		v, ok := good[a]
		if !ok && a.Kind() == reflect.Pointer {
			v = reflect.New(a.Elem())
		} else if !ok {
			v = reflect.Zero(a)
		}
		for _, j := range nils {
			if i == j {
				v = reflect.Zero(a)
			}
		}
		in = append(in, v)
	}
	return in
}

// withErrors reads the names of the exported functions and methods of the rooms that take something and can return an error.
func withErrors(t *testing.T) (names []string) {
	for _, room := range strings.Fields(". features weblog geo survey rfm predict chart nb table prep compare distance measure cluster describe choose rulebook track basket campaign combine") {
		sources, err := filepath.Glob(filepath.Join(filepath.FromSlash(room), "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, source := range sources {
			if strings.HasSuffix(source, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), source, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range file.Decls {
				f, ok := d.(*ast.FuncDecl)
				if !ok || !f.Name.IsExported() || f.Type.Params.NumFields() == 0 || f.Type.Results.NumFields() == 0 {
					continue
				}
				last := f.Type.Results.List[len(f.Type.Results.List)-1].Type
				if id, ok := last.(*ast.Ident); !ok || id.Name != "error" {
					continue
				}
				name := file.Name.Name + "."
				if f.Recv != nil {
					r := f.Recv.List[0].Type
					if star, ok := r.(*ast.StarExpr); ok {
						r = star.X
					}
					id, ok := r.(*ast.Ident)
					if !ok || !id.IsExported() {
						continue
					}
					name += id.Name + "."
				}
				names = append(names, name+f.Name.Name)
			}
		}
	}
	return names
}
