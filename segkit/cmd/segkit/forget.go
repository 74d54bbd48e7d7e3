package main

import (
	"archive/zip"
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/segkit/lab/segkit/campaign"
	"github.com/segkit/lab/segkit/cmd/internal/notebook"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/memory"
	"github.com/segkit/lab/segkit/internal/textfile"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/track"
)

// forgetCmd removes a customer from what segkit itself keeps, and looks for copies elsewhere, which it leaves to those who own them.
type forgetCmd struct {
	ID     string   `arg:"" help:"The customer's id, exactly as it is written in the files."`
	Paths  []string `arg:"" optional:"" help:"Folders and files to look through; by default this folder."`
	DryRun bool     `help:"Say what would be removed, and change nothing."`
	JSON   bool     `name:"json" help:"Write what is found as JSON (docs/command.md) instead of words."`
}

// forgotten is the answer of segkit forget.
type forgotten struct {
	schema
	ID      string         `json:"id"`
	DryRun  bool           `json:"dry_run"`
	Looked  int            `json:"looked"` // files
	Found   []forgetFile   `json:"found"`  // in the order of the paths
	Opaque  []string       `json:"opaque"` // files that hold no text, so that nobody knows
	Notes   []string       `json:"notes"`  // where else copies may lie
	pending []func() error // what is to be done, once everything has been looked at
}

// forgetFile is one file that holds the customer.
type forgetFile struct {
	File    string `json:"file"`
	Kind    string `json:"kind"`    // "history", "manifest", "memory", "copy"
	Count   int    `json:"count"`   // stays, customers, remembered results, or lines
	Removed bool   `json:"removed"` // or would be, in a dry run; false for a copy
	Says    string `json:"says"`
}

func (c *forgetCmd) Run(ctx context.Context) error {
	if strings.TrimSpace(c.ID) == "" {
		return usageError{errors.New("segkit: forget needs the id of a customer")}
	}
	if len(c.Paths) == 0 {
		c.Paths = []string{"."}
	}
	out, err := c.find(ctx)
	if err != nil {
		return err
	}
	if !c.DryRun {
		for _, do := range out.pending {
			if err := do(); err != nil {
				return fmt.Errorf("%w; what was named before it is done: run segkit forget again", err)
			}
		}
	}
	if err := out.print(os.Stdout, c.JSON); err != nil {
		return err
	}
	if n := out.copies(); n > 0 {
		return lookError{fmt.Errorf("segkit: %s that segkit does not change may hold this customer: look at them", wording.Plural(n, "file"))}
	}
	return nil
}

