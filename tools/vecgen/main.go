// Command vecgen writes the assembly of segkit/internal/vec; `go generate ./segkit/internal/vec` runs it.
//
// Every kernel that compares rows works on blocks of two vectors of rows. A lane is a row: its sum runs over the features in order, as in plain
// Go, and multiplication and addition stay two instructions, since a fused one rounds otherwise. Only screen, which says itself
// where rounding could matter, fuses them, and in single precision. In memory rows lie one after the other, so a block is first
// transposed into a tile: feature j of all its rows, then feature j+1.
package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// isa is a vector instruction set.
type isa struct {
	name  string
	lanes int // float64s in a vector
}

var avx2, avx512 = isa{"AVX2", 4}, isa{"AVX512", 8}

func main() {
	ConstraintExpr("!purego")
	for _, s := range []isa{avx2, avx512} {
		s.nearest(false)
		s.nearest(true)
		s.screen()
		s.lower()
		s.addDistances()
		s.scale()
		s.within()
		s.margins()
		s.sumRows()
	}
	Generate()
}

// Vector registers are given out by hand, general ones by avo.
const (
	sums   = 0  // 8: two for each of four points; scratch while transposing
	best   = 8  // 2: the least sum yet, or the total
	label  = 10 // 2: the number of the point that has it
	number = 12 // of the next point
	one    = 13
	spare  = 14 // 2
)

// v is vector register i.
func (s isa) v(i int) VecPhysical {
	if s == avx512 {
		return []VecPhysical{Z0, Z1, Z2, Z3, Z4, Z5, Z6, Z7, Z8, Z9, Z10, Z11, Z12, Z13, Z14, Z15, Z16, Z17, Z18, Z19, Z20, Z21, Z22, Z23}[i]
	}
	return []VecPhysical{Y0, Y1, Y2, Y3, Y4, Y5, Y6, Y7, Y8, Y9, Y10, Y11, Y12, Y13, Y14, Y15}[i]
}

func (s isa) bytes() int { return 8 * s.lanes }

func (s isa) zero(i int) {
	v := s.v(i).AsY()
	VXORPD(v, v, v) // clears the upper half of a longer register too
}

// half is vector h of the two that lie at p.
func (s isa) half(p Register, h int) Mem { return Mem{Base: p, Disp: h * s.bytes()} }

// strides are the bytes of one row and of three.
func strides() (stride, three Register) {
	stride, three = Load(Param("d"), GP64()), GP64()
	SHLQ(U8(3), stride)
	LEAQ(Mem{Base: stride, Index: stride, Scale: 2}, three)
	return stride, three
}

// lines are the addresses of rows that lie one after the other; they move along the features.
type lines struct {
	at            []Register // every fourth row
	stride, three Register
}

func (g lines) row(i int) Mem {
	m := Mem{Base: g.at[i/4]}
	switch i % 4 {
	case 1:
		m.Index, m.Scale = g.stride, 1
	case 2:
		m.Index, m.Scale = g.stride, 2
	case 3:
		m.Index, m.Scale = g.three, 1
	}
	return m
}

func (g lines) move(features int) {
	for _, p := range g.at {
		ADDQ(I8(8*features), p)
	}
}

