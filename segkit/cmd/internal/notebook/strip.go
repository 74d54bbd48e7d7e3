package notebook

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/segkit/lab/internal/atomicfile"
)

// Notebooks are stored in one form, so that a change in git is a change in the lesson: no outputs, no traces of a run,
// fixed metadata, cell ids that a person can read, and the bytes that Jupyter itself would write.

// Strip brings the notebook in the file to the stored form, and says whether it was in another one.
func Strip(file string) (changed bool, err error) {
	n, before, err := Read(file)
	if err != nil {
		return false, err
	}
	n.strip()
	after, err := n.Bytes()
	if err != nil {
		return false, fmt.Errorf("segkit: %s: %w", file, err)
	}
	if bytes.Equal(before, after) {
		return false, nil
	}
	return true, atomicfile.WriteBytes(file, after)
}

// kernelspec and languageInfo are the same in every notebook: what Jupyter writes there changes with each machine's Go.
func kernelspec() map[string]any {
	return map[string]any{"display_name": "Go (gonb)", "language": "go", "name": "gonb"}
}

func languageInfo() map[string]any {
	return map[string]any{"file_extension": ".go", "mimetype": "text/x-go", "name": "go"}
}

// What a notebook and a cell may say about themselves.
var (
	notebookMetadata = []string{"kernelspec", "language_info", "segkit", "title"}
	cellMetadata     = []string{"slideshow", "tags"}
)

// strip brings the notebook to the stored form. Doing it twice is doing it once.
func (n *Notebook) strip() {
	n.Format, n.FormatMinor = 4, 5
	n.Metadata = keep(n.Metadata, notebookMetadata)
	n.Metadata["kernelspec"], n.Metadata["language_info"] = kernelspec(), languageInfo()
	n.Cells = slices.DeleteFunc(slices.Clone(n.Cells), func(c *Cell) bool { return c.tagged("injected-parameters") })
	if n.Cells == nil {
		n.Cells = []*Cell{}
	}
	for _, c := range n.Cells {
		c.ExecutionCount, c.Outputs = nil, []*Output{}
		c.Metadata = keep(c.Metadata, cellMetadata)
		if len(c.tags()) == 0 {
			delete(c.Metadata, "tags")
		}
		c.Source = Text(strings.TrimRight(string(c.Source), " \t\r\n"))
	}
	n.nameCells()
}

func keep(metadata map[string]any, names []string) map[string]any {
	kept := map[string]any{}
	for _, name := range names {
		if value, ok := metadata[name]; ok {
			kept[name] = value
		}
	}
	return kept
}

var (
	readableID = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
	// What Jupyter and nbformat give: a UUID or eight digits of one.
	randomID = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})?$`)
	notWord  = regexp.MustCompile(`[^a-z0-9]+`)
)

func goodID(id string) bool {
	return len(id) <= 64 && readableID.MatchString(id) && !randomID.MatchString(id)
}

// nameCells gives cells without a readable id of their own one made of the words above them. Good ids stay.
func (n *Notebook) nameCells() {
	taken := map[string]bool{}
	var unnamed []*Cell
	for _, c := range n.Cells {
		if goodID(c.ID) && !taken[c.ID] {
			taken[c.ID] = true
		} else {
			unnamed = append(unnamed, c)
		}
	}
	above := "start"
	for _, c := range n.Cells {
		words := above
		switch {
		case c.Type == "markdown":
			above = slug(string(c.Source))
			words = above
		case c.tagged("setup"):
			words = "setup"
		case c.tagged("parameters"):
			words = "parameters"
		default:
			words += "-" + c.Type
		}
		if slices.Contains(unnamed, c) {
			c.ID = words
			for i := 2; taken[c.ID]; i++ {
				c.ID = fmt.Sprintf("%s-%d", words, i)
			}
			taken[c.ID] = true
		}
	}
}

// slug makes an id of the first words of a text.
func slug(s string) string {
	words := strings.Fields(notWord.ReplaceAllString(strings.ToLower(firstLine(s)), " "))
	for len(words) > 0 && words[0][0] < 'a' { // ids start with a letter
		words = words[1:]
	}
	id := strings.Join(words[:min(6, len(words))], "-")
	if id = id[:min(40, len(id))]; goodID(strings.Trim(id, "-")) {
		return strings.Trim(id, "-")
	}
	return "text"
}
