// Package browser opens JupyterLab as a newcomer does, and looks whether what the lessons promise is there to see.
package browser

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

const checkout = "../.."

// chromium is the browser to test in: the first of the usual names in the PATH, or SEGKIT_BROWSER.
func chromium(t *testing.T) string {
	if path := os.Getenv("SEGKIT_BROWSER"); path != "" {
		return path
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("no Chromium or Chrome in the PATH: install one (on Debian, apt-get install chromium), or name it in SEGKIT_BROWSER")
	return ""
}

// lab starts JupyterLab as "make lab" does, but at a copy of a lesson, so that nothing is saved into the checkout. It returns the address.
func lab(t *testing.T, lesson string) string {
	t.Helper()
	if _, err := os.Stat(filepath.Join(checkout, ".tools/venv/bin/python")); err != nil {
		t.Skip("JupyterLab is not set up: `make setup` does it")
	}
	folder := t.TempDir()
	source, err := os.ReadFile(filepath.Join(checkout, "notebooks", lesson))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, lesson), source, 0o644); err != nil {
		t.Fatal(err)
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := free.Addr().(*net.TCPAddr).Port
	free.Close()

	server := exec.Command("bash", filepath.Join(checkout, "tools/lab.sh"), "--no-browser", "--expose-app-in-browser", fmt.Sprintf("--port=%d", port),
		"--ServerApp.port_retries=0", "--IdentityProvider.token=browser-test")
	server.Env = append(os.Environ(), "LAB_ROOT="+folder, "SEGKIT_CACHE="+t.TempDir(), "JUPYTERLAB_WORKSPACES_DIR="+t.TempDir())
	server.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	log, err := os.Create(filepath.Join(folder, "server.log"))
	if err != nil {
		t.Fatal(err)
	}
	server.Stdout, server.Stderr = log, log
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		syscall.Kill(-server.Process.Pid, syscall.SIGTERM)
		server.Wait()
		log.Close()
		if t.Failed() {
			text, _ := os.ReadFile(log.Name())
			t.Logf("JupyterLab said:\n%s", text)
		}
	})
	for range 120 {
		if c, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port)); err == nil {
			c.Close()
			return fmt.Sprintf("http://127.0.0.1:%d/lab/tree/%s?token=browser-test", port, lesson)
		}
		time.Sleep(250 * time.Millisecond)
	}
	t.Fatal("JupyterLab does not listen after 30 seconds")
	return ""
}

// page is a browser's tab with what this test does in it.
type page struct {
	t     *testing.T
	ctx   context.Context
	shots string
}

func open(t *testing.T, address string) *page {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(chromium(t)), chromedp.NoSandbox, chromedp.WindowSize(1400, 1000),
		chromedp.Flag("disable-quic", true))
	allocated, stop := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(stop)
	ctx, stop := chromedp.NewContext(allocated)
	t.Cleanup(stop)
	shots, err := filepath.Abs(filepath.Join(checkout, "build/browser"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(shots, 0o755); err != nil {
		t.Fatal(err)
	}
	p := &page{t: t, ctx: ctx, shots: shots}
	thrown := chromedp.Events(ctx, runtime.ExceptionThrown)
	go func() {
		for exception, err := range thrown {
			if err == nil {
				t.Errorf("a script of the page failed: %+v", exception.ExceptionDetails)
			}
		}
	}()
	p.do("open "+address, chromedp.Navigate(address))
	return p
}

// do does what the actions say within a minute.
func (p *page) do(what string, actions ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, stop := context.WithTimeout(p.ctx, time.Minute)
	defer stop()
	if err := chromedp.Do(ctx, actions...); err != nil {
		p.shot("failed")
		p.t.Fatalf("%s: %v", what, err)
	}
}

// js gives the value of a JavaScript expression, waiting for it where it is a promise.
func js[T any](p *page, expression string) T {
	p.t.Helper()
	ctx, stop := context.WithTimeout(p.ctx, time.Minute)
	defer stop()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T]("(async () => "+expression+")()", chromedp.EvalAwaitPromise))
	if err != nil {
		p.shot("failed")
		p.t.Fatalf("%s: %v", expression, err)
	}
	return value
}

// until waits until a JavaScript expression is true.
func (p *page) until(what, expression string, within time.Duration) {
	p.t.Helper()
	for end := time.Now().Add(within); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		if js[bool](p, "Boolean("+expression+")") {
			return
		}
	}
	p.shot("failed")
	p.t.Fatalf("waited %v in vain: %s", within, what)
}

// shot keeps a picture of what the browser shows.
func (p *page) shot(name string) {
	p.t.Helper()
	ctx, stop := context.WithTimeout(p.ctx, 20*time.Second)
	defer stop()
	png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err = errors.Join(err, os.WriteFile(filepath.Join(p.shots, name+".png"), png, 0o644)); err != nil {
		p.t.Errorf("no picture of %s: %v", name, err)
	}
}

