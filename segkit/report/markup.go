package report

import (
	"fmt"
	"strings"

	"github.com/segkit/lab/segkit/internal/inert"
)

// markup is a piece of a page that may hold tags. Everything else is text, and is escaped: no name in the data can become a tag.
type markup string

// put fills a format, whose own tags are ours, with arguments: markup goes in as it is, all other values as text.
func put(format string, args ...any) markup {
	for i, a := range args {
		switch a := a.(type) {
		case markup:
			args[i] = string(a)
		case int:
		default:
			args[i] = inert.HTML(fmt.Sprint(a))
		}
	}
	return markup(fmt.Sprintf(format, args...))
}

// each joins what of makes of every item.
func each[T any](items []T, of func(i int, item T) markup) markup {
	var b strings.Builder
	for i, item := range items {
		b.WriteString(string(of(i, item)))
	}
	return markup(b.String())
}

// paragraphs are sentences, each on its own.
func paragraphs(class string, sentences ...string) markup {
	return each(sentences, func(_ int, s string) markup {
		if s == "" {
			return ""
		}
		return put("<p class=\"%s\">%s</p>\n", class, s)
	})
}
