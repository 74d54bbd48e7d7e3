package notebook

import (
	"regexp"
	"strings"

	"github.com/segkit/lab/segkit/sheet"
)

// In Markdown a table has no attributes, and always a head, which is empty where the author wanted none.
var (
	markdownTable = regexp.MustCompile(`(?s)<table>.*?</table>`)
	emptyHead     = regexp.MustCompile(`<thead>\s*<tr>\s*(?:<th[^>]*></th>\s*)+</tr>\s*</thead>\s*`)
)

// readable makes the tables of a page's texts such that a screen reader meets no empty header, and that they scroll on a phone.
func readable(html string) string {
	return markdownTable.ReplaceAllStringFunc(emptyHead.ReplaceAllString(html, ""), func(table string) string { return sheet.Scroll("table", table) })
}

// loads matches what makes a browser fetch something when it opens a page: scripts, frames, pictures, style sheets, fonts.
var loads = regexp.MustCompile(`(?i)<(?:script|img|iframe|embed|source|audio|video|track|object|image|use|link)\b[^>]*?\s(?:src|href|data|xlink:href|poster)\s*=\s*["']?\s*((?:https?:|file:|//)[^"'\s>]*)` +
	`|url\(\s*["']?\s*((?:https?:|file:|//)[^"')\s]*)` +
	`|@import\s+["']((?:https?:|file:|//)[^"']*)`)

// Outside returns the addresses that the page would load from elsewhere; a page that a reader can open with the network
// off has none. Links to follow are no such thing.
func Outside(html string) []string {
	var addresses []string
	for _, m := range loads.FindAllStringSubmatch(html, -1) {
		addresses = append(addresses, strings.Join(m[1:], ""))
	}
	return addresses
}
