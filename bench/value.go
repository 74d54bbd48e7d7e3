package main

// The value of customers: BG/NBD fitted to CDNOW's tenth beside lifetimes, and to more and more made-up customers alone.

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"text/tabwriter"
	"time"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/segkit/lab/datasets"
	"github.com/segkit/lab/segkit/table"
	"github.com/segkit/lab/segkit/value"
)

const cdnowFile = "cdnow.csv"

// writeCDNOW writes the summary that both sides read: 2,357 customers up to 1997-09-30, times in weeks. It reports whether the orders are on this machine.
func writeCDNOW(in string) (bool, error) {
	orders, err := datasets.Orders("cdnow-sample")
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	clean, err := orders.Clean()
	if err != nil {
		return false, err
	}
	s, err := value.Summarize(clean, time.Date(1997, 9, 30, 0, 0, 0, 0, time.UTC))
	if err != nil {
		return false, err
	}
	f, err := os.Create(filepath.Join(in, cdnowFile))
	if err != nil {
		return false, err
	}
	w := csv.NewWriter(f)
	w.Write([]string{"ID", "frequency", "recency", "T"})
	for i, id := range s.IDs {
		w.Write([]string{id, strconv.Itoa(s.Repeats[i]), strconv.FormatFloat(s.Last[i], 'g', -1, 64), strconv.FormatFloat(s.Age[i], 'g', -1, 64)})
	}
	w.Flush()
	return true, errors.Join(w.Error(), f.Close())
}

func bgnbdCDNOW(in, _ string) (func() (float64, error), error) {
	t, err := table.ReadCSV(filepath.Join(in, cdnowFile), "ID")
	if err != nil {
		return nil, err
	}
	s, err := value.FromTable(t, value.Columns{})
	if err != nil {
		return nil, err
	}
	return func() (float64, error) {
		b, err := value.BGNBD{}.Fit(s)
		if err != nil {
			return 0, err
		}
		return -b.LogLikelihood, nil
	}, nil
}

// growthOfValue times the fit of BG/NBD to n made-up customers of a year, whose orders have days.
func growthOfValue(out io.Writer) error {
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(t, "n\thistories\tBG/NBD, 3 starts\t\n")
	for _, n := range []int{10_000, 100_000, 1_000_000} {
		s := buyers(n)
		start := time.Now()
		b, err := value.BGNBD{}.Fit(s)
		if err != nil {
			return err
		}
		fmt.Fprintf(t, "%d\t%d\t%.3f s\t\n", n, b.Groups, time.Since(start).Seconds())
	}
	return t.Flush()
}

// buyers lives n customers who came within a year and were watched to its end, by BG/NBD with the parameters of CDNOW.
func buyers(n int) *value.Summary {
	r := rand.New(rand.NewPCG(0, 0))
	pace, leave := distuv.Gamma{Alpha: .243, Beta: 4.414, Src: r}, distuv.Beta{Alpha: .793, Beta: 2.426, Src: r}
	s := &value.Summary{Unit: value.Week}
	for i := range n {
		age, rate, p := float64(r.IntN(365)), pace.Rand()/7, leave.Rand()
		x, last := 0, 0.0
		for at := r.ExpFloat64() / rate; at <= age; at += r.ExpFloat64() / rate {
			if day := math.Ceil(at); day > last {
				x, last = x+1, day
			}
			if r.Float64() < p {
				break
			}
		}
		s.IDs, s.Repeats, s.Last, s.Age, s.Spend = append(s.IDs, strconv.Itoa(i)), append(s.Repeats, x), append(s.Last, last/7), append(s.Age, age/7), append(s.Spend, math.NaN())
	}
	return s
}