// choose picks an item of a menu of the bar, with the mouse.
func (p *page) choose(menu, item string) {
	p.t.Helper()
	p.click("lm-MenuBar-itemLabel", menu)
	p.click("lm-Menu-itemLabel", item)
}

// click moves the mouse to the element of a class whose text begins so, and presses its left button: menus look where the mouse came from.
func (p *page) click(class, text string) {
	p.t.Helper()
	element := fmt.Sprintf("[...document.querySelectorAll('.%s')].find(e => e.textContent.trim().startsWith(%q) && e.getBoundingClientRect().height)", class, text)
	p.until(text+" is there to be clicked", element, 10*time.Second)
	at := js[[2]float64](p, "(r => [r.x + r.width / 2, r.y + r.height / 2])("+element+".getBoundingClientRect())")
	p.do("click "+text, chromedp.MouseEvent(chromedp.MouseMoved, at[0]-2, at[1]), chromedp.MouseEvent(chromedp.MouseMoved, at[0], at[1]), chromedp.MouseClickXY(at[0], at[1]))
}

// What the test asks JupyterLab, in JavaScript.
const (
	notebook = "[...jupyterapp.shell.widgets(`main`)].find(w => w.context)"
	cells    = notebook + ".content.widgets"
	idle     = notebook + ".sessionContext.session?.kernel?.status == 'idle'"
	allRan   = idle + " && " + cells + ".every(c => c.model.type != 'code' || !c.model.sharedModel.source.trim() || c.model.executionCount > 0)"
)

// cell appends a cell with a text, as typed on the keyboard, and leaves the cursor at its end.
func (p *page) cell(text string) {
	p.t.Helper()
	js[bool](p, `(async () => { const panel = `+notebook+`; panel.content.activeCellIndex = `+cells+`.length - 1; await panel.content.scrollToItem(panel.content.activeCellIndex);
		await jupyterapp.commands.execute('notebook:insert-cell-below'); panel.content.mode = 'edit'; await panel.content.activeCell.ready; panel.content.activeCell.editor.focus(); return true })()`)
	p.until("the new cell has the cursor", "document.activeElement.closest('.jp-Cell') == "+notebook+".content.activeCell.node", 10*time.Second)
	p.do("type "+text, chromedp.KeyEvent(text))
}

// run runs the cell with the cursor, as Ctrl+Enter does, and waits for what it shows.
func (p *page) run() (shown string) {
	p.t.Helper()
	return js[string](p, "jupyterapp.commands.execute('notebook:run-cell').then(() => JSON.stringify("+notebook+".content.activeCell.model.outputs.toJSON()))")
}

// tab presses Tab and gives the names that the list below the cursor offers, as often as each stands there. On a busy machine the
// language server may not be done yet, and offers nothing: then it presses again, as readers do, twelve times at most.
func (p *page) tab() (names []string, pressed int) {
	p.t.Helper()
	const list = "document.querySelector('.jp-Completer:not(.lm-mod-hidden) .jp-Completer-item')"
	for pressed < 12 && !js[bool](p, "Boolean("+list+")") {
		p.do("Tab", chromedp.KeyEvent(kb.Tab))
		pressed++
		for end := time.Now().Add(10 * time.Second); time.Now().Before(end) && !js[bool](p, "Boolean("+list+")"); time.Sleep(50 * time.Millisecond) {
		}
	}
	return js[[]string](p, "[...document.querySelectorAll('.jp-Completer:not(.lm-mod-hidden) .jp-Completer-item .jp-Completer-match')].map(n => n.textContent)"), pressed
}

