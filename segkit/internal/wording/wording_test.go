package wording

import "testing"

func TestFigureHasTheDigitsThatAReaderNeeds(t *testing.T) {
	for v, want := range map[float64]string{306.4: "306", 1234567: "1,234,567", 27.84: "27.8", 11: "11", 99.96: "100", 4: "4", 0.254: "0.25", 0.5: "0.5", 0: "0", -27.84: "−27.8", 100: "100"} {
		if got := Figure(v); got != want {
			t.Errorf("%g is %q, want %q", v, got, want)
		}
	}
}

func TestColumnsReadAsWords(t *testing.T) {
	for want, names := range map[string][]string{
		"Spend comes":                           {"spend"},
		"First basket and first items come":     {"first_basket", "first_items"},
		"Annual Income, iPhone and e-mail come": {"Annual Income (k$)", "iPhone", "e-mail"},
		"iPhone comes":                          {"iPhone"},
	} {
		if got := Columns(names, "comes", "come"); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestCodeReadsAsItWasWritten(t *testing.T) {
	for formula, want := range map[string]string{
		"spend > 100":           `"spend > 100"`,
		`country == "Hull"`:     "`country == \"Hull\"`",
		"a == \"`\"":            `"a == \"` + "`" + `\""`, // a backtick cannot stand in backticks
		"country == \"\u202e\"": `"country == \"\u202e\""`,
	} {
		if got := Code(formula); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func TestCurled(t *testing.T) {
	for sentence, want := range map[string]string{
		`"Loyal" splits off from "All" ("old").`: "“Loyal” splits off from “All” (“old”).",
		`12" plates of "Loyal", 14" trays`:       `12" plates of “Loyal”, 14" trays`,
		"no names":                               "no names",
	} {
		if got := Curled(sentence); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
