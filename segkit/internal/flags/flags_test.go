package flags

import "testing"

func TestSentencesForTheCommand(t *testing.T) {
	for said, want := range map[string]string{
		`set features.OrdersOptions.Amount = "Line total" if it is for the line`: `set --role amount='Line total' if it is for the line`,
		`set OrdersOptions.Customer, perhaps to "mail"`:                          `set --role customer=COLUMN, perhaps to "mail"`,
		`set features.OrdersOptions.Decimal to ','`:                              `set --decimal to ','`,
		`give it in features.OrdersOptions.DateLayout`:                           `give it in --date`,
		`read the file with CSVOptions{Decimal: '.'} for 3.75`:                   `read the file with --decimal=. for 3.75`,
		`with CSVOptions{Text: []string{"a b"}}`:                                 `with --text 'a b'`,
		`list it in table.CSVOptions.Missing`:                                    `list it in --missing`,
		`list it in features.OrdersOptions.Missing ("not yet") if it says so`:    `list it in --missing 'not yet' if it says so`,
		`OrdersOptions.HeaderLine to 3`:                                          `--header-line to 3`,
	} {
		if got := InFlags(said); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	for want, got := range map[string]string{
		"--missing '?'":         Of("missing", []string{"", "NA", "?"}),
		"--undone ''":           Of("undone", []string{}),
		`--role date='it'\''s'`: Of("date", "it's"),
		"--header-line 3":       Of("header_line", 3),
		"--date 2/1/2006":       Of("date_layout", "2/1/2006"),
		"--back x --back 'y z'": Of("back", []string{"x", "y z"}),
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
