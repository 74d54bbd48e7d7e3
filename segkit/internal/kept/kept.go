// Package kept reads and writes the options that stand beside a data file: orders.csv.segkit.toml says how orders.csv is read.
//
// What stands there is TOML, and of it only what options need: a line for each key, whose value is a text, a whole number or a
// list of texts. Every notebook cell that reads a file looks for its options, and a cell is compiled and linked anew each time:
// so there is a small reader here and no library for all of TOML.
package kept

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/segkit/lab/internal/atomicfile"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/suggest"
)

// Suffix is what the name of a data file gets.
const Suffix = ".segkit.toml"

// What a file is read as.
const (
	Orders    = "orders"
	Customers = "customers"
)

// Options are what was kept for one file.
type Options struct {
	Path    string   // of the file of options
	Kind    string   // Orders or Customers
	Columns []string // of the data file when they were kept
	Sheet   string   // of a workbook, "" for none or the first
	Set     []Setting
}

// Setting is one option: its key, as Key makes it of a field, and its value: a string, an int or a []string.
type Setting struct {
	Key   string
	Value any
}

// version is that of the layout of the file.
const version = 1

// most is how many bytes such a file may have.
const most = 1 << 20

// Beside reads what was kept for the data file at path, nil if nothing was. Errors name op.
func Beside(op, path string) (*Options, error) {
	f, err := os.Open(path + Suffix)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("segkit: %s: the options of %s cannot be read: %w", op, path, err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, most))
	if err != nil {
		return nil, fmt.Errorf("segkit: %s: the options of %s cannot be read: %w", op, path, err)
	}
	o, at, err := parse(string(text))
	if err != nil {
		return nil, &fault.CellError{Op: op, File: path + Suffix, Line: at, Why: err.Error(), Err: fault.ErrFormat,
			Remedy: "mend the line, or delete the file and run segkit inspect --write again"}
	}
	o.Path = path + Suffix
	return o, nil
}

// Changed refuses a data file whose columns are others than those of the options.
func (o *Options) Changed(op, path string, columns []string) error {
	if slices.Equal(o.Columns, columns) {
		return nil
	}
	var gone, come []string
	for _, c := range o.Columns {
		if !slices.Contains(columns, c) {
			gone = append(gone, c)
		}
	}
	for _, c := range columns {
		if !slices.Contains(o.Columns, c) {
			come = append(come, c)
		}
	}
	why := "its columns are in a different order"
	switch {
	case gone != nil && come != nil:
		why = fmt.Sprintf("it lacks %s and has %s", list(gone), list(come))
	case gone != nil:
		why = "it lacks " + list(gone)
	case come != nil:
		why = "it also has " + list(come)
	}
	return &fault.CellError{Op: op, File: path, Err: fault.ErrSchema, Why: fmt.Sprintf("has different columns from when its options were kept in %s: %s", o.Path, why),
		Remedy: "look at it with segkit inspect, and keep its options again with --write, or delete those that are there"}
}

func list(names []string) string {
	var out []string
	for _, n := range names[:min(len(names), 5)] {
		out = append(out, strconv.Quote(n))
	}
	if n := len(names) - len(out); n > 0 {
		out = append(out, fmt.Sprintf("%d more", n))
	}
	return strings.Join(out, ", ")
}

// Among is what the key of an answer gets for the words that it is about: undone = [] is none of those in undone_among, and later words are asked about.
const Among = "_among"

// Fill gives the options of a file to those fields of the struct that to points to that are not set. An answer that is set is not about the words of the one that was kept.
func (o *Options) Fill(to any) error {
	given := Of(reflect.ValueOf(to).Elem().Interface())
	for _, s := range o.Set {
		if answer, is := strings.CutSuffix(s.Key, Among); is && slices.ContainsFunc(given, func(g Setting) bool { return g.Key == answer }) {
			continue
		}
		if err := Put(to, s, false); err != nil {
			return fmt.Errorf("segkit: %s: %w", o.Path, err)
		}
	}
	return nil
}

