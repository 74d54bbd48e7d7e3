package nb

// Parameters: what a notebook's parameters cell sets, a plain program takes from its environment.

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// Param returns the value of a parameter: that of the environment variable SEGKIT_PARAM_<NAME> if it is set, else the
// given one. It lets you run a script with other parameters without changing it:
//
//	var k = nb.Param("k", 4) // SEGKIT_PARAM_K=5 go run .
//
// In a notebook, plain literals in the cell tagged "parameters" do the same, and segkit nb run -p k=5 sets them.
func Param[T int | float64 | string | bool](name string, value T) T {
	variable := "SEGKIT_PARAM_" + strings.ToUpper(name)
	text, ok := os.LookupEnv(variable)
	if !ok {
		return value
	}
	v, err := parse(text, value)
	if err != nil {
		stop(fmt.Errorf("segkit: %s = %q is not %s, as parameter %q wants", variable, text, err, name))
	}
	return v
}

// parse reads text as the type of its second argument; the error is the name of that type, for people.
func parse[T int | float64 | string | bool](text string, like T) (T, error) {
	var v any
	var err error
	var want string
	switch any(like).(type) {
	case int:
		want = "a whole number"
		v, err = strconv.Atoi(text)
	case float64:
		want = "a number"
		v, err = strconv.ParseFloat(text, 64)
	case bool:
		want = "true or false"
		v, err = strconv.ParseBool(text)
	default:
		v = text
	}
	if err != nil {
		return like, fmt.Errorf("%s", want)
	}
	return v.(T), nil
}

// Date reads a day like "2025-09-30" as midnight UTC; "" is the zero time, which functions that take a date read as
// "choose for me". Anything else stops the cell.
func Date(day string) time.Time {
	if day == "" {
		return time.Time{}
	}
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		stop(fmt.Errorf("segkit: %q is not a date: write year-month-day, like 2025-09-30", day))
	}
	return t
}
