package nb

// Show turns a result into something to look at, and sees to it that it arrives. What a value is, is recognised by small
// interfaces, so that this package need not import the packages that make charts and tables.

import (
	"fmt"
	"html"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"unicode"

	"github.com/segkit/lab/internal/atomicfile"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/terminal"
	"github.com/segkit/lab/segkit/sheet"
)

// Markdown is text that a notebook renders: headings, emphasis, lists.
type Markdown string

// HTML is part of a page that a notebook shows unchanged. Escape anything that comes from data with html.EscapeString.
type HTML string

// drawer is a picture; chart.Figure is one.
type drawer interface{ SVG() ([]byte, error) }

// Show shows the values in order: tables and all other results with a Sheet method, gota frames, charts, Markdown, HTML,
// text, and plain values. It takes both results of a call directly, nb.Show(model.Score(customers)): an error stops the
// cell as Check does, and a nil error is not shown. When Show returns, the kernel has received everything.
//
// Outside a notebook, tables and text are printed, and charts are written as figures/01-title.svg, figures/02-….
func Show(values ...any) {
	for _, v := range values {
		if err, ok := v.(error); ok && err != nil {
			stop(err)
		}
	}
	progress.Clear()
	bundles := make([]bundle, 0, len(values))
	for _, v := range values {
		if v == nil { // the nil error of a (value, error) pair
			continue
		}
		b, err := render(v)
		if err != nil {
			stop(err)
		}
		bundles = append(bundles, b)
	}
	if err := deliver(bundles); err != nil {
		stop(err)
	}
}

// bundle is one value in the forms in which it may be shown.
type bundle struct {
	text     string       // always there, except for pictures
	laid     *sheet.Sheet // what text and html were made from, for terminals of other widths; nil for what is no sheet
	html     string
	markdown string
	svg      []byte
}

// render finds out what v is and lays it out.
func render(v any) (bundle, error) {
	if r := reflect.ValueOf(v); r.Kind() == reflect.Pointer && r.IsNil() {
		return bundle{}, fault.Errorf(fault.ErrNil, "segkit: nothing to show: this %T is nil: look at the error of the call that should have made it", v)
	}
	switch v := v.(type) {
	case sheet.Sheet:
		return bundle{text: v.Text(), html: v.HTML(), laid: &v}, nil
	case sheet.Sheeter:
		return render(v.Sheet())
	case frame.Frame:
		s, err := frameSheet(v)
		if err != nil {
			return bundle{}, err
		}
		return render(s)
	case drawer:
		svg, err := v.SVG()
		return bundle{svg: svg}, err
	case Markdown:
		return bundle{text: string(v), markdown: string(v)}, nil
	case HTML:
		return bundle{text: string(v), html: string(v)}, nil
	case string:
		return bundle{text: v}, nil
	default:
		if p, ok := pointed(v); ok {
			return render(p)
		}
		return bundle{text: fmt.Sprint(v)}, nil
	}
}

// pointed returns a pointer to v where only that can be laid out, as of a rulebook.Book written in a cell.
func pointed(v any) (any, bool) {
	p := reflect.New(reflect.TypeOf(v))
	p.Elem().Set(reflect.ValueOf(v))
	switch p.Interface().(type) {
	case sheet.Sheeter, drawer:
		return p.Interface(), true
	}
	return nil, false
}

// deliver hands the bundles to the kernel, or to the terminal where there is no kernel.
func deliver(bundles []bundle) error {
	if inNotebook() {
		k, err := connect()
		if err != nil {
			return err
		}
		for _, b := range bundles {
			if err := k.send(b.mime(), ""); err != nil {
				return err
			}
		}
		return k.sync()
	}
	for _, b := range bundles {
		if err := b.print(os.Stdout, "figures"); err != nil {
			return err
		}
	}
	return nil
}

// mime is the bundle as the kernel takes it. A picture goes as HTML: exported pages drop the type image/svg+xml.
func (b bundle) mime() map[string]string {
	m := map[string]string{}
	for kind, content := range map[string]string{mimeText: b.text, mimeHTML: b.html, mimeMarkdown: b.markdown} {
		if content != "" {
			m[kind] = strings.ToValidUTF8(content, "\uFFFD")
		}
	}
	if b.svg != nil {
		m[mimeHTML] = sheet.Scroll("chart", inline(b.svg))
		m[mimeText] = "[figure] " + svgTitle(b.svg)
	}
	if len(m) == 0 {
		m[mimeText] = ""
	}
	return m
}

// inline cuts the XML prologue, which has no place inside a page.
func inline(svg []byte) string {
	text := string(svg)
	if i := strings.Index(text, "<svg"); i > 0 {
		return text[i:]
	}
	return text
}

// print writes text to w; a picture becomes a file in dir, and w is told its name.
func (b bundle) print(w io.Writer, dir string) error {
	if b.svg == nil {
		text := b.text
		if f, ok := w.(*os.File); ok && b.laid != nil {
			if columns := terminal.Columns(f); columns > 0 {
				text = b.laid.TextIn(columns)
			}
		}
		_, err := fmt.Fprintln(w, strings.TrimSuffix(text, "\n"))
		return err
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return fmt.Errorf("segkit: cannot make the folder for figures: %w", err)
	}
	figures++
	title := svgTitle(b.svg)
	path := filepath.Join(dir, fmt.Sprintf("%02d-%s.svg", figures, slug(title)))
	err := atomicfile.Write(path, func(f io.Writer) error { _, err := f.Write(b.svg); return err })
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "[figure] %s: %s\n", path, title)
	return err
}

// figures counts the pictures that this program has written.
var figures int

// svgTitle is the text of the first <title> of a picture.
func svgTitle(svg []byte) string {
	_, rest, _ := strings.Cut(string(svg), "<title")
	_, rest, _ = strings.Cut(rest, ">")
	title, _, _ := strings.Cut(rest, "</title>")
	return html.UnescapeString(title)
}

// slug makes a short file name of a title.
func slug(title string) string {
	words := strings.FieldsFunc(strings.ToLower(title), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	name := strings.Join(words[:min(len(words), 6)], "-")
	if name == "" {
		return "figure"
	}
	return name
}
