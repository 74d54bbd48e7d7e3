package behaviour

import (
	"fmt"

	"github.com/segkit/lab/segkit/sheet"
)

// Habits says how many of the customers who bought did so once, and how much of all sales, above 0, the greatest of them stands for.
func Habits(once, buyers int, greatest string, spent, sales int64) []string {
	percent := func(part, whole int64) string { return sheet.Percent(float64(part) / float64(whole)) }
	return []string{
		fmt.Sprintf("%s of %s customers who bought (%s) ordered only once, so they have no days between orders.", sheet.Count(once), sheet.Count(buyers), percent(int64(once), int64(buyers))),
		fmt.Sprintf("The largest customer, %s, accounts for %s of the sales to known customers, before anything is cancelled.", greatest, percent(spent, sales)),
	}
}
