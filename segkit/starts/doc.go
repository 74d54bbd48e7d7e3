// Package starts runs a method from several starts and keeps the best: how often was the best solution found, and from which start?
//
//	Evidence  the result of every start: hits, near ties, agreement
//	Family    how a start began
package starts
