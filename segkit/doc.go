// Package segkit takes a table of customers to a few segments that people can act on.
//
// The path of an analysis, in the order of its types:
//
//	Table      n customers x d named features (ReadCSV, FromFrame, or package features from raw orders)
//	Recipe     the analysis as plain data: columns, transforms, method
//	Sweep      the same method at k = 2, 3, …: the elbow, the silhouette, and what no structure looks like
//	Model      a fitted recipe: scores new customers, is saved as a small file
//	Segments   who is in which segment: labels bound to customer ids, with names
//	Profile    how many, what they are worth, what is typical of them
//
// One step below: a Transformer changes columns before clustering, a Method clusters, and Fit runs it and returns a
// Clustering. Options are struct literals whose zero value works:
//
//	recipe := segkit.Recipe{
//		Columns: []string{"recency", "orders", "basket"},
//		Prep:    []segkit.Transformer{segkit.Log1p{}, segkit.Standardize{}},
//		Method:  segkit.KMeans{K: 4, Seed: 1},
//	}
//	model, err := recipe.Fit(customers)
//
// Notation, throughout: n customers (rows), d features (columns), k segments. Missing values are NaN. The same input and
// seed give the same result at any number of processors. Errors are sentences that name the row, the column and the remedy.
package segkit
