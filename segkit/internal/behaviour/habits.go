package behaviour

import (
	"fmt"

	"github.com/segkit/lab/segkit/sheet"
)

// Habits says how many of the customers who bought did so once, and how much of all sales, above 0, the greatest of them stands for.
func Habits(once, buyers int, greatest string, spent, sales int64) []string {
	percent := func(part, whole int64) string { return sheet.Percent(float64(part) / float64(whole)) }
	return []string{
		fmt.Sprintf("%s of %s customers who bought (%s) ordered once: days between orders do not exist for them.", sheet.Count(once), sheet.Count(buyers), percent(int64(once), int64(buyers))),
		fmt.Sprintf("The greatest customer, %s, stands for %s of the sales to known customers, before anything is cancelled.", greatest, percent(spent, sales)),
	}
}
