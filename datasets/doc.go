// Package datasets holds the data of the lessons: a made-up shop with known truth, embedded in the program, and the
// public sets that the literature uses, found on disk or fetched once.
//
//	orders, err := datasets.Orders("shop")           // or "shop-without-segments", "shop-that-changes", "online-retail", or a path
//	customers, err := datasets.Customers("shop")     // age, city, country, channel
//	addresses, err := datasets.Addresses("shop")     // postcode, coordinates, household; also Areas, Cities, Stores, Borders
//	truth, err := datasets.Truth("shop")             // who really belongs to which segment
//	baskets, err := datasets.Baskets("groceries")    // what was bought together; or "shop"
//	mall, err := datasets.Table("mall")              // or "wholesale", "mcdonalds", "online-shoppers"
//
// DATASHEET.md describes the shop: columns, units, dirt in exact numbers, truth. Sets lists the public sets with their
// publishers, licences and checksums. Their files are looked for in the folder that the environment variable SEGKIT_DATA
// names, then in the user's cache; what is missing is downloaded by the command "segkit data get", never by this
// package: linking a web client into every notebook cell would cost each a fifth of a second.
package datasets

//go:generate go run ./internal/remake
