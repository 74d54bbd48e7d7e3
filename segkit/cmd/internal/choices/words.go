package choices

// Many sentences are written for programs, and name what Go calls it. Whoever types a command knows rules by their names, and flags.

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/internal/flags"
	"github.com/segkit/lab/segkit/sheet"
)

var (
	// operation is the function that an error comes from. A file may be called table.CSV, a function may not.
	operation   = regexp.MustCompile(`\b(segkit|features|table|engine|track|report|inspect|describe|judge|choose|prep|cluster|rulebook|value|privacy|predict|job|Model)(\.[A-Z][a-z]\w*)+: `)
	withoutRule = regexp.MustCompile(`features\.Without\("([^"]*)", (?:((?:"(?:[^"\\]|\\.)*"(?:, )?)+)|…)\)`)
	ruleName    = func() *strings.Replacer {
		var pairs []string
		for constant, rule := range map[string]features.Rule{"NoCustomer": features.NoCustomer, "MissingValue": features.MissingValue, "Duplicate": features.Duplicate, "TestOrder": features.TestOrder,
			"NetCancelled": features.NetCancelled, "Cancelled": features.Cancelled, "Returned": features.Returned, "Undone": features.Undone, "SameEmail": features.SameEmail,
			"ZeroQuantity": features.ZeroQuantity, "ZeroPrice": features.ZeroPrice, "NegativePrice": features.NegativePrice} {
			pairs = append(pairs, "features."+constant, `the rule "`+rule.Name+`"`, constant+": ", `The rule "`+rule.Name+`": `) // as a ledger begins what it says of a rule
		}
		return strings.NewReplacer(pairs...)
	}()
	sayings = []struct {
		of   *regexp.Regexp
		says string
	}{
		{regexp.MustCompile(`features\.Without\("status", ("[^"]*")\) leaves them out, or (?:features\.OrdersOptions\.Undone|--undone) names them`), `--undone $1 says so, and --undone '' says that they stand`},
		{regexp.MustCompile(`name those of its words whose orders came to nothing in features\.OrdersOptions\.Undone, such as \[\]string\{("[^"]*")\}, or set it to \[\]string\{\} if none does|name those of its words whose orders came to nothing in --undone, such as \[\]string\{("[^"]*")\}, or set it to \[\]string\{\} if none does`),
			`name those of its words whose orders came to nothing with --undone, such as --undone $1$2, or say --undone '' if none does`},
		{regexp.MustCompile(`(?:features\.OrdersOptions\.Undone|--undone) to \[\]string\{\}`), `--undone ''`},
		{regexp.MustCompile(`name those in features\.OrdersOptions\.Back, such as \[\]string\{("[^"]*")\}, or set it to \[\]string\{\} if none does`), `name those with --back, such as --back $1, or say --back '' if none does`},
		{regexp.MustCompile(`(clean with features\.\w+ first): orders\.Clean\(.*\)`), `$1`},
		{regexp.MustCompile(`CSVOptions\{Units: map\[string\]string\{"[^"]*": ""\}\} reads them as numbers`), `write them without zeros in front`},
		{regexp.MustCompile(`; Frame has the other \d+ too`), ``},
		{regexp.MustCompile(`use prep\.\w+(?: first| for this column| before it| in the recipe)?`), `form the segments by other --columns`},
		{regexp.MustCompile(`: table\.ReadCSV\(.*?\) reads it`), ``},
		{regexp.MustCompile(`read (the file|it) (as a customer table )?with table\.ReadCSV`), `read $1 as customers`},
	}
)

// InWords says a sentence as the command line has it. Rules without a name of their own leave out lines whose column has some values, which are "" where the
// sentence does not say them: without says how to do it.
func InWords(sentence string, without func(column, values string) string) string {
	for _, s := range sayings {
		sentence = s.of.ReplaceAllString(sentence, s.says)
	}
	sentence = operation.ReplaceAllString(sentence, "")
	sentence = withoutRule.ReplaceAllStringFunc(sentence, func(rule string) string {
		of := withoutRule.FindStringSubmatch(rule)
		return without(of[1], of[2])
	})
	return ruleName.Replace(sentence)
}

// InFlags is InWords where options are flags, as in the commands that read a file. These filter no lines: what is not meant goes out of the file.
func InFlags(sentence string) string {
	return flags.InFlags(InWords(sentence, func(column, values string) string {
		if values == "" {
			return "deleting lines from the file by their " + column
		}
		return fmt.Sprintf("deleting the lines with %s %s from the file", column, values)
	}))
}

// Asks reports whether a note of InFlags names a flag, and so leaves something for its reader to say.
func Asks(note string) bool { return strings.Contains(note, " --") }

// Sheet puts all words of a result through say.
func Sheet(s sheet.Sheet, say func(string) string) sheet.Sheet {
	s.Caption = say(s.Caption)
	for i, row := range s.Rows {
		for j, cell := range row {
			s.Rows[i][j] = say(cell)
		}
	}
	for i, note := range s.Notes {
		s.Notes[i] = say(note)
	}
	return s
}
