// Package segkit takes a table of customers to a few segments that people can act on.
//
// The path of an analysis, in the order of its types:
//
//	Table        n customers x d named features (ReadCSV, FromFrame, or package features from raw orders)
//	Recipe       the analysis as plain data: columns, transforms, method
//	Sweep        SweepK: the same method at k = 2, 3, …, beside the same on data without groups
//	Advice       Sweep.Advice: which k the evidence favours, who disagrees, or that there are no natural segments; Sweep.Panel lists who says what
//	Model        a fitted recipe: scores new customers, is saved as a small file
//	Segments     who is in which segment: labels bound to customer ids, with names
//	Stabilities  Stability: do the segments, and each customer's, come back when the customers are drawn again
//	Profile      Describe: how many, what they are worth, what is typical of them; Profile.Personas introduces them
//	Explanation  Explain: the segments said as rules of few conditions, and how nearly
//	Verdict      Judge: are they few, distinct, stable, substantial, actionable, and did it matter afterwards
//
// Segments need no clustering. A RuleBook holds rules that people write, in Go or in a text file (ReadRules): it assigns each
// customer to one segment, finds gaps and overlaps (Lint), and becomes SQL. Package rfm scores customers, and a column serves
// too (Table.SegmentsBy). Carve takes rules first and clusters the rest, Adopt lets rules decide and clusters audit, Refine
// edits by hand, Match says which segment continues which. Everything after Segments takes any of them.
//
// One step below: a Transformer (Log1p, Standardize, PCA, …) changes columns before clustering, a Method (KMeans, KMedoids,
// Hierarchical, GaussianMixture, LatentClass, HDBSCAN, …) clusters, and Fit runs it and returns a Clustering. Options are
// struct literals whose zero value works:
//
//	recipe := segkit.Recipe{
//		Columns: []string{"recency", "orders", "basket"},
//		Prep:    []segkit.Transformer{segkit.Log1p{}, segkit.Standardize{}},
//		Method:  segkit.KMeans{K: 4, Seed: 1},
//	}
//	sweep, err := recipe.SweepK(customers, 2, 8)       // sweep.Advice() says which k
//	model, err := recipe.Fit(customers)
//	segments, err := model.Score(customers)
//	profile, err := segkit.Describe(customers, segments)
//	rules, err := segkit.Explain(customers, segments, segkit.RuleOptions{})
//	verdict, err := segkit.Judge(customers, segments, segkit.VerdictOptions{Outcome: next})
//
// Every result has Sheet, laid out for reading, and Frame, to compute with. A function that may take long has a twin that
// takes a context. Notation, throughout: n customers (rows), d features (columns), k segments. Missing values are NaN. The same
// input and seed give the same result at any number of processors. Errors are sentences that name the row, the column and
// the remedy.
package segkit
