package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// notebook is a Jupyter notebook, format 4. Fields stand in alphabetical order, which is the order they are written in.
type notebook struct {
	Cells       []*cell        `json:"cells"`
	Metadata    map[string]any `json:"metadata"`
	Format      int            `json:"nbformat"`
	FormatMinor int            `json:"nbformat_minor"`
}

// cell is one cell; ExecutionCount and Outputs belong to code cells only.
type cell struct {
	Attachments    map[string]any `json:"attachments,omitempty"`
	Type           string         `json:"cell_type"`
	ExecutionCount *int           `json:"execution_count"`
	ID             string         `json:"id"`
	Metadata       map[string]any `json:"metadata"`
	Outputs        []*output      `json:"outputs"`
	Source         text           `json:"source"`
}

// output is one output of a code cell; which fields count depends on Type.
type output struct {
	Data           map[string]any `json:"data,omitempty"` // display_data, execute_result: by media type
	EName          string         `json:"ename,omitempty"`
	EValue         string         `json:"evalue,omitempty"`
	ExecutionCount *int           `json:"execution_count,omitempty"`
	Metadata       map[string]any `json:"metadata,omitempty"`
	Name           string         `json:"name,omitempty"` // stream: stdout or stderr
	Type           string         `json:"output_type"`
	Text           text           `json:"text,omitempty"`
	Traceback      []string       `json:"traceback,omitempty"`
}

// text is a string that notebooks store either whole or as a list of lines; it is written as lines.
type text string

func (t *text) UnmarshalJSON(b []byte) error {
	var whole string
	if json.Unmarshal(b, &whole) == nil {
		*t = text(whole)
		return nil
	}
	var lines []string
	if err := json.Unmarshal(b, &lines); err != nil {
		return fmt.Errorf("want a string or a list of strings")
	}
	*t = text(strings.Join(lines, ""))
	return nil
}

func (t text) MarshalJSON() ([]byte, error) {
	lines := strings.SplitAfter(string(t), "\n")
	if lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	return encode(lines)
}

// MarshalJSON leaves out what only code cells have, and keeps it, even when empty, where they have it.
func (c *cell) MarshalJSON() ([]byte, error) {
	if c.Type == "code" {
		type code cell
		return encode((*code)(c))
	}
	return encode(struct {
		Attachments map[string]any `json:"attachments,omitempty"`
		Type        string         `json:"cell_type"`
		ID          string         `json:"id"`
		Metadata    map[string]any `json:"metadata"`
		Source      text           `json:"source"`
	}{c.Attachments, c.Type, c.ID, c.Metadata, c.Source})
}

// MarshalJSON writes the fields that the format wants for each type of output, also when they are empty.
func (o *output) MarshalJSON() ([]byte, error) {
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

// bytes returns the notebook as it is stored: sorted keys, indented by one space, a newline at the end.
func (n *notebook) bytes() ([]byte, error) {
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

// parseNotebook reads a notebook of format 4 and refuses what is not one. Name is for messages.
func parseNotebook(name string, b []byte) (*notebook, error) {
	var n notebook
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

// readNotebook reads the notebook in the file, and returns its bytes too.
func readNotebook(path string) (*notebook, []byte, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, nil, fmt.Errorf("segkit: cannot read the notebook: %w", err)
	}
	n, err := parseNotebook(path, b)
	return n, b, err
}

// tags returns the tags of the cell.
func (c *cell) tags() []string {
	var tags []string
	list, _ := c.Metadata["tags"].([]any)
	for _, t := range list {
		if s, ok := t.(string); ok {
			tags = append(tags, s)
		}
	}
	return tags
}

func (c *cell) tagged(tag string) bool { return slices.Contains(c.tags(), tag) }

// tagged returns the first cell with the tag and its index, or nil and -1.
func (n *notebook) tagged(tag string) (*cell, int) {
	for i, c := range n.Cells {
		if c.tagged(tag) {
			return c, i
		}
	}
	return nil, -1
}

// isGo says whether the cell holds Go: code that is neither empty nor handed whole to another interpreter (%%bash).
func (c *cell) isGo() bool {
	if c.Type != "code" || strings.TrimSpace(string(c.Source)) == "" {
		return false
	}
	first, _, _ := strings.Cut(strings.TrimSpace(string(c.Source)), "\n")
	return !strings.HasPrefix(first, "%%") || strings.TrimSpace(first) == "%%"
}
