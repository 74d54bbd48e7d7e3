package download

// A workbook's first sheet as CSV: UTF-8, line feed, comma, quotes only where needed, numbers as short as possible,
// columns whose name ends in Date as 2010-12-01 08:26:00.

import (
	"archive/zip"
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/segkit/lab/internal/xlsx"
	"github.com/segkit/lab/segkit/job"
)

// sheetToCSV takes one pass, and memory for the table of shared strings.
func sheetToCSV(ctx context.Context, task string, book *zip.Reader, w *bufio.Writer) error {
	b, err := xlsx.Open(book)
	if err != nil {
		return err
	}
	s, err := b.Sheet(0)
	if err != nil {
		return err
	}
	defer s.Close()
	var dates []bool // by column, known after the header
	for rows := 0; ; rows++ {
		_, row, err := s.Next()
		if errors.Is(err, io.EOF) {
			job.Report(ctx, job.Progress{Task: task, Done: rows, Total: rows})
			return nil
		}
		if err != nil {
			return fmt.Errorf("sheet %s, row %d: %w", s.Name, rows+1, err)
		}
		if rows%4096 == 0 {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			job.Report(ctx, job.Progress{Task: task, Done: rows, Total: s.Rows})
		}
		if rows == 0 {
			for _, c := range row {
				dates = append(dates, strings.HasSuffix(c.Text, "Date"))
			}
		}
		if len(row) > len(dates) {
			return fmt.Errorf("sheet %s, row %d: %d cells, and the header has %d columns", s.Name, rows+1, len(row), len(dates))
		}
		for j := range dates {
			var c xlsx.Cell
			if j < len(row) {
				c = row[j]
			}
			if j > 0 {
				w.WriteByte(',')
			}
			field := c.Text
			if c.Number && dates[j] {
				field = s.Time(c.X).Format("2006-01-02 15:04:05")
			}
			if strings.ContainsAny(field, ",\"\r\n") {
				field = `"` + strings.ReplaceAll(field, `"`, `""`) + `"`
			}
			w.WriteString(field)
		}
		if err := w.WriteByte('\n'); err != nil { // bufio keeps the first error
			return err
		}
	}
}
