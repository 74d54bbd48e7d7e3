// Package distance says how far two customers are apart: in euros and days, in yes and no, or in a mixture of both.
//
//	Distance  Euclidean, Manhattan, Cosine, Jaccard or Gower
//	Space     the columns of a table as a distance sees them
package distance
