// Package download fetches the public sets of package datasets from their publishers into the user's cache: with progress,
// going on where it was cut, and believing nothing but the checksum. It stands apart from package datasets because it links
// a web client, which a notebook cell that merely reads data should not pay for; the command "segkit data get" calls it.
//
// It was tested against servers of its own and files made for it. The publishers' servers were out of reach of the
// machines that run the tests, so what they answer today is known only when somebody asks them.
package download

import (
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/segkit/lab/datasets"
	"github.com/segkit/lab/internal/atomicfile"
	"github.com/segkit/lab/segkit/job"
)

// A Client downloads into a folder. The zero value is ready to use.
type Client struct {
	// HTTP does the talking. If HTTP is nil, a client that waits at most a minute for an answer is used.
	HTTP *http.Client
	// Dir is the folder of the sets. If Dir is empty, datasets.CacheDir is used.
	Dir string
}

// Get downloads a set, unless it is there already, and returns the path of its file. Progress is reported to the context's
// hook in bytes. What arrived before a cut is kept, and the next Get goes on from there. Content with a wrong checksum
// is kept aside for inspection and reported as an error that wraps datasets.ErrChecksum.
func (c Client) Get(ctx context.Context, set datasets.Set) (string, error) {
	target, err := c.target(set)
	if err != nil {
		return "", err
	}
	part := target + ".part"
	if there, err := present(set, target); there != "" || err != nil {
		if there != "" {
			os.Remove(part) // of a run that ended before it could
		}
		return there, err
	}
	if err := c.fetch(ctx, set, part); err != nil {
		if info, statErr := os.Stat(part); statErr == nil && info.Size() == 0 {
			os.Remove(part)
		}
		if onDisk(err) {
			return "", diskError(set, target, err)
		}
		return "", fmt.Errorf("segkit: data set %q: %w; %s", set.Name, err, byHand(set))
	}
	if err := install(ctx, set, part, target); err != nil {
		switch {
		case ctx.Err() != nil:
			return "", ctx.Err()
		case onDisk(err):
			return "", diskError(set, target, err)
		}
		bad := target + ".bad"
		if moveErr := os.Rename(part, bad); moveErr != nil {
			bad = part
		}
		return "", fmt.Errorf("segkit: data set %q: what %s sent is not the published data: %w; it is kept as %s; %s",
			set.Name, set.URL, err, bad, byHand(set))
	}
	os.Remove(part) // if that fails, a spare copy remains
	return target, nil
}

// Install puts a file that was downloaded by hand into its place and returns that. The file may be what the publisher
// offers (a zip, a workbook) or the set's own file, compressed by gzip or not. It is left as it is.
func (c Client) Install(ctx context.Context, set datasets.Set, file string) (string, error) {
	target, err := c.target(set)
	if err != nil {
		return "", err
	}
	if there, err := present(set, target); there != "" || err != nil {
		return there, err
	}
	if err := install(ctx, set, file, target); err != nil {
		return "", fmt.Errorf("segkit: data set %q: %s: %w", set.Name, file, err)
	}
	return target, nil
}

// target is where the set's file belongs, in a folder that exists.
func (c Client) target(set datasets.Set) (string, error) {
	dir := c.Dir
	if dir == "" {
		var err error
		if dir, err = datasets.CacheDir(); err != nil {
			return "", err
		}
	}
	target := filepath.Join(dir, filepath.FromSlash(set.File))
	if err := os.MkdirAll(filepath.Dir(target), 0o777); err != nil {
		return "", diskError(set, target, err)
	}
	return target, nil
}

// onDisk tells trouble with the local disk from trouble with the network or the content.
func onDisk(err error) bool {
	var path *fs.PathError
	return errors.As(err, &path) || errors.As(err, new(local))
}

// local is trouble with the local disk that says so in a sentence of its own.
type local struct{ error }

func diskError(set datasets.Set, target string, err error) error {
	return fmt.Errorf("segkit: data set %q: %w; make room, or get permission to write, in %s and run %q again",
		set.Name, err, filepath.Dir(target), "segkit data get "+set.Name)
}

// present returns the target if the file is there and right. If it is there and wrong, that is an error: it may be the
// user's own, so nothing is written over it.
func present(set datasets.Set, target string) (string, error) {
	if _, err := os.Stat(target); err != nil {
		return "", nil
	}
	if err := set.Check(target); err != nil {
		return "", err
	}
	return target, nil
}

func byHand(set datasets.Set) string {
	return fmt.Sprintf("run %q to go on or try again, or get %s by hand (%s) and run %q",
		"segkit data get "+set.Name, set.URL, set.From, "segkit data get "+set.Name+" --from FILE")
}

