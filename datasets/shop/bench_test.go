package shop

import (
	"io"
	"testing"
)

func BenchmarkGenerate(b *testing.B) {
	for b.Loop() {
		Generate(Options{WithoutSegments: true})
	}
}

func BenchmarkWriteOrders(b *testing.B) {
	s := Generate(Options{})
	for b.Loop() {
		s.WriteOrders(io.Discard)
	}
}
