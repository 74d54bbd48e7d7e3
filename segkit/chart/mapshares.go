package chart

// MapShares: in which regions a segment is found more, or less, often than elsewhere.

import (
	"fmt"
	"image/color"
	"math"
	"slices"
	"sort"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/segkit/lab/segkit/describe"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/effect"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

const fewRegions = 12 // of a map: each has its name and number, whether these fit into it or not

const mostTiles = 36 // regions of a map without boundaries, those with the most customers

// MapShares draws the share of each region's customers (regions are a category of t) who are in the named segment, with the number in each
// region. It draws on the outlines of Boundaries, whose names must be those of the regions. Without outlines it draws tiles with bars,
// arranged as the regions lie if t has columns latitude and longitude, and otherwise by decreasing number of customers.
//
// Regions are shaded by their adjusted residual (Haberman 1973, doi:10.2307/2529686), which shows what chance would hardly give, and not by the
// share, which is extreme where customers are few; regions with fewer than 30 are marked. The title says whether regions differ by more than chance
// (chi-squared). Large regions look important however few customers they have. Customers without a region, or whose region has no outline, are
// counted in the note.
func MapShares(t *table.Table, region string, s *table.Segments, name string, o ...MapOptions) (*Figure, error) {
	const op = "MapShares"
	opts, err := oneMapOption(op, o)
	if err != nil {
		return nil, err
	}
	labelsOf, err := s.LabelsFor("chart."+op, t)
	if err != nil {
		return nil, err
	}
	label := slices.Index(s.Names, name)
	if label < 0 {
		return nil, fault.Errorf(fault.ErrSchema, "segkit: chart.%s: there is no segment %q: the segments are %s", op, name, sheet.List(s.Names))
	}
	m, err := regionsOf(t, region, labelsOf, label)
	if err != nil {
		return nil, err
	}
	m.color = Color(label)
	fig := &Figure{}
	said := quote(segment(s.Names, label))
	fig.describe("Share of %s by %s, %s of all.", said, short(clean(region)), share(m.all))
	for _, r := range m.regions {
		fig.describe("%s: %s of %s (%s).", r.name, share(r.share()), sheet.Count(r.customers), signed(r.residual))
	}
	fig.Title = m.title(said, short(clean(region)))
	if opts.Boundaries != nil {
		err = m.onOutlines(fig, opts.Boundaries, region)
	} else {
		m.asTiles(fig, t)
	}
	return fig, err
}

// regionShare is one region with its customers.
type regionShare struct {
	name      string
	weight    float64 // of the customers
	within    float64 // of those in the segment
	customers int
	residual  float64
	latitude  float64 // mean; not numbers where no customer has a place
	longitude float64
	known     float64
}

func (r regionShare) share() float64 { return r.within / r.weight }

// said is the share, with the sign of its shade, and a mark where customers are few.
func (r regionShare) said() string {
	text := share(r.share())
	if r.customers < describe.SmallSegment {
		text += "*"
	}
	return strings.TrimSpace(text + " " + r.tone().sign)
}

// tone is the band of the residual.
func (r regionShare) tone() residualBand {
	for _, b := range residuals {
		if r.residual > b.above {
			return b
		}
	}
	return residuals[2] // not a number: nothing is known
}

// regional are the regions with customers, by falling number of them.
type regional struct {
	regions []regionShare
	all     float64 // share of the segment in all
	p       float64 // of such differences by chance
	without int     // customers without a region
	color   color.Color
}

func regionsOf(t *table.Table, region string, labelsOf table.Labels, label int) (*regional, error) {
	c, err := t.Column(region)
	if err != nil {
		return nil, err
	}
	if !c.Categorical() {
		return nil, fault.Errorf(fault.ErrSchema, "segkit: chart.MapShares: column %q holds numbers, not regions: read it as text", region)
	}
	values, err := t.Values(region)
	if err != nil {
		return nil, err
	}
	latitudes, longitudes, _, placeless := coordinates("MapShares", t)
	m, every, of, weights := &regional{}, make([]regionShare, len(c.Levels)), customersOf(t), evidence(t)
	inside := make(table.Labels, t.Len())
	total, within := 0.0, 0.0
	for i, v := range values {
		if labelsOf[i] == label {
			inside[i] = 1
		}
		if !finite(v) {
			m.without += of(i)
			continue
		}
		w := 1.0
		if weights != nil {
			w = weights[i]
		}
		r := &every[int(v)]
		r.customers += of(i)
		r.weight, total = r.weight+w, total+w
		if inside[i] == 1 {
			r.within, within = r.within+w, within+w
		}
		if placeless == nil && finite(latitudes[i]) && finite(longitudes[i]) {
			r.latitude, r.longitude, r.known = r.latitude+latitudes[i], r.longitude+longitudes[i], r.known+1
		}
	}
	if total == 0 {
		return nil, fault.Errorf(fault.ErrEmpty, "segkit: chart.MapShares: column %q has no value", region)
	}
	m.all = within / total
	for l, r := range every {
		if r.customers == 0 {
			continue
		}
		r.name = clean(c.Word(l))
		r.latitude, r.longitude = r.latitude/r.known, r.longitude/r.known
		r.residual = (r.within - r.weight*m.all) / math.Sqrt(r.weight*m.all*(1-m.all)*(1-r.weight/total))
		m.regions = append(m.regions, r)
	}
	sort.SliceStable(m.regions, func(a, b int) bool { return m.regions[a].customers > m.regions[b].customers })
	m.p = effect.OfLevels(values, t.Weights(), t.Weighting(), inside, 2, len(c.Levels)).P
	return m, nil
}

const byChance = .05 // a p-value above it: differences are not told from chance

// title names the regions with the highest and the lowest share, among those with enough customers.
func (m *regional) title(said, region string) string {
	var enough []regionShare
	for _, r := range m.regions {
		if r.customers >= describe.SmallSegment {
			enough = append(enough, r)
		}
	}
	if len(enough) < 2 {
		return fmt.Sprintf("%s: %s of customers; too few regions have %d customers to compare them", said, share(m.all), describe.SmallSegment)
	}
	sort.SliceStable(enough, func(a, b int) bool { return steady(enough[a].share()) > steady(enough[b].share()) })
	high, low := enough[0], enough[len(enough)-1]
	between := fmt.Sprintf("%s of customers in %s, %s in %s", share(high.share()), short(high.name), share(low.share()), short(low.name))
	if !(m.p < byChance) {
		return fmt.Sprintf("%s differs by %s no more than chance explains: %s", said, region, between)
	}
	return fmt.Sprintf("%s: %s", said, between)
}

// legend says what the shades mean, and the note the rest.
func (m *regional) legend(fig *Figure, p *plot.Plot) {
	p.Legend.Add("beside all others")
	for _, b := range residuals {
		p.Legend.Add(strings.TrimSpace(map[string]string{"++": "far more", "+": "more", "": "as chance gives", "−": "less", "−−": "far less"}[b.sign]+" "+b.sign), swatch{b.fill})
	}
	fig.remark("Shades: residual beyond ±2 and ±4.")
	if finite(m.p) {
		fig.remark("By chance, %s of such maps would differ as much.", share(m.p))
	}
	if slices.ContainsFunc(m.regions, func(r regionShare) bool { return r.customers < describe.SmallSegment }) {
		fig.remark("*: fewer than %d customers.", describe.SmallSegment)
	}
	if m.without > 0 {
		fig.remark("%s without a region left out.", count(m.without, "customer"))
	}
}

// onOutlines shades the regions of a map.
func (m *regional) onOutlines(fig *Figure, b Boundaries, region string) error {
	names, _ := b.Outlines()
	if len(names) == 0 {
		return fault.Nil("chart.MapShares", "set of boundaries")
	}
	raw := names
	names = make([]string, len(raw))
	for r := range raw {
		names[r] = clean(raw[r])
	}
	_, first := shoresOf(b, projectionAt(0))
	_, _, south, north := first.DataRange()
	on := projectionAt((south + north) / 2)
	_, out := shoresOf(b, on)
	var texts labels
	p := newPlot("", "")
	var matched []regionShare
	elsewhere, others := 0, []string(nil)
	for _, r := range m.regions {
		at := slices.Index(names, r.name)
		if at < 0 {
			elsewhere, others = elsewhere+r.customers, append(others, r.name)
			continue
		}
		matched = append(matched, r)
		out[at].fill = r.tone().fill
	}
	if matched == nil {
		return fault.Errorf(fault.ErrUnmatched, "segkit: chart.MapShares: none of the regions in %q has an outline: the customers' regions look like %q, those of the boundaries like %q",
			region, m.regions[0].name, names[0])
	}
	p.Add(out)
	m.legend(fig, p)
	if others != nil {
		fig.remark("%s in regions without an outline: %s.", count(elsewhere, "customer"), sheet.List(others[:min(len(others), 5)]))
	}
	fig.remark("%v", on)
	fig.Panels = panel(p)
	unit := frameMap(fig, p)
	for _, r := range matched {
		middle, width, height := out[slices.Index(names, r.name)].middle()
		text := label{x: middle.X, y: middle.Y, style: aligned(sans(small), draw.XCenter, draw.YCenter), halo: true}
		for _, text.text = range []string{set(sans(small), r.name, 110) + "\n" + r.said(), r.said(), strings.Replace(r.said(), "% ", "%\n", 1), ""} {
			size := text.style.Rectangle(text.text).Size()
			if len(matched) <= fewRegions || float64(size.X)*unit < width && float64(size.Y)*unit < height {
				break
			}
		}
		if text.text != "" {
			texts = append(texts, text)
		}
	}
	if texts = texts.apart(unit); len(texts) < len(matched) {
		fig.Note = "Small regions have no number. " + fig.Note
	}
	p.Add(texts)
	return nil
}

// asTiles draws a tile with a bar for each region.
func (m *regional) asTiles(fig *Figure, t *table.Table) {
	shown := m.regions[:min(len(m.regions), mostTiles)]
	columns := int(math.Ceil(math.Sqrt(float64(len(shown)))))
	rows := (len(shown) + columns - 1) / columns
	lie := !slices.ContainsFunc(shown, func(r regionShare) bool { return !finite(r.latitude) })
	if lie {
		shown = slices.Clone(shown)
		sort.SliceStable(shown, func(a, b int) bool { return shown[a].latitude > shown[b].latitude })
		for from := 0; from < len(shown); from += columns {
			row := shown[from:min(from+columns, len(shown))]
			sort.SliceStable(row, func(a, b int) bool { return row[a].longitude < row[b].longitude })
		}
	}
	most := m.all
	for _, r := range shown {
		most = max(most, r.share())
	}
	p := newPlot("", "")
	p.HideAxes()
	var bars rects
	var texts labels
	const inner = .86
	width := min(120, (defaultWidth-2*margin-110)/vg.Length(columns))
	names := make([]string, len(shown))
	for i, r := range shown {
		names[i] = set(bold(small), r.name, width*inner)
	}
	tall := 66 + roomFor(names, 25) - 25                              // with names of at most two lines, 66
	up := func(at float64) float64 { return at * 66 / float64(tall) } // from the lower edge
	for i, r := range shown {
		x, y := float64(i%columns), -float64(i/columns)
		floor := y - 1
		left, long := x+(1-inner)/2, inner*r.share()/most
		bars = append(bars, rect{x + .02, x + .98, y - .96, y - .04, r.tone().fill, nil}, rect{left, left + inner, floor + up(.12), floor + up(.34), color.White, nil},
			rect{left, left + long, floor + up(.12), floor + up(.34), m.color, nil})
		at := left + inner*m.all/most
		bars = append(bars, rect{at - .008, at + .008, floor + up(.08), floor + up(.38), ink, nil})
		texts = append(texts, label{x: left, y: y - up(.07), text: names[i], style: aligned(bold(small), draw.XLeft, draw.YTop)},
			label{x: left, y: floor + up(.5), text: r.said(), style: aligned(sans(small), draw.XLeft, draw.YCenter)})
	}
	p.Add(bars, texts)
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = 0, float64(columns), -float64(rows), 0
	m.legend(fig, p)
	fig.remark("Bar: share of the region's customers; line: share of all, %s.", share(m.all))
	if more := m.regions[len(shown):]; len(more) > 0 {
		customers := 0
		for _, r := range more {
			customers += r.customers
		}
		fig.remark("%s with %s not drawn.", count(len(more), "region"), count(customers, "customer"))
	}
	if lie {
		fig.remark("Tiles run from north to south, and within each row from west to east.")
	} else {
		fig.remark("Tiles are ordered by number of customers.")
	}
	fig.Panels = panel(p)
	fig.Height = vg.Length(rows)*tall + fig.besidePanels() + 6
}
