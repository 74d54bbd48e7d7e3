package xlsx

import "testing"

func TestColumn(t *testing.T) {
	for ref, want := range map[string]int{"A1": 0, "Z9": 25, "AA10": 26, "XFD1": 16383} {
		if j, err := column(ref); j != want || err != nil {
			t.Errorf("%s is column %d, %v, want %d", ref, j, err, want)
		}
	}
}

func TestDatePattern(t *testing.T) {
	for format, want := range map[string]bool{"yyyy-mm-dd": true, "m/d/yy h:mm": true, "0.00": false, "#,##0.00 \"days\"": false, "[Red]0": false, "0\\d": false, "General": false, "[h]:mm": true, "0;d": false} {
		if got := datePattern(format); got != want {
			t.Errorf("%s: %v, want %v", format, got, want)
		}
	}
}
