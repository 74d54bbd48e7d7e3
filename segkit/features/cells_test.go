package features

import (
	"math/rand/v2"
	"reflect"
	"strconv"
	"testing"

	"github.com/segkit/lab/segkit/internal/records"
)

// The quick way through a column of numbers leaves what the slow one does: values, decimals, and what was seen.
func TestQuickNumbersAreTheSlowOnes(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for round := range 3000 {
		mark := []byte{0, '.', ','}[r.IntN(3)]
		data := make([]byte, 0, 4096+r.IntN(64))
		s := records.NewScanner(';', 1)
		for i := range 1 + r.IntN(40) {
			text := strconv.Itoa(r.IntN([]int{2, 1000, 200_000_000}[r.IntN(3)]))
			switch r.IntN(10) {
			case 0, 1:
				text = "-" + text
			case 2, 3, 4:
				text += string([]byte{"x.,"[r.IntN(3)]}) + strconv.Itoa(r.IntN(120))
			case 5:
				text = []string{"", " 7", "n/a", "1.50", "0,00", "+3", "1e3", "12345678.9", "-", ".", "--1", "1.2.3"}[r.IntN(12)]
			}
			from := uint32(len(data))
			data = append(data, text...)
			s.Columns[0] = append(s.Columns[0], records.Span{From: from, To: uint32(len(data))})
			s.Starts = append(s.Starts, int32(i+1))
			data = append(data, ';')
		}
		s.Data = data
		form := &numberForm{mark: mark, decided: mark != 0, sampled: mark != 0, round: []int{0, 2}[r.IntN(2)]}
		if mark == 0 {
			form.mark = '.'
		}
		read := func(numericMarkers bool) (*numbers, int, bool) {
			p := &plan{header: []string{"n"}, forms: newForms(OrdersOptions{})}
			p.numericMarkers = numericMarkers // the quick way is not taken then
			b, c := &piece{p: p}, &numbers{}
			n, err := b.number(s, c, 0, len(s.Starts), form, noWorth)
			return c, n, err == nil
		}
		slow, n, fine := read(true)
		quick, m, alright := read(false)
		if n != m || fine != alright || !reflect.DeepEqual(slow, quick) {
			t.Fatalf("round %d, mark %q: %q\nslow  %d %+v\nquick %d %+v", round, mark, data, n, slow, m, quick)
		}
	}
}

func TestPowersAreOfTen(t *testing.T) {
	for n, p := range powers {
		if want, ok := scaled(1, n); !ok || p != want {
			t.Errorf("ten to the power of %d is said to be %d", n, p)
		}
	}
}
