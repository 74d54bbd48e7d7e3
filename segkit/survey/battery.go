package survey

import "slices"

// Batteries returns the names of questions that stand beside each other and are answered on the same scale, or by yes and no: two at
// least in each.
func (a *Answers) Batteries() [][]string {
	if a == nil {
		return nil
	}
	var out [][]string
	for _, battery := range a.batteries() {
		var names []string
		for _, j := range battery {
			names = append(names, a.questions[j].Name)
		}
		out = append(out, names)
	}
	return out
}

// batteries are the positions of Batteries.
func (a *Answers) batteries() (out [][]int) {
	for from := 0; from < len(a.questions); {
		first := a.questions[from]
		battery := []int{from}
		for j := from + 1; j < len(a.questions) && a.questions[j].Kind == first.Kind && first.Values != nil && slices.Equal(a.questions[j].Values, first.Values); j++ {
			battery = append(battery, j)
		}
		if len(battery) > 1 {
			out = append(out, battery)
		}
		from += len(battery)
	}
	return out
}
