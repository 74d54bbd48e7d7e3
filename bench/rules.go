package main

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"

	"github.com/segkit/lab/segkit/basket"
)

// rulesGroceries goes from lists in memory to every rule of one basket in a thousand that is right in half of its cases, with its
// measures. Ours tests each candidate, too; the peer makes the rules with several items on the right, which its caller leaves out.
func rulesGroceries(in, _ string) (func() (float64, error), error) {
	f, err := os.Open(filepath.Join(in, "groceries.csv"))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var lists [][]string
	scanner := bufio.NewScanner(f)
	for scanner.Scan() {
		lists = append(lists, strings.Split(scanner.Text(), ","))
	}
	return func() (float64, error) {
		b, err := basket.FromLists(lists)
		if err != nil {
			return 0, err
		}
		return countRules(b, basket.Options{MinSupport: .001, MinConfidence: .5})
	}, scanner.Err()
}

// rulesLines goes from a file of a million lines, 100,000 baskets of 10,000 products, to the rules of one basket in a thousand.
func rulesLines(in, name string) (func() (float64, error), error) {
	return func() (float64, error) {
		b, err := basket.ReadCSV(filepath.Join(in, name+".csv"))
		if err != nil {
			return 0, err
		}
		return countRules(b, basket.Options{MinSupport: .001, MinConfidence: .1})
	}, nil
}

func countRules(b *basket.Baskets, o basket.Options) (float64, error) {
	r, err := b.Rules(o)
	if err != nil {
		return 0, err
	}
	return float64(len(r.Rules)), nil
}
