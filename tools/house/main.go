// House measures how the module is built: for every room (package) its files, its exported names, and the references between its
// files that climb. With -draw it draws the rooms by floors, each with the first sentence of its documentation, for CONTRIBUTING.
//
//	go -C tools run ./house ..
//	go -C tools run ./house -draw ..
//
// Within a room, files are put in the order in which the fewest references point upwards (Eades, Lin & Smyth 1993,
// doi:10.1016/0020-0190(93)90079-O); a reference is one use of a function, type, variable, constant or method of another file. Those
// that point upwards all the same climb: so many cannot be understood from below.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"go/ast"
	"go/doc"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
)

// listed is what the go command says of a package.
type listed struct {
	ImportPath, Dir, Export, Name string
	GoFiles, Imports              []string
	Module                        *struct {
		Path string
		Main bool
	}
}

// room is a package of the module as it was measured.
type room struct {
	path     string // below the module's
	says     string // first sentence of its documentation
	imports  []string
	files    int
	exported int
	refs     int // between files
	climbing int
	climbs   []string // "sweep.go -> null.go: newBlob", as often as it does
	worst    string   // the file that most climbing references start from
	floor    int
}

func main() {
	draw := flag.Bool("draw", false, "draw the floors instead of counting")
	climbs := flag.String("climbs", "", "list the references of one room that climb, such as segkit/choose")
	flag.Parse()
	dir := "."
	if flag.NArg() > 0 {
		dir = flag.Arg(0)
	}
	rooms, err := measure(dir)
	if err != nil {
		fmt.Fprintln(os.Stderr, "house:", err)
		os.Exit(1)
	}
	if *draw {
		drawFloors(os.Stdout, rooms)
		return
	}
	if *climbs != "" {
		for _, r := range rooms {
			if r.path == *climbs {
				fmt.Println(strings.Join(r.climbs, "\n"))
			}
		}
		return
	}
	count(os.Stdout, rooms)
}

// measure type-checks every package of the module in dir.
func measure(dir string) ([]*room, error) {
	list := exec.Command("go", "list", "-deps", "-export", "-json=ImportPath,Dir,Export,Name,GoFiles,Imports,Module", "./...")
	list.Dir, list.Stderr = dir, os.Stderr
	out, err := list.Output()
	if err != nil {
		return nil, err
	}
	exports := map[string]string{}
	var ours []listed
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := d.Decode(&p); err == io.EOF {
			break
		} else if err != nil {
			return nil, err
		}
		exports[p.ImportPath] = p.Export
		if p.Module != nil && p.Module.Main && len(p.GoFiles) > 0 {
			ours = append(ours, p)
		}
	}
	fset := token.NewFileSet()
	known := importer.ForCompiler(fset, "gc", func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) })
	var rooms []*room
	for _, p := range ours {
		r, err := survey(fset, known, p)
		if err != nil {
			return nil, err
		}
		rooms = append(rooms, r)
	}
	stack(rooms)
	return rooms, nil
}

// survey measures one package.
func survey(fset *token.FileSet, known types.Importer, p listed) (*room, error) {
	r := &room{path: strings.TrimPrefix(p.ImportPath, p.Module.Path+"/"), files: len(p.GoFiles)}
	for _, imported := range p.Imports {
		if below, ok := strings.CutPrefix(imported, p.Module.Path+"/"); ok {
			r.imports = append(r.imports, below)
		}
	}
	var files []*ast.File
	for _, name := range p.GoFiles {
		f, err := parser.ParseFile(fset, filepath.Join(p.Dir, name), nil, parser.ParseComments)
		if err != nil {
			return nil, err
		}
		if f.Doc != nil && r.says == "" {
			r.says = new(doc.Package).Synopsis(f.Doc.Text())
		}
		files = append(files, f)
	}
	info := &types.Info{Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{}}
	config := types.Config{Importer: known}
	pkg, err := config.Check(p.ImportPath, fset, files, info)
	if err != nil {
		return nil, err
	}
	for _, name := range pkg.Scope().Names() {
		if token.IsExported(name) {
			r.exported++
		}
	}
	at := map[string]int{}
	for i, f := range files {
		at[fset.Position(f.Package).Filename] = i
	}
	refs, names := make([][]int, len(files)), make([][][]string, len(files)) // from file to file
	for i, f := range files {
		refs[i], names[i] = make([]int, len(files)), make([][]string, len(files))
		ast.Inspect(f, func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			if !ok {
				return true
			}
			if o := info.Uses[id]; o != nil && o.Pkg() == pkg && counts(o, pkg) {
				if to := at[fset.Position(o.Pos()).Filename]; to != i {
					refs[i][to]++
					names[i][to] = append(names[i][to], id.Name)
				}
			}
			return true
		})
	}
	order := fromBelow(refs)
	most := 0
	for up, i := range order {
		climbs := 0
		for over, j := range order {
			r.refs += refs[i][j]
			if over > up && refs[i][j] > 0 {
				climbs += refs[i][j]
				slices.Sort(names[i][j])
				r.climbs = append(r.climbs, fmt.Sprintf("%s -> %s: %s", p.GoFiles[i], p.GoFiles[j], strings.Join(slices.Compact(names[i][j]), " ")))
			}
		}
		if r.climbing += climbs; climbs > most {
			most, r.worst = climbs, p.GoFiles[i]
		}
	}
	return r, nil
}

