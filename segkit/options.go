package segkit

import (
	"fmt"
	"reflect"
	"strings"
)

// spellOut writes a method or transformer out for a memory key: its type, every option, tables by their content. It is not
// known for types from elsewhere: nobody would notice that their code has changed, so nothing they made is remembered.
func spellOut(options any) (text string, known bool) {
	t := reflect.TypeOf(options)
	if t == nil { // a step left out: whoever runs it says so
		return "nil", false
	}
	if km, ok := options.(KMeans); ok && km.Start != nil {
		text = km.Start.Fingerprint() + " "
		km.Start = nil
		options = km
	}
	return fmt.Sprintf("%s%#v", text, options), strings.HasPrefix(t.PkgPath(), reflect.TypeFor[Table]().PkgPath())
}
