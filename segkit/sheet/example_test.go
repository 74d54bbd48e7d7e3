package sheet_test

import (
	"fmt"

	"github.com/segkit/lab/segkit/sheet"
)

func ExampleSheet_Text() {
	s := sheet.Sheet{
		Caption: "Two segments",
		Columns: []sheet.Column{{Name: "segment", Text: true}, {Name: "customers"}, {Name: "share"}},
		Rows: [][]string{
			{"Regulars", sheet.Count(1200), sheet.Percent(.24)},
			{"Others", sheet.Count(3800), sheet.Percent(.76)},
		},
	}
	fmt.Print(s.Text())
	// Output:
	// Two segments
	//   segment   customers   share
	//   ────────  ─────────  ──────
	//   Regulars      1,200  24.0 %
	//   Others        3,800  76.0 %
}
