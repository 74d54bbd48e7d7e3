package datasets

// The public sets that are tables of one row per customer, with what their files do not say: which codes are no numbers,
// which answers have an order, and what is no feature.

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/table"
)

// A layout is how to read the file of a set as a table.
type layout struct {
	id      string // column; empty: customers are numbered
	options table.CSVOptions
}

var layouts = map[string]layout{
	"mall": {"CustomerID", table.CSVOptions{
		Units: map[string]string{"Age": "years"},
		Roles: roles(table.Descriptor, "Gender"),
	}},
	"wholesale": {"", table.CSVOptions{
		Text:  []string{"Channel", "Region"},
		Roles: roles(table.Descriptor, "Channel", "Region"),
	}},
	"mcdonalds": {"", table.CSVOptions{
		Units: map[string]string{"Age": "years"},
		Levels: map[string][]string{
			"Like": {"I hate it!-5", "-4", "-3", "-2", "-1", "0", "1", "2", "3", "4", "I love it!+5"},
			"VisitFrequency": {"Never", "Once a year", "Every three months", "Once a month", "Once a week",
				"More than once a week"},
		},
		Roles: roles(table.Descriptor, "Like", "Age", "VisitFrequency", "Gender"),
	}},
	"online-shoppers": {"", table.CSVOptions{
		Text: []string{"OperatingSystems", "Browser", "Region", "TrafficType"},
		Units: map[string]string{"Administrative_Duration": "s", "Informational_Duration": "s",
			"ProductRelated_Duration": "s"},
		Roles: merge(
			roles(table.Descriptor, "Month", "OperatingSystems", "Browser", "Region", "TrafficType", "VisitorType", "Weekend"),
			roles(table.Outcome, "Revenue")),
	}},
}

func roles(r table.Role, columns ...string) map[string]table.Role {
	m := map[string]table.Role{}
	for _, c := range columns {
		m[c] = r
	}
	return m
}

func merge(a, b map[string]table.Role) map[string]table.Role {
	maps.Copy(a, b)
	return a
}

// Table reads a public set that has one row per customer: "mall" (200 x 4), "wholesale" (440 x 8), "mcdonalds"
// (1,453 x 15) or "online-shoppers" (12,330 x 18 web sessions). Its file is found as Find says, and never downloaded.
//
// Or it makes one of the small sets whose groups are known, in the column "truth": "blobs" (four round groups), "cloud" (one
// group), "stretched" (three long ones), "moons" (two bent ones), "noisy" (three, and a sixth of the rows anywhere),
// "spenders" (three that differ by factors), "answers" (three kinds of respondents, yes/no, some missing), "mixed" (three,
// in numbers and categories, some missing).
//
// Where otherwise is given and name is a public set that is not on this machine, nothing is downloaded and otherwise is
// returned.
func Table(name string, otherwise ...string) (*table.Table, error) {
	if _, ok := madeSets[name]; ok {
		return made(name)
	}
	l, ok := layouts[name]
	if !ok {
		tables := slices.Concat(slices.Sorted(maps.Keys(layouts)), slices.Sorted(maps.Keys(madeSets)))
		return nil, fmt.Errorf("segkit: there is no table %q: want one of %s, or Find and your own reading%s", name, strings.Join(tables, ", "), meant(name, tables...))
	}
	if absent(name) && len(otherwise) > 0 {
		return Table(otherwise[0], otherwise[1:]...)
	}
	path, err := Find(name)
	if err != nil {
		return nil, err
	}
	return table.ReadCSV(path, l.id, l.options)
}
