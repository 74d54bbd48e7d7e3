// Package geo says where customers are: by coordinates, by postcodes, and by regions.
//
//	Places      where customers (or shops) are, and how many could not be placed (Locate); Nearest, Density and In give columns from it
//	Lookup      what a table of yours says about the place where a customer lives: traits of areas (Traits), or larger places (RollUp)
//	Spellings   one place written in several ways (FindSpellings); Pool combines small places into larger ones
//	Postcodes   codes that lost their leading zeros, and areas by the first digits of a code
//	Boundaries  outlines of regions from GeoJSON, to draw maps and to find the region of a point
//
// Everything that it finds about customers is a table, which joins theirs by id. Distances are great circles on a sphere. A trait
// of an area is marked as such in its column (table.Column.Area), because what holds for areas need not hold for the people in
// them; to assume so is the ecological fallacy (Robinson 1950, doi:10.2307/2087176).
package geo
