// Package vec holds the inner loops of clustering: distances from many rows to few centres, on plain row-major slices.
//
// Each row's own sum runs over the features in order, and float64(a*b) forbids the compiler to fuse: a distance has the same
// bits wherever and with whatever neighbours it is computed. So blocks of rows can go through assembly where the processor
// has the instructions (wide.go), and the rest, or all, through the plain Go of plain.go. Slice lengths are the caller's promise.
package vec

import "slices"

// Nearest finds the nearest of the centres (k*d) for every row of x (n*d), ties to the lowest centre. It overwrites labels
// (n) and dist (n, squared distances), and returns how many labels it changed.
func Nearest(x []float64, d int, centers []float64, labels []int32, dist []float64) (changed int) {
	if blocks, rows := wide.blocks(len(labels)); blocks > 0 {
		tile := make([]float64, wide.rows*d)
		changed = wide.nearest(&x[0], d, blocks, &centers[0], len(centers)/d, &tile[0], &labels[0], &dist[0])
		x, labels, dist = x[rows*d:], labels[rows:], dist[rows:]
	}
	return changed + nearestPlain(x, d, centers, labels, dist)
}

// NearestTwo is Nearest that also gives the squared distance to the second-nearest centre (n), +Inf where k = 1.
func NearestTwo(x []float64, d int, centers []float64, labels []int32, dist, second []float64) {
	if blocks, rows := wide.blocks(len(labels)); blocks > 0 {
		tile := make([]float64, wide.rows*d)
		wide.nearestTwo(&x[0], d, blocks, &centers[0], len(centers)/d, &tile[0], &labels[0], &dist[0], &second[0])
		x, labels, dist, second = x[rows*d:], labels[rows:], dist[rows:], second[rows:]
	}
	for i := range labels {
		labels[i], dist[i], second[i] = nearestTwo(x[i*d:(i+1)*d], centers)
	}
}

// Lower writes to out (n) the smaller of dist (n) and the squared distance of each row of x (n*d) to point (d).
func Lower(x []float64, point, dist, out []float64) {
	if blocks, rows := wide.blocks(len(dist)); blocks > 0 {
		wide.lower(&x[0], len(point), blocks, &point[0], &dist[0], &out[0])
		x, dist, out = x[rows*len(point):], dist[rows:], out[rows:]
	}
	lowerPlain(x, point, dist, out)
}

// AddDistances adds to out (m) the sum of Euclidean distances from each row of x (m*d) to all rows of y (any number, d
// each), taken in order.
func AddDistances(x, y []float64, d int, out []float64) {
	if blocks, rows := wide.blocks(len(out)); blocks > 0 && len(y) > 0 {
		tile := make([]float64, wide.rows*d)
		for b := 0; b < rows; b += wide.rows { // block by block: assembly cannot be interrupted
			wide.addDistances(&x[b*d], d, 1, &y[0], len(y)/d, &tile[0], &out[b])
		}
		x, out = x[rows*d:], out[rows:]
	}
	addDistancesPlain(x, y, d, out)
}

// Stride is how far the sums of two labels lie apart in SumRows: whole vectors, so that it need not look where a row of d values ends.
func Stride(d int) int { return (d + 7) &^ 7 }

// SumRows adds every row of x (n*d), in order, to the sums (k*Stride(d)) of its label (n), and 1 to the label's rows (k). What the sums hold behind
// d values means nothing.
func SumRows(x []float64, d int, labels []int32, sums []float64, rows []int) {
	stride := Stride(d)
	if lanes := wide.rows / 2; lanes > 0 {
		vectors := (d + lanes - 1) / lanes * lanes
		if n := (len(x) - vectors + d) / d; n > 0 { // rows that begin so many values before the end
			wide.sumRows(&x[0], d, n, &labels[0], &sums[0], stride, &rows[0])
			x, labels = x[n*d:], labels[n:]
		}
	}
	sumRowsPlain(x, d, labels, sums, rows)
}

// Distances writes to dist (n) the squared distance of every row of x (n*d) to the centre (k*d) of its label (n). Two rows at a time, whose sums do
// not wait for each other.
func Distances(x []float64, d int, centers []float64, labels []int32, dist []float64) {
	i := 0
	for ; i+2 <= len(labels); i += 2 {
		r0, r1 := x[i*d:][:d], x[(i+1)*d:][:d]
		c0, c1 := centers[int(labels[i])*d:][:d], centers[int(labels[i+1])*d:][:d]
		s0, s1 := 0.0, 0.0
		for j, v := range r0 {
			e0, e1 := v-c0[j], r1[j]-c1[j]
			s0 += float64(e0 * e0)
			s1 += float64(e1 * e1)
		}
		dist[i], dist[i+1] = s0, s1
	}
	for ; i < len(labels); i++ {
		l := int(labels[i])
		dist[i] = Square(x[i*d:(i+1)*d], centers[l*d:(l+1)*d])
	}
}

// Repeat returns what a function of values that repeat wants of a number per column (d): it works on eight rows at a time.
func Repeat(perColumn []float64) []float64 { return slices.Repeat(perColumn, 8) }

// Scale replaces every value of x (any number) by (x - center) / scale; center and scale (m each) repeat along x.
func Scale(x, center, scale []float64) {
	if periods, values := wide.periods(len(x), len(center)); periods > 0 {
		wide.scale(&x[0], periods, len(center), &center[0], &scale[0])
		x = x[values:]
	}
	scalePlain(x, center, scale)
}

// Within reports whether every value of x (any number) lies from low to high (m each), which repeat along x. A missing value does not.
func Within(x, low, high []float64) bool {
	if periods, values := wide.periods(len(x), len(low)); periods > 0 {
		if wide.within(&x[0], periods, len(low), &low[0], &high[0]) == 0 {
			return false
		}
		x = x[values:]
	}
	return withinPlain(x, low, high)
}

// Margins turns squared distances (n) to the nearest and the second-nearest centre into the distance (n), and the margin (n): 1 less the
// share of the one distance in the other, 0 where both centres are at the very place.
func Margins(nearest, second, distance, margin []float64) {
	if lanes := wide.rows / 2; lanes > 0 && len(nearest) >= lanes {
		vectors := len(nearest) / lanes
		wide.margins(&nearest[0], &second[0], vectors, &distance[0], &margin[0])
		done := vectors * lanes
		nearest, second, distance, margin = nearest[done:], second[done:], distance[done:], margin[done:]
	}
	marginsPlain(nearest, second, distance, margin)
}

// Largest is the largest size of a value whose squared distances still sum to a finite number.
const Largest = 1e140

var least, most = Repeat([]float64{-Largest}), Repeat([]float64{Largest})

// Usable reports whether every value of x (any number) can be used in a distance: none is missing, infinite, or larger than Largest.
func Usable(x []float64) bool { return Within(x, least, most) }
