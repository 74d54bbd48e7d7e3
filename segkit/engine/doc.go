// Package engine makes the same segments where the orders are: in a SQL database. Use DuckDB for data larger than memory, Trino
// for data larger than one machine, and PostgreSQL if that is where the customers are.
//
//	db, err := sql.Open("pgx", "")                            // any driver of database/sql; credentials are its own matter
//	e, err := engine.Open(db, engine.PostgreSQL)
//	defer e.Close()                                           // drops every helper table
//	orders, err := e.Orders(engine.Source{Table: "shop.lines", Columns: map[string]string{
//		"customer": "customer_id", "order": "order_id", "date": "ordered_at", "quantity": "qty", "price": "unit_price"}})
//	clean, err := orders.Clean(features.NoCustomer, features.Duplicate, features.NetCancelled)
//	customers, err := clean.Features(asOf)                    // a table in the engine; customers.Table() brings it into memory
//	small, err := customers.Compress(recipe, engine.Compression{}) // at most 200,000 weighted rows that stand for all
//	sweep, err := small.Sweep(2, 8)                           // in memory, as Stability and Judge
//	fit, err := small.Fit(engine.FitOptions{})                // its centres are improved by passes over everybody; Cost is exact
//	err = customers.Score(fit.Model, "crm.segments")          // a table, made beside and renamed
//
// What customers did in the days after (features.Cleaned.Outcome) and shares by product (Shares) are not available here: bring the lines of a sample
// into memory for them.
//
// Every statement has a purpose in words, which appears in errors, in the progress and in Engine.Statements. The names of helper
// tables begin with "segkit_"; the tables are dropped, even after a failure. The package links no driver.
package engine
