package main

// The sentences of package engine are written for programs. Whoever types a command knows flags and the keys of the source file instead.

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/segkit/lab/segkit/cmd/internal/choices"
	"github.com/segkit/lab/segkit/sheet"
)

var sayings = []struct {
	of   *regexp.Regexp
	says string
}{
	// sentences, in which more than a name is different
	{regexp.MustCompile(`features\.Without\("status", ("[^"]*")\) leaves them out, or features\.OrdersOptions\.Undone names them`),
		`a line such as undone = [$1] in the source file says so, and undone = [] says that they stand`},
	{regexp.MustCompile(`name those of its words whose orders came to nothing in features\.OrdersOptions\.Undone, such as \[\]string\{("[^"]*")\}, or set it to \[\]string\{\} if none does`),
		`name those of its words whose orders came to nothing in the source file, as in undone = [$1], or say undone = [] there if none does`},
	{regexp.MustCompile(`Source\.Undone answers for any word of (.+), new ones too: with Source\.UndoneAmong = \[\]string\{(.*)\}, words`),
		`undone answers for any word of $1, new ones too: with undone_among = [$2] in the source file, words`},
	{regexp.MustCompile(`engine\.Source\.UndoneAmong = \[(.+)\], want Undone too`), `undone_among names words, and needs undone beside it`},
	{regexp.MustCompile(`set features\.OrdersOptions\.Status if a column says it, or features\.OrdersOptions\.Undone to \[\]string\{\} if`), `name it in the source file, as in status = "COLUMN", if a column says it, or say undone = [] there if`},
	{regexp.MustCompile(`clean with features\.(\w+) first(: orders\.Clean\(.*\))?`), `put features.$1 into the list of rules in the source file`},
	{regexp.MustCompile(`engine\.Source\.Columns = map\[\S*?\], want|engine\.Source\.Columns = \[([^\]]*)\], want`), `the source file names the columns $1: want`},
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
	{regexp.MustCompile(`\bengine: `), ``},
}

var keyOf = regexp.MustCompile(`the key (Table|Query|Descriptors|Undone|Currency|Columns)`)

// asTyped says a sentence in flags and keys.
func asTyped(sentence string) string {
	for _, s := range sayings {
		sentence = s.of.ReplaceAllString(sentence, s.says)
	}
	sentence = keyOf.ReplaceAllStringFunc(sentence, strings.ToLower)
	return choices.InWords(sentence, func(column, values string) string {
		if values == "" {
			return "a WHERE in a query, by " + column
		}
		return fmt.Sprintf("a WHERE in a query (%s other than %s)", column, values)
	})
}

// typed says a whole result so.
func typed(s sheet.Sheet) sheet.Sheet { return choices.Sheet(s, asTyped) }
