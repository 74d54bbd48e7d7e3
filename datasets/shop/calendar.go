package shop

// When people buy: seasons, weekdays, hours, sales. Days count from 2024-01-01, which is day 0 and a Monday.

import (
	"sync"
	"time"
)

const days = 731 // 2024-01-01 to 2025-12-31

var firstDay = time.Date(2024, time.January, 1, 0, 0, 0, 0, time.UTC)

// Percent of an average day, by month and by weekday from Monday.
var (
	season  = [12]int{92, 82, 90, 97, 102, 92, 84, 82, 94, 104, 132, 150}
	weekday = [7]int{106, 94, 90, 94, 108, 122, 86}
)

// Relative number of orders in each hour of the day.
var (
	webHours   = []int{3, 1, 1, 0, 0, 1, 3, 6, 9, 11, 12, 13, 14, 12, 11, 11, 12, 14, 18, 24, 28, 25, 16, 8}
	storeHours = []int{0, 0, 0, 0, 0, 0, 0, 0, 0, 8, 14, 18, 16, 12, 13, 16, 20, 22, 15, 4, 0, 0, 0, 0}
)

// A moment is a number of minutes since the beginning of day 0.
type moment int

func (m moment) day() int { return int(m) / (24 * 60) }

// Time gives the moment in the shop's local time.
func (m moment) Time() time.Time { return firstDay.Add(time.Duration(m) * time.Minute) }

// A today is what the generator has to know of a day.
type today struct {
	month  int     // 0 to 11
	demand float64 // factor by which the day differs from an average one
	sunday bool    // the stores are closed
	sale   bool    // in January, July, and the last week of November
}

// calendar holds every day once, since they are looked up for every customer.
var calendar = sync.OnceValue(func() *[days]today {
	var c [days]today
	for day := range c {
		t := firstDay.AddDate(0, 0, day)
		month, d := int(t.Month())-1, t.Day()
		c[day] = today{
			month:  month,
			demand: float64(season[month]*weekday[day%7]) / 10000,
			sunday: day%7 == 6,
			sale:   (month == 0 || month == 6) && d >= 2 && d <= 20 || month == 10 && d >= 24,
		}
	}
	return &c
})

// at draws the time of an order on a day.
func (s stream) at(day int, web bool) moment {
	hours := storeHours
	if web {
		hours = webHours
	}
	return moment((day*24+s.pick(hours))*60 + s.IntN(60))
}
