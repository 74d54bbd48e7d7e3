//go:build unix

package nb

import (
	"encoding/gob"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/janpfeifer/gonb/gonbui/protocol"
)

// fakeKernel is the kernel's end of the pipes. It takes messages one after the other, as the real one does.
type fakeKernel struct {
	out, back string
	got       chan *protocol.DisplayData
	delay     time.Duration // before each message is handled
	silent    bool          // never confirms
}

func newFakeKernel(t *testing.T) *fakeKernel {
	t.Helper()
	dir := t.TempDir()
	k := &fakeKernel{filepath.Join(dir, "out"), filepath.Join(dir, "back"), make(chan *protocol.DisplayData, 10000), 0, false}
	for _, path := range []string{k.out, k.back} {
		if err := syscall.Mkfifo(path, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return k
}

func (k *fakeKernel) serve() {
	r, _ := os.Open(k.out)
	w, _ := os.OpenFile(k.back, os.O_WRONLY, 0)
	defer w.Close()
	in, back := gob.NewDecoder(r), gob.NewEncoder(w)
	for {
		m := &protocol.DisplayData{}
		if in.Decode(m) != nil {
			return
		}
		time.Sleep(k.delay)
		if c, ok := m.Data[protocol.MIMECommValue].(protocol.CommValue); ok {
			if !k.silent {
				back.Encode(&protocol.CommValue{Address: protocol.GonbuiSyncAckAddress, Value: c.Value})
			}
			continue
		}
		k.got <- m
	}
}

func TestAllDisplaysAreWithTheKernelWhenSyncReturns(t *testing.T) {
	f := newFakeKernel(t)
	f.delay = time.Millisecond
	go f.serve()
	k, err := dial(f.out, f.back, patience)
	if err != nil {
		t.Fatal(err)
	}
	big := strings.Repeat("x", 1<<20) // larger than the pipe
	for round := range 20 {
		for i := range 5 {
			if err := k.send(map[string]string{mimeText: fmt.Sprint(round, " ", i), mimeHTML: big}, "id"); err != nil {
				t.Fatal(err)
			}
		}
		if err := k.sync(); err != nil {
			t.Fatal(err)
		}
		if len(f.got) != 5 {
			t.Fatalf("round %d: sync returned with %d of 5 displays", round, len(f.got))
		}
		for i := range 5 {
			m := <-f.got
			if got := m.Data[protocol.MIMETextPlain]; got != fmt.Sprint(round, " ", i) || m.Data[protocol.MIMETextHTML] != big || m.DisplayID != "id" {
				t.Fatalf("round %d: got %v as number %d", round, got, i)
			}
		}
	}
}

func TestAKernelThatIsGoneIsASentence(t *testing.T) {
	f := newFakeKernel(t)
	if _, err := dial(f.out, f.back, 50*time.Millisecond); !errors.Is(err, errKernel) {
		t.Errorf("nobody at the pipe: %v", err)
	}
	if _, err := dial(f.out+"x", f.back, patience); !errors.Is(err, errKernel) {
		t.Errorf("no pipe: %v", err)
	}
	f = newFakeKernel(t)
	f.silent = true
	go f.serve()
	k, err := dial(f.out, f.back, 50*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	if err := k.sync(); !errors.Is(err, errKernel) {
		t.Errorf("no confirmation: %v", err)
	}
}
