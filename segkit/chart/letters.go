package chart

// Letters: how they are set, how wide those are that the font lacks, and which a PNG or a PDF can hold. A browser sets the text of an SVG
// itself, with the fonts of its machine and the rules of every script.

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/image/font/sfnt"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/segkit/lab/segkit/sheet"
)

// setter sets text as gonum's handler does, except for what names carry, and for the width of letters that the font lacks.
type setter struct{ text.Plain }

func (s setter) Lines(txt string) []string {
	shown, _ := carried(txt)
	return s.Plain.Lines(shown)
}

func (s setter) Box(line string, f font.Font) (width, height, depth vg.Length) {
	_, height, depth = s.Plain.Box("", f)
	return widthOf(s.Fonts.Lookup(f, f.Size), line), height, depth
}

// Draw gives what the text carries to an SVG as its title.
func (s setter) Draw(c vg.Canvas, txt string, style text.Style, at vg.Point) {
	_, whole := carried(txt)
	if svg, ok := page(c).(*sizedSVG); ok {
		svg.title = whole
		defer func() { svg.title = "" }()
	}
	c.SetColor(style.Color)
	if style.Rotation != 0 {
		c.Push()
		defer c.Pop()
		c.Rotate(style.Rotation)
	}
	sin, cos := math.Sincos(-style.Rotation)
	face := s.Fonts.Lookup(style.Font, style.Font.Size)
	x, y := at.X*vg.Length(cos)-at.Y*vg.Length(sin), at.X*vg.Length(sin)+at.Y*vg.Length(cos)
	lines := s.Lines(txt)
	y += style.Height(txt)*vg.Length(style.YAlign) - face.Extents().Ascent
	for i, line := range lines {
		c.FillString(face, vg.Point{X: x + vg.Length(style.XAlign)*widthOf(face, line), Y: y + vg.Length(len(lines)-i)*style.Font.Size}, line)
	}
}

// page is the canvas beneath those that gonum lays over it for the parts of a picture.
func page(c vg.Canvas) vg.Canvas {
	switch part := c.(type) {
	case *draw.Canvas:
		return page(part.Canvas)
	case draw.Canvas:
		return page(part.Canvas)
	}
	return c
}

// widthOf is the width of a line in the font, or, for letters that it lacks, in the fonts that a browser takes them from: as wide as the type is
// high for Chinese, Japanese, Korean and emoji, nothing for marks on other letters, and that of an "a" otherwise.
func widthOf(face font.Face, line string) vg.Length {
	if strings.IndexFunc(line, func(r rune) bool { return r > unicode.MaxASCII }) < 0 {
		return face.Width(line)
	}
	return face.Width(strings.Map(func(r rune) rune {
		switch {
		case has(face, r):
			return r
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Bopomofo), '\u3000' <= r && r <= '\u303f', '\uff01' <= r && r <= '\uff60',
			r >= '\U0001f000':
			return '—'
		case unicode.IsMark(r), unicode.Is(unicode.Cf, r):
			return -1
		default:
			return 'a'
		}
	}, line))
}

func has(face font.Face, r rune) bool {
	var buf sfnt.Buffer
	glyph, err := face.Face.GlyphIndex(&buf, r)
	return err == nil && glyph != 0
}

// printed is the canvas of a file that holds the shapes of letters. It knows which ones it could not set.
type printed struct {
	vg.CanvasSizer
	letters, texts []string // those that are missing, and where
}

// FillString leaves out characters that show nothing by themselves, which the font would give room.
func (c *printed) FillString(face font.Face, at vg.Point, s string) {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r) {
			return -1
		}
		return r
	}, s)
	found := false
	for _, r := range s {
		if !settable(face, r) {
			found = true
			c.letters = addNew(c.letters, spelled(r))
		}
	}
	if found {
		c.texts = addNew(c.texts, s)
	}
	c.CanvasSizer.FillString(face, at, s)
}

func addNew(to []string, s string) []string {
	if slices.Contains(to, s) {
		return to
	}
	return append(to, s)
}

// settable reports whether a letter comes out right where letters are set one after the other, from left to right: the font has it, it is
// not of a script that is written from right to left (Hebrew is the one that the font has), and no mark to be placed on another letter.
func settable(face font.Face, r rune) bool {
	return has(face, r) && !unicode.Is(unicode.Hebrew, r) && !unicode.IsMark(r)
}

// spelled writes a letter, or the number of one that does not show by itself.
func spelled(r rune) string {
	if unicode.IsMark(r) || !unicode.IsPrint(r) {
		return fmt.Sprintf("U+%04X", r)
	}
	return string(r)
}

// print draws the figure for a file with this name, and refuses where it would not be whole.
func (f *Figure) print(on vg.CanvasSizer, name string) error {
	c := &printed{CanvasSizer: on}
	if err := f.draw(c); err != nil {
		return err
	}
	return c.whole(f, name)
}

// whole returns an error that names the letters which are missing from a file with this name, nil where there are none.
func (c *printed) whole(f *Figure, name string) error {
	if c.letters == nil {
		return nil
	}
	letters := c.letters
	if more := len(letters) - 8; more > 0 {
		letters = append(slices.Clone(letters[:8]), fmt.Sprintf("%d more", more))
	}
	where := fmt.Sprintf("%q", c.texts[0])
	if more := len(c.texts) - 1; more > 0 {
		where += " and " + count(more, "other text")
	}
	return fmt.Errorf("segkit: chart %q cannot be saved as %s: PNG and PDF files hold Latin, Greek and Cyrillic letters, and not %s in %s: "+
		"save it as .svg, which is shown with the fonts of the reader's machine, or show it in a notebook", f.name(), name, sheet.List(letters), where)
}