// Add gives those fields of the struct that to points to, where they are lists that are set, what the lists of a file hold beside it, in front; an empty list takes the
// place of one that was kept. It says in sentences what was added.
func (o *Options) Add(to any) (notes []string, err error) {
	given := Of(reflect.ValueOf(to).Elem().Interface())
	for _, s := range o.Set {
		before, isList := s.Value.([]string)
		at := slices.IndexFunc(given, func(g Setting) bool { return g.Key == s.Key })
		if !isList || at < 0 || s.Key == "header" || strings.HasSuffix(s.Key, Among) {
			continue
		}
		now := given[at].Value.([]string)
		more := slices.DeleteFunc(slices.Clone(now), func(text string) bool { return slices.Contains(before, text) })
		switch {
		case len(before) == 0:
			continue
		case len(now) == 0:
			notes = append(notes, fmt.Sprintf("%s = %s was kept before, and an empty list takes its place.", s.Key, literal(before)))
			continue
		case len(more) > 0:
			notes = append(notes, fmt.Sprintf("%s = %s was kept before, and %s is added to it.", s.Key, literal(before), list(more)))
		}
		if err := Put(to, Setting{s.Key, slices.Concat(before, more)}, true); err != nil {
			return nil, fmt.Errorf("segkit: %s: %w", o.Path, err)
		}
	}
	return notes, nil
}

// List is the list that was kept under a key; nil if none was.
func (o *Options) List(key string) []string {
	if o != nil {
		for _, s := range o.Set {
			if names, is := s.Value.([]string); is && s.Key == key {
				return names
			}
		}
	}
	return nil
}

// Said says in a clause what the options are, for notes.
func (o *Options) Said() string {
	var parts []string
	if o.Sheet != "" {
		parts = append(parts, "sheet = "+literal(o.Sheet))
	}
	for _, s := range o.Set {
		if strings.HasSuffix(s.Key, Among) {
			continue
		}
		said := s.Key + " = " + literal(s.Value)
		if (s.Key == "undone" || s.Key == "back") && !slices.ContainsFunc(o.Set, func(of Setting) bool { return of.Key == s.Key+Among }) {
			said += " (for any word, new ones too)"
		}
		parts = append(parts, said)
	}
	if parts == nil {
		return "nothing that differs from what the file says itself"
	}
	return strings.Join(parts, ", ")
}

// Put sets the field that a key names; where over is false, only if it is not set so far.
func Put(to any, s Setting, over bool) error {
	v := reflect.ValueOf(to).Elem()
	var keys []string
	for i := range v.NumField() {
		key := Key(v.Type().Field(i).Name)
		if key != s.Key {
			keys = append(keys, key)
			continue
		}
		f := v.Field(i)
		if !f.IsZero() && !over {
			return nil
		}
		switch value := s.Value.(type) {
		case string:
			if f.Kind() == reflect.String {
				f.SetString(value)
				return nil
			} else if f.Kind() == reflect.Int32 && utf8.RuneCountInString(value) == 1 {
				r, _ := utf8.DecodeRuneInString(value)
				f.SetInt(int64(r))
				return nil
			}
		case int:
			if f.Kind() == reflect.Int {
				f.SetInt(int64(value))
				return nil
			}
		case []string:
			if f.Type() == reflect.TypeFor[[]string]() {
				f.Set(reflect.ValueOf(value))
				return nil
			}
		}
		return fmt.Errorf("%s = %s is not a value of this option (%w)", s.Key, literal(s.Value), fault.ErrFormat)
	}
	if near := suggest.Nearest(s.Key, keys); near != "" {
		return fmt.Errorf("there is no option %q (did you mean %q?) (%w)", s.Key, near, fault.ErrFormat)
	}
	return fmt.Errorf("there is no option %q: %s (%w)", s.Key, strings.Join(keys, ", "), fault.ErrFormat)
}

// Of lists the options of a struct that are set, in the order of its fields.
func Of(from any) []Setting {
	v := reflect.ValueOf(from)
	var out []Setting
	for i := range v.NumField() {
		f, key := v.Field(i), Key(v.Type().Field(i).Name)
		if f.IsZero() {
			continue
		}
		switch f.Kind() {
		case reflect.String:
			out = append(out, Setting{key, f.String()})
		case reflect.Int32:
			out = append(out, Setting{key, string(rune(f.Int()))})
		case reflect.Int:
			out = append(out, Setting{key, int(f.Int())})
		case reflect.Slice:
			if texts, ok := f.Interface().([]string); ok {
				out = append(out, Setting{key, texts})
			}
		}
	}
	return out
}

