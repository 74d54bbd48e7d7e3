package nb

// Exercises that check themselves: an answer is compared with a hash, so that the notebook does not hold the solution in a form that
// is read by accident.

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
)

// Key is what Exercise compares an answer with. Do not write it by hand: `segkit nb exercises` runs the solution and the wrong
// answers, and writes the keys into the notebook.
type Key struct {
	Right string // of the right answer
	Hint  string // for any other answer
	Near  []Near // wrong answers with a hint of their own
}

// Near is a wrong answer that many people give.
type Near struct {
	Key  string
	Hint string
}

// Exercise says PASS if the answer is right, and TRY AGAIN with a hint if it is not; of a list, it also says which of its values are right. It never stops the cell, and
// never gives the right answer. An answer is a number, a text, true or false, or a list of these. Numbers must be right to three significant digits;
// upper and lower case do not matter in texts.
//
// Without a key, as in the notebook of solutions, it shows the key of the answer.
//
// If nbgrader runs the notebook, a line on stderr also tells it that the answer is wrong, and it gives no points for such a cell.
func Exercise(number string, answer any, key ...Key) {
	said := verdict(number, answer, key)
	Show(Markdown(said))
	if os.Getenv("NBGRADER_EXECUTION") != "" && !strings.HasPrefix(said, passed) {
		fmt.Fprintf(os.Stderr, "exercise %s: no points\n", number)
	}
}

const passed = "**PASS**"

// verdict is the sentence that Exercise shows.
func verdict(number string, answer any, key []Key) string {
	again := fmt.Sprintf("**TRY AGAIN** (exercise %s): ", number)
	items, ok := list(reflect.ValueOf(answer))
	switch {
	case !ok && answer == nil:
		return again + "there is no answer yet."
	case !ok:
		return again + fmt.Sprintf("an answer is a number, a text, true or false, or a list of these, and this is a %T.", answer)
	case len(key) == 0:
		return fmt.Sprintf("Exercise %s has no key yet. The key of this answer: `%s`", number, keyOf(number, items))
	case opens(number, items, key[0].Right):
		return fmt.Sprintf("%s (exercise %s)", passed, number)
	}
	for _, near := range key[0].Near {
		if opens(number, items, near.Key) {
			return again + near.Hint
		}
	}
	return again + key[0].Hint + soFar(number, items, key[0].Right)
}

// soFar says which values of a list are right, or that there are too many or too few; "" where there is nothing to say.
func soFar(number string, items [][]string, key string) string {
	count, hashes, _ := strings.Cut(key, "-")
	n, err := strconv.Atoi(count)
	switch {
	case err != nil || n == 1 && len(items) == 1:
		return ""
	case n != len(items):
		return fmt.Sprintf(" The answer has %s; this one has %s.", wording.Plural(n, "value"), sheet.Count(len(items)))
	}
	var right []string
	for i, wanted := range strings.Split(hashes, "-") {
		if i < n && fits(number, i, items[i], wanted) {
			right = append(right, strconv.Itoa(i+1))
		}
	}
	if right == nil {
		return ""
	}
	return fmt.Sprintf(" Right so far: %s %s of %d.", map[bool]string{true: "value", false: "values"}[len(right) == 1], sheet.List(right), n)
}

// fits reports whether one value of an answer is the one that was hashed.
func fits(number string, i int, forms []string, wanted string) bool {
	return slices.ContainsFunc(forms, func(text string) bool { return salted(number, i, text) == wanted })
}

// list returns what the answer is made of, each in the forms that count as equal, the nearest first.
func list(v reflect.Value) (items [][]string, ok bool) {
	for v.Kind() == reflect.Interface || v.Kind() == reflect.Pointer {
		v = v.Elem() // of nil: not valid
	}
	if v.Kind() != reflect.Slice && v.Kind() != reflect.Array {
		forms := forms(v)
		return [][]string{forms}, forms != nil
	}
	for i := range v.Len() {
		item := v.Index(i)
		for item.Kind() == reflect.Interface || item.Kind() == reflect.Pointer {
			item = item.Elem()
		}
		forms := forms(item)
		if forms == nil {
			return nil, false
		}
		items = append(items, forms)
	}
	return items, true
}

// border is how near, relative to itself, a number may lie to where rounding changes and still count as either.
const border = 1e-4

// forms returns the texts that count as equal to one value; nil where it is of a kind that is no answer.
func forms(v reflect.Value) []string {
	var x float64
	switch {
	case v.IsValid() && v.CanInt():
		x = float64(v.Int())
	case v.IsValid() && v.CanUint():
		x = float64(v.Uint())
	case v.IsValid() && v.CanFloat():
		x = v.Float()
	case v.Kind() == reflect.String:
		return []string{strings.ToLower(strings.Join(strings.Fields(v.String()), " "))}
	case v.Kind() == reflect.Bool:
		return []string{strconv.FormatBool(v.Bool())}
	default:
		return nil
	}
	if x == 0 || math.IsNaN(x) {
		x = math.Abs(x) // one zero
	}
	var texts []string
	for _, y := range []float64{x, x * (1 - border), x * (1 + border)} {
		if text := strconv.FormatFloat(y, 'e', 2, 64); !slices.Contains(texts, text) {
			texts = append(texts, text)
		}
	}
	return texts
}

// keyOf hashes the answer item by item, each with its exercise and place as salt.
func keyOf(number string, items [][]string) string {
	hashes := []string{strconv.Itoa(len(items))}
	for i, forms := range items {
		hashes = append(hashes, salted(number, i, forms[0]))
	}
	return strings.Join(hashes, "-")
}

func salted(number string, i int, text string) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "segkit %s %d %s", number, i, text))
	return hex.EncodeToString(sum[:4])
}

// opens says whether the answer fits the key, each number rounded to either side where it lies on a border.
func opens(number string, items [][]string, key string) bool {
	count, hashes, _ := strings.Cut(key, "-")
	if count != strconv.Itoa(len(items)) {
		return false
	}
	wanted := strings.Split(hashes, "-")
	for i, forms := range items {
		if i >= len(wanted) || !fits(number, i, forms, wanted[i]) {
			return false
		}
	}
	return true
}
