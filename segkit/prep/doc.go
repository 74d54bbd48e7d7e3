// Package prep transforms columns before customers are clustered: what makes two customers alike?
//
//	Transformer  options only, such as Log1p, Standardize, Winsor, Robust, MinMax, Quantile, YeoJohnson, Impute, OneHot, Ordinal, Bands, Pool, PCA
//	Fitted       what Fit learns from one table and applies to others; an Inverter also undoes it
//
// Options are struct literals whose zero value works. Each transform changes the columns that you name, or all that it can.
package prep
