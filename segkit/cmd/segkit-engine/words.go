package main

// The sentences of package engine are written for programs. Whoever types a command knows flags and the keys of the source file instead.

import (
	"regexp"
	"strings"

	"github.com/segkit/lab/segkit/cmd/internal/choices"
	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/sheet"
)

var sayings = []struct {
	of   *regexp.Regexp
	says string
}{
	// sentences, in which more than a name is different
	{regexp.MustCompile(`features\.Without\("status", ("[^"]*")\) leaves them out, or features\.OrdersOptions\.Undone names them`),
		`a line such as undone = [$1] in the source file says so, and undone = [] says that they stand`},
	{regexp.MustCompile(`clean with features\.(\w+) first(: orders\.Clean\(.*\))?`), `put features.$1 into the list of rules in the source file`},
	{regexp.MustCompile(`engine\.Source\.Columns = map\[\S*?\], want|engine\.Source\.Columns = \[([^\]]*)\], want`), `the source file names the columns $1: want`},
	{regexp.MustCompile(`use prep\.Impute in the recipe, or leave`), `form the segments by other --columns, or leave`},
	{regexp.MustCompile(`begin again with (engine|Engine)\.\w+`), `begin again`},
	{regexp.MustCompile(`check the names in engine\.Source`), `check the names in the source file`},
	{regexp.MustCompile(`cluster\.KMeans\.K = (\S+), want`), `-k is $1, want`},
	{regexp.MustCompile(`engine\.\w+(\.\w+)*\.into = (.+?), want`), `--into is $2, want`},
	{regexp.MustCompile(`engine\.Open\.Scratch = (.+?), want`), `--scratch is $1, want`},
	{regexp.MustCompile(`engine\.Source\.Columns = (.+?), want`), `the key $1 of the source file: want`},
	// names
	{regexp.MustCompile(`(engine\.)?\bSource\.(Table|Query|Descriptors|Undone|Currency|Columns)\b`), `the key $2 of the source file`},
	{regexp.MustCompile(`\b(a|A) Table\b`), `$1 table`},
	{regexp.MustCompile(`\b(a|A) Query\b`), `$1 query`},
	{regexp.MustCompile(`\bengine(\.[A-Z]\w*)*: `), ``},
}

var (
	keyOf   = regexp.MustCompile(`the key (Table|Query|Descriptors|Undone|Currency|Columns)`)
	rulesOf = func() *strings.Replacer {
		var names []string
		for constant, rule := range map[string]features.Rule{"NoCustomer": features.NoCustomer, "MissingValue": features.MissingValue, "Duplicate": features.Duplicate, "TestOrder": features.TestOrder,
			"NetCancelled": features.NetCancelled, "Cancelled": features.Cancelled, "Returned": features.Returned, "Undone": features.Undone, "SameEmail": features.SameEmail,
			"ZeroQuantity": features.ZeroQuantity, "ZeroPrice": features.ZeroPrice, "NegativePrice": features.NegativePrice} {
			names = append(names, "features."+constant, `"`+choices.Names([]features.Rule{rule})+`"`)
		}
		return strings.NewReplacer(names...)
	}()
)

// asTyped says a sentence in flags and keys.
func asTyped(sentence string) string {
	for _, s := range sayings {
		sentence = s.of.ReplaceAllString(sentence, s.says)
	}
	sentence = keyOf.ReplaceAllStringFunc(sentence, strings.ToLower)
	return rulesOf.Replace(sentence)
}

// typed says a whole result so.
func typed(s sheet.Sheet) sheet.Sheet {
	s.Caption = asTyped(s.Caption)
	for i, row := range s.Rows {
		for j, cell := range row {
			s.Rows[i][j] = asTyped(cell)
		}
	}
	for i, note := range s.Notes {
		s.Notes[i] = asTyped(note)
	}
	return s
}
