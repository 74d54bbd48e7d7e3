//go:build !amd64

package marks

const wide = false

func findAVX2(data *byte, words int, separator byte, out *words) (high, zero uint64) {
	panic("marks: no such instructions")
}
