package cluster

import (
	"github.com/segkit/lab/segkit/internal/kinds"
)

// The names that methods and what they fit have in model files. A new method is a line here, and another for a new kind of assigner.
func init() {
	kinds.Add[KMeans](kinds.Methods, "kmeans")
	kinds.Add[MiniBatch](kinds.Methods, "minibatch")
	kinds.Add[KMedoids](kinds.Methods, "kmedoids")
	kinds.Add[KPrototypes](kinds.Methods, "kprototypes")
	kinds.Add[GaussianMixture](kinds.Methods, "gaussian mixture")
	kinds.Add[LatentClass](kinds.Methods, "latent class")
	kinds.Add[Hierarchical](kinds.Methods, "hierarchical")
	kinds.Add[DBSCAN](kinds.Methods, "dbscan")
	kinds.Add[HDBSCAN](kinds.Methods, "hdbscan")

	kinds.Add[Nearest](kinds.Assigners, "nearest")
	kinds.Add[NearestMedoid](kinds.Assigners, "medoids")
	kinds.Add[Prototypes](kinds.Assigners, "prototypes")
	kinds.Add[FittedMixture](kinds.Assigners, "mixture")
	kinds.Add[FittedLatentClass](kinds.Assigners, "latent class")
}
