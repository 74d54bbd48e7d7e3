package vec

// Plain Go, four rows at a time, so that four sums are in flight at once. It says what the assembly must compute.

import "math"

func nearestPlain(x []float64, d int, centers []float64, labels []int32, dist []float64) (changed int) {
	n, k := len(labels), len(centers)/d
	i := 0
	for ; i+4 <= n; i += 4 {
		b0, b1, b2, b3 := math.Inf(1), math.Inf(1), math.Inf(1), math.Inf(1)
		var l0, l1, l2, l3 int32
		for c := range k {
			s0, s1, s2, s3 := squares4(x[i*d:(i+4)*d], centers[c*d:(c+1)*d])
			if s0 < b0 {
				b0, l0 = s0, int32(c)
			}
			if s1 < b1 {
				b1, l1 = s1, int32(c)
			}
			if s2 < b2 {
				b2, l2 = s2, int32(c)
			}
			if s3 < b3 {
				b3, l3 = s3, int32(c)
			}
		}
		was, to := labels[i:i+4:i+4], dist[i:i+4:i+4]
		if was[0] != l0 {
			changed++
		}
		if was[1] != l1 {
			changed++
		}
		if was[2] != l2 {
			changed++
		}
		if was[3] != l3 {
			changed++
		}
		was[0], was[1], was[2], was[3] = l0, l1, l2, l3
		to[0], to[1], to[2], to[3] = b0, b1, b2, b3
	}
	for ; i < n; i++ {
		label, best, _ := nearestTwo(x[i*d:(i+1)*d], centers)
		if labels[i] != label {
			changed++
		}
		labels[i], dist[i] = label, best
	}
	return changed
}

func nearestTwo(row, centers []float64) (label int32, best, second float64) {
	d := len(row)
	best, second = math.Inf(1), math.Inf(1)
	for c := 0; c*d < len(centers); c++ {
		switch s := Square(row, centers[c*d:(c+1)*d]); {
		case s < best:
			best, second, label = s, best, int32(c)
		case s < second:
			second = s
		}
	}
	return label, best, second
}

func lowerPlain(x []float64, point, dist, out []float64) {
	n, d := len(dist), len(point)
	i := 0
	for ; i+4 <= n; i += 4 {
		s0, s1, s2, s3 := squares4(x[i*d:(i+4)*d], point)
		from, to := dist[i:i+4:i+4], out[i:i+4:i+4]
		to[0], to[1], to[2], to[3] = min(from[0], s0), min(from[1], s1), min(from[2], s2), min(from[3], s3)
	}
	for ; i < n; i++ {
		out[i] = min(dist[i], Square(x[i*d:(i+1)*d], point))
	}
}

func addDistancesPlain(x, y []float64, d int, out []float64) {
	m := len(out)
	i := 0
	for ; i+4 <= m; i += 4 {
		rows := x[i*d : (i+4)*d]
		a0, a1, a2, a3 := out[i], out[i+1], out[i+2], out[i+3]
		for p := 0; p < len(y); p += d {
			s0, s1, s2, s3 := squares4(rows, y[p:p+d])
			a0 += math.Sqrt(s0)
			a1 += math.Sqrt(s1)
			a2 += math.Sqrt(s2)
			a3 += math.Sqrt(s3)
		}
		out[i], out[i+1], out[i+2], out[i+3] = a0, a1, a2, a3
	}
	for ; i < m; i++ {
		for p := 0; p < len(y); p += d {
			out[i] += math.Sqrt(Square(x[i*d:(i+1)*d], y[p:p+d]))
		}
	}
}

func sumRowsPlain(x []float64, d int, labels []int32, sums []float64, rows []int) {
	stride := Stride(d)
	for i, l := range labels {
		sum := sums[int(l)*stride:][:d]
		for j, v := range x[i*d : (i+1)*d] {
			sum[j] += v
		}
		rows[l]++
	}
}

func scalePlain(x, center, scale []float64) {
	for len(x) > 0 {
		period := x[:min(len(x), len(center))]
		for j, v := range period {
			period[j] = (v - center[j]) / scale[j]
		}
		x = x[len(period):]
	}
}

func withinPlain(x, low, high []float64) bool {
	for len(x) > 0 {
		period := x[:min(len(x), len(low))]
		for j, v := range period {
			if !(low[j] <= v && v <= high[j]) {
				return false
			}
		}
		x = x[len(period):]
	}
	return true
}

func marginsPlain(nearest, second, distance, margin []float64) {
	for i, v := range nearest {
		distance[i], margin[i] = math.Sqrt(v), 0
		if second[i] > 0 {
			margin[i] = 1 - math.Sqrt(v/second[i])
		}
	}
}

// squares4 returns the squared distances of four rows (4*d) to point (d).
func squares4(rows, point []float64) (s0, s1, s2, s3 float64) {
	d := len(point)
	r0, r1, r2, r3 := rows[:d], rows[d:2*d], rows[2*d:3*d], rows[3*d:4*d]
	r1, r2, r3 = r1[:len(r0)], r2[:len(r0)], r3[:len(r0)]
	for j, p := range point {
		e0, e1, e2, e3 := r0[j]-p, r1[j]-p, r2[j]-p, r3[j]-p
		s0 += float64(e0 * e0)
		s1 += float64(e1 * e1)
		s2 += float64(e2 * e2)
		s3 += float64(e3 * e3)
	}
	return s0, s1, s2, s3
}

// Square returns the squared distance of two points (d each).
func Square(a, b []float64) (s float64) {
	for j, v := range a {
		e := v - b[j]
		s += float64(e * e)
	}
	return s
}
