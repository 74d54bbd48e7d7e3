package segkit_test

import (
	"fmt"
	"log"

	"github.com/segkit/lab/segkit"
)

// visits is a shop with three kinds of customers.
func visits() *segkit.Table {
	ids := []string{"ann", "bob", "cid", "dee", "eve", "fay", "gil", "hal", "ida"}
	columns := []segkit.Column{{Name: "orders"}, {Name: "basket", Unit: "EUR"}}
	t, err := segkit.NewTable(ids, columns, []float64{1, 20, 2, 25, 1, 22, 2, 21, 12, 30, 13, 28, 11, 33, 2, 90, 3, 95})
	if err != nil {
		log.Fatal(err)
	}
	return t
}

func ExampleKMeans() {
	c, err := segkit.Fit(visits(), segkit.KMeans{K: 3, Seed: 1})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("segments:", c.Labels)
	fmt.Println("customers:", c.Labels.Counts())
	fmt.Println(c.Restarts.Sheet().Caption)
	// Output:
	// segments: [0 0 0 0 1 1 1 2 2]
	// customers: [4 3 2]
	// The best solution was found by 10 of 10 starts
}

func ExampleSweepK() {
	x, err := segkit.ReadCSV("testdata/ruspini.csv", "id")
	if err != nil {
		log.Fatal(err)
	}
	sweep, err := segkit.SweepK(x, segkit.KMeans{Seed: 1}, 2, 8)
	if err != nil {
		log.Fatal(err)
	}
	for _, p := range sweep.Points[:4] {
		fmt.Printf("k = %d: %.0f, silhouette %.2f\n", p.K, p.Cost, p.Silhouette)
	}
	k, ok := sweep.Elbow()
	fmt.Println("elbow:", k, ok)
	// Output:
	// k = 2: 89338, silhouette 0.58
	// k = 3: 51063, silhouette 0.63
	// k = 4: 12881, silhouette 0.74
	// k = 5: 10127, silhouette 0.70
	// elbow: 4 true
}

func ExampleSilhouette() {
	x := visits()
	c, err := segkit.Fit(x, segkit.KMeans{K: 3, Seed: 1})
	if err != nil {
		log.Fatal(err)
	}
	s, err := segkit.Silhouette(x, c.Segments())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%.2f\n", s.Mean)
	// Output:
	// 0.80
}

func ExampleAdjustedRand() {
	march := segkit.Labels{0, 0, 0, 1, 1, 2}
	april := segkit.Labels{1, 1, 1, 0, 0, 0}
	agreement, err := segkit.AdjustedRand(march, april)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%.2f\n", agreement)
	// Output:
	// 0.71
}

// The tree of a hierarchical clustering can be cut anywhere, without clustering again.
func ExampleHierarchical() {
	x, err := segkit.NewTable([]string{"Ann", "Bo", "Cy", "Di", "Ed"}, []segkit.Column{{Name: "spend"}}, []float64{1, 2, 9, 10, 30})
	if err != nil {
		fmt.Println(err)
		return
	}
	c, err := segkit.Fit(x, segkit.Hierarchical{K: 2, Linkage: segkit.Average})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(c.Labels)
	fmt.Println(c.Tree.CutAt(5))
	for _, m := range c.Tree.Merges {
		fmt.Printf("%g ", m.Height)
	}
	// Output:
	// [0 0 0 0 1]
	// [0 0 1 1 2]
	// 1 1 8 24.5
}

func ExampleGap() {
	x, err := segkit.ReadCSV("testdata/ruspini.csv", "id")
	if err != nil {
		log.Fatal(err)
	}
	gap, err := segkit.Gap(x, segkit.KMeans{Seed: 1}, 1, 8)
	if err != nil {
		log.Fatal(err)
	}
	k, ok := gap.Best(segkit.FirstSEMax)
	fmt.Println("segments:", k, ok)
	// Output:
	// segments: 4 true
}

func ExamplePredictionStrength() {
	x, err := segkit.ReadCSV("testdata/ruspini.csv", "id")
	if err != nil {
		log.Fatal(err)
	}
	strength, err := segkit.PredictionStrength(x, segkit.KMeans{Seed: 1}, 1, 8)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(strength.Sheet().Caption)
	// Output:
	// The most segments that are found again in the other half of the customers are 4
}

func ExampleStability() {
	x, err := segkit.ReadCSV("testdata/ruspini.csv", "id")
	if err != nil {
		log.Fatal(err)
	}
	for k := 4; k <= 5; k++ {
		s, err := segkit.Stability(x, segkit.KMeans{K: k, Seed: 1})
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(s.Sheet().Caption)
	}
	// Output:
	// All 4 segments come back when the customers are drawn again; the weakest is "1" (mean overlap 1.00)
	// 4 of 5 segments are stable; segment "5" dissolves in 32 % of the resamples (mean overlap 0.68)
}

// Last month's segments keep their numbers, and with them their colours.
func ExampleMatch() {
	march, err := segkit.NewSegments([]string{"ann", "bob", "cid", "dee", "eve"}, segkit.Labels{0, 0, 0, 1, 1}, nil)
	if err != nil {
		log.Fatal(err)
	}
	april, err := segkit.NewSegments([]string{"bob", "cid", "dee", "eve", "fay"}, segkit.Labels{1, 1, 0, 0, 0}, nil)
	if err != nil {
		log.Fatal(err)
	}
	m, err := segkit.Match(march, april)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(m.Sheet().Caption)
	fmt.Println(april.Labels, "are now", m.Aligned().Labels)
	// Output:
	// 2 of 2 segments continue; 100.0 % of customers stay together
	// [1 1 0 0 0] are now [0 0 1 1 1]
}
