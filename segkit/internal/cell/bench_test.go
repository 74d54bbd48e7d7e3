package cell

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"testing"
)

// A million cells of each kind; compare ParsePlain with BenchmarkParseFloat in the same run.
func cellsOf(format func(*rand.Rand) string) [][]byte {
	r := rand.New(rand.NewPCG(1, 2))
	out := make([][]byte, 1<<16)
	for i := range out {
		out[i] = []byte(format(r))
	}
	return out
}

var kinds = []struct {
	name   string
	format func(*rand.Rand) string
}{
	{"whole", func(r *rand.Rand) string { return strconv.Itoa(r.IntN(50)) }},
	{"cents", func(r *rand.Rand) string { return fmt.Sprintf("%d.%02d", r.IntN(300), r.IntN(100)) }},
	{"german", func(r *rand.Rand) string {
		return fmt.Sprintf("%d.%03d,%02d", 1+r.IntN(300), r.IntN(1000), r.IntN(100))
	}},
	{"dollars", func(r *rand.Rand) string {
		return fmt.Sprintf("$%d,%03d.%02d", 1+r.IntN(300), r.IntN(1000), r.IntN(100))
	}},
}

func BenchmarkNumbers(b *testing.B) {
	for _, k := range kinds {
		cells := cellsOf(k.format)
		n := new(Numbers)
		for i, c := range cells {
			n.Add(c, i)
		}
		r := n.Readings(0)[0]
		b.Run(k.name+"/Add", func(b *testing.B) {
			n := new(Numbers)
			for i := range b.N {
				n.Add(cells[i&(len(cells)-1)], i)
			}
		})
		b.Run(k.name+"/Parse", func(b *testing.B) {
			for i := range b.N {
				r.Parse(cells[i&(len(cells)-1)])
			}
		})
		if k.name == "whole" || k.name == "cents" {
			b.Run(k.name+"/ParsePlain", func(b *testing.B) {
				for i := range b.N {
					ParsePlain(cells[i&(len(cells)-1)], '.')
				}
			})
			b.Run(k.name+"/ParseFloat", func(b *testing.B) {
				for i := range b.N {
					strconv.ParseFloat(string(cells[i&(len(cells)-1)]), 64)
				}
			})
		}
	}
}

func BenchmarkDates(b *testing.B) {
	for _, layout := range []string{"2006-01-02", "2006-01-02 15:04:05", "1/2/2006 15:04"} {
		cells := cellsOf(func(r *rand.Rand) string {
			return timeOf(1.2e9 + r.Int64N(4e8)).Format(layout)
		})
		d := new(Dates)
		for i, c := range cells {
			d.Add(c, i)
		}
		r := d.Readings()[0]
		b.Run(layout+"/Add", func(b *testing.B) {
			d := new(Dates)
			for i := range b.N {
				d.Add(cells[i&(len(cells)-1)], i)
			}
		})
		b.Run(layout+"/Parse", func(b *testing.B) {
			for i := range b.N {
				r.Parse(cells[i&(len(cells)-1)])
			}
		})
	}
}
