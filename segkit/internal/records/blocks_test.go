package records

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"
)

// tripwire reads as text does, until it panics.
type tripwire struct {
	text io.Reader
	left int // calls
}

func (r *tripwire) Read(p []byte) (int, error) {
	if r.left--; r.left < 0 {
		panic("reading")
	}
	return r.text.Read(p)
}

// Whoever calls Each can recover from a panic of what it calls, on whichever goroutine that runs; what came before an error of join is joined.
func TestAPanicIsRaisedOnTheCaller(t *testing.T) {
	text := strings.Repeat("a,b\n", 1000) // 100 blocks of ten lines
	lines := func(data []byte) (int, []byte) { return strings.Count(string(data), "\n"), data }
	each := func(in io.Reader, worker func() func([]byte) (int, []byte), join func(int, int) error) (joined int, raised any, err error) {
		defer func() { raised = recover() }()
		err = Each(Blocks{In: in, Size: 40, Failed: func(err error) error { return err }}, worker, func(n, size int) error {
			joined += n
			return join(n, size)
		})
		return joined, nil, err
	}
	always := func(int, int) error { return nil }
	for _, procs := range []int{1, 2, 8} {
		t.Run(fmt.Sprint(procs), func(t *testing.T) {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
			before := runtime.NumGoroutine()
			if joined, raised, err := each(strings.NewReader(text), func() func([]byte) (int, []byte) { return lines }, always); joined != 1000 || err != nil || raised != nil {
				t.Errorf("nothing wrong: %d lines, %v, %v", joined, err, raised)
			}
			if _, raised, _ := each(strings.NewReader(text), func() func([]byte) (int, []byte) { panic("starting") }, always); raised != "starting" {
				t.Errorf("a worker that cannot start: %v", raised)
			}
			for _, end := range []string{"\n", "\nx\n"} { // in the middle, and in the last block
				seen := strings.Repeat("a,b\n", 500) + "bad" + end
				if end == "\n" {
					seen += strings.Repeat("a,b\n", 500)
				}
				if _, raised, _ := each(strings.NewReader(seen), func() func([]byte) (int, []byte) {
					return func(data []byte) (int, []byte) {
						if strings.Contains(string(data), "bad") {
							panic("working")
						}
						return lines(data)
					}
				}, always); raised != "working" {
					t.Errorf("a worker with %q: %v", end, raised)
				}
			}
			if _, raised, _ := each(&tripwire{strings.NewReader(text), 50}, func() func([]byte) (int, []byte) { return lines }, always); raised != "reading" {
				t.Errorf("reading: %v", raised)
			}
			full, blocks := errors.New("full"), 0
			joined, raised, err := each(strings.NewReader(text), func() func([]byte) (int, []byte) { return lines }, func(int, int) error {
				if blocks++; blocks == 7 {
					return full
				}
				return nil
			})
			if joined != 70 || err != full || raised != nil {
				t.Errorf("an error of join: %d lines, %v, %v", joined, err, raised)
			}
			for range 1000 { // the goroutine that has just closed a channel may still be there
				if runtime.NumGoroutine() <= before {
					return
				}
				time.Sleep(time.Millisecond) // until they have ended, for a second at most
			}
			t.Errorf("%d goroutines, %d before", runtime.NumGoroutine(), before)
		})
	}
}
