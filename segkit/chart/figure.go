package chart

// Figure: a picture that a person can publish, and how it is laid out and written.

import (
	"bytes"
	"fmt"
	"image/color"
	"io"
	"path/filepath"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"

	"github.com/segkit/lab/internal/atomicfile"
	"github.com/segkit/lab/segkit/fault"
)

// Figure is a picture with everything that belongs to it. You may change its fields before it is shown or saved.
type Figure struct {
	Title         string         // the finding, with its numbers; above the panels
	Alt           string         // what the picture shows, for readers who cannot see it
	Note          string         // how to read it, in small type below the panels; "" for none
	Width, Height vg.Length      // of the whole, title and note included; 0 means 7.5 x 4.2 inches
	Panels        [][]*plot.Plot // rows of plots; nil leaves a place empty. Their legends are to the right of the data
}

const (
	defaultWidth  = 7.5 * vg.Inch // 720 pixels: the width of a notebook's cell
	defaultHeight = 4.2 * vg.Inch
	margin        = vg.Length(8) // points
	gap           = vg.Length(14)
	lineHeight    = 1.25          // of the type size
	axisEnds      = vg.Length(36) // of a panel that are not its axis
)

// SVG returns the figure as an inline SVG element with its own white background, role="img", title and description, and
// no ids. It is as wide as the page, up to a quarter more than Width. The same figure gives the same bytes.
func (f *Figure) SVG() ([]byte, error) {
	if f == nil {
		return nil, fault.Nil("chart.Figure.SVG", "figure")
	}
	return f.svg(pageStyle)
}

func (f *Figure) svg(style func(w vg.Length) string) ([]byte, error) {
	w, h := f.size()
	c := newSVG(w, h)
	if err := f.draw(c); err != nil {
		return nil, err
	}
	data, err := c.document(f.Title, f.Alt, style(w))
	if err != nil {
		return nil, fmt.Errorf("segkit: chart %q: %w", f.name(), err)
	}
	return data, nil
}

// pngDPI draws two pixels for each one of CSS, as sharp screens and print want.
const pngDPI = 192

// Save writes the figure to a file whose name ends in .svg, .png or .pdf, completely or not at all. PNG and PDF hold Latin, Greek and Cyrillic
// letters; a figure with others (Chinese, Arabic, Hebrew, emoji, …) is refused there and can be saved as SVG.
func (f *Figure) Save(path string) error {
	if f == nil {
		return fault.Nil("chart.Figure.Save", "figure")
	}
	w, h := f.size()
	var data bytes.Buffer
	switch ext := strings.ToLower(filepath.Ext(path)); ext {
	case ".svg":
		svg, err := f.svg(fileStyle)
		if err != nil {
			return err
		}
		data.Write(svg)
	case ".png":
		c := vgimg.PngCanvas{Canvas: vgimg.NewWith(vgimg.UseWH(w, h), vgimg.UseDPI(pngDPI))}
		if err := f.print(c, filepath.Base(path)); err != nil {
			return err
		}
		if _, err := c.WriteTo(&data); err != nil {
			return fmt.Errorf("segkit: chart %q: %w", f.name(), err)
		}
	case ".pdf":
		c := newPDF(w, h)
		if err := f.print(c, filepath.Base(path)); err != nil {
			return err
		}
		pdf, err := c.bytes()
		if err != nil {
			return fmt.Errorf("segkit: chart %q: %w", f.name(), err)
		}
		data.Write(pdf)
	default:
		return fmt.Errorf("segkit: cannot save a chart as %q: use a name that ends in .svg, .png or .pdf", filepath.Base(path))
	}
	return atomicfile.Write(path, func(w io.Writer) error { _, err := data.WriteTo(w); return err })
}

// describe adds a sentence to the text alternative, remark one to the note.
func (f *Figure) describe(format string, values ...any) { f.Alt = sentence(f.Alt, format, values) }
func (f *Figure) remark(format string, values ...any)   { f.Note = sentence(f.Note, format, values) }

func sentence(before, format string, values []any) string {
	return strings.TrimSpace(before + " " + fmt.Sprintf(format, values...))
}

// name is the title as errors quote it.
func (f *Figure) name() string { return short(clean(f.Title)) }

