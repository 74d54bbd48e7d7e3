// Package cluster forms groups of customers: which of them are alike?
//
//	Method      options only: KMeans, MiniBatch, KMedoids, KPrototypes, Hierarchical, DBSCAN, HDBSCAN, GaussianMixture, LatentClass
//	Fit         checks a method against a prepared table and runs it
//	Clustering  one complete run: labels, centres, cost, every start, and a Tree or a Likelihood if there is one
//	Assigner    the fitted state, which assigns new customers and can be saved
//
// A Recipe of package segkit does the preparation and the fitting in one step. Most methods find as many groups as they are asked
// for, whether or not there are any: package choose says how many the data support.
package cluster
