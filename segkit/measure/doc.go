// Package measure says how far apart the segments are, and how close together the customers within them are.
//
//	Silhouette        of every customer, by any distance, or of a sample, with its interval
//	CalinskiHarabasz  spread between segments over spread within; also DaviesBouldin and Dunn
package measure
