package notebook

import (
	"strings"
	"testing"
)

func TestTablesOfTextsCanBeReadByEverybody(t *testing.T) {
	page := readable("<table>\n<thead>\n<tr>\n<th></th>\n<th style=\"text-align:left\"></th>\n</tr>\n</thead>\n<tbody><tr><td>Question</td></tr></tbody></table> and " +
		"<table>\n<thead>\n<tr>\n<th></th>\n<th>says</th>\n</tr>\n</thead></table> and <table style=\"x\"><thead><tr><th></th></tr></thead></table>")
	if strings.Count(page, "<thead>") != 1 || !strings.Contains(page, "says") {
		t.Errorf("heads without a word remain, or others are gone: %s", page)
	}
	if strings.Count(page, `tabindex="0"`) != 2 || strings.Count(page, "</table></div>") != 2 {
		t.Errorf("want the two tables without attributes to scroll: %s", page)
	}
}
