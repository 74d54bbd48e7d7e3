package browser

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// axe-core says what keeps people who use a keyboard, a screen reader or large type from reading a page: https://github.com/dequelabs/axe-core
const (
	axeFile = "axe-core-4.14.1.tgz"
	axeFrom = "https://registry.npmjs.org/axe-core/-/" + axeFile
	axeSum  = "e6b0ce02b84d892e2e33e403485e7f3d6c29e2be6df65daf44d89ba564139745" // SHA-256
)

// axe is the script, fetched on its first use and kept under .tools.
func axe(t *testing.T) string {
	t.Helper()
	kept := filepath.Join(checkout, ".tools", axeFile)
	archive, err := os.ReadFile(kept)
	fetched := err != nil
	if fetched {
		if archive, err = download(axeFrom); err != nil {
			t.Skipf("axe-core is not in .tools and cannot be fetched: %v", err)
		}
	}
	if sum := sha256.Sum256(archive); hex.EncodeToString(sum[:]) != axeSum {
		t.Fatalf("%s has SHA-256 %x, not %s: remove it from .tools, and see whether %s has changed", axeFile, sum, axeSum, axeFrom)
	}
	if fetched {
		if err = os.WriteFile(kept+".part", archive, 0o644); err == nil {
			err = os.Rename(kept+".part", kept)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	unzipped, err := gzip.NewReader(bytes.NewReader(archive))
	if err != nil {
		t.Fatal(err)
	}
	for files := tar.NewReader(unzipped); ; {
		file, err := files.Next()
		if err != nil {
			t.Fatalf("%s has no axe.min.js: %v", axeFile, err)
		}
		if file.Name == "package/axe.min.js" {
			script, err := io.ReadAll(files)
			if err != nil {
				t.Fatal(err)
			}
			return string(script)
		}
	}
}

func download(address string) ([]byte, error) {
	answer, err := http.Get(address)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answers %s", address, answer.Status)
	}
	return io.ReadAll(answer.Body)
}

// looks are the screens on which pages are read: a desk's by day and a phone's by night.
var looks = []struct {
	name, scheme  string
	width, height int64
}{
	{"desk", "light", 1100, 900},
	{"phone", "dark", 400, 800},
}

// A finding is a rule of axe-core that a page breaks, with the places where it does.
type finding struct {
	ID, Impact, Help string
	Places           []string
}

// findings are what axe-core finds on the page that is open. It need not look at the thousands of marks inside charts, which have
// no part in the page but by the chart's title and description.
func (p *page) findings(script string) []finding {
	p.t.Helper()
	p.do("load axe-core", chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := chromedp.Evaluate[any](script+";null")(ctx, t)
		return err
	}))
	return js[[]finding](p, `axe.run({exclude: ['svg > *']}, {resultTypes: ['violations']}).then(r => r.violations.map(v => ({ID: v.id, Impact: v.impact, Help: v.help,
		Places: v.nodes.map(n => n.target.join(' ') + ': ' + n.html.slice(0, 160) + ' ' + (n.any[0]?.message ?? ''))})))`)
}

// look gives the open page a screen.
func (p *page) look(width, height int64, scheme string) {
	p.t.Helper()
	p.do("set the screen", chromedp.EmulateViewport(width, height), chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
		return err
	}))
}

// TestPagesAreAccessible runs axe-core over the pages that the lessons became, and over a report.
func TestPagesAreAccessible(t *testing.T) {
	script := axe(t)
	pages, err := filepath.Glob(filepath.Join(checkout, "build/notebooks/*.html"))
	if err != nil {
		t.Fatal(err)
	}
	if len(pages) == 0 {
		t.Log("no lesson is among the pages: `segkit nb run notebooks/*.ipynb` makes them in build/notebooks")
	}
	pages = append(pages, report(t))
	for i, path := range pages {
		if pages[i], err = filepath.Abs(path); err != nil {
			t.Fatal(err)
		}
	}
	for _, look := range looks {
		t.Run(look.name, func(t *testing.T) {
			t.Parallel() // a browser for each: a page keeps one processor busy
			p := open(t, "about:blank")
			p.look(look.width, look.height, look.scheme)
			for _, path := range pages {
				t.Run(strings.TrimSuffix(filepath.Base(path), ".html"), func(t *testing.T) {
					p := &page{t: t, ctx: p.ctx, shots: p.shots}
					p.do("open "+path, chromedp.Navigate("file://"+path))
					for _, f := range p.findings(script) {
						t.Errorf("%s (%s): %s, %d places, first %s", f.ID, f.Impact, f.Help, len(f.Places), f.Places[0])
					}
				})
			}
		})
	}
}

// report is the page that the command makes of the made-up shop.
func report(t *testing.T) string {
	t.Helper()
	segkit, err := filepath.Abs(filepath.Join(checkout, ".tools/bin/segkit"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(segkit); err != nil {
		t.Skip("the command is not built: `make setup` does it")
	}
	folder := t.TempDir()
	if out, err := exec.Command(segkit, "report", "shop", "--as-of", "2025-09-30", "--no-pdf", "-o", folder).CombinedOutput(); err != nil {
		t.Fatalf("no report: %v\n%s", err, out)
	}
	return filepath.Join(folder, "report.html")
}

// TestAxeFindsWhatIsWrong looks at a page with faults of several kinds.
func TestAxeFindsWhatIsWrong(t *testing.T) {
	script := axe(t)
	path := filepath.Join(t.TempDir(), "bad.html")
	bad := `<html><head><title>Bad</title></head><body><img src="data:,"><p style="color:#ccc;background:#fff">pale</p><svg role="img"><path d="M0,0h9"/></svg></body></html>`
	if err := os.WriteFile(path, []byte(bad), 0o644); err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, f := range open(t, "file://"+path).findings(script) {
		found = append(found, f.ID)
	}
	for _, want := range []string{"html-has-lang", "image-alt", "color-contrast", "svg-img-alt"} {
		if !strings.Contains(" "+strings.Join(found, " ")+" ", " "+want+" ") {
			t.Errorf("axe-core does not find %s on a page that has it, only %q", want, found)
		}
	}
}
