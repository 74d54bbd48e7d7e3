package segkit

import (
	"fmt"
	"reflect"
	"strings"
)

// warm is a method that can continue given segments.
type warm interface {
	// cold returns the method without its start, and what the start holds.
	cold() (m Method, start string)
}

// spellOut writes a method or transformer out for a memory key: its type, every option, tables by their content. It is not
// known for types from elsewhere: nobody would notice that their code has changed, so nothing they made is remembered.
func spellOut(options any) (text string, known bool) {
	t := reflect.TypeOf(options)
	if t == nil { // a step left out: whoever runs it says so
		return "nil", false
	}
	if m, ok := options.(warm); ok {
		options, text = m.cold()
	}
	return fmt.Sprintf("%s%#v", text, options), strings.HasPrefix(t.PkgPath(), reflect.TypeFor[Table]().PkgPath())
}

// only returns the options of a call that takes them or none.
func only[O any](op string, o []O) (one O, err error) {
	switch len(o) {
	case 0:
	case 1:
		one = o[0]
	default:
		err = &OptionError{op, reflect.TypeFor[O]().Name(), len(o), "at most one"}
	}
	return one, err
}