// counts reports whether a use of o is a reference to another file: fields are not, since who holds a value may look at it.
func counts(o types.Object, pkg *types.Package) bool {
	switch o := o.(type) {
	case *types.Func:
		return true
	case *types.Var:
		return !o.IsField() && o.Parent() == pkg.Scope()
	}
	return o.Parent() == pkg.Scope()
}

// fromBelow orders files so that few references point upwards: those that refer to nothing left go to the bottom, those that nothing
// left refers to go to the top, and where neither exists, the file whose references in outnumber those out the most goes down.
func fromBelow(refs [][]int) []int {
	var bottom, top, left []int
	for i := range refs {
		left = append(left, i)
	}
	sums := func(i int) (out, in int) {
		for _, j := range left {
			out += refs[i][j]
			in += refs[j][i]
		}
		return out, in
	}
	for len(left) > 0 {
		best, bestLead, down := 0, 0, true
		for p, i := range left {
			out, in := sums(i)
			if out == 0 {
				best, down = p, true
				break
			}
			if in == 0 {
				best, down = p, false
				break
			}
			if lead := in - out; p == 0 || lead > bestLead {
				best, bestLead, down = p, lead, true
			}
		}
		if down {
			bottom = append(bottom, left[best])
		} else {
			top = append(top, left[best])
		}
		left = slices.Delete(left, best, best+1)
	}
	slices.Reverse(top)
	return append(bottom, top...)
}

// stack gives every room the lowest floor above all that it imports.
func stack(rooms []*room) {
	by := map[string]*room{}
	for _, r := range rooms {
		by[r.path], r.floor = r, -1
	}
	var of func(r *room) int
	of = func(r *room) int {
		if r.floor >= 0 {
			return r.floor
		}
		for _, below := range r.imports {
			if b := by[below]; b != nil {
				r.floor = max(r.floor, of(b))
			}
		}
		r.floor++
		return r.floor
	}
	for _, r := range rooms {
		of(r)
	}
	slices.SortFunc(rooms, func(a, b *room) int {
		if a.floor != b.floor {
			return b.floor - a.floor
		}
		return strings.Compare(a.path, b.path)
	})
}

// count writes a row for every room.
func count(w io.Writer, rooms []*room) {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "floor\tfiles\texported\treferences\tclimbing\t  room")
	files, exported, refs, climbing := 0, 0, 0, 0
	for _, r := range rooms {
		note := ""
		if r.worst != "" {
			note = " (most from " + r.worst + ")"
		}
		fmt.Fprintf(table, "%d\t%d\t%d\t%d\t%d\t  %s%s\n", r.floor, r.files, r.exported, r.refs, r.climbing, r.path, note)
		files, exported, refs, climbing = files+r.files, exported+r.exported, refs+r.refs, climbing+r.climbing
	}
	fmt.Fprintf(table, "\t%d\t%d\t%d\t%d\t  in all\n", files, exported, refs, climbing)
	table.Flush()
}

// drawFloors writes the rooms from the roof down.
func drawFloors(w io.Writer, rooms []*room) {
	floor := -1
	for _, r := range rooms {
		if r.floor != floor {
			floor = r.floor
			fmt.Fprintf(w, "── floor %d %s\n", floor, strings.Repeat("─", 60))
		}
		fmt.Fprintf(w, "%-28s %s\n", r.path, r.says)
	}
}
