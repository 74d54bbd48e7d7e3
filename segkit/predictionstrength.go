package segkit

// PredictionPoint is the prediction strength at one number of segments (Tibshirani & Walther 2005,
// doi:10.1198/106186005X59243).
type PredictionPoint struct {
	K        int
	Strength []float64 // (splits) share of pairs that stay together in the worst segment, mean of both halves
	Mean     float64
	SE       float64
}
