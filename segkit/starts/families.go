package starts

import "github.com/segkit/lab/segkit/internal/enum"

// Family says how a start begins. A Gaussian mixture begins in several ways, in turn, because the EM algorithm climbs to the
// nearest peak: k-means cuts through long groups that lie side by side, so from its partitions all starts may agree on the
// wrong peak.
type Family uint8

const (
	OnlyStart         Family = iota // the method has a single way to begin, or was given one
	KMeansStart                     // a k-means partition of the standardised columns
	WhitenedStart                   // a k-means partition of whitened columns: uncorrelated, each of variance 1
	RandomRowsStart                 // k random customers, the others going to the nearest
	SpreadStart                     // k customers far apart, as in k-means++
	WhitenedRowsStart               // the same in whitened columns
)

var startFamilyNames = [...]string{OnlyStart: "", KMeansStart: "k-means", WhitenedStart: "k-means, whitened", RandomRowsStart: "random rows",
	SpreadStart: "k-means++", WhitenedRowsStart: "k-means++, whitened"}

func (f Family) String() string { return enum.Name(f, startFamilyNames[:]) }

// MarshalText writes the name that String gives.
func (f Family) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (f *Family) UnmarshalText(text []byte) error {
	return enum.Read(f, text, "family of starts", startFamilyNames[:])
}
