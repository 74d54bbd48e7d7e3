package table

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/fault"
)

// One column of numbers in the dialects of many programs: what is read is right, with its unit.
func TestReadCSVReadsNumbersInManyDialects(t *testing.T) {
	for cells, c := range map[string]struct {
		want []float64
		unit string
	}{
		"1,23,456.00|12,000.00": {[]float64{123456, 12000}, ""},
		"$1,234.56|$40.00":      {[]float64{1234.56, 40}, "$"},
		"1.355,90 €|12,00 €":    {[]float64{1355.9, 12}, "EUR"},
		"12.50|(12.50)|3-":      {[]float64{12.5, -12.5, -3}, ""},
		"1 234,5|−7,25":         {[]float64{1234.5, -7.25}, ""},
		"12 %|7.5 %":            {[]float64{12, 7.5}, "%"},
		"4.440892e-16|1e20|0.1": {[]float64{4.440892e-16, 1e20, 0.1}, ""},
		"123456789012345678901": {[]float64{123456789012345678901}, ""},
	} {
		rows := tableOf(t, "id;v\n"+numbered(strings.Split(cells, "|")))
		if got, _ := rows.Values("v"); !sameFloats(got, c.want) || rows.raw.Columns[0].Unit != c.unit {
			t.Errorf("%s: %v %q, want %v %q", cells, got, rows.raw.Columns[0].Unit, c.want, c.unit)
		}
	}
}

func numbered(cells []string) string {
	var b strings.Builder
	for i, text := range cells {
		fmt.Fprintf(&b, "c%d;%s\n", i, text)
	}
	return b.String()
}

// Advice is tried before it is given: a column of made-up cells is read right, or the options that the error names read it,
// one of them right; and what it says the column adds up to is what it then adds up to.
func TestAdviceIsTried(t *testing.T) {
	draw := rand.New(rand.NewPCG(11, 11))
	named := regexp.MustCompile(`CSVOptions\{(Decimal: '(.)'|Missing: \[\]string\{(.*?)\}|Text: \[\]string\{"(.*?)"\})\}(?: for ([−0-9.,]+[0-9]))?`)
	asked, followed := 0, 0
	for range 600 {
		decimal := []string{".", ","}[draw.IntN(2)]
		group := []string{"", map[string]string{".": ",", ",": "."}[decimal], " ", "'"}[draw.IntN(4)]
		places, unit := draw.IntN(4), []string{"", "", " €", " kr", " %"}[draw.IntN(5)]
		strange := []string{"", "", "?", "-", "none", "n. a."}[draw.IntN(6)]
		var cells []string
		sum := 0.0
		for range 1 + draw.IntN(6) {
			v := draw.IntN(5_000_000)
			if draw.IntN(2) == 0 {
				v = draw.IntN(50_000)
			}
			text := strconv.Itoa(v)
			for len(text) <= places {
				text = "0" + text
			}
			whole, fraction := text[:len(text)-places], text[len(text)-places:]
			for i := len(whole) - 3; i > 0; i -= 3 {
				whole = whole[:i] + group + whole[i:]
			}
			if fraction != "" {
				whole += decimal + fraction
			}
			cells = append(cells, whole+unit)
			f, _ := strconv.ParseFloat(fmt.Sprintf("%de-%d", v, places), 64)
			sum += f
		}
		if strange != "" {
			cells = append(cells, strange, "")
		}
		text := "id;v;other\n" + strings.ReplaceAll(numbered(cells), "\n", ";1"+decimal+"5\n")
		read := func(o ...CSVOptions) (total float64, err error) {
			rows, err := ParseCSV(strings.NewReader(text), "made up", "id", o...)
			if err != nil {
				return 0, err
			}
			values, _ := rows.Values("v")
			for _, v := range values {
				if v == v {
					total += v
				}
			}
			return total, nil
		}
		right := func(total float64) bool { return total-sum < 1e-6 && sum-total < 1e-6 }
		options := CSVOptions{}
		total, err := read()
		for step := 0; err != nil; step++ {
			asked++
			var e *fault.CellError
			if !errors.As(err, &e) || step == 3 {
				t.Fatalf("%s%v", text, err)
			}
			advice := named.FindAllStringSubmatch(e.Remedy, -1)
			next, nextErr := CSVOptions{}, error(nil)
			for _, a := range advice {
				tried := options
				switch {
				case a[2] != "":
					tried.Decimal = rune(a[2][0])
				case a[3] != "":
					for _, q := range strings.Split(a[3], ", ") {
						marker, _ := strconv.Unquote(q)
						tried.Missing = append(tried.Missing, marker)
					}
				default:
					tried.Text = []string{a[4]}
				}
				followed++
				got, err := read(tried)
				var again *fault.CellError
				if err != nil && (!errors.As(err, &again) || again.Why == e.Why) {
					t.Fatalf("%s%v\nfollowed, gives %v", text, e, err)
				}
				if a[5] != "" { // what it says the column adds up to
					said, _ := strconv.ParseFloat(strings.ReplaceAll(strings.ReplaceAll(a[5], ",", ""), "−", "-"), 64)
					if err != nil || got-said > 1e-6 || said-got > 1e-6 {
						t.Fatalf("%s%v\nfollowed, adds up to %v, %v", text, e, got, err)
					}
				}
				if a[2] == decimal || a[3] != "" { // what the user, who knows the file, would choose
					next, total, nextErr = tried, got, err
				}
			}
			if next.Decimal == 0 && next.Missing == nil {
				t.Fatalf("%s%v\nnames no right answer", text, e)
			}
			options, err = next, nextErr
		}
		if !right(total) {
			t.Fatalf("%sadds up to %v, not %v, with %+v", text, total, sum, options)
		}
	}
	if asked < 50 || followed < 50 {
		t.Errorf("%d questions, %d answers: too few to mean anything", asked, followed)
	}
}
