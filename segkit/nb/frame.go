package nb

// A gota frame laid out for reading, which sheet cannot do itself: it knows nothing but the standard library.

import (
	"fmt"

	"github.com/go-gota/gota/series"

	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/sheet"
)

// frameSheet shows the first rows of df. Gota carries errors inside a frame; here they come to light.
func frameSheet(df frame.Frame) (sheet.Sheet, error) {
	if df.Err != nil {
		return sheet.Sheet{}, fmt.Errorf("segkit: this data frame carries an error of gota: %w", df.Err)
	}
	n, d := df.Dims()
	s := sheet.Sheet{Caption: fmt.Sprintf("%s rows, %d columns", sheet.Count(n), d), Total: n}
	types := df.Types()
	for j, name := range df.Names() {
		s.Columns = append(s.Columns, sheet.Column{Name: name, Text: types[j] == series.String || types[j] == series.Bool})
	}
	for i := range min(n, sheet.MaxRows) {
		row := make([]string, d)
		for j := range row {
			row[j] = frameCell(df.Elem(i, j))
		}
		s.Rows = append(s.Rows, row)
	}
	return s, nil
}

func frameCell(e series.Element) string {
	switch {
	case e.IsNA():
		return sheet.Missing
	case e.Type() == series.Int || e.Type() == series.Float:
		return sheet.Number(e.Float())
	}
	return e.String()
}
