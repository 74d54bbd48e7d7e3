package vec

import (
	"math/bits"
	"sync"
)

// Screen is a quick way to the nearest of some centres. It reckons in single precision, fused, and so decides only where no rounding could
// turn the answer; the few rows that lie closer to a border are searched as Nearest does. So it finds the same labels, but no distances.
//
// With y the row and e the centre, both less a shift that keeps them small, half the squared distance is |y|²/2 + |e|²/2 - ye, and
// its first term says nothing about which is least. In single precision, where u = 2^-24 is the share that rounding may change, the
// rest is off by at most u (d+2) (|y|² + R²), with R the length of the longest e: 2u |y|R + u R²/2 since y and e are rounded, and u d (|y|R + R²/2)
// since each of d steps is. Of two such sums the lesser is truly less where they differ by twice that. The slack is a little more, for the
// rounding of the slack itself and of double precision.
type Screen struct {
	d       int
	centers []float64
	shift   []float64  // (d) mean of the centres
	slack   [2]float64 // share of |y|², and a constant
	groups  []int      // how many centres are taken together each time, then 0
	points  []float32  // of each group: half of every |e|², then feature by feature of every e
	scratch sync.Pool  // of *scratch
}

// scratch is what one goroutine needs to use a screen.
type scratch struct {
	tile     []float64
	doubtful [piece / 16]uint32
	dist     [piece]float64
}

const (
	piece    = 64    // rows that are looked at together
	widest   = 1000  // features: beyond, products of u matter
	shortest = 1e-10 // R: what is lost below the least number of single precision must not matter beside the slack
	farthest = 1e15  // R: squares stay finite wherever the slack is
)

// Set makes the screen ready for centres (k*d), which must stay as they are, and says whether it can be: not without the instructions, and not
// at sizes of single precision's ends. All centres of a screen are as many.
func (s *Screen) Set(centers []float64, d int) bool {
	if wide.rows == 0 || d > widest {
		return false
	}
	s.d, s.centers = d, centers
	k := len(centers) / d
	if s.shift == nil {
		s.shift = make([]float64, d)
		for left := k; left > 0; {
			group := left / ((left + wide.group - 1) / wide.group)
			s.groups = append(s.groups, group)
			left -= group
		}
		s.groups = append(s.groups, 0)
		s.points = make([]float32, k*(d+1))
	}
	clear(s.shift)
	for i, v := range centers {
		s.shift[i%d] += v / float64(k)
	}
	longest, first, at := 0.0, 0, 0
	for _, group := range s.groups {
		for c := range group {
			square := 0.0
			for j, v := range centers[(first+c)*d : (first+c+1)*d] {
				e := v - s.shift[j]
				square += e * e
				s.points[at+(1+j)*group+c] = float32(e)
			}
			s.points[at+c] = float32(square / 2)
			longest = max(longest, square)
		}
		first += group
		at += group * (d + 1)
	}
	share := float64(2*d+8) / (1 << 24)
	s.slack = [2]float64{share, share * longest}
	return longest >= shortest*shortest && longest <= farthest*farthest
}

// Nearest overwrites the labels (n) of the rows of x (n*d) with the number of the nearest centre, ties to the lowest. It returns how many it
// changed, and how many rows it had to search twice. Where sums are wanted, it also does what SumRows does with rows w (n*width), while the next
// rows are on their way from memory. The screen must be set; many goroutines may use it at once.
func (s *Screen) Nearest(x []float64, labels []int32, w []float64, width int, sums []float64, rows []int) (changed, twice int) {
	room, ok := s.scratch.Get().(*scratch)
	if !ok {
		room = &scratch{tile: make([]float64, wide.rows*(s.d+2))}
	}
	defer s.scratch.Put(room)
	for len(labels) > 0 {
		n := min(piece, len(labels))
		c, t := s.piece(room, x[:n*s.d], labels[:n])
		if sums != nil {
			SumRows(w[:n*width], width, labels[:n], sums, rows)
			w = w[n*width:]
		}
		x, labels, changed, twice = x[n*s.d:], labels[n:], changed+c, twice+t
	}
	return changed, twice
}

// piece is Nearest for at most so many rows.
func (s *Screen) piece(room *scratch, x []float64, labels []int32) (changed, twice int) {
	block := 2 * wide.rows
	blocks := len(labels) / block
	rows := blocks * block
	if blocks > 0 {
		changed = wide.screen(&x[0], s.d, blocks, &s.shift[0], &s.slack[0], &s.groups[0], &s.points[0], &room.tile[0], &labels[0], &room.doubtful[0])
		for _, b := range room.doubtful[:blocks] {
			twice += bits.OnesCount32(b)
		}
		if twice > rows/8 { // so many that vectors are sooner through with all
			rows = 0
		} else if twice > 0 {
			for at, b := range room.doubtful[:blocks] {
				for ; b != 0; b &= b - 1 {
					i := at*block + bits.TrailingZeros32(b)
					if label, _, _ := nearestTwo(x[i*s.d:(i+1)*s.d], s.centers); label != labels[i] {
						labels[i] = label
						changed++
					}
				}
			}
		}
	}
	if rest := labels[rows:]; len(rest) > 0 {
		changed += Nearest(x[rows*s.d:], s.d, s.centers, rest, room.dist[:len(rest)])
	}
	return changed, twice
}
