package vec

// kernels is assembly for one set of vector instructions: the work of the plain functions, for whole blocks of rows. Tiles are
// scratch of rows*d values.
type kernels struct {
	rows         int // in a block; 0 means that there is no assembly
	nearest      func(x *float64, d, blocks int, centers *float64, k int, tile *float64, labels *int32, dist *float64) (changed int)
	nearestTwo   func(x *float64, d, blocks int, centers *float64, k int, tile *float64, labels *int32, dist, second *float64)
	screen       func(x *float64, d, blocks int, shift, slack *float64, groups *int, points *float32, tile *float64, labels *int32, doubtful *uint32) (changed int) // of 2*rows rows; the tile of rows*(d+2) values
	group        int                                                                                                                                                // points that a screen takes together at most
	lower        func(x *float64, d, blocks int, point, dist, out *float64)
	addDistances func(x *float64, d, blocks int, y *float64, points int, tile, out *float64)
	sumRows      func(x *float64, d, n int, labels *int32, sums *float64, stride int, rows *int) // any number of rows, behind which rows/2-1 more values lie
	scale        func(x *float64, periods, m int, center, scale *float64)
	within       func(x *float64, periods, m int, low, high *float64) (all int)
	margins      func(nearest, second *float64, vectors int, distance, margin *float64) // of rows/2 values each
}

// wide is what this processor can do best.
var wide kernels

// blocks returns how many whole blocks n rows make, and how many rows those are.
func (k kernels) blocks(n int) (blocks, rows int) {
	if k.rows == 0 {
		return 0, 0
	}
	return n / k.rows, n - n%k.rows
}

// periods returns how many whole periods of m values n values hold, and how many values those are: none where m is no multiple of 8.
func (k kernels) periods(n, m int) (periods, values int) {
	if k.rows == 0 || m == 0 || m%8 != 0 {
		return 0, 0
	}
	return n / m, n - n%m
}
