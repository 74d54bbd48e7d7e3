// Package predict asks who will be in which segment, from what is known early: a prospect's answers, a customer's first order.
//
//	Random, Stratified, ByGroup, ByTime  part the customers into those to learn from and a hold-out (Split)
//	Fit        teaches a Predictor to name the segment (Classifier), which then names that of others (Predictions) and is saved
//	Classifier.Evaluate  judges it on customers that it has not seen (Report), beside naming the largest segment and guessing
//	Prove      does all of it: segments from the training part alone, the hold-out labelled by the frozen model, and a null
//	Classifier.Prospects, Lookalikes  rank customers by likeness to a segment, or to customers of your choice (Likeness)
//
// That a segment can be predicted does not prove that it exists: k-means cuts one single cloud of customers into parts, and a
// forest tells these parts apart with hardly an error. Prove therefore does the same with data of one group, and the report shows both.
//
// Predictors are options whose zero value works: LargestSegment, StratifiedGuess, NearestCenter, Neighbors, Logistic, Tree,
// Forest, Boosted, and Tuned, which chooses among others by cross-validation inside the training part. They take numbers,
// categories and missing values as they come, give probabilities, and give the same bits at any number of processors.
package predict
