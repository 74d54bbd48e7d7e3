package track

import (
	"fmt"
	"math"

	"github.com/segkit/lab/segkit/internal/survival"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
)

// Life says how long customers stay in each segment, in steps from date to date (Kaplan & Meier 1958, doi:10.1080/01621459.1958.10501452).
// A stay that has not ended is censored; it does not count as ended. A stay that began before the first date is left out, because its
// length is unknown.
type Life struct {
	Segments []Stay // (k)
	LeftOut  int    // stays that had begun before the first date
}

// Stay is the survival of stays in one segment.
type Stay struct {
	Segment  string
	Stays    int       // that began within the history
	Ended    int       // of them
	AtRisk   []int     // (steps) stays that were followed to the 1st, 2nd, … date after their beginning, and had not ended before it
	Left     []int     // (steps) those of them that had ended by then
	Survival []float64 // (steps) share that continues at the 1st, 2nd, … date after the beginning
	Low      []float64 // (steps) 95 % interval of Survival, on the log-log scale (Greenwood's variance)
	High     []float64
	Median   float64 // steps after which half have left; NaN if more than half do not leave within the history
}

// Life follows every stay of a customer in a segment through the dates. It costs O(t·n).
func (h *History) Life() (*Life, error) {
	if err := h.at("track.Life", 0); err != nil {
		return nil, err
	}
	k, dates := len(h.Names), len(h.Dates)
	out := &Life{}
	left, censored := make([][]int, k), make([][]int, k)
	for l := range left {
		left[l], censored[l] = make([]int, dates+1), make([]int, dates+1)
	}
	type stay struct {
		state, since int
		known        bool
	}
	open := map[string]stay{}
	for t := range h.Dates {
		now := h.stateOf(t)
		for id, s := range open {
			if state, ok := now[id]; ok && state == s.state {
				continue
			}
			if s.known {
				left[s.state][t-s.since]++
			}
			delete(open, id)
		}
		for id, state := range now {
			if _, same := open[id]; same || state >= k {
				continue
			}
			open[id] = stay{state, t, t > 0}
			if t == 0 {
				out.LeftOut++
			}
		}
	}
	for _, s := range open {
		if s.known {
			censored[s.state][dates-1-s.since]++ // it was seen to last so many steps
		}
	}
	for l, name := range h.Names {
		out.Segments = append(out.Segments, kaplanMeier(name, left[l], censored[l]))
	}
	return out, nil
}

// kaplanMeier estimates survival from how many stays ended at step 0, 1, … (none at 0), and how many were last seen there, still open.
func kaplanMeier(name string, left, censored []int) Stay {
	s := Stay{Segment: name, Median: math.NaN()}
	risk, last := 0, 0
	for d := range left {
		risk += left[d] + censored[d]
		s.Ended += left[d]
		if left[d]+censored[d] > 0 {
			last = d
		}
	}
	s.Stays = risk
	if last == 0 {
		return s
	}
	c := survival.KaplanMeier(left[1:last+1], censored[1:last+1]) // who was seen at one date alone has not been followed
	s.AtRisk, s.Left, s.Survival, s.Low, s.High = c.AtRisk, left[1:last+1], c.Share, c.Low, c.High
	if half := c.HalfAt(); half >= 0 {
		s.Median = float64(half + 1)
	}
	return s
}

// Sheet lays out how long stays last.
func (l *Life) Sheet() sheet.Sheet {
	if l == nil {
		return sheet.Sheet{}
	}
	out := sheet.Sheet{Caption: "How long customers stay in a segment",
		Columns: []sheet.Column{{Name: "segment", Text: true}, {Name: "stays"}, {Name: "ended"}, {Name: "are there at the next date", Unit: "%"}, {Name: "half have left after", Unit: "dates"}}}
	for _, s := range l.Segments {
		row := []string{s.Segment, sheet.Count(s.Stays), sheet.Count(s.Ended), sheet.Missing, "not seen"}
		if len(s.Survival) > 0 {
			row[3] = fmt.Sprintf("%s (%s to %s)", sheet.Fixed(100*s.Survival[0], 0), sheet.Fixed(100*s.Low[0], 0), sheet.Fixed(100*s.High[0], 0))
		}
		if !math.IsNaN(s.Median) {
			row[4] = sheet.Fixed(s.Median, 0)
		}
		out.Rows = append(out.Rows, row)
	}
	out.Notes = []string{"Estimated by Kaplan-Meier: a stay that is still going on does not count as ended. In brackets, 95 % intervals."}
	if l.LeftOut > 0 {
		out.Notes = append(out.Notes, fmt.Sprintf("Left out: %s that had begun before the first date.", wording.Plural(l.LeftOut, "stay")))
	}
	return out
}
