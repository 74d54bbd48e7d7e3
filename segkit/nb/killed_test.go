package nb

// Cells are processes, and processes are killed and run side by side: what they remember must be whole all the same.

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/segkit/lab/segkit/internal/hard"
	"github.com/segkit/lab/segkit/internal/killed"
)

// asCells makes the test's own program cells that remember in the folder it names. Its first argument says what they do.
const asCells = "SEGKIT_TEST_AS_CELLS"

// remembered is the content of a key, one of two; a cell that recalls anything else has harmed it.
func remembered(key, content int) []byte {
	return bytes.Repeat(binary.LittleEndian.AppendUint64(nil, uint64(key<<8+content)), 1<<(10+key%4))
}

const cellKeys = 12

func rememberAs(dir string) {
	s := &diskStore{dir: filepath.Join(dir, "memory"), limit: 1 << 20, code: func() string { return "1" }}
	switch os.Args[1] {
	case "once":
		for key := range cellKeys {
			s.Put(fmt.Sprintf("fit-%d", key), remembered(key, 1))
		}
	case "endless":
		for turn := 1; ; turn++ {
			for key := range cellKeys {
				s.Put(fmt.Sprintf("fit-%d", key), remembered(key, turn%2))
			}
		}
	case "together": // with others, in a memory that is too small for all keys
		s.limit = 100 << 10
		r, recalled := rand.New(rand.NewPCG(uint64(os.Getpid()), 0)), 0
		for range 300 {
			key := r.IntN(cellKeys)
			name := fmt.Sprintf("fit-%d", key)
			if value, ok := s.Get(name); ok {
				recalled++
				if !bytes.Equal(value, remembered(key, 0)) && !bytes.Equal(value, remembered(key, 1)) {
					fmt.Println(name, "came back changed")
					os.Exit(1)
				}
			}
			s.Put(name, remembered(key, r.IntN(2)))
		}
		if recalled == 0 {
			fmt.Println("nothing was ever recalled")
			os.Exit(1)
		}
	}
	os.Exit(0)
}

func cells(t *testing.T, how string) func(dir string) *exec.Cmd {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return func(dir string) *exec.Cmd {
		cmd := exec.Command(self, how)
		cmd.Dir, cmd.Env = dir, append(os.Environ(), asCells+"="+dir)
		return cmd
	}
}

func TestKilledMemory(t *testing.T) {
	memo := killed.New(t, killed.Program{Name: "memo", Run: cells(t, "once"), Endless: cells(t, "endless"), Prepare: func(t *testing.T, dir string) {
		s := &diskStore{dir: filepath.Join(dir, "memory"), limit: 1 << 20, code: func() string { return "1" }}
		for key := range cellKeys {
			s.Put(fmt.Sprintf("fit-%d", key), remembered(key, 0))
		}
	}})
	t.Log("\n" + killed.Sum(hard.Rounds(t, "killed-memo", 20, 100, func(t *testing.T, round int) killed.Found { return memo.Kill(t, round) })))
}

// Notebooks of one folder share the memory: each recalls what it or another remembered, whole, whatever the others forget in between to stay
// below the limit; and nothing in the making is left.
func TestCellsRememberSideBySide(t *testing.T) {
	dir := t.TempDir()
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if said, err := cells(t, "together")(dir).CombinedOutput(); err != nil {
				t.Errorf("%v: %s", err, said)
			}
		})
	}
	all.Wait()
	entries, err := os.ReadDir(filepath.Join(dir, "memory"))
	if err != nil || len(entries) == 0 {
		t.Fatal(err, len(entries))
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || !strings.HasPrefix(e.Name(), "fit-") || info.Mode().Perm() != 0o600 {
			t.Errorf("%s %v (%v)", e.Name(), info.Mode(), err)
		}
	}
	if info, err := os.Stat(filepath.Join(dir, "memory")); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the folder is %v (%v)", info.Mode(), err)
	}
}
