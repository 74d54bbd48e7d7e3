package wording

// Measured is a number, or what is said of one, with its unit behind it as a sentence has it: "12 days", "below 10 o'clock" of an hour of
// the day.
func Measured(number, unit string) string {
	switch unit {
	case "":
		return number
	case "hour of day":
		unit = "o'clock"
	}
	return number + " " + unit
}