func TestFirstHourInTheBrowser(t *testing.T) {
	p := open(t, lab(t, "01_whole_analysis.ipynb"))
	p.until("the kernel is there", "globalThis.jupyterapp?.shell && "+notebook+"?.context.isReady && "+notebook+".sessionContext.session?.kernel?.connectionStatus == 'connected'", 60*time.Second)
	if kernel := js[string](p, notebook+".sessionContext.session.kernel.name"); kernel != "gonb" {
		t.Fatalf("the kernel is %q, not gonb", kernel)
	}
	p.shot("1-opened")

	p.choose("Run", "Run All Cells")
	p.until("all cells ran", allRan, 5*time.Minute)
	p.shot("2-ran")
	lesson := js[int](p, cells+".length")
	p.everythingIsThere()

	for _, c := range []struct{ typed, wanted string }{
		{"%%\nsegkit.", "Recipe"},
		{"%%\norders.", "Audit"},
		{"%%\ncluster.KMeans{", "Restarts"},
		{"%%\nnb.Show(chart.", "Elbow"},
	} {
		p.cell(c.typed)
		start := time.Now()
		names, pressed := p.tab()
		t.Logf("Tab after %q: %d names in %.1f s, pressed %d times", c.typed, len(names), time.Since(start).Seconds(), pressed)
		if !slices.ContainsFunc(names, func(n string) bool { return strings.HasPrefix(n, c.wanted) }) {
			t.Errorf("Tab after %q offers %q, not %s", c.typed, names, c.wanted)
		}
		slices.Sort(names)
		if once := slices.Compact(slices.Clone(names)); len(once) != len(names) {
			t.Errorf("Tab after %q offers names more than once: %q", c.typed, names)
		}
		p.shot("3-tab-" + c.wanted)
		p.do("Escape", chromedp.KeyEvent(kb.Escape))
	}

	p.cell("%%\nnb.Show(chart.Elbow")
	p.do("Shift+Tab", chromedp.KeyEvent(kb.Tab, chromedp.KeyModifiers(chromedp.ModifierShift)))
	p.until("the tooltip explains chart.Elbow", "document.querySelector('.jp-Tooltip')?.textContent.includes('func chart.Elbow(')", 20*time.Second)
	p.shot("4-tooltip")
	p.do("Escape", chromedp.KeyEvent(kb.Escape))

	p.cell("%%\nfor { time.Sleep(time.Second) }")
	js[bool](p, "(jupyterapp.commands.execute('notebook:run-cell'), true)")
	p.until("the endless cell runs", notebook+".sessionContext.session.kernel.status == 'busy'", 20*time.Second)
	time.Sleep(2 * time.Second) // long enough for its program to have been made
	p.choose("Kernel", "Interrupt Kernel")
	p.until("the endless cell ends", idle, 20*time.Second)
	p.cell("%%\nfmt.Print(`still `, `alive`)")
	if shown := p.run(); !strings.Contains(shown, "still alive") {
		t.Errorf("after the interrupt a cell shows %s", shown)
	}
	p.shot("5-interrupted")

	js[bool](p, `(() => { const cells = `+notebook+`.model.sharedModel; cells.deleteCellRange(`+fmt.Sprint(lesson)+`, cells.cells.length); return true })()`)
	p.choose("Kernel", "Restart Kernel and Run All Cells")
	p.click("jp-Dialog-buttonLabel", "Restart")
	p.until("the restarted kernel begins anew", notebook+".sessionContext.session?.kernel?.status != 'idle'", 20*time.Second)
	p.until("all cells ran again", allRan, 5*time.Minute)
	p.everythingIsThere()
	p.shot("6-ran-again")
}

// everythingIsThere looks at every output of the notebook: cells ran in order, and what one shows has a size and stands below what came before.
func (p *page) everythingIsThere() {
	p.t.Helper()
	type cell struct {
		Cell, Count, Outputs int
		Display              bool
		Bad                  string
	}
	found := js[[]cell](p, `(async () => {
		const content = `+notebook+`.content, found = [];
		for (let i = 0; i < content.widgets.length; i++) {
			const cell = content.widgets[i];
			if (cell.model.type != 'code') continue;
			await content.scrollToItem(i); await cell.ready;
			await new Promise(done => setTimeout(done, 30));
			const all = [...cell.node.querySelectorAll('.jp-OutputArea-output')];
			const shown = all.filter(o => o.childNodes.length); // a progress bar that has ended is an output without content
			let bottom = -Infinity, bad = '';
			for (const output of shown) {
				const box = (output.querySelector('svg[role="img"], table, img') ?? output).getBoundingClientRect();
				if (box.height < 8 || box.width < 8) bad = 'an output without size';
				if (box.top < bottom - 1) bad = 'an output above the one before';
				bottom = box.top;
			}
			if (all.length != cell.model.outputs.length) bad = all.length + ' of ' + cell.model.outputs.length + ' outputs drawn';
			if (cell.model.outputs.toJSON().some(o => o.output_type == 'error')) bad = 'an error';
			found.push({Cell: i, Count: cell.model.executionCount ?? 0, Outputs: shown.length, Display: (cell.model.getMetadata('tags') ?? []).includes('display'), Bad: bad});
		}
		return found })()`)
	for i, cell := range found {
		if cell.Count != i+1 {
			p.t.Errorf("cell %d ran as number %d, not %d", cell.Cell, cell.Count, i+1)
		}
		if cell.Bad != "" {
			p.t.Errorf("cell %d shows %s", cell.Cell, cell.Bad)
		}
		if cell.Display && cell.Outputs == 0 {
			p.t.Errorf("cell %d should show something and does not", cell.Cell)
		}
	}
}
