// Package datasets has the data for the lessons: a made-up shop with known truth, embedded in the program, and public
// sets used in the literature, found on disk or downloaded once.
//
//	orders, err := datasets.Orders("shop")           // or "shop-without-segments", "shop-that-changes", "online-retail", or a path
//	customers, err := datasets.Customers("shop")     // age, city, country, channel
//	addresses, err := datasets.Addresses("shop")     // postcode, coordinates, household; also Areas, Cities, Stores, Borders
//	truth, err := datasets.Truth("shop")             // who really belongs to which segment
//	baskets, err := datasets.Baskets("groceries")    // what was bought together; or "shop"
//	mall, err := datasets.Table("mall")              // or "wholesale", "mcdonalds", "online-shoppers"
//
// DATASHEET.md describes the shop: columns, units, dirt in exact numbers, truth. Sets lists the public sets with their
// publishers, licences and checksums. Their files are looked for in the folder named by the environment variable
// SEGKIT_DATA, then in the user's cache. Missing ones are downloaded by the command "segkit data get", never by this
// package: linking a web client into every notebook cell would add a fifth of a second to each.
package datasets

//go:generate go run ./internal/remake
