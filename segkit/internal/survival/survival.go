// Package survival estimates how long something lasts that has not always ended yet, by Kaplan & Meier (1958, doi:10.1080/01621459.1958.10501452).
package survival

import (
	"math"

	"github.com/segkit/lab/segkit/internal/stats"
)

// Curve is the share that lasts, at each of t times.
type Curve struct {
	AtRisk    []int     // (t) how many were followed up to that time and had not ended before
	Share     []float64 // (t) that lasts beyond it
	Low, High []float64 // (t) 95 % interval, on the log-log scale with Greenwood's variance
}

// KaplanMeier estimates the curve from how many ended at each time (t, ascending), and how many were last seen there, going on. The latter count as at risk
// at that time still.
func KaplanMeier(ended, going []int) (c Curve) {
	risk := 0
	for d := range ended {
		risk += ended[d] + going[d]
	}
	share, greenwood := 1.0, 0.0
	for d, n := range ended {
		if n > 0 {
			share *= 1 - float64(n)/float64(risk)
		}
		if n > 0 && n < risk {
			greenwood += float64(n) / float64(risk) / float64(risk-n)
		}
		low, high := logLog(share, greenwood)
		c.AtRisk, c.Share = append(c.AtRisk, risk), append(c.Share, share)
		c.Low, c.High = append(c.Low, low), append(c.High, high)
		risk -= n + going[d]
	}
	return c
}

// HalfAt returns the first time by which half have ended, -1 if more than half never do.
func (c Curve) HalfAt() int {
	for d, s := range c.Share {
		if s <= .5 {
			return d
		}
	}
	return -1
}

// logLog returns the 95 % interval of a share whose Greenwood sum is given.
func logLog(share, greenwood float64) (low, high float64) {
	if share <= 0 || share >= 1 {
		return share, share
	}
	l := math.Log(-math.Log(share))
	d := stats.Normal95 * math.Sqrt(greenwood) / math.Abs(math.Log(share))
	return math.Exp(-math.Exp(l + d)), math.Exp(-math.Exp(l - d))
}