// vectorOfRows calls do for every feature of as many rows as a vector has lanes, two features at a time where there are two,
// with the features in registers sums and sums+1. It moves x behind the rows.
func (s isa) vectorOfRows(name string, x, stride, three Register, do func(features int)) {
	g := lines{stride: stride, three: three}
	for range s.lanes / 4 {
		p := GP64()
		MOVQ(x, p)
		LEAQ(Mem{Base: x, Index: stride, Scale: 4}, x)
		g.at = append(g.at, p)
	}
	left := Load(Param("d"), GP64())
	SUBQ(I8(2), left)
	JL(LabelRef(name + "Last"))

	Label(name + "Pair")
	even, odd := s.v(sums+2), s.v(sums+3) // two features of rows 0, 2, 4, 6, and of rows 1, 3, 5, 7
	for i, v := range []VecPhysical{even, odd} {
		VMOVUPD(g.row(i), v.AsX())
		VINSERTF128(I8(1), g.row(i+2), v.AsY(), v.AsY())
		if s == avx512 {
			VINSERTF64X2(I8(2), g.row(i+4), v, v)
			VINSERTF64X2(I8(3), g.row(i+6), v, v)
		}
	}
	VUNPCKLPD(odd, even, s.v(sums))
	VUNPCKHPD(odd, even, s.v(sums+1))
	do(2)
	g.move(2)
	SUBQ(I8(2), left)
	JGE(LabelRef(name + "Pair"))

	Label(name + "Last")
	CMPQ(left, I8(-1))
	JNE(LabelRef(name + "Done"))
	for i := 0; i < s.lanes; i += 4 {
		a, b := s.v(sums+i/4), s.v(sums+2)
		VMOVSD(g.row(i), a.AsX())
		VMOVHPD(g.row(i+1), a.AsX(), a.AsX())
		VMOVSD(g.row(i+2), b.AsX())
		VMOVHPD(g.row(i+3), b.AsX(), b.AsX())
		VINSERTF128(I8(1), b.AsX(), a.AsY(), a.AsY())
	}
	if s == avx512 {
		VINSERTF64X4(I8(1), s.v(sums+1).AsY(), s.v(sums), s.v(sums))
	}
	do(1)
	Label(name + "Done")
}

// tile transposes a block and moves x behind it.
func (s isa) tile(x, stride, three Register) {
	for h := range 2 {
		to := Load(Param("tile"), GP64())
		s.vectorOfRows(fmt.Sprint("tile", h), x, stride, three, func(features int) {
			for j := range features {
				VMOVUPD(s.v(sums+j), s.half(to, 2*j+h))
			}
			ADDQ(I32(2*features*s.bytes()), to)
		})
	}
}

// points calls each for all points, four at a time where there are four, with the squared distances of the block in the tile
// to point c in registers sums+2*c and sums+2*c+1.
func (s isa) points(first, count string, stride, three Register, each func(points int)) {
	p, left := Load(Param(first), GP64()), Load(Param(count), GP64())
	SUBQ(I8(4), left)
	JL(LabelRef("rest"))
	Label("four")
	s.squares("fourFeature", p, stride, three, 4)
	each(4)
	ADDQ(three, p)
	SUBQ(I8(4), left)
	JGE(LabelRef("four"))
	Label("rest")
	ADDQ(I8(4), left)
	JZ(LabelRef("done"))
	Label("one")
	s.squares("oneFeature", p, stride, three, 1)
	each(1)
	DECQ(left)
	JNZ(LabelRef("one"))
	Label("done")
}

// squares moves p to the second point.
func (s isa) squares(name string, p, stride, three Register, points int) {
	for i := range 2 * points {
		s.zero(sums + i)
	}
	tile, left := Load(Param("tile"), GP64()), Load(Param("d"), GP64())
	g := lines{[]Register{p}, stride, three}
	Label(name)
	for c := range points {
		VBROADCASTSD(g.row(c), s.v(spare))
		for h := range 2 {
			e, sum := s.v(spare+1), s.v(sums+2*c+h)
			VSUBPD(s.half(tile, h), s.v(spare), e)
			VMULPD(e, e, e)
			VADDPD(e, sum, sum)
		}
	}
	g.move(1)
	ADDQ(I32(2*s.bytes()), tile)
	DECQ(left)
	JNZ(LabelRef(name))
}

