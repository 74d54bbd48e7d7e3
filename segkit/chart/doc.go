// Package chart draws every picture of an analysis.
//
// Each function takes a result of the analysis and returns a Figure: gonum plots (which you can change), a title that
// states the finding with its numbers, and a text alternative. A Figure appears in a notebook as inline SVG, and can be
// saved as SVG, PNG or PDF.
//
//	fig, err := chart.Sizes(segments, customers, "spend")
//	err = fig.Save("sizes.png")
//
// What to draw, by question:
//
//	what is in the table     Histograms, Lorenz, Missingness, Coverage, Correlation, DailyRevenue, BeforeAfter, Scree
//	how many segments        Elbow, Silhouette, Gap, Stability, SegmentStability, Starts, Alluvial, AlluvialBy, Dendrogram
//	where they lie           Scatter, Biplot
//	what they answered       Answers
//	where they live          MapPoints, MapShares
//	who they are             Profile, ProfilePlot, Heatmap, Boxes, Mosaic, Sizes, Bubble
//	how to say them          RuleTree, Overlap, RecencyFrequency
//	is it any good           VerdictBoard, Outcome
//	who will be in which     Confusion, Calibration, ColdStart, Gain, Lift, AccuracyByLength, AccuracyBySegment
//	who will order again     Alive, RepeatOrders, ValueRisk, Survival
//	what is bought together  RuleMatrix, Penetration
//	how they use the site    Funnel, Week, Transitions, Conversion
//	two or more of them      Flow, Agreement
//	what an offer changed    Uplift, TierWaterfall
//	how they live on         Migration, MigrationMatrix, Shares, DriftLines, Life, Cohorts
//
// Each chart is in the file of its name. What charts share is in other files: the figure and its formats (figure, svg, pdf), the theme
// (theme), marks (marks, glyphs, box, arrows, hull, triangle, streams, matrix, map), the choice of what to draw (columns, traits,
// principal, align) and the text (words, names, letters).
//
// All charts share one theme: the colours of Okabe and Ito (2008, Color Universal Design), which people with colour-blindness
// can distinguish; text of at least 12 pixels; units on the axes; a quiet grid. A colour belongs to a segment, not to a
// position: label i has Color(i) and Shape(i) in every chart. Colour is never the only clue: names, numbers or marks say the
// same.
package chart
