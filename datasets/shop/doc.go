// Package shop makes up a believable shop: customers in known latent segments, two years of order lines with dirt of
// known amount, a survey and a web log.
//
// The same Options give the same bytes on every machine: customer i, survey sheet i and every other item draws from a
// random stream of its own, money is counted in cents, and the little floating-point arithmetic there is avoids what
// machines round differently. The shop that package datasets embeds is Generate(Options{}); other seeds give other
// shops of the same kind, for instance one for each student of a class.
//
//	s := shop.Generate(shop.Options{Seed: 7})
//	err := s.WriteOrders(w)  // CSV, one row per order line
//	s.Dirt.Duplicates        // how many lines were written twice
//	s.Customers[0].Segment   // the truth, which no real company has
//
// Generating takes about a tenth of a second per 4,000 customers, and grows linearly with their number.
package shop