// nearest keeps, where two are wanted, the second-least sums in memory: there are no registers left.
func (s isa) nearest(two bool) {
	if two {
		TEXT("nearestTwo"+s.name, NOSPLIT, "func(x *float64, d, blocks int, centers *float64, k int, tile *float64, labels *int32, dist, second *float64)")
		Doc(fmt.Sprintf("nearestTwo%s is NearestTwo for blocks of %d rows. The tile is scratch, d times as many.", s.name, 2*s.lanes))
	} else {
		TEXT("nearest"+s.name, NOSPLIT, "func(x *float64, d, blocks int, centers *float64, k int, tile *float64, labels *int32, dist *float64) (changed int)")
		Doc(fmt.Sprintf("nearest%s is Nearest for blocks of %d rows. The tile is scratch, d times as many.", s.name, 2*s.lanes))
	}
	Pragma("noescape")
	x, blocks := Load(Param("x"), GP64()), Load(Param("blocks"), GP64())
	labels, dist := Load(Param("labels"), GP64()), Load(Param("dist"), GP64())
	stride, three := strides()
	var changed, second Register
	if two {
		second = Load(Param("second"), GP64())
	} else {
		changed = GP64()
		XORQ(changed, changed)
	}
	constant := GP64()
	MOVQ(U64(1), constant)
	VMOVQ(constant, s.v(one).AsX())
	VPBROADCASTQ(s.v(one).AsX(), s.v(one))

	Label("block")
	s.tile(x, stride, three)
	MOVQ(U64(0x7FF0000000000000), constant) // infinity
	VMOVQ(constant, s.v(best).AsX())
	VBROADCASTSD(s.v(best).AsX(), s.v(best))
	VMOVUPD(s.v(best), s.v(best+1))
	s.zero(label)
	s.zero(label + 1)
	s.zero(number)
	if two {
		VMOVUPD(s.v(best), s.half(second, 0))
		VMOVUPD(s.v(best), s.half(second, 1))
	}
	s.points("centers", "k", stride, three, func(points int) {
		for c := range points {
			for h := range 2 {
				sum, best, label, work := s.v(sums+2*c+h), s.v(best+h), s.v(label+h), s.v(spare)
				if s == avx512 {
					VCMPPD(U8(0x11), best, sum, K1) // sum < best, so that ties keep the lower number
					VMOVDQA64(s.v(number), K1, label)
				} else {
					VCMPPD(U8(0x11), best, sum, work)
					VBLENDVPD(work, s.v(number), label, label)
				}
				if two { // of best and sum, the one that will not be best
					VMAXPD(best, sum, work)
					VMINPD(s.half(second, h), work, work)
					VMOVUPD(work, s.half(second, h))
				}
				VMINPD(best, sum, best)
			}
			VPADDQ(s.v(one), s.v(number), s.v(number))
		}
	})
	for h := range 2 {
		VMOVUPD(s.v(best+h), s.half(dist, h))
	}
	if s == avx512 {
		for h := range 2 {
			VPMOVQD(s.v(label+h), Y0)
			storeLabels(Mem{Base: labels, Disp: 32 * h}, changed)
		}
	} else {
		VSHUFPS(U8(0x88), s.v(label+1), s.v(label), Y0)
		VPERMQ(U8(0xD8), Y0, Y0)
		storeLabels(Mem{Base: labels}, changed)
	}
	if two {
		ADDQ(I32(2*s.bytes()), second)
	}
	ADDQ(I32(2*s.bytes()), dist)
	ADDQ(I32(s.bytes()), labels)
	DECQ(blocks)
	JNZ(LabelRef("block"))
	VZEROUPPER()
	if !two {
		Store(changed, ReturnIndex(0))
	}
	RET()
}

// storeLabels writes the eight labels in Y0 and counts in changed, if there is one, those that differ from before.
func storeLabels(to Mem, changed Register) {
	if changed == nil {
		VMOVDQU(Y0, to)
		return
	}
	differ := GP32()
	VPCMPEQD(to, Y0, Y1)
	VMOVDQU(Y0, to)
	VMOVMSKPS(Y1, differ)
	XORL(U32(0xFF), differ)
	POPCNTL(differ, differ)
	ADDQ(differ.As64(), changed)
}

// lower needs no tile: every value is used once.
func (s isa) lower() {
	TEXT("lower"+s.name, NOSPLIT, "func(x *float64, d, blocks int, point, dist, out *float64)")
	Pragma("noescape")
	Doc(fmt.Sprintf("lower%s is Lower for blocks of %d rows.", s.name, 2*s.lanes))
	x, blocks := Load(Param("x"), GP64()), Load(Param("blocks"), GP64())
	dist, out := Load(Param("dist"), GP64()), Load(Param("out"), GP64())
	stride, three := strides()
	Label("block")
	for h := range 2 {
		point := Load(Param("point"), GP64())
		s.zero(best)
		s.vectorOfRows(fmt.Sprint("half", h), x, stride, three, func(features int) {
			for j := range features {
				v := s.v(sums + j)
				VBROADCASTSD(Mem{Base: point, Disp: 8 * j}, s.v(spare))
				VSUBPD(s.v(spare), v, v)
				VMULPD(v, v, v)
				VADDPD(v, s.v(best), s.v(best))
			}
			ADDQ(I8(8*features), point)
		})
		VMINPD(s.half(dist, h), s.v(best), s.v(best))
		VMOVUPD(s.v(best), s.half(out, h))
	}
	ADDQ(I32(2*s.bytes()), dist)
	ADDQ(I32(2*s.bytes()), out)
	DECQ(blocks)
	JNZ(LabelRef("block"))
	VZEROUPPER()
	RET()
}

