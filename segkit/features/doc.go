// Package features turns raw order lines into one row per customer.
//
//	orders, err := features.ReadOrders("orders.csv", features.OrdersOptions{})           // strict; columns recognised
//	clean, err := orders.Clean(features.UsualRules...)                                   // each rule says what it removed
//	customers, err := clean.Features(asOf)                                               // a table.Table; nothing after asOf
//	next, err := clean.Outcome(asOf, 90)                                                 // what they did afterwards
//
// These are the rules for Clean; the ledger says what each of them removed (UsualRules lists those that suit most shops):
//
//	NoCustomer     lines without a customer              NetCancelled   cancellations and returns, with what they undo
//	MissingValue   no date, quantity, price or amount    Cancelled      cancellations alone; their orders stay
//	Duplicate      lines that repeat an earlier one      Returned       other lines of returned goods
//	TestOrder      test customers, orders and products   Undone         by status and refunds: cancelled, returned, never paid
//	SameEmail      makes one customer of A@x and a@x     ZeroQuantity   lines of no units
//	Without        lines with given values of a column   ZeroPrice      lines that cost nothing
//	                                                     NegativePrice  bookkeeping, not shopping
//
// Order lines are held in columns: texts as codes into a dictionary, money as whole numbers at the most decimals seen, so
// that every sum is exact and the ledger reconciles. Dates and times are the local ones of the file; time zones are
// dropped.
//
// Under a context with a memory (package nb installs one in job.DefaultContext), a file that was read before is only
// hashed: its lines are read again when they are needed, and results computed from them are recalled.
package features
