package download

// From what publishers offer to the set's own content: out of the zip, out of gzip, from a workbook to CSV.

import (
	"archive/zip"
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"strings"

	"github.com/segkit/lab/datasets"
)

// open returns the content of a set, of which file holds one form or another: told apart by the first bytes.
func open(ctx context.Context, set datasets.Set, file string) (io.ReadCloser, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	r, err := content(ctx, set, f)
	if err != nil {
		f.Close()
		return nil, err
	}
	return reader{r, f}, nil
}

// A reader closes what it reads from, and the file below that.
type reader struct {
	io.Reader
	file *os.File
}

func (r reader) Close() error {
	if c, ok := r.Reader.(io.Closer); ok {
		c.Close() // ends the conversion of a workbook
	}
	return r.file.Close()
}

func content(ctx context.Context, set datasets.Set, f *os.File) (io.Reader, error) {
	head := make([]byte, 4)
	n, err := f.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	switch head = head[:n]; {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		info, err := f.Stat()
		if err != nil {
			return nil, err
		}
		return fromZip(ctx, set, f, info.Size())
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		return gzip.NewReader(f)
	case set.Member != "" && strings.HasPrefix(strings.TrimSpace(string(head)), "<"):
		return nil, errors.New("it is a web page, not a zip file")
	}
	return f, nil
}

// fromZip finds the set in a zip, which may be the workbook itself.
func fromZip(ctx context.Context, set datasets.Set, r io.ReaderAt, size int64) (io.Reader, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, fmt.Errorf("it is not a whole zip file: %w", err)
	}
	var inside []string
	for _, member := range z.File {
		switch {
		case member.Name == "xl/workbook.xml":
			return workbook(ctx, set, z), nil
		case set.Member != "" && strings.EqualFold(path.Base(member.Name), set.Member):
			m, err := member.Open()
			if err != nil {
				return nil, err
			}
			if path.Ext(set.Member) != ".xlsx" {
				return m, nil
			}
			book, err := io.ReadAll(m) // a zip within the zip wants random access
			if err != nil {
				return nil, err
			}
			return fromZip(ctx, set, bytes.NewReader(book), int64(len(book)))
		}
		inside = append(inside, member.Name)
	}
	return nil, fmt.Errorf("there is no %q in the zip file, only %q", set.Member, inside)
}

// workbook writes the first sheet as CSV into a pipe.
func workbook(ctx context.Context, set datasets.Set, book *zip.Reader) io.Reader {
	r, w := io.Pipe()
	go func() {
		buffered := bufio.NewWriterSize(w, 1<<16)
		err := sheetToCSV(ctx, "converting "+set.Name, book, buffered)
		if err == nil {
			err = buffered.Flush()
		}
		w.CloseWithError(err)
	}()
	return r
}
