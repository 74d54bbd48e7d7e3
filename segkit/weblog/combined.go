package weblog

// Logs of web servers, in the Combined Log Format (Apache's and nginx's) or the Common one, which lacks where a request came from and the user agent.

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/internal/cell"
	"github.com/segkit/lab/segkit/internal/layout"
	"github.com/segkit/lab/segkit/internal/records"
	"github.com/segkit/lab/segkit/internal/wording"
)

// combinedHeader are the parts of a line, as columns.
var combinedHeader = []string{"host", "user", "time", "method", "request", "status", "referrer", "user agent"}

// request is where the parts of a line stand, in the order of combinedHeader.
type request [8]records.Span

// serverLog reports whether one of the first lines is a server's, and whether that one names the user agent.
func serverLog(start []byte) (is, agents bool) {
	for range 5 {
		line, rest, _ := bytes.Cut(start, []byte{'\n'})
		if r, ok := requestIn(line, 0); ok {
			return true, r[7] != records.Span{}
		}
		start = rest
	}
	return false, false
}

// requestIn finds the parts of a line that begins at place from:
//
//	203.0.113.7 - anna [10/Oct/2025:13:55:36 +0200] "GET /product/7 HTTP/1.1" 200 2326 "https://example.org/" "Mozilla/5.0 …"
func requestIn(line []byte, from int) (r request, ok bool) {
	line = bytes.TrimRight(line, "\r\n ")
	at := 0
	span := func(a, b int) records.Span { return records.Span{From: uint32(from + a), To: uint32(from + b)} }
	word := func() (a, b int) {
		for at < len(line) && line[at] == ' ' {
			at++
		}
		a = at
		for at < len(line) && line[at] != ' ' {
			at++
		}
		return a, at
	}
	between := func(open, close byte) (a, b int, ok bool) {
		for at < len(line) && line[at] == ' ' {
			at++
		}
		if at == len(line) || line[at] != open {
			return 0, 0, false
		}
		at++
		for a = at; at < len(line); at++ {
			if line[at] == '\\' {
				at++
			} else if line[at] == close {
				at++
				return a, at - 1, true
			}
		}
		at = len(line) // and not behind it, where the line was cut after a backslash
		return 0, 0, false
	}
	r[0] = span(word())
	word() // of identd, which nobody runs
	r[1] = span(word())
	a, b, ok := between('[', ']')
	if !ok || b-a < 20 || line[a+11] != ':' {
		return r, false
	}
	r[2] = span(a, b)
	if a, b, ok = between('"', '"'); !ok {
		return r, false
	}
	method, rest, two := bytes.Cut(line[a:b], []byte{' '})
	r[3] = span(a, a+len(method))
	if two {
		address, _, _ := bytes.Cut(rest, []byte{' '})
		r[4] = span(a+len(method)+1, a+len(method)+1+len(address))
	}
	r[5] = span(word())
	word() // bytes
	for k := 6; k < 8; k++ {
		if a, b, ok := between('"', '"'); ok {
			r[k] = span(a, b)
		}
	}
	return r, true
}

