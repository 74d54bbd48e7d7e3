package prep

import (
	"github.com/segkit/lab/segkit/internal/kinds"
)

// The names that transforms have in model files. A new transform is two lines here.
func init() {
	kinds.Add[Log1p](kinds.Transformers, "log1p")
	kinds.Add[Standardize](kinds.Transformers, "standardize")
	kinds.Add[Robust](kinds.Transformers, "robust")
	kinds.Add[Winsor](kinds.Transformers, "winsor")
	kinds.Add[MinMax](kinds.Transformers, "minmax")
	kinds.Add[YeoJohnson](kinds.Transformers, "yeojohnson")
	kinds.Add[Quantile](kinds.Transformers, "quantile")
	kinds.Add[Impute](kinds.Transformers, "impute")
	kinds.Add[OneHot](kinds.Transformers, "onehot")
	kinds.Add[Ordinal](kinds.Transformers, "ordinal")
	kinds.Add[Bands](kinds.Transformers, "bands")
	kinds.Add[Pool](kinds.Transformers, "pool")
	kinds.Add[PCA](kinds.Transformers, "pca")
	kinds.Add[Snap](kinds.Transformers, "snap")

	kinds.Add[fittedLog1p](kinds.Fitted, "log1p")
	kinds.Add[fittedScale](kinds.Fitted, "scale")
	kinds.Add[fittedWinsor](kinds.Fitted, "winsor")
	kinds.Add[fittedYeoJohnson](kinds.Fitted, "yeojohnson")
	kinds.Add[fittedQuantile](kinds.Fitted, "quantile")
	kinds.Add[fittedImpute](kinds.Fitted, "impute")
	kinds.Add[fittedOneHot](kinds.Fitted, "onehot")
	kinds.Add[fittedOrdinal](kinds.Fitted, "ordinal")
	kinds.Add[fittedBands](kinds.Fitted, "bands")
	kinds.Add[fittedPool](kinds.Fitted, "pool")
	kinds.Add[FittedPCA](kinds.Fitted, "pca")
	kinds.Add[fittedSnap](kinds.Fitted, "snap")
}
