package segkit

// NullControl is the test of a sweep against data with one group only.
type NullControl struct {
	Draws            int     // of each kind
	Gaussian, Copula float64 // p-value against one Gaussian; against a blob with the columns' own margins
	K                int     // where the sweep stands out most
	Structure        bool    // both p-values are at most Level
	Level            float64 // .01
}
