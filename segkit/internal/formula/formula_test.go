package formula

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"
)

// written writes a tree with every bracket that it means.
func written(n *Node) string {
	args := make([]string, len(n.Args))
	for i, a := range n.Args {
		args[i] = written(a)
	}
	switch n.Kind {
	case Number:
		return fmt.Sprint(n.Value)
	case Text:
		return fmt.Sprintf("%q", n.Name)
	case Truth:
		return fmt.Sprint(n.Value == 1)
	case Column:
		return n.Name
	case Call:
		return n.Name + "(" + strings.Join(args, ", ") + ")"
	case List:
		return "[" + strings.Join(args, ", ") + "]"
	case Not:
		return "(not " + args[0] + ")"
	case Minus:
		return "(-" + args[0] + ")"
	}
	return "(" + args[0] + " " + n.Name + " " + args[1] + ")"
}

func TestParse(t *testing.T) {
	for source, want := range map[string]string{
		`a or b and not c`:         `(a or (b and (not c)))`,
		`a || b && !c`:             `(a or (b and (not c)))`,
		`not a > 1`:                `(not (a > 1))`,
		`!a > 1`:                   `((not a) > 1)`,
		`not not a`:                `(not (not a))`,
		`1 - 2 - 3`:                `((1 - 2) - 3)`,
		`1 + 2 * 3`:                `(1 + (2 * 3))`,
		`(1 + 2) * 3`:              `((1 + 2) * 3)`,
		`8 / 4 / 2`:                `((8 / 4) / 2)`,
		`-a * b`:                   `((-a) * b)`,
		`a - -1.5e3`:               `(a - (-1500))`,
		`a + 1 > b * 2`:            `((a + 1) > (b * 2))`,
		`0 < a <= 3`:               `((0 < a) and (a <= 3))`,
		`a in [1, -2]`:             `(a in [1, (-2)])`,
		`a not in ["x", 'y']`:      `(not (a in ["x", "y"]))`,
		`city == "Le\"eds"`:        `(city == "Le\"eds")`,
		`max(a, b + 1) > col("x")`: `(max(a, (b + 1)) > col("x"))`,
		`if(a > 1, b, 0) + 1`:      `(if((a > 1), b, 0) + 1)`,
		`true and false`:           `(true and false)`,
		`größe > 1 // remark`:      `(größe > 1)`,
	} {
		n, err := Parse(source)
		if err != nil {
			t.Errorf("%s: %v", source, err)
		} else if got := written(n); got != want {
			t.Errorf("%s reads as %s, want %s", source, got, want)
		}
	}
}

func TestParseErrors(t *testing.T) {
	for source, want := range map[string]struct {
		at  int
		why string
	}{
		``:                               {1, "ends too early"},
		`a >`:                            {4, "ends too early"},
		`a = 1`:                          {3, "=="},
		`(a > 1`:                         {7, "ends too early"},
		`a > 1)`:                         {6, `")"`},
		`a b`:                            {3, `"b"`},
		`größe $ 1`:                      {7, `"$"`},
		`a > 0x1F`:                       {5, "plain decimal"},
		`a > 1e999`:                      {5, "plain decimal"},
		`a not 1`:                        {7, `"1"`},
		`f(a b)`:                         {5, `"b"`},
		`a ? b : c`:                      {3, `"?"`},
		`a.b`:                            {2, `"."`},
		`if a > 1 {2} else {3}`:          {1, "if(condition, then, otherwise)"},
		strings.Repeat("(", 1<<12) + "a": {maxDepth + 2, "levels deep"},
		strings.Repeat("-", 1<<12) + "a": {maxDepth + 2, "levels deep"},
		strings.Repeat("not ", 1<<12):    {0, "levels deep"},
	} {
		_, err := Parse(source)
		var e *Error
		if !errors.As(err, &e) || want.at > 0 && e.At != want.at || !strings.Contains(e.Why, want.why) {
			t.Errorf("%.40q: %v, want %q at %d", source, err, want.why, want.at)
		}
	}
}

// Whatever is read, reads the same again from its written form.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{`a > 1 and not b in [1, "x"]`, `-f(a, b) / 2 < 1 <= c`, `"\u00e9" == col('x')`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, source string) {
		n, err := Parse(source)
		if err != nil || !utf8.ValidString(source) {
			return
		}
		again, err := Parse(written(n))
		if err != nil && !strings.Contains(err.Error(), "levels deep") {
			t.Fatalf("%q reads as %s, which does not read: %v", source, written(n), err)
		}
		if err == nil && written(again) != written(n) {
			t.Fatalf("%q reads as %s, which reads as %s", source, written(n), written(again))
		}
	})
}
