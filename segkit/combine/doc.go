// Package combine brings all traces of the same customers together: orders, visits, answers, demographics. Who has what, do their
// segments agree, and what do segments that combine them cost?
//
//	Tables     joins tables of several sources by customer id into one (Combined): what is not known stays missing
//	Coverage   who has what: how many customers each combination of sources knows
//	Bias       are those whom a source knows like the others
package combine
