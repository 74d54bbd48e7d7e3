package chart

// PDF: gonum's canvas with text set as outlines. Its own way of text knows Western European letters only (no minus sign, no
// Greek) and stops at a bold font.

import (
	"bytes"
	"regexp"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgpdf"
)

type pdfCanvas struct{ *vgpdf.Canvas }

func newPDF(w, h vg.Length) pdfCanvas { return pdfCanvas{vgpdf.New(w, h)} }

// FillString fills the outlines of the letters, kerned as gonum measures them.
func (c pdfCanvas) FillString(face font.Face, at vg.Point, s string) {
	if face.Font.Size <= 0 {
		return
	}
	var buf sfnt.Buffer
	em := fixed.Int26_6(face.Face.UnitsPerEm()) // as many pixels as units, so that coordinates are whole units
	scale := face.Font.Size / vg.Length(em)
	var letters vg.Path
	var before sfnt.GlyphIndex
	for i, r := range s {
		glyph, err := face.Face.GlyphIndex(&buf, r)
		if err != nil {
			continue
		}
		if i > 0 {
			if kern, err := face.Face.Kern(&buf, before, glyph, em, 0); err == nil {
				at.X += vg.Length(kern) * scale
			}
		}
		before = glyph
		outline, err := face.Face.LoadGlyph(&buf, glyph, em, nil)
		if err != nil {
			continue
		}
		point := func(p fixed.Point26_6) vg.Point { // fonts of this form have y growing downward
			return vg.Point{X: at.X + vg.Length(p.X)*scale, Y: at.Y - vg.Length(p.Y)*scale}
		}
		for j, step := range outline {
			switch step.Op {
			case sfnt.SegmentOpMoveTo:
				if j > 0 {
					letters.Close()
				}
				letters.Move(point(step.Args[0]))
			case sfnt.SegmentOpLineTo:
				letters.Line(point(step.Args[0]))
			case sfnt.SegmentOpQuadTo:
				letters.QuadTo(point(step.Args[0]), point(step.Args[1]))
			case sfnt.SegmentOpCubeTo:
				letters.CubeTo(point(step.Args[0]), point(step.Args[1]), point(step.Args[2]))
			}
		}
		if len(outline) > 0 {
			letters.Close()
		}
		if advance, err := face.Face.GlyphAdvance(&buf, glyph, em, 0); err == nil {
			at.X += vg.Length(advance) * scale
		}
	}
	if len(letters) > 0 {
		c.Fill(letters)
	}
}

// written is the time of writing, which would make equal figures differ. What replaces it is as long, as offsets in the
// file want it.
var written = regexp.MustCompile(`\(D:\d{14}\)`)

func (c pdfCanvas) bytes() ([]byte, error) {
	var b bytes.Buffer
	if _, err := c.WriteTo(&b); err != nil {
		return nil, err
	}
	return written.ReplaceAll(b.Bytes(), []byte("(D:20000101000000)")), nil
}