// install writes the set's content, taken from file, beside target, and renames it to target if the checksum is right.
func install(ctx context.Context, set datasets.Set, file, target string) error {
	content, err := open(ctx, set, file)
	if err != nil {
		return err
	}
	defer content.Close()
	f, err := atomicfile.Begin(target)
	if err != nil {
		return local{err}
	}
	defer f.Abort()
	stored, plain := sha256.New(), sha256.New()
	w := io.Writer(io.MultiWriter(f, stored))
	finish := func() error { return nil }
	if strings.HasSuffix(target, ".gz") {
		z := gzip.NewWriter(w)
		w, finish = z, z.Close
	}
	if _, err := io.Copy(io.MultiWriter(w, plain), content); err != nil {
		return err
	}
	if err := finish(); err != nil {
		return err
	}
	if got := hex.EncodeToString(plain.Sum(nil)); got != set.SHA256 {
		return fmt.Errorf("%w: its sha256 is %s, the published one %s", datasets.ErrChecksum, got, set.SHA256)
	}
	if strings.HasSuffix(target, ".gz") { // so that the next user need not uncompress it to know that it is right
		note := hex.EncodeToString(stored.Sum(nil)) + "\n"
		if err := atomicfile.Write(target+datasets.NoteSuffix, func(w io.Writer) error { _, err := io.WriteString(w, note); return err }); err != nil {
			return local{err}
		}
	}
	if err := f.Commit(); err != nil {
		return local{err}
	}
	return nil
}

// fetch downloads set.URL into part, going on from what part holds already, and for as long as every try brings more.
func (c Client) fetch(ctx context.Context, set datasets.Set, part string) error {
	f, err := os.OpenFile(part, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	for {
		before, err := f.Seek(0, io.SeekEnd)
		if err != nil {
			return err
		}
		err = c.try(ctx, set, f, before)
		if err == nil {
			return f.Close()
		}
		after, seekErr := f.Seek(0, io.SeekEnd)
		if ctx.Err() != nil || seekErr != nil || after <= before {
			return err
		}
	}
}

// try asks once for the bytes from offset on and appends them to f. Whether the file changed at the publisher's between
// two tries is left to the checksum.
func (c Client) try(ctx context.Context, set datasets.Set, f *os.File, offset int64) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, set.URL, nil)
	if err != nil {
		return err
	}
	if offset > 0 {
		req.Header.Set("Range", fmt.Sprintf("bytes=%d-", offset))
	}
	resp, err := c.http().Do(req)
	if err != nil {
		return fmt.Errorf("cannot reach the publisher: %w", err)
	}
	defer resp.Body.Close()
	switch resp.StatusCode {
	case http.StatusOK: // from the beginning, whatever was asked for
		if err := f.Truncate(0); err != nil {
			return err
		}
		offset = 0
	case http.StatusPartialContent:
		if !strings.HasPrefix(resp.Header.Get("Content-Range"), fmt.Sprintf("bytes %d-", offset)) {
			return fmt.Errorf("the server was asked for the bytes from %d on and sent %q",
				offset, resp.Header.Get("Content-Range"))
		}
	case http.StatusRequestedRangeNotSatisfiable:
		if resp.Header.Get("Content-Range") == fmt.Sprintf("bytes */%d", offset) {
			return nil // everything was there already
		}
		if err := f.Truncate(0); err != nil {
			return err
		}
		return c.try(ctx, set, f, 0)
	default:
		return fmt.Errorf("the server answers %s", resp.Status)
	}
	if _, err := f.Seek(offset, io.SeekStart); err != nil {
		return err
	}
	meter := &meter{ctx: ctx, task: "downloading " + set.Name, done: offset}
	if resp.ContentLength >= 0 {
		meter.total = offset + resp.ContentLength
	}
	_, err = io.Copy(io.MultiWriter(f, meter), resp.Body)
	if err != nil && !onDisk(err) {
		return fmt.Errorf("the connection was cut after %d of %d bytes: %w", meter.done, meter.total, err)
	}
	return err
}

func (c Client) http() *http.Client {
	if c.HTTP != nil {
		return c.HTTP
	}
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.ResponseHeaderTimeout = time.Minute
	return &http.Client{Transport: t}
}

// A meter reports the bytes that are written to it.
type meter struct {
	ctx         context.Context
	task        string
	done, total int64
}

func (m *meter) Write(p []byte) (int, error) {
	m.done += int64(len(p))
	job.Report(m.ctx, job.Progress{Task: m.task, Done: int(m.done), Total: int(m.total)})
	return len(p), nil
}
