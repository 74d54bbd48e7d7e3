package main

import (
	"regexp"
	"strings"
)

// loads matches what makes a browser fetch something when it opens a page: scripts, frames, pictures, style sheets, fonts.
var loads = regexp.MustCompile(`(?i)<(?:script|img|iframe|embed|source|audio|video|track|object|image|use|link)\b[^>]*?\s(?:src|href|data|xlink:href|poster)\s*=\s*["']?\s*((?:https?:|file:|//)[^"'\s>]*)` +
	`|url\(\s*["']?\s*((?:https?:|file:|//)[^"')\s]*)` +
	`|@import\s+["']((?:https?:|file:|//)[^"']*)`)

// outside returns the addresses that the page would load from elsewhere; a page that a reader can open with the network
// off has none. Links to follow are no such thing.
func outside(html string) []string {
	var addresses []string
	for _, m := range loads.FindAllStringSubmatch(html, -1) {
		addresses = append(addresses, strings.Join(m[1:], ""))
	}
	return addresses
}
