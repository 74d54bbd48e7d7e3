// Package features takes raw order lines to one row per customer.
//
//	orders, err := features.ReadOrders("orders.csv", features.OrdersOptions{})           // strict; columns recognised
//	clean, err := orders.Clean(features.NoCustomer, features.Duplicate, features.NetCancelled) // each rule tells what it removed
//	customers, err := clean.Features(asOf)                                               // a table.Table; nothing after asOf
//	next, err := clean.Outcome(asOf, 90)                                                 // what they did afterwards
//
// Order lines are held in columns: texts as codes into a dictionary, money as whole numbers at the most decimals seen, so
// that every sum is exact and a ledger reconciles. Dates and times are the local ones of the file; zones are dropped.
//
// Under a context that remembers (package nb installs one in job.DefaultContext), a file that was read before is only
// hashed: its lines are read again when someone asks for them, and what was computed from them is recalled.
package features