// find looks through everything, and changes nothing.
func (c *forgetCmd) find(ctx context.Context) (*forgotten, error) {
	out := &forgotten{schema: schema{"segkit/forget", 1}, ID: c.ID, DryRun: c.DryRun, Found: []forgetFile{}, Opaque: []string{}}
	seen := map[string]bool{}
	var memories folders
	for _, root := range c.Paths {
		memories.above(root)
		err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return fmt.Errorf("segkit: forget: %w", err)
			case ctx.Err() != nil:
				return ctx.Err()
			case e.IsDir() && e.Name() == ".git":
				out.Notes = append(out.Notes, fmt.Sprintf("%s keeps earlier versions of files, and was not searched.", path))
				return fs.SkipDir
			case e.IsDir() && (sameFolder(path, memory.Dir()) || remembers(path)):
				memories.add(path)
				return fs.SkipDir
			case !e.Type().IsRegular():
				return nil
			}
			whole, err := filepath.Abs(path)
			if err != nil || seen[whole] {
				return err
			}
			seen[whole] = true
			out.Looked++
			if err := out.look(path, newNeedles(c.ID)); err != nil {
				return fmt.Errorf("segkit: forget: %w", fault.Trimmed(err))
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	memories.above(notebook.Checkout(".")) // whose kernel runs notebooks that lie in no project
	memories.add(memory.Dir())
	for _, dir := range memories {
		if err := out.lookAtMemory(dir); err != nil {
			return nil, err
		}
	}
	out.Notes = append(out.Notes,
		"A saved model holds no customers, but this one helped to shape its segments until it is fitted again.",
		"Where order lines still hold the customer, the next segkit track and the next run of a notebook bring them back: delete them there first.",
		"Copies may also lie in backups, on other people's machines, in mailboxes, in the mailing system and the database that the files came from, and in pages that were printed or published.")
	return out, nil
}

// folders are memories of notebooks, each of them once.
type folders []string

func (f *folders) add(dir string) {
	if dir != "" && !slices.ContainsFunc(*f, func(known string) bool { return sameFolder(known, dir) }) {
		*f = append(*f, dir)
	}
}

// above adds the memories of the projects and checkouts that path lies in, none for "".
func (f *folders) above(path string) {
	dir, err := filepath.Abs(path)
	for err == nil && path != "" {
		if kept := filepath.Join(dir, memoryFolder); remembers(kept) {
			f.add(kept)
		}
		if filepath.Dir(dir) == dir {
			return
		}
		dir = filepath.Dir(dir)
	}
}

// memoryFolder is where the kernel keeps the memory, in a project or a checkout (tools/kernel/start).
const memoryFolder = "build/cache/memory"

// remembers reports whether a folder is the memory of a project or a checkout: other programs may have a folder of that name.
func remembers(dir string) bool {
	whole, err := filepath.Abs(dir)
	home, is := strings.CutSuffix(filepath.ToSlash(whole), "/"+memoryFolder)
	if err != nil || !is {
		return false
	}
	module, err := os.ReadFile(filepath.Join(home, "go.mod"))
	return err == nil && bytes.Contains(module, []byte(labModule))
}

func sameFolder(a, b string) bool {
	x, err := os.Stat(a)
	y, err2 := os.Stat(b)
	return err == nil && err2 == nil && os.SameFile(x, y)
}

// look finds the customer in one file.
func (out *forgotten) look(path string, sought needles) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	head := make([]byte, 8192)
	n, err := io.ReadFull(f, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return err
	}
	head = head[:n]
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	first, _, _ := bytes.Cut(bytes.TrimPrefix(head, []byte("\ufeff")), []byte("\n"))
	switch {
	case strings.TrimRight(string(first), "\r") == "customer,segment,valid_from,valid_to":
		return out.history(path)
	case bytes.HasPrefix(first, []byte("# segkit campaign manifest ")):
		return out.manifest(path)
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		zipped, err := gzip.NewReader(f)
		if err != nil {
			out.Opaque = append(out.Opaque, path)
			return nil
		}
		return out.copy(path, zipped, sought)
	case bytes.HasPrefix(head, []byte("PK\x03\x04")): // a spreadsheet is one
		return out.archive(path, sought)
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		text, err := textfile.Read(path)
		if err != nil {
			out.Opaque = append(out.Opaque, path)
			return nil
		}
		return out.copy(path, bytes.NewReader(text), sought)
	case bytes.IndexByte(head, 0) >= 0:
		out.Opaque = append(out.Opaque, path)
	}
	return out.copy(path, f, sought)
}

// history removes the stays of the customer from what segkit track keeps.
func (out *forgotten) history(path string) error {
	ledger, err := track.ReadLedger(path)
	if err != nil {
		return err
	}
	rest, stays := ledger.Forget(out.ID)
	if stays > 0 {
		out.Found = append(out.Found, forgetFile{path, "history", stays, true, wording.Plural(stays, "stay") + " in a history of segments"})
		out.pending = append(out.pending, func() error { return rest.WriteCSV(path) })
	}
	return nil
}

// manifest removes the customer from a drawn test.
func (out *forgotten) manifest(path string) error {
	m, err := campaign.LoadManifest(path)
	if err != nil {
		return err
	}
	rest, found := m.Forget(out.ID)
	if !found {
		return nil
	}
	was, err := m.Fingerprint()
	if err != nil {
		return err
	}
	is, err := rest.Fingerprint()
	if err != nil {
		return err
	}
	out.Found = append(out.Found, forgetFile{path, "manifest", 1, true,
		fmt.Sprintf("a customer of a test; the fingerprint of the manifest was %s… and becomes %s: write it down, with the reason. Their place among the ids of the segment stays, without an id, so that the lots can be checked",
			was[:12], is)})
	out.pending = append(out.pending, func() error { return rest.Save(path) })
	return nil
}

