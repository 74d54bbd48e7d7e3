package nb

// A gota frame laid out for reading, which sheet cannot do itself: it knows nothing but the standard library.

import (
	"fmt"

	"github.com/go-gota/gota/series"

	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
)

// frameSheet shows the first rows of df. Gota carries errors inside a frame; here they come to light.
func frameSheet(df frame.Frame) (sheet.Sheet, error) {
	if df.Err != nil {
		return sheet.Sheet{}, fmt.Errorf("segkit: this data frame carries an error of gota: %w", df.Err)
	}
	n, d := df.Dims()
	s := sheet.Sheet{Total: n, Rows: make([][]string, min(n, sheet.MaxRows))}
	if n > sheet.MaxRows {
		s.Caption = fmt.Sprintf("%s rows, %d columns", sheet.Count(n), d)
	}
	types := df.Types()
	for j, name := range df.Names() {
		text := types[j] == series.String || types[j] == series.Bool
		s.Columns = append(s.Columns, sheet.Column{Name: name, Text: text})
		cells, numbers := make([]string, len(s.Rows)), make([]float64, len(s.Rows))
		for i := range cells {
			if cells[i] = df.Elem(i, j).String(); df.Elem(i, j).IsNA() {
				cells[i] = sheet.Missing
			}
			numbers[i] = df.Elem(i, j).Float()
		}
		if !text {
			cells = sheet.Numbers(numbers)
			if wording.Years(name, false, df.Col(name).Float()) {
				for i, v := range numbers {
					cells[i] = wording.Year(v)
				}
			}
		}
		for i := range s.Rows {
			s.Rows[i] = append(s.Rows[i], cells[i])
		}
	}
	return s, nil
}
