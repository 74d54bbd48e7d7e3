package privacy

import "github.com/segkit/lab/segkit/fault"

// Rules say what a shared table may show. The zero value takes the defaults, which are also used by statistical offices (Hundepool et
// al. 2012, "Statistical Disclosure Control", Wiley, doi:10.1002/9781118348239, ch. 4 and 5).
type Rules struct {
	MinCount int     // fewest customers on whom a figure may rest: 0 means 10. A cell with 0 customers is shown
	P        float64 // p % rule for sums: the second largest customer of a cell must not be able to estimate the largest to within this many percent; 0 means 10. Readers should not know it
}

// checked fills in the defaults.
func (r Rules) checked() (Rules, error) {
	if r.MinCount == 0 {
		r.MinCount = 10
	}
	if r.P == 0 {
		r.P = 10
	}
	switch {
	case r.MinCount < 2:
		return r, fault.Option("privacy.Rules", "MinCount", r.MinCount, "2 or more: a figure about one customer is that customer")
	case !(r.P > 0 && r.P <= 100):
		return r, fault.Option("privacy.Rules", "P", r.P, "a percentage above 0, at most 100")
	}
	return r, nil
}