// copy counts the lines of a text in which the customer stands. Those of an encoder or a spreadsheet may be long.
func (out *forgotten) copy(path string, text io.Reader, sought needles) error {
	plain, hashed, err := sought.lines(text)
	if err != nil {
		out.Opaque = append(out.Opaque, path)
		return nil
	}
	out.add(path, plain, hashed)
	return nil
}

func (out *forgotten) add(path string, plain, hashed int) {
	var parts []string
	if plain > 0 {
		parts = append(parts, wording.Plural(plain, "line")+" with this id")
	}
	if hashed > 0 {
		parts = append(parts, wording.Plural(hashed, "line")+" with a hash of it (MD5, SHA-1 or SHA-256)")
	}
	if parts != nil {
		out.Found = append(out.Found, forgetFile{path, "copy", plain + hashed, false, sheet.List(parts)})
	}
}

// archive looks into the files of a zip archive, as spreadsheets are.
func (out *forgotten) archive(path string, sought needles) error {
	r, err := zip.OpenReader(path)
	if err != nil {
		out.Opaque = append(out.Opaque, path)
		return nil
	}
	defer r.Close()
	plain, hashed := 0, 0
	for _, file := range r.File {
		in, err := file.Open()
		if err == nil {
			var p, h int
			p, h, err = sought.lines(in)
			plain, hashed = plain+p, hashed+h
			in.Close()
		}
		if err != nil {
			out.Opaque = append(out.Opaque, path)
			break
		}
	}
	out.add(path, plain, hashed)
	return nil
}

// lookAtMemory finds what notebooks remember. Results are kept in forms in which an id need not stand as text, so all of them go: they are
// computed again when they are needed.
func (out *forgotten) lookAtMemory(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("segkit: forget: %w", err)
	}
	var files []string
	for _, e := range entries {
		if e.Type().IsRegular() {
			files = append(files, filepath.Join(dir, e.Name()))
		}
	}
	if len(files) == 0 {
		return nil
	}
	whose := "notebooks of every project that uses this folder"
	if remembers(dir) {
		whose = "notebooks of the project or checkout that it lies in"
	}
	out.Found = append(out.Found, forgetFile{dir, "memory", len(files), true, fmt.Sprintf("%s that %s remember: all of them, since any may hold customers; they are computed again when needed",
		wording.Plural(len(files), "result"), whose)})
	out.pending = append(out.pending, func() error {
		for _, file := range files {
			if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return fmt.Errorf("segkit: forget: %w", err)
			}
		}
		return nil
	})
	return nil
}

// needles are the ways in which an id may stand in a text.
type needles struct {
	id     []byte
	hashes [][]byte // in hex, lower and upper case
}

func newNeedles(id string) needles {
	n := needles{id: []byte(id)}
	a, b, c := md5.Sum(n.id), sha1.Sum(n.id), sha256.Sum256(n.id)
	for _, sum := range [][]byte{a[:], b[:], c[:]} {
		lower := hex.EncodeToString(sum)
		n.hashes = append(n.hashes, []byte(lower), []byte(strings.ToUpper(lower)))
	}
	return n
}

// lines counts the lines in which the id stands as a word, and those in which a hash of it does.
func (n needles) lines(text io.Reader) (plain, hashed int, err error) {
	return n.count(bufio.NewReaderSize(text, 1<<20))
}

// count looks at a line as a whole as far as it fits into the reader's buffer; of one that does not, such as an archive's zeros without end, at parts that
// overlap. Where one part ends, an id that goes on there counts, too: better a copy to look at than one that nobody sees.
func (n needles) count(r *bufio.Reader) (plain, hashed int, err error) {
	overlap := max(len(n.id), hex.EncodedLen(sha256.Size)) + utf8.UTFMax
	var part []byte
	inPlain, inHashed := false, false
	for {
		more, err := r.ReadSlice('\n')
		part = append(part, more...)
		inPlain = inPlain || n.word(part, n.id)
		inHashed = inHashed || slices.ContainsFunc(n.hashes, func(hash []byte) bool { return bytes.Contains(part, hash) })
		if err == bufio.ErrBufferFull {
			part = append(part[:0], part[max(0, len(part)-overlap):]...)
			continue
		}
		if inPlain {
			plain++
		}
		if inHashed {
			hashed++
		}
		part, inPlain, inHashed = part[:0], false, false
		if err == io.EOF {
			return plain, hashed, nil
		}
		if err != nil {
			return plain, hashed, err
		}
	}
}