func (s isa) addDistances() {
	TEXT("addDistances"+s.name, NOSPLIT, "func(x *float64, d, blocks int, y *float64, points int, tile, out *float64)")
	Pragma("noescape")
	Doc(fmt.Sprintf("addDistances%s is AddDistances for blocks of %d rows. The tile is scratch, d times as many.", s.name, 2*s.lanes))
	x, blocks, out := Load(Param("x"), GP64()), Load(Param("blocks"), GP64()), Load(Param("out"), GP64())
	stride, three := strides()
	Label("block")
	s.tile(x, stride, three)
	for h := range 2 {
		VMOVUPD(s.half(out, h), s.v(best+h))
	}
	s.points("y", "points", stride, three, func(points int) {
		for i := range 2 * points {
			root, total := s.v(sums+i), s.v(best+i%2)
			VSQRTPD(root, root)
			VADDPD(root, total, total)
		}
	})
	for h := range 2 {
		VMOVUPD(s.v(best+h), s.half(out, h))
	}
	ADDQ(I32(2*s.bytes()), out)
	DECQ(blocks)
	JNZ(LabelRef("block"))
	VZEROUPPER()
	RET()
}

// periods runs along x, vector by vector, and along the two parameters that repeat after each period.
func (s isa) periods(first, second string, do func(x, a, b Mem)) {
	x, periods, m := Load(Param("x"), GP64()), Load(Param("periods"), GP64()), Load(Param("m"), GP64())
	a, b := Load(Param(first), GP64()), Load(Param(second), GP64())
	SHLQ(U8(3), m)
	Label("period")
	at := GP64()
	XORQ(at, at)
	Label("vector")
	do(Mem{Base: x, Index: at, Scale: 1}, Mem{Base: a, Index: at, Scale: 1}, Mem{Base: b, Index: at, Scale: 1})
	ADDQ(U8(s.bytes()), at)
	CMPQ(at, m)
	JNE(LabelRef("vector"))
	ADDQ(m, x)
	DECQ(periods)
	JNZ(LabelRef("period"))
}

func (s isa) scale() {
	TEXT("scale"+s.name, NOSPLIT, "func(x *float64, periods, m int, center, scale *float64)")
	Pragma("noescape")
	Doc(fmt.Sprintf("scale%s is Scale for whole periods of m values, a multiple of 8.", s.name))
	s.periods("center", "scale", func(x, center, scale Mem) {
		VMOVUPD(x, s.v(0))
		VSUBPD(center, s.v(0), s.v(0))
		VDIVPD(scale, s.v(0), s.v(0))
		VMOVUPD(s.v(0), x)
	})
	VZEROUPPER()
	RET()
}

// within gathers in two registers, or masks, which lanes have been at least low and at most high all along.
func (s isa) within() {
	TEXT("within"+s.name, NOSPLIT, "func(x *float64, periods, m int, low, high *float64) (all int)")
	Pragma("noescape")
	Doc(fmt.Sprintf("within%s is Within for whole periods of m values, a multiple of 8: 0 means no.", s.name))
	if s == avx512 {
		KXNORB(K1, K1, K1)
		KXNORB(K2, K2, K2)
	} else {
		VPCMPEQD(Y1, Y1, Y1)
		VMOVAPD(Y1, Y2)
	}
	const least, most = 0x1D, 0x12 // at least, at most; missing values are neither
	s.periods("low", "high", func(x, low, high Mem) {
		VMOVUPD(x, s.v(0))
		if s == avx512 {
			VCMPPD(U8(least), low, s.v(0), K1, K1)
			VCMPPD(U8(most), high, s.v(0), K2, K2)
			return
		}
		for i, of := range []Mem{low, high} {
			VCMPPD(U8([]int{least, most}[i]), of, Y0, Y3)
			VANDPD(Y3, s.v(1+i), s.v(1+i))
		}
	})
	mask := GP32()
	if s == avx512 {
		KANDB(K1, K2, K1)
		KMOVB(K1, mask)
		CMPL(mask, U32(0xFF))
	} else {
		VANDPD(Y1, Y2, Y1)
		VMOVMSKPD(Y1, mask)
		CMPL(mask, U8(0xF))
	}
	all := GP64()
	MOVQ(U32(0), all)
	SETEQ(all.As8())
	Store(all, ReturnIndex(0))
	VZEROUPPER()
	RET()
}

