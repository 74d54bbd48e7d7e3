// Command gallery makes docs/gallery.md from the pages that the lessons wrote: every chart, under the lesson that first shows it,
// with the code that drew it. Run the lessons first (segkit nb run notebooks/*.ipynb), then this, then look at what it made.
//
//	go -C tools run ./gallery ..
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: gallery CHECKOUT")
		os.Exit(2)
	}
	if err := gallery(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "gallery:", err)
		os.Exit(1)
	}
}

// executed is what the gallery reads of a notebook that has run.
type executed struct {
	Cells []struct {
		Type    string   `json:"cell_type"`
		Source  []string `json:"source"`
		Outputs []struct {
			Data map[string]any `json:"data"`
		} `json:"outputs"`
	} `json:"cells"`
}

func gallery(root string) error {
	notebooks, err := filepath.Glob(filepath.Join(root, "build/notebooks/[0-9]*.ipynb"))
	if err != nil {
		return err
	}
	if len(notebooks) == 0 {
		return fmt.Errorf("no lesson has run: segkit nb run notebooks/*.ipynb")
	}
	folder := filepath.Join(root, "docs/gallery")
	if err := os.RemoveAll(folder); err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	var page strings.Builder
	page.WriteString("# Gallery\n\nEvery chart, under the lesson that first shows it, with the code that drew it. The charts write their own titles and notes,\n" +
		"from the data. This page is made from the lessons' pages by `go -C tools run ./gallery ..`.\n")
	seen := map[string]bool{}
	for _, path := range notebooks {
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		var n executed
		if err := json.Unmarshal(text, &n); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		first := true
		for _, c := range n.Cells {
			var svgs []string
			for _, o := range c.Outputs {
				if svg := figure(o.Data["text/html"]); svg != "" {
					svgs = append(svgs, svg)
				}
			}
			for i, code := range calls(strings.Join(c.Source, "")) {
				name := chartName.FindStringSubmatch(code)[1]
				if seen[name] || i >= len(svgs) {
					continue
				}
				seen[name] = true
				if first {
					lesson := filepath.Base(path)
					fmt.Fprintf(&page, "\n## [%s](../notebooks/%s)\n", title(n.Cells[0].Source), lesson)
					first = false
				}
				if err := os.WriteFile(filepath.Join(folder, name+".svg"), []byte(svgs[i]), 0o644); err != nil {
					return err
				}
				fmt.Fprintf(&page, "\n### %s\n\n```go\n%s\n```\n\n![chart.%[1]s](gallery/%[1]s.svg)\n", name, code)
			}
		}
	}
	if err := others(root, seen, &page); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(root, "docs/gallery.md"), []byte(page.String()), 0o644)
}

var (
	chartName = regexp.MustCompile(`chart\.([A-Z]\w*)\(`)
	drawn     = regexp.MustCompile(`(?m)^(func ([A-Z]\w*)\(.*\) \(\*Figure, error\)) \{`)
	words     = regexp.MustCompile(`([a-z])([A-Z])`)
	drawing   = regexp.MustCompile(`(?s)<svg.*</svg>`)
)

// others adds the charts that no lesson shows by themselves, as their tests draw them.
func others(root string, seen map[string]bool, page *strings.Builder) error {
	files, err := filepath.Glob(filepath.Join(root, "segkit/chart/*.go"))
	if err != nil {
		return err
	}
	fmt.Fprintf(page, "\n## More, as the tests of the package draw them\n")
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		for _, m := range drawn.FindAllStringSubmatch(string(text), -1) {
			picture := "segkit/chart/testdata/" + strings.ToLower(words.ReplaceAllString(m[2], "$1-$2")) + ".svg"
			if seen[m[2]] || strings.HasSuffix(file, "_test.go") {
				continue
			}
			if _, err := os.Stat(filepath.Join(root, picture)); err != nil {
				return fmt.Errorf("neither a lesson nor a test draws chart.%s: %w", m[2], err)
			}
			fmt.Fprintf(page, "\n### %s\n\n```go\n%s\n```\n\n![chart.%[1]s](../%[3]s)\n", m[2], m[1], picture)
		}
	}
	return nil
}

// figure is the drawing in an output's HTML, as a file of its own.
func figure(html any) string {
	var text string
	switch html := html.(type) {
	case string:
		text = html
	case []any:
		for _, line := range html {
			text += fmt.Sprint(line)
		}
	}
	svg := drawing.FindString(text)
	if svg != "" && !strings.Contains(svg, "xmlns=") {
		svg = strings.Replace(svg, "<svg", `<svg xmlns="http://www.w3.org/2000/svg"`, 1)
	}
	return svg
}

// calls are the statements of a cell that show a chart, in order.
func calls(source string) (out []string) {
	lines := strings.Split(source, "\n")
	for i := 0; i < len(lines); i++ {
		if !chartName.MatchString(lines[i]) || !strings.Contains(lines[i], "nb.Show(") {
			continue
		}
		code := strings.TrimSpace(lines[i])
		for i+1 < len(lines) && strings.Count(code, "(") > strings.Count(code, ")") {
			i++
			code += "\n" + lines[i]
		}
		out = append(out, code)
	}
	return out
}

// title is the heading of a lesson's first cell.
func title(source []string) string {
	heading, _, _ := strings.Cut(strings.Join(source, ""), "\n")
	return strings.TrimSpace(strings.TrimPrefix(heading, "#"))
}
