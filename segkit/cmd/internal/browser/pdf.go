// Package browser prints a page as PDF by the Chromium or Chrome that is installed.
package browser

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"time"

	"github.com/segkit/lab/internal/atomicfile"
)

// ErrNone says that there is no browser to print with.
var ErrNone = errors.New("no Chromium or Chrome was found")

// places are where browsers are mostly installed, beside the folders of PATH.
var places = map[string][]string{
	"darwin":  {"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "/Applications/Chromium.app/Contents/MacOS/Chromium"},
	"windows": {`C:\Program Files\Google\Chrome\Application\chrome.exe`, `C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe`},
}

// Find returns the browser that is named, or the first of the usual ones.
func Find(named string) (string, error) {
	if named != "" {
		path, err := exec.LookPath(named)
		if err != nil {
			return "", fmt.Errorf("segkit: the browser %s cannot be started: %w", named, err)
		}
		return path, nil
	}
	for _, name := range append([]string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "chromium-headless-shell"}, places[runtime.GOOS]...) {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", ErrNone
}

// longest is how long a browser may take.
const longest = time.Minute

// PDF prints a page that loads nothing. The same page gives the same bytes with the same browser: the time at which it was printed is replaced by made.
func PDF(ctx context.Context, browser string, page []byte, made time.Time) ([]byte, error) {
	dir, remove, err := atomicfile.Temp()
	if err != nil {
		return nil, err
	}
	defer remove()
	in, out := filepath.Join(dir, "report.html"), filepath.Join(dir, "report.pdf")
	if err := os.WriteFile(in, page, 0o600); err != nil {
		return nil, err
	}
	ctx, stop := context.WithTimeout(ctx, longest)
	defer stop()
	args := []string{"--headless", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions",
		"--host-resolver-rules=MAP * ~NOTFOUND", "--user-data-dir=" + filepath.Join(dir, "profile"), "--no-pdf-header-footer", "--generate-pdf-document-outline", "--print-to-pdf=" + out, "file://" + filepath.ToSlash(in)}
	if os.Geteuid() == 0 { // Chromium refuses its sandbox to root; the page has no script and loads nothing
		args = append([]string{"--no-sandbox"}, args...)
	}
	command := exec.CommandContext(ctx, browser, args...)
	command.WaitDelay = 5 * time.Second
	var said bytes.Buffer
	command.Stderr = &said
	failed := command.Run()
	pdf, err := os.ReadFile(out)
	switch {
	case ctx.Err() != nil && errors.Is(ctx.Err(), context.DeadlineExceeded):
		return nil, fmt.Errorf("segkit: %s did not print the report within %s", browser, longest)
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil || !bytes.HasPrefix(pdf, []byte("%PDF-")):
		return nil, fmt.Errorf("segkit: %s printed nothing (%v): %s", browser, failed, lastLine(said.String()))
	}
	return undated(pdf, made), nil
}

var stamp = regexp.MustCompile(`/(CreationDate|ModDate) ?\(D:\d{14}[^)]*\)`)

// undated replaces the times of a PDF by another of the same length, so that nothing moves.
func undated(pdf []byte, made time.Time) []byte {
	return stamp.ReplaceAllFunc(pdf, func(old []byte) []byte {
		at := bytes.Index(old, []byte("D:")) + 2
		out := bytes.Clone(old)
		copy(out[at:], made.UTC().Format("20060102150405"))
		return out
	})
}

func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return lines[len(lines)-1]
}