func (s isa) margins() {
	TEXT("margins"+s.name, NOSPLIT, "func(nearest, second *float64, vectors int, distance, margin *float64)")
	Pragma("noescape")
	Doc(fmt.Sprintf("margins%s is Margins for whole vectors of %d values.", s.name, s.lanes))
	nearest, second, vectors := Load(Param("nearest"), GP64()), Load(Param("second"), GP64()), Load(Param("vectors"), GP64())
	distance, margin := Load(Param("distance"), GP64()), Load(Param("margin"), GP64())
	constant := GP64()
	MOVQ(U64(0x3FF0000000000000), constant) // 1
	VMOVQ(constant, s.v(one).AsX())
	VBROADCASTSD(s.v(one).AsX(), s.v(one))
	s.zero(number)
	Label("vector")
	at := func(p Register) Mem { return Mem{Base: p} }
	VMOVUPD(at(nearest), s.v(0))
	VMOVUPD(at(second), s.v(1))
	VSQRTPD(s.v(0), s.v(2))
	VMOVUPD(s.v(2), at(distance))
	VDIVPD(s.v(1), s.v(0), s.v(0))
	VSQRTPD(s.v(0), s.v(0))
	VSUBPD(s.v(0), s.v(one), s.v(0))
	const above = 0x1E
	if s == avx512 {
		VCMPPD(U8(above), s.v(number), s.v(1), K1)
		VMOVAPD_Z(s.v(0), K1, s.v(0))
	} else {
		VCMPPD(U8(above), s.v(number), s.v(1), s.v(1))
		VANDPD(s.v(1), s.v(0), s.v(0))
	}
	VMOVUPD(s.v(0), at(margin))
	for _, p := range []Register{nearest, second, distance, margin} {
		ADDQ(U8(s.bytes()), p)
	}
	DECQ(vectors)
	JNZ(LabelRef("vector"))
	VZEROUPPER()
	RET()
}

// sumRows has features for lanes, which do not meet: rows are added one after the other. Whole vectors are read and added: what lies
// behind a row goes to lanes behind its sum, which nobody reads.
func (s isa) sumRows() {
	TEXT("sumRows"+s.name, NOSPLIT, "func(x *float64, d, n int, labels *int32, sums *float64, stride int, rows *int)")
	Pragma("noescape")
	Doc(fmt.Sprintf("sumRows%s is SumRows for n > 0 rows, behind which up to %d more values can be read.", s.name, s.lanes-1))
	x, d, n := Load(Param("x"), GP64()), Load(Param("d"), GP64()), Load(Param("n"), GP64())
	labels, sums, rows := Load(Param("labels"), GP64()), Load(Param("sums"), GP64()), Load(Param("rows"), GP64())
	stride := Load(Param("stride"), GP64())
	SHLQ(U8(3), d)
	SHLQ(U8(3), stride)
	Label("row")
	label, to, at := GP64(), GP64(), GP64()
	MOVLQSX(Mem{Base: labels}, label)
	INCQ(Mem{Base: rows, Index: label, Scale: 8})
	MOVQ(label, to)
	IMULQ(stride, to)
	ADDQ(sums, to)
	XORQ(at, at)
	Label("vector")
	VMOVUPD(Mem{Base: x, Index: at, Scale: 1}, s.v(0))
	VADDPD(Mem{Base: to, Index: at, Scale: 1}, s.v(0), s.v(0))
	VMOVUPD(s.v(0), Mem{Base: to, Index: at, Scale: 1})
	ADDQ(I8(s.bytes()), at)
	CMPQ(at, d)
	JL(LabelRef("vector"))
	ADDQ(d, x)
	ADDQ(I8(4), labels)
	DECQ(n)
	JNZ(LabelRef("row"))
	VZEROUPPER()
	RET()
}

