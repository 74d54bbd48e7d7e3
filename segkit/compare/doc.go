// Package compare compares two segmentations of the same customers: how far do they agree, which segment of one continues which
// of the other, and which of the two says more about what customers did?
//
//	Match         pairs the segments of two segmentations (Matching), and keeps numbers and colours
//	Outcomes      how much more one says about a metric than the other (Comparison)
//	AdjustedRand  agreement of labels; also AdjustedMutualInfo, VariationOfInformation, PairJaccard
package compare
