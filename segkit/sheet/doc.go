// Package sheet lays a result out for reading: the table that a notebook shows, a terminal prints and a report embeds.
//
// Every result of the project has a method Sheet() sheet.Sheet. Cells are text already formatted for people; code that
// wants to compute with a result uses its fields or its Frame.
package sheet