// screen has twice as many lanes as others, in single precision: blocks have twice as many rows, and feature j of them takes as much of the
// tile. Behind the features the tile keeps by how much a point must be nearer than all others, and the second-least sums. Points come
// in groups, whose sums fit into the registers, as Screen lays them out.
func (s isa) screen() {
	TEXT("screen"+s.name, NOSPLIT, "func(x *float64, d, blocks int, shift, slack *float64, groups *int, points *float32, tile *float64, labels *int32, doubtful *uint32) (changed int)")
	Pragma("noescape")
	Doc(fmt.Sprintf("screen%s is Screen.Nearest for blocks of %d rows, of which it leaves the doubtful ones, a bit each. The tile is scratch, d+2 times %d.", s.name, 4*s.lanes, 2*s.lanes))
	largest := 4 // points in a group
	if s == avx512 {
		largest = 8
	}
	best, label, number := 2*largest, 2*largest+2, 2*largest+4
	feature, work := 2*largest+5, 2*largest+7

	x, blocks := Load(Param("x"), GP64()), Load(Param("blocks"), GP64())
	labels, doubtful := Load(Param("labels"), GP64()), Load(Param("doubtful"), GP64())
	stride, three := strides()
	changed := GP64()
	XORQ(changed, changed)
	Label("block")
	behind := s.shifted(x, stride, three)
	second := func(h int) Mem { return Mem{Base: behind, Disp: (2 + h) * s.bytes()} }
	infinity := GP64()
	MOVQ(U64(0x7F800000), infinity)
	VMOVQ(infinity, X0)
	VBROADCASTSS(X0, s.v(best))
	VMOVUPS(s.v(best), s.v(best+1))
	for h := range 2 {
		VMOVUPS(s.v(best), second(h))
		s.clear(label + h)
	}
	s.clear(number)

	group, p := Load(Param("groups"), GP64()), Load(Param("points"), GP64())
	Label("group")
	size := GP64()
	MOVQ(Mem{Base: group}, size)
	ADDQ(I8(8), group)
	for points := largest; points > 0; points-- {
		CMPQ(size, I8(points))
		JEQ(LabelRef(fmt.Sprint("group", points)))
	}
	JMP(LabelRef("done"))
	for points := largest; points > 0; points-- {
		name := fmt.Sprint("group", points)
		Label(name)
		for c := range points { // half the square of the point, from which the product with the row goes off
			for h := range 2 {
				VBROADCASTSS(Mem{Base: p, Disp: 4 * c}, s.v(sums+2*c+h))
			}
		}
		ADDQ(I8(4*points), p)
		tile, left := Load(Param("tile"), GP64()), Load(Param("d"), GP64())
		Label(name + "Feature")
		for h := range 2 {
			VMOVUPS(s.half(tile, h), s.v(feature+h))
		}
		for c := range points {
			VBROADCASTSS(Mem{Base: p, Disp: 4 * c}, s.v(work))
			for h := range 2 {
				VFNMADD231PS(s.v(feature+h), s.v(work), s.v(sums+2*c+h))
			}
		}
		ADDQ(I8(4*points), p)
		ADDQ(I32(2*s.bytes()), tile)
		DECQ(left)
		JNZ(LabelRef(name + "Feature"))

		for h := range 2 {
			VMOVUPS(second(h), s.v(feature+h))
		}
		for c := range points {
			for h := range 2 {
				sum, best, label, second, work := s.v(sums+2*c+h), s.v(best+h), s.v(label+h), s.v(feature+h), s.v(work)
				if s == avx512 {
					VCMPPS(U8(0x11), best, sum, K1) // sum < best
					VMOVDQA32(s.v(number), K1, label)
				} else {
					VCMPPS(U8(0x11), best, sum, work)
					VBLENDVPS(work, s.v(number), label, label)
				}
				VMAXPS(best, sum, work)
				VMINPS(second, work, second)
				VMINPS(best, sum, best)
			}
			if s == avx512 {
				VPTERNLOGD(U8(0xFF), s.v(work), s.v(work), s.v(work))
			} else {
				VPCMPEQD(s.v(work), s.v(work), s.v(work))
			}
			VPSUBD(s.v(work), s.v(number), s.v(number)) // all ones are -1
		}
		for h := range 2 {
			VMOVUPS(s.v(feature+h), second(h))
		}
		JMP(LabelRef("group"))
	}
	Label("done")
	bits, sure := GP32(), GP32()
	XORL(bits, bits)
	for h := 1; h >= 0; h-- {
		VMOVUPS(second(h), s.v(0))
		VSUBPS(s.v(best+h), s.v(0), s.v(0))
		before, differ := s.half(labels, h), GP32()
		const above = 0x1E
		if s == avx512 {
			VCMPPS(U8(above), s.half(behind, h), s.v(0), K1)
			VPCMPD(U8(4), before, s.v(label+h), K1, K2) // sure and not as before
			VMOVDQU32(s.v(label+h), K1, before)
			KMOVW(K1, sure)
			KMOVW(K2, differ)
		} else {
			VCMPPS(U8(above), s.half(behind, h), Y0, Y0)
			VMOVUPS(before, Y1)
			VPCMPEQD(Y1, s.v(label+h), Y2)
			VANDNPS(Y0, Y2, Y2)
			VBLENDVPS(Y0, s.v(label+h), Y1, Y1)
			VMOVUPS(Y1, before)
			VMOVMSKPS(Y0, sure)
			VMOVMSKPS(Y2, differ)
		}
		XORL(U32(1<<(2*s.lanes)-1), sure)
		SHLL(U8(2*s.lanes), bits)
		ORL(sure, bits)
		POPCNTL(differ, differ)
		ADDQ(differ.As64(), changed)
	}
	MOVL(bits, Mem{Base: doubtful})
	ADDQ(I8(4), doubtful)
	ADDQ(I32(2*s.bytes()), labels)
	DECQ(blocks)
	JNZ(LabelRef("block"))
	VZEROUPPER()
	Store(changed, ReturnIndex(0))
	RET()
}

