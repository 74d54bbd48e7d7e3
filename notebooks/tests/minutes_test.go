package notebooks_test

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A lesson takes as long as its words at 200 a minute, 6 seconds for a line of code, 100 for a chart and 24 for another thing that is shown. The three
// numbers make the reckoning come nearest to the minutes that were measured when eleven lessons (00 to 03, 05 to 11) were read: 1.6 minutes off on
// average (root mean square), 2.6 at most.
const (
	wordsAMinute     = 200.0
	minutesOfALine   = 6.0 / 60
	minutesOfAChart  = 100.0 / 60
	minutesOfAResult = 24.0 / 60
)

// stale is by how many minutes an opening box may be off.
const stale = 5

var (
	target  = regexp.MustCompile(`\]\([^)]*\)`)
	word    = regexp.MustCompile(`[\pL\d][\pL\d'’.,-]*`)
	drawing = regexp.MustCompile(`\bchart\.[A-Z]\w*\(`)
	heading = regexp.MustCompile(`(?m)^## (.*)`)
)

// The minutes of the opening boxes are those that reading takes. With -v, it says how long each section takes.
func TestMinutesAreThoseOfReading(t *testing.T) {
	files, err := filepath.Glob("*.ipynb")
	if err != nil || len(files) == 0 {
		t.Fatalf("found no notebooks: %v", err)
	}
	for _, file := range files {
		if file == capstone {
			continue // its minutes are for work, and its table adds them up by step
		}
		sections, total := reading(t, file), 0.0
		for _, s := range sections {
			total += s.minutes
			t.Logf("%s %5.1f %s", file[:2], s.minutes, s.title)
		}
		box, err := strconv.Atoi(minutes.FindStringSubmatch(cells(t, file, "markdown")[0])[1])
		if err != nil || math.Abs(float64(box)-total) > stale {
			t.Errorf("%s: its opening box says %d minutes, and reading takes about %.0f", file, box, total)
		}
	}
}

type section struct {
	title   string
	minutes float64
}

// reading says how long each section of a lesson takes. What only writes the text that fits the data (hide-input) is left out: it is one paragraph of two.
func reading(t *testing.T, file string) []section {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var lesson struct {
		Cells []struct {
			Type     string `json:"cell_type"`
			Source   []string
			Metadata struct{ Tags []string }
		}
	}
	if err := json.Unmarshal(raw, &lesson); err != nil {
		t.Fatal(err)
	}
	out := []section{{"opening", 0}}
	for _, c := range lesson.Cells {
		source := strings.Join(c.Source, "")
		if c.Type == "markdown" {
			if m := heading.FindStringSubmatch(source); m != nil {
				out = append(out, section{m[1], 0})
			}
			out[len(out)-1].minutes += float64(len(word.FindAllString(target.ReplaceAllString(source, "]"), -1))) / wordsAMinute
			continue
		}
		if slices.Contains(c.Metadata.Tags, "setup") || slices.Contains(c.Metadata.Tags, "hide-input") {
			continue
		}
		lines := 0
		for line := range strings.Lines(source) {
			if text := strings.TrimSpace(line); text != "" && text != "%%" {
				lines++
			}
		}
		charts := len(drawing.FindAllString(source, -1))
		results := max(0, strings.Count(source, "nb.Show(")-charts)
		out[len(out)-1].minutes += float64(lines)*minutesOfALine + float64(charts)*minutesOfAChart + float64(results)*minutesOfAResult
	}
	return out
}