// Key is the name of an option's field as it stands in the file: DateLayout is date_layout.
func Key(field string) string {
	var b strings.Builder
	for i, r := range field {
		if unicode.IsUpper(r) && i > 0 {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// Write keeps the options of the data file at path, whole or not at all.
func (o *Options) Write(path string) error {
	o.Path = path + Suffix
	return atomicfile.Write(o.Path, func(w io.Writer) error {
		_, err := io.WriteString(w, o.text())
		return err
	})
}

// text is the file.
func (o *Options) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# How segkit reads the file beside this one. Without this file, it is read as it says itself.\nversion = %d\nkind = %s\n", version, literal(o.Kind))
	if o.Sheet != "" {
		fmt.Fprintf(&b, "sheet = %s\n", literal(o.Sheet))
	}
	for _, s := range o.Set {
		fmt.Fprintf(&b, "%s = %s\n", s.Key, literal(s.Value))
	}
	fmt.Fprintf(&b, "\n# If these change, the options no longer hold.\ncolumns = %s\n", literal(o.Columns))
	return b.String()
}

// literal is a value as TOML has it.
func literal(value any) string {
	switch v := value.(type) {
	case []string:
		items := make([]string, len(v))
		for i, s := range v {
			items[i] = literal(s)
		}
		return "[" + strings.Join(items, ", ") + "]"
	case string:
		var b strings.Builder
		b.WriteByte('"')
		for _, r := range v {
			switch {
			case r == '"' || r == '\\':
				b.WriteRune('\\')
				b.WriteRune(r)
			case r == '\t':
				b.WriteString(`\t`)
			case r == '\n':
				b.WriteString(`\n`)
			case r < ' ' || r == 0x7f:
				fmt.Fprintf(&b, `\u%04X`, r)
			default:
				b.WriteRune(r)
			}
		}
		b.WriteByte('"')
		return b.String()
	}
	return fmt.Sprint(value)
}

// Each reads options line by line and hands each to take, with the line on which it begins. What is wrong is told with its line.
func Each(text string, take func(s Setting, line int) error) (line int, err error) {
	if !utf8.ValidString(text) {
		return 0, errors.New("is not UTF-8")
	}
	seen := map[string]bool{}
	p := &parser{rest: strings.TrimPrefix(text, "\ufeff"), line: 1}
	for p.skip(true); p.rest != ""; p.skip(true) {
		at := p.line
		key := p.word()
		if key == "" {
			return at, errors.New("does not begin with the name of an option")
		}
		if p.skip(false); !p.take("=") {
			return at, fmt.Errorf("has no = after %q", key)
		}
		p.skip(false)
		value, err := p.value()
		if err != nil {
			return p.line, err
		}
		if p.skip(false); p.rest != "" && !p.take("\n") && !p.take("\r\n") {
			return p.line, fmt.Errorf("has something after the value of %q", key)
		}
		if seen[key] {
			return at, fmt.Errorf("names %q a second time", key)
		}
		seen[key] = true
		if err := take(Setting{key, value}, at); err != nil {
			return at, err
		}
	}
	return 0, nil
}

// parse reads the text of a file; at is the line of an error.
func parse(text string) (o *Options, at int, err error) {
	o = &Options{}
	seen := map[string]bool{}
	if at, err := Each(text, func(s Setting, _ int) error {
		seen[s.Key] = true
		ok := true
		switch s.Key {
		case "version":
			if v, is := s.Value.(int); !is || v != version {
				return fmt.Errorf("was written by another version of segkit (version %s, want %d)", literal(s.Value), version)
			}
		case "kind":
			o.Kind, ok = s.Value.(string)
			ok = ok && (o.Kind == Orders || o.Kind == Customers)
		case "sheet":
			o.Sheet, ok = s.Value.(string)
		case "columns":
			o.Columns, ok = s.Value.([]string)
		default:
			o.Set = append(o.Set, s)
		}
		if !ok {
			return fmt.Errorf("%s is not a value of %q", literal(s.Value), s.Key)
		}
		return nil
	}); err != nil {
		return nil, at, err
	}
	if !seen["version"] || !seen["kind"] || !seen["columns"] {
		return nil, 0, errors.New("lacks version, kind or columns")
	}
	return o, 0, nil
}

type parser struct {
	rest string
	line int
}

// skip passes over blanks and comments, and over line ends where lines says so.
func (p *parser) skip(lines bool) {
	for p.rest != "" {
		switch c := p.rest[0]; {
		case c == ' ' || c == '\t':
			p.rest = p.rest[1:]
		case c == '#':
			end := strings.IndexByte(p.rest, '\n')
			if end < 0 {
				end = len(p.rest)
			}
			p.rest = p.rest[end:]
		case lines && (c == '\n' || c == '\r'):
			p.take(p.rest[:1])
		default:
			return
		}
	}
}

func (p *parser) take(text string) bool {
	rest, ok := strings.CutPrefix(p.rest, text)
	if ok {
		p.rest = rest
		p.line += strings.Count(text, "\n")
	}
	return ok
}

func (p *parser) word() string {
	n := 0
	for n < len(p.rest) && (p.rest[n] == '_' || p.rest[n] == '-' || p.rest[n] >= 'a' && p.rest[n] <= 'z' || p.rest[n] >= 'A' && p.rest[n] <= 'Z' || p.rest[n] >= '0' && p.rest[n] <= '9') {
		n++
	}
	word := p.rest[:n]
	p.rest = p.rest[n:]
	return word
}

func (p *parser) value() (any, error) {
	switch {
	case p.take("["):
		items := []string{}
		for {
			if p.skip(true); p.take("]") {
				return items, nil
			}
			item, err := p.text()
			if err != nil {
				return nil, err
			}
			items = append(items, item)
			if p.skip(true); !p.take(",") && !strings.HasPrefix(p.rest, "]") {
				return nil, errors.New("has a list that is not closed by ]")
			}
		}
	case p.rest != "" && (p.rest[0] == '-' || p.rest[0] >= '0' && p.rest[0] <= '9'):
		word := p.word()
		n, err := strconv.Atoi(word)
		if err != nil {
			return nil, fmt.Errorf("has %q, which is not a whole number", word)
		}
		return n, nil
	}
	return p.text()
}

// unclosed is the error of a text which is not closed.
func unclosed(quotes string) error { return fmt.Errorf("has a text that is not closed by %s", quotes) }

// text reads a text: in double quotes with escapes, or in single quotes as it stands; in three of either it may have several lines.
func (p *parser) text() (string, error) {
	for _, quotes := range []string{"'''", `"""`} {
		if behind, ok := strings.CutPrefix(p.rest, quotes); ok {
			return p.lines(behind, quotes)
		}
	}
	if p.take("'") {
		text, rest, ok := strings.Cut(p.rest, "'")
		if !ok || strings.Contains(text, "\n") {
			return "", unclosed("'")
		}
		p.rest = rest
		return text, nil
	}
	if !p.take(`"`) {
		return "", errors.New("needs a text in quotes, a whole number, or a list of texts in [ ]")
	}
	var b strings.Builder
	for p.rest != "" && p.rest[0] != '\n' {
		c := p.rest[0]
		p.rest = p.rest[1:]
		switch {
		case c == '"':
			return b.String(), nil
		case c != '\\':
			b.WriteByte(c)
			continue
		}
		r, err := p.escaped()
		if err != nil {
			return "", err
		}
		b.WriteRune(r)
	}
	return "", unclosed(`"`)
}

// lines reads a text of several lines behind the quotes that open it: a line end at its beginning does not count, nor do those behind a backslash.
func (p *parser) lines(behind, quotes string) (string, error) {
	text, rest, ok := behind, "", false
	for at := 0; at < len(behind) && !ok; at++ {
		switch {
		case quotes == `"""` && behind[at] == '\\':
			at++
		case strings.HasPrefix(behind[at:], quotes):
			for extra := 0; extra < 2 && strings.HasPrefix(behind[at+1:], quotes); extra++ { // the text ends in a quote
				at++
			}
			text, rest, ok = behind[:at], behind[at+len(quotes):], true
		}
	}
	if !ok {
		return "", unclosed(quotes)
	}
	p.line, p.rest = p.line+strings.Count(text, "\n"), rest
	if after, ok := strings.CutPrefix(text, "\r\n"); ok {
		text = after
	} else {
		text = strings.TrimPrefix(text, "\n")
	}
	if quotes == "'''" {
		return text, nil
	}
	var b strings.Builder
	for q := (&parser{rest: text}); q.rest != ""; {
		c := q.rest[0]
		q.rest = q.rest[1:]
		if c != '\\' {
			b.WriteByte(c)
			continue
		}
		if line := strings.TrimLeft(q.rest, " \t"); strings.HasPrefix(line, "\n") || strings.HasPrefix(line, "\r\n") {
			q.rest = strings.TrimLeft(line, " \t\r\n")
			continue
		}
		r, err := q.escaped()
		if err != nil {
			return "", err
		}
		b.WriteRune(r)
	}
	return b.String(), nil
}

// escaped reads the character that stands behind a backslash.
func (p *parser) escaped() (rune, error) {
	if p.rest == "" {
		return 0, unclosed(`"`)
	}
	c := p.rest[0]
	p.rest = p.rest[1:]
	digits := map[byte]int{'u': 4, 'U': 8}[c]
	switch plain := strings.IndexByte(`"\btnfr`, c); {
	case plain >= 0:
		return rune("\"\\\b\t\n\f\r"[plain]), nil
	case digits > 0 && len(p.rest) >= digits:
		r, err := strconv.ParseUint(p.rest[:digits], 16, 31)
		if err != nil || !utf8.ValidRune(rune(r)) {
			return 0, fmt.Errorf(`has \%c%s, which is not a character`, c, p.rest[:digits])
		}
		p.rest = p.rest[digits:]
		return rune(r), nil
	}
	return 0, fmt.Errorf(`has \%c, which TOML does not know`, c)
}
