// Package dialect says which SQL a database speaks, so that rules and models can be computed where the customers are.
//
//	rules.SQL(dialect.Standard, customers)        // one CASE expression
//	model.SQL(dialect.Trino, "crm.customers")     // one SELECT
//
// Names and texts are quoted so that none of them can end a statement; numbers are written in the fewest digits that give
// them back exactly.
package dialect
