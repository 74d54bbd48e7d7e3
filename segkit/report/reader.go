package report

import (
	"cmp"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// reader writes numbers, dates, money and lists as the readers of one language do.
type reader struct {
	words
	currency string
	lacking  []string // words that the language does not have yet; they stand in English
}

// languages are the words of all languages, English first.
var languages = []*words{&english, &german}

// Languages lists the languages in which reports can be written, English first.
func Languages() []string {
	var out []string
	for _, w := range languages {
		out = append(out, w.Language)
	}
	return out
}

// speaking returns the reader of a language; "" means English.
func speaking(op, language string) (*reader, error) {
	if language == "" {
		language = english.Language
	}
	at := slices.IndexFunc(languages, func(w *words) bool { return w.Language == language })
	if at < 0 {
		return nil, fault.Option(op, "Language", language, "one of "+strings.Join(Languages(), ", "))
	}
	r := &reader{words: *languages[at]}
	r.lacking = complete(reflect.ValueOf(&r.words).Elem(), reflect.ValueOf(english))
	return r, nil
}

// complete fills the words that a language lacks from English, and says which they are.
func complete(to, from reflect.Value) (lacking []string) {
	for i := range to.NumField() {
		name := to.Type().Field(i).Name
		switch f := to.Field(i); f.Kind() {
		case reflect.String:
			if f.String() == "" {
				f.Set(from.Field(i))
				lacking = append(lacking, name)
			}
		case reflect.Map:
			whole := reflect.MakeMap(f.Type()) // with what only this language has
			for _, key := range f.MapKeys() {
				whole.SetMapIndex(key, f.MapIndex(key))
			}
			for _, key := range from.Field(i).MapKeys() {
				v := reflect.Value{}
				if !f.IsNil() {
					v = f.MapIndex(key)
				}
				if !v.IsValid() || v.IsZero() {
					v = from.Field(i).MapIndex(key)
					lacking = append(lacking, name+"["+key.String()+"]")
				}
				whole.SetMapIndex(key, v)
			}
			f.Set(whole)
		}
	}
	slices.Sort(lacking)
	return lacking
}

// Speaking returns the customers with words for segment names in a language, for the columns for which the language has any. A model that is fitted to
// them uses these words to name its segments.
func Speaking(language string, t *table.Table) (*table.Table, error) {
	const op = "report.Speaking"
	if t == nil {
		return nil, fault.Nil(op, "table")
	}
	r, err := speaking(op, language)
	if err != nil {
		return nil, err
	}
	raw := *t.Raw()
	raw.Columns = table.CloneColumns(raw.Columns)
	for j := range raw.Columns {
		c := &raw.Columns[j]
		c.High, c.Low = cmp.Or(r.Highs[c.Name], c.High), cmp.Or(r.Lows[c.Name], c.Low)
	}
	return table.FromRaw(raw), nil
}

// number writes v with so many decimals.
func (r *reader) number(v float64, decimals int) string {
	return r.written(v, sheet.Fixed(v, decimals))
}

// figure writes v with the digits that a reader needs: 306, 27.8, 4, 0.25.
func (r *reader) figure(v float64) string { return r.written(v, wording.Figure(v)) }

// written is v in the language's own separators, where text is v as sheets write it.
func (r *reader) written(v float64, text string) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return missing
	}
	return strings.NewReplacer(",", r.Thousands, ".", r.Decimal).Replace(text)
}

func (r *reader) count(n int) string { return r.number(float64(n), 0) }

// round writes v to three digits, since a forecast has no more: 82,153 is 82,200.
func (r *reader) round(v float64) string {
	if v == 0 || math.IsNaN(v) || math.IsInf(v, 0) {
		return r.number(v, 0)
	}
	digits := 2 - int(math.Floor(math.Log10(math.Abs(v))))
	if digits < 0 {
		scale := math.Pow10(-digits)
		return r.number(math.Round(v/scale)*scale, 0)
	}
	return r.number(v, min(digits, 2))
}

// percent writes a share of 1.
func (r *reader) percent(share float64, decimals int) string {
	if math.IsNaN(share) {
		return missing
	}
	return fmt.Sprintf(r.PercentForm, r.number(100*share, decimals))
}

// inMoney puts the currency to a number: €82,153 in English, 82.153 € in German. A currency without a sign is named by its code.
func (r *reader) inMoney(number string) string {
	if number == missing || r.currency == "" {
		return number
	}
	sign, known := signs[r.currency]
	if !known {
		return number + "\u00a0" + r.currency
	}
	if r.SignFirst == "yes" {
		if rest, negative := strings.CutPrefix(number, "−"); negative {
			return "−" + sign + rest
		}
		return sign + number
	}
	return number + "\u00a0" + sign
}

var signs = map[string]string{"EUR": "€", "GBP": "£", "USD": "$"}

func (r *reader) money(v float64) string { return r.inMoney(r.number(v, 0)) }

// about is money of which three digits can be known.
func (r *reader) about(v float64) string { return r.inMoney(r.round(v)) }

// between is an interval of money.
func (r *reader) between(low, high float64) string {
	return fmt.Sprintf(r.To, r.about(low), r.about(high))
}

// unit is the unit of money in the head of a column.
func (r *reader) unit() string { return r.currency }

func (r *reader) date(t time.Time) string {
	if t.IsZero() {
		return missing
	}
	months := strings.Fields(r.Months)
	return fmt.Sprintf(r.DateForm, fmt.Sprint(t.Day()), months[t.Month()-1], fmt.Sprint(t.Year()))
}

// people counts customers in words.
func (r *reader) people(n int) string {
	if n == 1 {
		return r.OneCustomer
	}
	return fmt.Sprintf(r.Customers, r.count(n))
}

// list joins texts as a sentence does.
func (r *reader) list(texts []string) string {
	if len(texts) < 2 {
		return strings.Join(texts, "")
	}
	return strings.Join(texts[:len(texts)-1], ", ") + r.And + texts[len(texts)-1]
}

// quoted puts the name of a segment into a sentence.
func (r *reader) quoted(name string) string { return r.Open + name + r.Close }