// word reports whether an id stands in a line with no letter, digit, hyphen, underscore or decimal point beside it: 17 is not in 2025-01-17, C-170 or 17.50.
func (n needles) word(line, id []byte) bool {
	for from := 0; ; {
		at := bytes.Index(line[from:], id)
		if at < 0 {
			return false
		}
		at += from
		before, _ := utf8.DecodeLastRune(line[:at])
		after, size := utf8.DecodeRune(line[at+len(id):])
		next, _ := utf8.DecodeRune(line[min(len(line), at+len(id)+size):])
		inWord := func(r rune) bool { return r == '-' || r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }
		if !(inWord(before) && at > 0) && before != '.' && !(size > 0 && inWord(after)) && !(after == '.' && unicode.IsDigit(next)) {
			return true
		}
		from = at + 1
	}
}

// copies is how many files hold the customer and are not segkit's to change.
func (out *forgotten) copies() (n int) {
	for _, f := range out.Found {
		if f.Kind == "copy" {
			n++
		}
	}
	return n
}

// finding reads like "C-17 was removed from 2 places; 3 other files hold copies; what notebooks remember was cleared (214 files looked through)".
// Whether the customer was in a memory nobody knows, so it is no place that they were removed from.
func (out *forgotten) finding() string {
	parts := []string{}
	removed, results, memories := 0, 0, 0
	for _, f := range out.Found {
		switch {
		case f.Kind == "memory":
			results, memories = results+f.Count, memories+1
		case f.Removed:
			removed++
		}
	}
	verb := map[bool]string{true: "would be", false: "was"}[out.DryRun]
	switch {
	case removed > 0:
		parts = append(parts, fmt.Sprintf("%s %s removed from %s", out.ID, verb, wording.Plural(removed, "place")))
	case out.copies() > 0 && memories > 0:
		parts = append(parts, fmt.Sprintf("No history or manifest holds %s", out.ID))
	case out.copies() > 0:
		parts = append(parts, fmt.Sprintf("segkit keeps nothing of %s", out.ID))
	default:
		parts = append(parts, fmt.Sprintf("Nothing of %s was found", out.ID))
	}
	if n := out.copies(); n > 0 {
		parts = append(parts, fmt.Sprintf("%s %s copies", wording.Plural(n, "other file"), map[bool]string{true: "holds", false: "hold"}[n == 1]))
	}
	if memories > 0 {
		parts = append(parts, fmt.Sprintf("what notebooks remember %s deleted, %s in %s", verb, wording.Plural(results, "result"), wording.Plural(memories, "folder")))
	}
	return fmt.Sprintf("%s (%s looked through)", strings.Join(parts, "; "), wording.Plural(out.Looked, "file"))
}

const opaqueShown = 5 // files that are named

func (out *forgotten) print(w io.Writer, asJSON bool) error {
	if asJSON {
		return writeJSON(w, out)
	}
	page := sheet.Sheet{Whole: true, Columns: []sheet.Column{{Name: "where", Text: true}, {Name: "what", Text: true}, {Name: "then", Text: true}}}
	for _, f := range out.Found {
		then := "yours to delete"
		if f.Removed {
			if then = "removed"; out.DryRun {
				then = "would be removed"
			}
		}
		page.Rows = append(page.Rows, []string{f.File, f.Says, then})
	}
	page.Caption = out.finding()
	if len(out.Opaque) > 0 {
		shown := out.Opaque[:min(opaqueShown, len(out.Opaque))]
		more := ""
		if len(shown) < len(out.Opaque) {
			more = fmt.Sprintf(" and %s more", sheet.Count(len(out.Opaque)-len(shown)))
		}
		page.Notes = append(page.Notes, fmt.Sprintf("These files hold no text, so a copy in them may have been missed: %s%s.", strings.Join(shown, ", "), more))
	}
	page.Notes = append(page.Notes, out.Notes...)
	text := page.Caption + "\n" + strings.Join(page.Notes, "\n") + "\n"
	if len(page.Rows) > 0 {
		text = page.TextIn(columns(os.Stdout))
	}
	_, err := fmt.Fprint(w, text)
	return err
}
