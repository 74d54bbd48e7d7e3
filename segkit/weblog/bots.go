package weblog

// Robots that say what they are, and requests that are no pages.

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/internal/records"
	"github.com/segkit/lab/segkit/internal/wording"
)

// botWords stand in the user agents of robots, previews, monitors and programs, in small letters. A word for all of them, "bot", stands in
// most, but "cubot" is a telephone.
var botWords = []string{"bot", "crawl", "spider", "slurp", "archiver", "scrap", "headless", "phantomjs", "selenium", "puppeteer", "playwright", "lighthouse", "pagespeed", "pingdom", "uptime", "monitor", "statuscake",
	"facebookexternalhit", "whatsapp", "preview", "feedfetcher", "feedly", "mediapartners", "curl/", "wget", "python-requests", "python-urllib", "aiohttp", "httpx", "go-http-client", "java/", "libwww-perl",
	"apache-httpclient", "scrapy", "node-fetch", "axios", "ruby", "php/", "nmap", "nikto", "sqlmap", "masscan", "zgrab", "http://", "https://"}

// knownBot drops robots that say what they are.
func (v *view) knownBot() (*view, string) {
	agent, page, asked := make([]bool, len(v.agent.names)), make([]bool, len(v.page.names)), make([]bool, len(v.people))
	for c, name := range v.agent.names {
		agent[c] = isBot(name)
	}
	for c, name := range v.page.names {
		page[c] = strings.HasSuffix(name, "/robots.txt")
	}
	for _, i := range v.rows {
		if v.page.present() && page[v.page.codes[i]] {
			asked[v.who[i]] = true
		}
	}
	asked[0] = false // nobody
	note := ""
	if !v.agent.present() {
		note = "KnownBot: no column of user agents was recognised, so no robot could be recognised by its name." + v.remedy("Agent")
	}
	return v.without(func(i int32) bool { return asked[v.who[i]] || v.agent.present() && agent[v.agent.codes[i]] }), note
}

// lookForAgents finds the column of user agents by its first cells where its header did not tell: most of them begin as browsers introduce
// themselves.
func (p *plan) lookForAgents(start []byte) {
	if p.at[agentColumn] >= 0 {
		return
	}
	filled, agents := make([]int, len(p.header)), make([]int, len(p.header))
	s := records.NewScanner(p.comma, len(p.header))
	s.Reset(slices.Clip(start))
	for range sampled {
		line, err := s.Next()
		if err != nil || line == 0 {
			break
		}
		if len(s.Fields) != len(p.header) {
			continue
		}
		for i, cell := range s.Cells() {
			if cell = bytes.TrimSpace(cell); p.missing.Find(cell) < 0 && len(cell) > 0 {
				filled[i]++
				if bytes.HasPrefix(cell, []byte("Mozilla/")) {
					agents[i]++
				}
			}
		}
	}
	for i, header := range p.header {
		read := slices.Contains(p.at[:], i) || slices.Contains(slices.Concat(p.pages, p.seconds), i) || slices.Contains(p.o.Descriptors, header)
		if !read && agents[i] > 0 && 2*agents[i] >= filled[i] {
			p.at[agentColumn] = i
			p.more = slices.DeleteFunc(p.more, func(column int) bool { return column == i })
			p.notes = append(p.notes, fmt.Sprintf("The column %s holds user agents, and is read as such.", wording.Clip(header)))
			return
		}
	}
}

func isBot(agent string) bool {
	small := strings.ReplaceAll(strings.ToLower(agent), "cubot", "")
	return slices.ContainsFunc(botWords, func(word string) bool { return strings.Contains(small, word) })
}

// assets are the endings of files that a page brings along.
var assets = []string{".css", ".js", ".mjs", ".map", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg", ".ico", ".woff", ".woff2", ".ttf", ".eot", ".json", ".xml", ".txt", ".mp4", ".webm", ".mp3", ".zip", ".gz", ".webmanifest"}

// notAPage reports whether a line is no page that was looked at.
func (v *view) notAPage() func(i int32) bool {
	odd := make([]bool, len(v.page.names))
	for c, name := range v.page.names {
		small := strings.ToLower(name)
		odd[c] = slices.ContainsFunc(assets, func(end string) bool { return strings.HasSuffix(small, end) })
	}
	failed := make([]bool, len(v.status.names))
	for c, name := range v.status.names {
		failed[c] = len(name) == 3 && name[0] >= '3' && name[0] <= '9'
	}
	sent := make([]bool, len(v.method.names))
	for c, name := range v.method.names {
		sent[c] = c > 0 && name != "GET"
	}
	return func(i int32) bool {
		return odd[v.page.codes[i]] || v.status.present() && failed[v.status.codes[i]] || v.method.present() && sent[v.method.codes[i]]
	}
}
