package notebook

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// lessonCells is a lesson that keeps every rule; tests spoil copies of it.
func lessonCells() []*Cell {
	return []*Cell{
		markdown("opening", "# A lesson\n\nQuestion, audience, data, minutes", "opening"),
		code("setup", "%noautoget\nimport \"github.com/segkit/lab/segkit/nb\"", "setup"),
		code("parameters", "var k = 4 // segments, 2 to 9\nvar share = 0.5 // of 1\nvar source = \"shop\" // or a file\nvar log = true // or not\nvar shift = -2 // days", "parameters"),
		code("show", "%%\nnb.Show(k)\nnb.Show(share)", "display"),
		markdown("closing", "Take-aways. So what? Next.", "closing"),
	}
}

func markdown(id, source string, tags ...string) *Cell { return newCell("markdown", id, source, tags) }
func code(id, source string, tags ...string) *Cell     { return newCell("code", id, source, tags) }

func newCell(kind, id, source string, tags []string) *Cell {
	c := &Cell{Type: kind, ID: id, Source: Text(source), Metadata: map[string]any{}, Outputs: []*Output{}}
	for _, t := range tags {
		list, _ := c.Metadata["tags"].([]any)
		c.Metadata["tags"] = append(list, t)
	}
	return c
}

// newNotebook returns the cells as a notebook in the stored form.
func newNotebook(cells ...*Cell) *Notebook {
	n := &Notebook{Cells: cells}
	n.strip()
	return n
}

// stored returns the bytes of the notebook.
func stored(t *testing.T, n *Notebook) []byte {
	t.Helper()
	b, err := n.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// The form is that of nbformat's own writer: these bytes were written by nbformat 5.11 (nbformat.write).
const byNbformat = `{
 "cells": [
  {
   "cell_type": "markdown",
   "id": "title",
   "metadata": {},
   "source": [
    "# Größe <b>\n",
    "& more"
   ]
  },
  {
   "cell_type": "code",
   "execution_count": 2,
   "id": "show",
   "metadata": {
    "tags": [
     "display"
    ]
   },
   "outputs": [
    {
     "name": "stdout",
     "output_type": "stream",
     "text": [
      "one\n",
      "two\n"
     ]
    },
    {
     "data": {
      "text/html": [
       "<b>3 > 2</b>"
      ]
     },
     "metadata": {},
     "output_type": "display_data"
    },
    {
     "ename": "ERROR",
     "evalue": "exit status 2",
     "output_type": "error",
     "traceback": []
    }
   ],
   "source": []
  }
 ],
 "metadata": {},
 "nbformat": 4,
 "nbformat_minor": 5
}
`

func TestNotebookIsWrittenAsJupyterWould(t *testing.T) {
	n, err := parse("x.ipynb", []byte(byNbformat))
	if err != nil {
		t.Fatal(err)
	}
	if got := string(stored(t, n)); got != byNbformat {
		t.Errorf("read and written again:\n%s", got)
	}
}

func TestNotNotebooks(t *testing.T) {
	for name, c := range map[string]struct{ content, want string }{
		"empty":       {"", "not a notebook"},
		"text":        {"hello", "not a notebook"},
		"cut":         {byNbformat[:200], "not a notebook"},
		"two":         {byNbformat + byNbformat, "more text after its end"},
		"old":         {`{"nbformat": 3, "worksheets": []}`, "format 3, want 4"},
		"other json":  {`{"a": 1}`, "format 0, want 4"},
		"null cell":   {`{"nbformat": 4, "cells": [null]}`, "cell 1"},
		"odd cell":    {`{"nbformat": 4, "cells": [{"cell_type": "code"}, {"cell_type": "prose"}]}`, "cell 2"},
		"odd source":  {`{"nbformat": 4, "cells": [{"cell_type": "code", "source": 7}]}`, "not a notebook"},
		"null output": {`{"nbformat": 4, "cells": [{"cell_type": "code", "outputs": [null]}]}`, "empty output"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := parse("some/file.ipynb", []byte(c.content))
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "some/file.ipynb") {
				t.Errorf("error %v, want one that names the file and says %q", err, c.want)
			}
		})
	}
}

// Whatever is read can be judged, stripped and linted without a crash, and stripping twice is stripping once.
func FuzzNotebook(f *testing.F) {
	f.Add([]byte(byNbformat))
	files, _ := filepath.Glob("../../../../notebooks/*.ipynb")
	for _, file := range files {
		if b, err := os.ReadFile(file); err == nil {
			f.Add(b)
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		n, err := parse("fuzz.ipynb", b)
		if err != nil {
			return
		}
		judge(n, nil)
		lint("01_fuzz.ipynb", n, b)
		n.strip()
		once := stored(t, n)
		again, err := parse("stripped.ipynb", once)
		if err != nil {
			t.Fatalf("what strip wrote cannot be read: %v\n%s", err, once)
		}
		again.strip()
		if twice := stored(t, again); !bytes.Equal(once, twice) {
			t.Errorf("stripped once:\n%s\nstripped twice:\n%s", once, twice)
		}
	})
}
