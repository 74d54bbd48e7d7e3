package bintree

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/bits"
)

// Set is a set of bins.
type Set [4]uint64

func (s *Set) add(bin uint8)      { s[bin>>6] |= 1 << (bin & 63) }
func (s *Set) has(bin uint8) bool { return s[bin>>6]&(1<<(bin&63)) != 0 }

// each calls do for the bins of s, rising.
func (s *Set) each(do func(bin int)) {
	for w, word := range s {
		for ; word != 0; word &= word - 1 {
			do(w*64 + bits.TrailingZeros64(word))
		}
	}
}

// Tree is a grown tree, its nodes in the order in which they were made, the root first.
type Tree struct {
	Nodes  []Node    `json:"nodes"`
	Sets   []Set     `json:"sets,omitempty"` // that questions about categories ask for
	Values []float64 `json:"values"`         // of the leaves; of a classification tree as many as classes for each leaf
}

// Node is a question with two answers, or a leaf.
type Node struct {
	Column int32 // -1 in a leaf
	Low    int32 // node of the rows whose bin is at most Bin, or in the set; High stands behind it. In a leaf the place among Values
	Set    int32 // place of the set, -1 where a threshold is asked for
	Bin    uint8
	Lost   bool // rows whose value is missing go low
}

// Leaf returns the place among the leaves of row i of codes (d x n).
func (t *Tree) Leaf(codes [][]uint8, i int) int {
	at := int32(0)
	for {
		n := &t.Nodes[at]
		if n.Column < 0 {
			return int(n.Low)
		}
		code, low := codes[n.Column][i], false
		switch {
		case code == Missing:
			low = n.Lost
		case n.Set >= 0:
			low = t.Sets[n.Set].has(code)
		default:
			low = code <= n.Bin
		}
		if at = n.Low; !low {
			at++
		}
	}
}

// Check refuses a tree, as read from a file, that would lead nowhere: of so many columns, with so many values to a leaf.
func (t *Tree) Check(columns, values int) error {
	if t == nil || len(t.Nodes) == 0 || len(t.Values)%values != 0 {
		return errors.New("a tree is not whole")
	}
	for at, n := range t.Nodes {
		leaf := n.Column < 0 && n.Low >= 0 && int(n.Low) < len(t.Values)/values
		asks := n.Column >= 0 && int(n.Column) < columns && int(n.Low) > at && int(n.Low)+1 < len(t.Nodes) && n.Set >= -1 && int(n.Set) < len(t.Sets)
		if !leaf && !asks { // children stand behind their parent, so no way goes in circles
			return fmt.Errorf("node %d of a tree leads nowhere", at)
		}
	}
	for _, v := range t.Values {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return errors.New("a leaf has no value")
		}
	}
	return nil
}

// treeFile is a tree in JSON: lists of the nodes' fields, which take less room than nodes would.
type treeFile struct {
	Column []int32   `json:"column"`
	Low    []int32   `json:"low"`
	Set    []int32   `json:"set,omitempty"` // none where all are -1
	Bin    []byte    `json:"bin"`
	Lost   []byte    `json:"lost"`
	Sets   []Set     `json:"sets,omitempty"`
	Values []float64 `json:"values"`
}

// MarshalJSON writes the tree.
func (t *Tree) MarshalJSON() ([]byte, error) {
	f := treeFile{Sets: t.Sets, Values: t.Values}
	for _, n := range t.Nodes {
		lost := byte(0)
		if n.Lost {
			lost = 1
		}
		f.Column, f.Low, f.Bin, f.Lost = append(f.Column, n.Column), append(f.Low, n.Low), append(f.Bin, n.Bin), append(f.Lost, lost)
		if t.Sets != nil {
			f.Set = append(f.Set, n.Set)
		}
	}
	return json.Marshal(f)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (t *Tree) UnmarshalJSON(data []byte) error {
	var f treeFile
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&f); err != nil {
		return err
	}
	n := len(f.Column)
	if len(f.Low) != n || len(f.Bin) != n || len(f.Lost) != n || f.Set != nil && len(f.Set) != n {
		return errors.New("the lists of a tree differ in length")
	}
	t.Nodes, t.Sets, t.Values = make([]Node, n), f.Sets, f.Values
	for i := range t.Nodes {
		t.Nodes[i] = Node{Column: f.Column[i], Low: f.Low[i], Set: -1, Bin: f.Bin[i], Lost: f.Lost[i] == 1}
		if f.Set != nil {
			t.Nodes[i].Set = f.Set[i]
		}
	}
	return nil
}

// question is a way to part the rows of a node.
type question struct {
	column int
	bin    uint8
	set    *Set // nil for a threshold
	lost   bool
	gain   float64
}

func (q *question) low(code uint8) bool {
	switch {
	case code == Missing:
		return q.lost
	case q.set != nil:
		return q.set.has(code)
	}
	return code <= q.bin
}

// ask makes node at a question and returns its low child; the high one stands behind it.
func (t *Tree) ask(at int, q question) (low int) {
	low = len(t.Nodes)
	n := Node{Column: int32(q.column), Low: int32(low), Set: -1, Bin: q.bin, Lost: q.lost}
	if q.set != nil {
		n.Set = int32(len(t.Sets))
		t.Sets = append(t.Sets, *q.set)
	}
	t.Nodes[at] = n
	t.Nodes = append(t.Nodes, Node{Column: -1, Set: -1}, Node{Column: -1, Set: -1})
	return low
}
