package cluster

var _ Assigner = NearestMedoid{}