// shifted is tile of rows less the shift, in single precision, and moves x behind the block. It returns the address behind the features, where it writes
// slack[0] times the square of every row, plus slack[1].
func (s isa) shifted(x, stride, three Register) (behind Register) {
	const square, work = 4, 5
	single := func(i int) Register {
		if s == avx512 {
			return s.v(i).AsY()
		}
		return s.v(i).AsX()
	}
	convert := VCVTPD2PSY
	if s == avx512 {
		convert = VCVTPD2PS
	}
	const line, ahead = 64, 2048 // bytes
	for part := range 4 {
		to, shift, later := Load(Param("tile"), GP64()), Load(Param("shift"), GP64()), GP64()
		s.zero(square)
		LEAQ(Mem{Base: x, Disp: ahead}, later)
		s.vectorOfRows(fmt.Sprint("part", part), x, stride, three, func(features int) {
			for at := 0; at < features*s.bytes(); at += line {
				PREFETCHT0(Mem{Base: later, Disp: at})
			}
			ADDQ(I32(features*s.bytes()), later)
			for j := range features {
				VBROADCASTSD(Mem{Base: shift, Disp: 8 * j}, s.v(work))
				VSUBPD(s.v(work), s.v(sums+j), s.v(sums+j))
				VFMADD231PD(s.v(sums+j), s.v(sums+j), s.v(square))
				convert(s.v(sums+j), single(sums+j))
				VMOVUPS(single(sums+j), Mem{Base: to, Disp: 2*j*s.bytes() + part*s.bytes()/2})
			}
			ADDQ(I32(2*features*s.bytes()), to)
			ADDQ(I8(8*features), shift)
		})
		slack := Load(Param("slack"), GP64())
		VBROADCASTSD(Mem{Base: slack}, s.v(work))
		VMULPD(s.v(work), s.v(square), s.v(square))
		VBROADCASTSD(Mem{Base: slack, Disp: 8}, s.v(work))
		VADDPD(s.v(work), s.v(square), s.v(square))
		convert(s.v(square), single(square))
		VMOVUPS(single(square), Mem{Base: to, Disp: part * s.bytes() / 2})
		behind = to
	}
	return behind
}

// clear is zero for any register.
func (s isa) clear(i int) {
	if s == avx512 {
		VPXORD(s.v(i), s.v(i), s.v(i))
	} else {
		VPXOR(s.v(i), s.v(i), s.v(i))
	}
}