// size is Width and Height, or more height where the legends need it.
func (f *Figure) size() (w, h vg.Length) {
	h = f.Height
	if h <= 0 {
		h = defaultHeight
	}
	var legends vg.Length // of the row that has most
	for _, row := range f.Panels {
		var all vg.Length
		for _, p := range row {
			if p != nil {
				all += p.Legend.Rectangle(draw.Canvas{}).Size().Y + gap
			}
		}
		legends = max(legends, all-gap)
	}
	if legends > 0 {
		h = max(h, f.besidePanels()+legends*vg.Length(len(f.Panels)))
	}
	return f.width(), h
}

func (f *Figure) width() vg.Length {
	if f.Width <= 0 {
		return defaultWidth
	}
	return f.Width
}

// draw sets title, panels, legends and note on the canvas. gonum's plots panic on what they cannot draw, which users can
// reach by changing a panel; here that becomes an error.
func (f *Figure) draw(canvas vg.CanvasSizer) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("segkit: chart %q cannot be drawn: %v", f.name(), p)
		}
	}()
	c := draw.New(canvas)
	c.SetColor(color.White)
	c.Fill(c.Rectangle.Path())
	c = draw.Crop(c, margin, -margin, margin, -margin)

	if f.Title != "" {
		style := bold(large)
		style.YAlign = draw.YTop
		c.Max.Y -= paragraph(c, style, clean(f.Title), c.Max.Y) + margin
	}
	if f.Note != "" {
		style := toned(sans(small), soft)
		height := vg.Length(strings.Count(wrap(style, clean(f.Note), c.Size().X, 9), "\n")+1) * vg.Points(small*lineHeight)
		paragraph(c, style, clean(f.Note), c.Min.Y+height)
		c.Min.Y += height + margin
	}

	rows, cols := len(f.Panels), 0
	for _, row := range f.Panels {
		cols = max(cols, len(row))
	}
	if cols == 0 {
		return nil
	}
	var legendWidth vg.Length
	plain := make([][]*plot.Plot, rows) // the panels without their legends, every row of equal length
	for i, row := range f.Panels {
		plain[i] = make([]*plot.Plot, cols)
		for j, p := range row {
			if p == nil {
				continue
			}
			legendWidth = max(legendWidth, p.Legend.Rectangle(c).Size().X)
			bare := *p
			bare.Legend = plot.Legend{TextStyle: p.Legend.TextStyle}
			bare.Y.Label.Text = set(p.Y.Label.TextStyle, clean(p.Y.Label.Text), c.Size().Y/vg.Length(rows)-axisEnds)
			bare.X.Label.Text = set(p.X.Label.TextStyle, clean(p.X.Label.Text), c.Size().X/vg.Length(cols)-axisEnds)
			plain[i][j] = &bare
		}
	}
	data := c
	if legendWidth > 0 {
		data.Max.X -= legendWidth + gap
	}
	for i, row := range align(plain, cols, data) {
		top := row[0].Max.Y
		for j, p := range plain[i] {
			if p == nil {
				continue
			}
			p.Draw(row[j])
			legend := f.Panels[i][j].Legend
			legend.Top, legend.Left = true, true
			at := draw.Canvas{Canvas: c.Canvas, Rectangle: vg.Rectangle{
				Min: vg.Point{X: c.Max.X - legendWidth, Y: row[j].Min.Y}, Max: vg.Point{X: c.Max.X, Y: top}}}
			legend.Draw(at)
			top -= legend.Rectangle(at).Size().Y + gap
		}
	}
	return nil
}

// paragraph sets s flush left across the canvas, its first line below top, and returns its height.
func paragraph(c draw.Canvas, style draw.TextStyle, s string, top vg.Length) vg.Length {
	lines := strings.Split(wrap(style, s, c.Size().X, 9), "\n")
	step := style.Font.Size * lineHeight
	style.YAlign = draw.YTop
	for i, line := range lines {
		c.FillText(style, vg.Point{X: c.Min.X, Y: top - vg.Length(i)*step}, line)
	}
	return vg.Length(len(lines)) * step
}

// panel makes the grid of a figure that has a single plot.
func panel(p *plot.Plot) [][]*plot.Plot { return [][]*plot.Plot{{p}} }

// underRows is the height of an axis with its label, below rows.
const underRows = vg.Length(40)

// besidePanels is the height of everything that is not a panel: title, note, margins.
func (f *Figure) besidePanels() vg.Length {
	height := 2 * margin
	w := f.width()
	add := func(text string, style draw.TextStyle) {
		if text != "" {
			lines := strings.Count(wrap(style, clean(text), w-2*margin, 9), "\n") + 1
			height += vg.Length(lines)*style.Font.Size*lineHeight + margin
		}
	}
	add(f.Title, bold(large))
	add(f.Note, sans(small))
	return height
}