// combined reads a server's log; agents says whether it names user agents.
func (r *reading) combined(text *layout.Text, agents bool) (*log, error) {
	p := &plan{op: r.op, file: r.file, header: combinedHeader, o: r.o, server: true}
	for m := range p.at {
		p.at[m] = -1
	}
	p.at[visitorColumn], p.at[customerColumn], p.at[timeColumn], p.at[methodColumn], p.at[pageColumn], p.at[statusColumn], p.at[sourceColumn], p.at[agentColumn] = 0, 1, 2, 3, 4, 5, 6, 7
	missing := r.o.Missing
	if missing == nil {
		missing = cell.Markers
	}
	p.missing = cell.NewMissing(append(slices.Clone(missing), "-"))
	if p.times.zone = r.o.Zone; p.times.zone == "" {
		p.times.zone = cell.AsWritten
		p.notes = append(p.notes, "Times are those of the server's own clock, in summer and in winter.")
	}
	said := "Read as a server's log in the Combined Log Format. Visitors are told apart by address and user agent: people behind one address with identical browsers are one visitor, and one person with two browsers is two."
	if !agents {
		said = "Read as a server's log in the Common Log Format, which names no user agents. Visitors are told apart by address alone: all people behind one address are one visitor, and robots are known only by what they do."
	}
	p.notes = append([]string{said}, p.notes...)
	return r.lines(text.Rest(), p, 0, func() func(b *piece, data []byte) []byte {
		grid := records.Grid{Columns: make([][]records.Span, len(combinedHeader))}
		return func(b *piece, data []byte) []byte {
			for k := range grid.Columns {
				grid.Columns[k] = grid.Columns[k][:0]
			}
			grid.Starts = grid.Starts[:0]
			for from := 0; from < len(data); {
				end := len(data)
				if n := bytes.IndexByte(data[from:], '\n'); n >= 0 {
					end = from + n
				}
				b.lines++
				parts, ok := requestIn(data[from:end], from)
				switch {
				case ok:
					data[int(parts[2].From)+11] = ' ' // 10/Oct/2025:13:55 is a date and a time
					for k, s := range parts {
						grid.Columns[k] = append(grid.Columns[k], s)
					}
					grid.Starts = append(grid.Starts, int32(b.lines))
				case filled(data[from:end]):
					b.odd++
				default:
					b.blank++
				}
				from = end + 1
			}
			b.cells(data, grid)
			return data
		}
	})
}

// browsers makes a visitor of each address with each of its user agents: "203.0.113.7", "203.0.113.7 (2)".
func (l *log) browsers() {
	type pair struct{ host, agent uint32 }
	known, of := map[pair]uint32{}, make([]int, len(l.visitor.names))
	out := texts{codes: make([]uint32, l.len()), names: []string{""}}
	for i, host := range l.visitor.codes {
		if host == 0 {
			continue
		}
		p := pair{host, l.agent.codes[i]}
		code, ok := known[p]
		if !ok {
			code = uint32(len(out.names))
			known[p] = code
			name := l.visitor.names[host]
			if of[host]++; of[host] > 1 {
				name = fmt.Sprintf("%s (%d)", name, of[host])
			}
			out.names = append(out.names, name)
		}
		out.codes[i] = code
	}
	l.visitor = out
}

// searches and socials are parts of the names of servers from which visitors come.
var (
	searches = []string{"google.", "bing.", "duckduckgo.", "yahoo.", "ecosia.", "baidu.", "yandex.", "qwant.", "startpage.", "search.brave."}
	socials  = []string{"facebook.", "instagram.", "twitter.", "linkedin.", "pinterest.", "reddit.", "youtube.", "tiktok.", "threads."}
)

// channels makes sources of the addresses from which visitors came: "search", "social", or the name of the server. Those of the site
// itself, which most have, are no source.
func (l *log) channels() {
	hits := make([]int, len(l.source.names))
	for _, c := range l.source.codes {
		hits[c]++
	}
	hosts, most, all := make([]string, len(l.source.names)), map[string]int{}, 0
	for c, name := range l.source.names {
		_, rest, isAddress := strings.Cut(name, "://")
		if !isAddress {
			hosts[c] = name
			continue
		}
		host, _, _ := strings.Cut(strings.ToLower(rest), "/")
		hosts[c] = strings.TrimPrefix(host, "www.")
		most[hosts[c]] += hits[c]
		all += hits[c]
	}
	if all == 0 {
		return
	}
	own := ""
	for host, n := range most {
		if 2*n > all {
			own = host
		}
	}
	d, codes := newDictionary(), make([]uint32, len(hosts))
	for c, host := range hosts {
		in := func(servers []string) bool {
			return slices.ContainsFunc(servers, func(part string) bool { return strings.HasPrefix(host, part) || strings.Contains(host, "."+part) })
		}
		switch {
		case host == own && own != "":
			host = ""
		case in(searches):
			host = "search"
		case in(socials) || host == "t.co" || host == "x.com":
			host = "social"
		}
		codes[c] = d.code([]byte(host))
	}
	d.codes = make([]uint32, l.len())
	for i, c := range l.source.codes {
		d.codes[i] = codes[c]
	}
	l.source = d.whole()
	if own != "" {
		l.notes = append(l.notes, fmt.Sprintf("Most addresses that visitors came from belong to %s, which is taken to be the site itself and not a source.", wording.Clip(own)))
	}
}
