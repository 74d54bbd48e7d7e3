package typing

import (
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/segkit/lab/internal/atomicfile"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/inert"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// The scoring sheet outside the notebook: for a spreadsheet, and for one who asks.

// WriteCSV writes the points to a file, a row for each answer: question, answer, and the points for each segment; the first row has the
// points with which a respondent starts. Nothing in it runs as a formula in a spreadsheet.
func (p *Points) WriteCSV(path string) error {
	if p == nil {
		return fault.Nil("typing.Points.WriteCSV", "scoring sheet")
	}
	columns := []table.Column{{Name: "question"}, {Name: "answer"}}
	for _, name := range p.Names {
		columns = append(columns, table.Column{Name: "points for " + name})
	}
	var ids []string
	var data []float64
	level := func(j int, text string) float64 {
		columns[j].Levels = append(columns[j].Levels, text)
		return float64(len(columns[j].Levels) - 1)
	}
	row := func(id, question, answer string, points []int) {
		ids = append(ids, id)
		if data = append(data, math.NaN(), math.NaN()); answer != "" {
			data[len(data)-1] = level(1, answer)
		}
		data[len(data)-2] = level(0, question)
		for _, v := range points {
			data = append(data, float64(v))
		}
	}
	row("0", "start with", "", p.Start)
	for j, q := range p.Questions {
		for a, answer := range q.Answers {
			row(fmt.Sprintf("%d.%d", j+1, a+1), q.Text, answer, p.Answers[j][a])
		}
	}
	return table.FromRaw(table.Raw{IDs: ids, Columns: columns, Data: data, IDName: "no"}).WriteCSV(path)
}

// WritePage writes the tool as one HTML page to print or to fill in on a screen: the questions with their answers and points, how to add them
// up, and how far to trust the result. On a screen, the page adds up the points itself, without a network.
func (t *Tool) WritePage(path string) error {
	if t == nil {
		return fault.Nil("typing.Tool.WritePage", "tool")
	}
	return atomicfile.Write(path, func(w io.Writer) error {
		_, err := io.WriteString(w, t.page())
		return err
	})
}

// HTML returns the page of WritePage without its head, as a notebook shows it.
func (p *Points) HTML() string {
	var b strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	esc := inert.HTML
	say(`<table class="typing"><thead><tr><th scope="col">Question</th><th scope="col">Answer</th>`)
	for _, name := range p.Names {
		say(`<th scope="col">%s</th>`, esc(name))
	}
	say(`</tr></thead><tbody>`)
	points := func(of []int) {
		for _, v := range of {
			zero := ""
			if v == 0 {
				zero = ` class="zero"`
			}
			say(`<td%s>%d</td>`, zero, v)
		}
		say(`</tr>`)
	}
	say(`<tr class="start"><th scope="row" colspan="2">Start with</th>`)
	points(p.Start)
	for j, q := range p.Questions {
		for a, answer := range q.Answers {
			first := ""
			if a == 0 {
				say(`<tr class="first"><th scope="rowgroup" rowspan="%d">%d. %s</th>`, len(q.Answers), j+1, esc(q.Text))
			} else {
				say(`<tr%s>`, first)
			}
			said := make([]string, len(p.Names))
			for l, v := range p.Answers[j][a] {
				said[l] = fmt.Sprint(v)
			}
			say(`<td><label><input type="radio" name="q%d" data-points="%s"> %s</label></td>`, j+1, strings.Join(said, " "), esc(answer))
			points(p.Answers[j][a])
		}
	}
	say(`</tbody><tfoot><tr class="total"><th scope="row" colspan="2">Total</th>`)
	for l := range p.Names {
		say(`<td class="sum" data-start="%d"></td>`, p.Start[l])
	}
	say(`</tr></tfoot></table>`)
	return sheet.Scroll("questions and points", b.String())
}

// page is the whole page.
func (t *Tool) page() string {
	var b strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	esc := inert.HTML
	title := fmt.Sprintf("Which segment? %s", wording.Capital(wording.Plural(len(t.Questions), "question")))
	say(`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>%s</title><style>%s</style></head><body>`, esc(title), pageStyle)
	say(`<h1>%s</h1>`, esc(title))
	say(`<p>Ask the questions in this order, mark one answer to each, and add up the points of the marked rows, column by column, including those to start with. The segment with the highest total is the respondent's; if totals are equal, it is the one further left. Skip a question that was not answered. %s</p>`, esc(t.Points.lead()))
	b.WriteString(t.Points.HTML())
	say(`<p class="result" aria-live="polite"></p>`)
	say(`<p class="trust">%s The sheet in whole points names %s correctly (%s to %s).</p>`, esc(t.Says()), sheet.Percent(t.Hand.Value), sheet.Percent(t.Hand.Low), sheet.Percent(t.Hand.High))
	b.WriteString(t.Segments().HTML())
	say(`<script>%s</script></body></html>`, fmt.Sprintf(pageScript, t.Points.Clear))
	return b.String()
}

const pageStyle = `body{font:16px/1.45 system-ui,sans-serif;color:#222;background:#fff;max-width:60em;margin:1.5em auto;padding:0 1em}
h1{font-size:1.4em}table{border-collapse:collapse;margin:1em 0;font-size:15px}th,td{padding:.3em .6em;border-bottom:1px solid #ddd;vertical-align:top}
th{text-align:left;font-weight:600}thead th:nth-child(n+3){text-align:right}td{text-align:right;font-variant-numeric:tabular-nums}tbody td:first-of-type{text-align:left}.start td:first-of-type,.total td:first-of-type{text-align:right}
.zero{color:#6b6b6b}.first th,.first td{border-top:2px solid #888}.total th,.total td{border-top:2px solid #222;font-weight:700}.total td{min-width:2.5em}
.result{font-size:1.2em;font-weight:700;min-height:1.5em}.trust{color:#444}label{white-space:nowrap}
@media print{input{appearance:none;-webkit-appearance:none;width:.8em;height:.8em;border:1px solid #222;border-radius:50%;background:#fff}.result{display:none}}`

const pageScript = `var names=[].slice.call(document.querySelectorAll('thead th'),2).slice(0,document.querySelectorAll('.sum').length).map(function(h){return h.textContent});
function add(){var sums=[].map.call(document.querySelectorAll('.sum'),function(c){return +c.dataset.start}),given=document.querySelectorAll('input:checked');
[].forEach.call(given,function(i){i.dataset.points.split(' ').forEach(function(v,l){sums[l]+=+v})});
if(!given.length)return;
[].forEach.call(document.querySelectorAll('.sum'),function(c,l){c.textContent=sums[l]});
var best=sums.indexOf(Math.max.apply(null,sums)),others=sums.filter(function(v,l){return l!=best}),lead=sums[best]-Math.max.apply(null,others);
document.querySelector('.result').textContent=(lead<%d?'Not sure; most points: ':'')+names[best]}
document.addEventListener('change',add)`
