// Package notebook is what the command does with notebooks: it reads them and writes them as Jupyter would, brings them to one stored form,
// checks them, runs them in the kernel and judges what came out, and makes exercises of their solutions.
package notebook

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// Notebook is a Jupyter notebook, format 4. Fields stand in alphabetical order, which is the order they are written in.
type Notebook struct {
	Cells       []*Cell        `json:"cells"`
	Metadata    map[string]any `json:"metadata"`
	Format      int            `json:"nbformat"`
	FormatMinor int            `json:"nbformat_minor"`
}

// Cell is one cell; ExecutionCount and Outputs belong to code cells only.
type Cell struct {
	Attachments    map[string]any `json:"attachments,omitempty"`
	Type           string         `json:"cell_type"`
	ExecutionCount *int           `json:"execution_count"`
	ID             string         `json:"id"`
	Metadata       map[string]any `json:"metadata"`
	Outputs        []*Output      `json:"outputs"`
	Source         Text           `json:"source"`
}

// Output is one output of a code cell; which fields count depends on Type.
type Output struct {
	Data           map[string]any `json:"data,omitempty"` // display_data, execute_result: by media type
	EName          string         `json:"ename,omitempty"`
	EValue         string         `json:"evalue,omitempty"`
	ExecutionCount *int           `json:"execution_count,omitempty"`
	Metadata       map[string]any `json:"metadata,omitempty"`
	Name           string         `json:"name,omitempty"` // stream: stdout or stderr
	Type           string         `json:"output_type"`
	Text           Text           `json:"text,omitempty"`
	Traceback      []string       `json:"traceback,omitempty"`
}

// Text is a string that notebooks store either whole or as a list of lines; it is written as lines.
type Text string

func (t *Text) UnmarshalJSON(b []byte) error {
	var whole string
	if json.Unmarshal(b, &whole) == nil {
		*t = Text(whole)
		return nil
	}
	var lines []string
	if err := json.Unmarshal(b, &lines); err != nil {
		return fmt.Errorf("want a string or a list of strings")
	}
	*t = Text(strings.Join(lines, ""))
	return nil
}

func (t Text) MarshalJSON() ([]byte, error) {
	lines := strings.SplitAfter(string(t), "\n")
	if lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	return encode(lines)
}

// MarshalJSON leaves out what only code cells have, and keeps it, even when empty, where they have it.
func (c *Cell) MarshalJSON() ([]byte, error) {
	if c.Type == "code" {
		type code Cell
		return encode((*code)(c))
	}
	return encode(struct {
		Attachments map[string]any `json:"attachments,omitempty"`
		Type        string         `json:"cell_type"`
		ID          string         `json:"id"`
		Metadata    map[string]any `json:"metadata"`
		Source      Text           `json:"source"`
	}{c.Attachments, c.Type, c.ID, c.Metadata, c.Source})
}

// MarshalJSON writes the fields that the format wants for each type of output, also when they are empty.
func (o *Output) MarshalJSON() ([]byte, error) {
	fields := map[string]any{"output_type": o.Type}
	switch o.Type {
	case "stream":
		fields["name"], fields["text"] = o.Name, o.Text
	case "error":
		fields["ename"], fields["evalue"], fields["traceback"] = o.EName, o.EValue, o.Traceback
	default:
		fields["data"], fields["metadata"] = o.Data, o.Metadata
		if o.Type == "execute_result" {
			fields["execution_count"] = o.ExecutionCount
		}
	}
	return encode(fields)
}

// encode is json.Marshal that leaves < > & as they are, like Jupyter.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimRight(b.Bytes(), "\n"), err
}

// Bytes returns the notebook as it is stored: sorted keys, indented by one space, a newline at the end.
func (n *Notebook) Bytes() ([]byte, error) {
	raw, err := encode(n)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := json.Indent(&b, raw, "", " "); err != nil {
		return nil, err
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}

// parse reads a notebook of format 4 and refuses what is not one. Name is for messages.
func parse(name string, b []byte) (*Notebook, error) {
	var n Notebook
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber() // metadata comes back as it went in
	if err := d.Decode(&n); err != nil {
		return nil, fmt.Errorf("segkit: %s is not a notebook: %w", name, err)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, fmt.Errorf("segkit: %s is not a notebook: there is more text after its end", name)
	}
	if n.Format != 4 {
		return nil, fmt.Errorf("segkit: %s has notebook format %d, want 4: open and save it in a current Jupyter", name, n.Format)
	}
	for i, c := range n.Cells {
		if c == nil || !slices.Contains([]string{"code", "markdown", "raw"}, c.Type) {
			return nil, fmt.Errorf("segkit: %s, cell %d has no known cell_type (code, markdown, raw)", name, i+1)
		}
		if slices.Contains(c.Outputs, nil) {
			return nil, fmt.Errorf("segkit: %s, cell %d has an empty output", name, i+1)
		}
	}
	return &n, nil
}

// Read reads the notebook in the file, and returns its bytes too.
func Read(path string) (*Notebook, []byte, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, nil, fmt.Errorf("segkit: cannot read the notebook: %w", err)
	}
	n, err := parse(path, b)
	return n, b, err
}

// tags returns the tags of the cell.
func (c *Cell) tags() []string {
	var tags []string
	list, _ := c.Metadata["tags"].([]any)
	for _, t := range list {
		if s, ok := t.(string); ok {
			tags = append(tags, s)
		}
	}
	return tags
}

func (c *Cell) tagged(tag string) bool { return slices.Contains(c.tags(), tag) }

// tagged returns the first cell with the tag and its index, or nil and -1.
func (n *Notebook) tagged(tag string) (*Cell, int) {
	for i, c := range n.Cells {
		if c.tagged(tag) {
			return c, i
		}
	}
	return nil, -1
}

// isGo says whether the cell holds Go: code that is neither empty nor handed whole to another interpreter (%%bash).
func (c *Cell) isGo() bool {
	if c.Type != "code" || strings.TrimSpace(string(c.Source)) == "" {
		return false
	}
	first, _, _ := strings.Cut(strings.TrimSpace(string(c.Source)), "\n")
	return !strings.HasPrefix(first, "%%") || strings.TrimSpace(first) == "%%"
}
