package value

// BGNBDOf is the model with given parameters, times in weeks.
func BGNBDOf(r, alpha, a, b float64) *Buying {
	return &Buying{Unit: Week, process: bgnbd{r: r, alpha: alpha, a: a, b: b}}
}

// LogLikelihood is that of a summary under a model.
func LogLikelihood(b *Buying, s *Summary) float64 {
	return b.process.likelihood(group(s), make([]float64, 4))
}

// Off is how a proof says how far off a forecast was.
var Off = off
