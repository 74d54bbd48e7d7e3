package choose_test

import (
	"fmt"
	"log"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/choose"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/table"
)

func ExampleSweepK() {
	x, err := table.ReadCSV("../testdata/ruspini.csv", "id")
	if err != nil {
		log.Fatal(err)
	}
	sweep, err := choose.SweepK(x, segkit.Recipe{Method: cluster.KMeans{Seed: 1}}, 2, 8)
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

func ExampleGap() {
	x, err := table.ReadCSV("../testdata/ruspini.csv", "id")
	if err != nil {
		log.Fatal(err)
	}
	gap, err := choose.Gap(x, segkit.Recipe{Method: cluster.KMeans{Seed: 1}}, 1, 8)
	if err != nil {
		log.Fatal(err)
	}
	k, ok := gap.Best(choose.FirstSEMax)
	fmt.Println("segments:", k, ok)
	// Output:
	// segments: 4 true
}

func ExamplePredictionStrength() {
	x, err := table.ReadCSV("../testdata/ruspini.csv", "id")
	if err != nil {
		log.Fatal(err)
	}
	strength, err := choose.PredictionStrength(x, segkit.Recipe{Method: cluster.KMeans{Seed: 1}}, 1, 8)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(strength.Sheet().Caption)
	// Output:
	// The most segments that are found again in the other half of the customers are 4
}

func ExampleStability() {
	x, err := table.ReadCSV("../testdata/ruspini.csv", "id")
	if err != nil {
		log.Fatal(err)
	}
	for k := 4; k <= 5; k++ {
		s, err := choose.Stability(x, segkit.Recipe{Method: cluster.KMeans{K: k, Seed: 1}})
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(s.Sheet().Caption)
	}
	// Output:
	// All 4 segments reappear when the customers are drawn again; the weakest is "High y" (mean overlap 1.00)
	// 4 of 5 segments are stable; segment "High x" dissolves in 32 % of the resamples (mean overlap 0.68)
}
