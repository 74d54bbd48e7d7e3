// Package option reads options that a call takes or not.
package option

import (
	"reflect"

	"github.com/segkit/lab/segkit/fault"
)

// AtMostOne returns the options of a call that takes them or none.
func AtMostOne[O any](op string, o []O) (one O, err error) {
	switch len(o) {
	case 0:
	case 1:
		one = o[0]
	default:
		err = fault.Option(op, reflect.TypeFor[O]().Name(), len(o), "at most one")
	}
	return one, err
}
