package campaign

import (
	"fmt"
	"io"
	"strings"

	"github.com/segkit/lab/internal/atomicfile"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/inert"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
)

// The plan as one page: a card per segment, without scripts, on paper and on a phone.

const pageStyle = `<style>
.plan{font:15px/1.45 system-ui,sans-serif;color:#1a1a1a;background:#fff;max-width:62em;margin:0 auto;padding:.5em}
.plan h1{font-size:1.35em;margin:.2em 0 .8em}
.plan section{border:1px solid #bbb;border-left:6px solid #0072B2;padding:.6em 1em;margin:0 0 1em;break-inside:avoid}
.plan h2{font-size:1.1em;margin:0 0 .2em}.plan h2 span{font-weight:400;color:#595959}
.plan p{margin:.2em 0}.plan .do{font-size:1.05em;margin:.6em 0}
.plan dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(13em,1fr));gap:.4em 1.2em;margin:.5em 0}
.plan dt{color:#595959;font-size:.87em}.plan dd{margin:0}
.plan footer{color:#595959;font-size:.87em}
</style>
`

// HTML returns the plan as part of a page, with a card for each segment; nb.HTML shows it. All text is escaped.
func (a *ActionPlan) HTML() string {
	if a == nil {
		return ""
	}
	var b strings.Builder
	b.WriteString(pageStyle + "<div class=\"plan\">\n")
	fmt.Fprintf(&b, "<h1>%s</h1>\n", inert.HTML(a.finding()))
	for _, s := range a.Segments {
		fmt.Fprintf(&b, "<section><h2>%s <span>%s, %s</span></h2>\n", inert.HTML(s.Segment), wording.Plural(s.Customers, "customer"), wording.Percent(s.Share))
		if len(s.Who) > 0 {
			fmt.Fprintf(&b, "<p>%s.</p>\n", inert.HTML(wording.Capital(strings.Join(s.Who, "; "))))
		}
		fmt.Fprintf(&b, "<p class=\"do\"><strong>%s.</strong> %s</p>\n<dl>\n", inert.HTML(s.Play.Name), inert.HTML(s.Play.Do))
		expected := a.expected(s)
		if risk := a.risk(s); risk != "" {
			expected += "; " + risk
		}
		for _, item := range [][2]string{{"They brought in", a.brought(s)}, {wording.Capital(a.ahead()), expected}, {"The evidence", s.Because},
			{"If one in a hundred " + strings.TrimSpace(s.Play.Success+", that brings in"), a.point(s)}, {"How to test it", s.Test}, {"What a test showed", s.Shown}, {"Only a hypothesis", s.Hypothesis}} {
			if item[1] != "" && item[1] != sheet.Missing {
				fmt.Fprintf(&b, "<div><dt>%s</dt><dd>%s</dd></div>\n", inert.HTML(item[0]), inert.HTML(item[1]))
			}
		}
		b.WriteString("</dl></section>\n")
	}
	fmt.Fprintf(&b, "<footer>%s</footer>\n</div>\n", inert.HTML(strings.Join(a.Notes, " ")))
	return b.String()
}

// Save writes the plan as a page of its own that opens without a network, completely or not at all.
func (a *ActionPlan) Save(path string) error {
	if a == nil {
		return fault.Nil("campaign.ActionPlan.Save", "plan")
	}
	return atomicfile.Write(path, func(w io.Writer) error {
		_, err := fmt.Fprintf(w, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>Plan</title></head><body>\n%s</body></html>\n", a.HTML())
		return err
	})
}
