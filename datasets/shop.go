package datasets

// The embedded shop, and its kin (the twin without segments, the shop that changes, the two of the capstone), which are made up anew each time. Each file
// is embedded by itself, so that a program carries only those that it reads.

import (
	"compress/gzip"
	"crypto/sha256"
	_ "embed" // the five files below
	"encoding/csv"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/segkit/lab/datasets/shop"
	"github.com/segkit/lab/segkit/table"
)

const (
	theShop         = "shop"
	withoutSegments = "shop-without-segments"
	changingShop    = "shop-that-changes"
	shopA           = "shop-a"
	shopB           = "shop-b"
	onlineRetail    = "online-retail"
	groceries       = "groceries"
)

//go:embed embedded/orders.csv.gz
var ordersGz string

//go:embed embedded/customers.csv.gz
var customersGz string

//go:embed embedded/truth.csv.gz
var truthGz string

//go:embed embedded/survey.csv.gz
var surveyGz string

//go:embed embedded/visits.csv.gz
var visitsGz string

// shopSHA256 is the checksum of the shop's order lines, uncompressed, for which the lessons are written.
const shopSHA256 = "3a4c39aee9e502b5b0d327399f3323443e34933bea163fcfb2a788de97d96ae8"

// CheckShop returns an error that wraps ErrChecksum unless the shop in this program is the one for which the lessons are written.
// It costs the reading of 60,105 order lines.
func CheckShop() error { return checkShop(ordersGz) }

func checkShop(gz string) error {
	z, err := gzip.NewReader(strings.NewReader(gz))
	if err != nil {
		return fmt.Errorf("segkit: the shop's order lines: %w: %w", ErrChecksum, err)
	}
	h := sha256.New()
	if _, err := io.Copy(h, z); err != nil {
		return fmt.Errorf("segkit: the shop's order lines: %w: %w", ErrChecksum, err)
	}
	if sum := hex.EncodeToString(h.Sum(nil)); sum != shopSHA256 {
		return fmt.Errorf("segkit: the shop's order lines: %w: their sha256 is %s, that of the lessons %s: numbers in the lessons' text will differ",
			ErrChecksum, sum, shopSHA256)
	}
	return nil
}

// Customers returns what "shop", "shop-without-segments", "shop-that-changes", "shop-a" or "shop-b" knows about its customers: age (years), city, country
// and channel, all descriptors; one row per customer, including the wholesale buyer.
func Customers(name string) (*table.Table, error) {
	r, err := openAny(name, customersGz, (*shop.Shop).WriteCustomers)
	if err != nil {
		return nil, err
	}
	return table.ParseCSV(r, name+": customers", "customer_id", table.CSVOptions{
		Units: map[string]string{"age": "years"},
		Roles: roles(table.Descriptor, "age", "city", "country", "channel"),
	})
}

// Survey returns the survey sheets of "shop", "shop-without-segments" or "shop-that-changes": ten statements answered from 1 (not at all) to
// 5 (fully), as numbers, and four questions answered no or yes; one row per customer who replied.
func Survey(name string) (*table.Table, error) {
	r, err := open(name, surveyGz, (*shop.Shop).WriteSurvey)
	if err != nil {
		return nil, err
	}
	units := map[string]string{}
	for _, statement := range shop.Statements {
		units[statement] = "1-5"
	}
	return table.ParseCSV(r, name+": survey", "customer_id", table.CSVOptions{Units: units})
}

// Visits returns the web log of "shop", "shop-without-segments" or "shop-that-changes" as CSV with a header: visit_start, customer_id (empty
// where nobody was logged in), source, device, pages, seconds, ordered; one row per visit, by time.
func Visits(name string) (io.Reader, error) {
	return open(name, visitsGz, (*shop.Shop).WriteVisits)
}

// Hits returns the web log of July to September 2025 of "shop", "shop-without-segments" or "shop-that-changes" page by page, as CSV with a header: time,
// cookie, customer_id (empty before logging in), page, source, device, user_agent; one row per page looked at, by time, with the robots and the dirt
// that web logs have. Its visits are those of Visits. It is made when asked for, in about half a second.
func Hits(name string) (io.Reader, error) {
	return open(name, "", (*shop.Shop).WriteHits)
}

// Truth returns the latent segment of every customer of "shop", which no real company knows. The wholesale buyer is
// segkit.Noise. In "shop-without-segments" everybody else is in one segment; the segments of "shop-that-changes" are others, and shop.Options.Planted says how they change.
func Truth(name string) (*table.Segments, error) {
	r, err := open(name, truthGz, (*shop.Shop).WriteTruth)
	if err != nil {
		return nil, err
	}
	names := optionsOf(name).SegmentNames()
	rows, err := csv.NewReader(r).ReadAll()
	if err != nil {
		return nil, err
	}
	var ids []string
	var labels table.Labels
	for _, row := range rows[1:] {
		ids = append(ids, row[0])
		label := slices.Index(names, row[1])
		if label < 0 {
			label = table.Noise
		}
		labels = append(labels, label)
	}
	return table.NewSegments(ids, labels, names)
}

// Planted returns what changes in each latent segment of "shop-that-changes", in the order of Truth's names.
func Planted(name string) ([]shop.Change, error) {
	if name != changingShop {
		return nil, fmt.Errorf("segkit: nothing is known of changes in %q: want %q", name, changingShop)
	}
	return shop.Options{Changing: true}.Planted(), nil
}

// optionsOf are those that made the shop of this name.
func optionsOf(name string) shop.Options {
	switch name {
	case shopA:
		return shop.Options{Unseen: "a", Seed: 90, Customers: 1400}
	case shopB:
		return shop.Options{Unseen: "b", Seed: 90, Customers: 1800}
	}
	return shop.Options{WithoutSegments: name == withoutSegments, Changing: name == changingShop}
}

// open reads a file of the shop: the embedded one, or that of one of its kin. The shops of the capstone keep all files to themselves but those that openAny
// is asked for: a learner who could read the truth would learn nothing.
func open(name, embedded string, write func(*shop.Shop, io.Writer) error) (io.Reader, error) {
	switch name {
	case theShop, withoutSegments, changingShop:
		return openAny(name, embedded, write)
	case shopA, shopB:
		return nil, fmt.Errorf("segkit: %q is a shop of the capstone: there are its Orders and its Customers, and the rest is for you to find out", name)
	}
	return nil, fmt.Errorf("segkit: there is no made-up shop %q: want %q, %q or %q", name, theShop, withoutSegments, changingShop)
}

// openAny is open for files that the shops of the capstone have, too.
func openAny(name, embedded string, write func(*shop.Shop, io.Writer) error) (io.Reader, error) {
	switch {
	case name == theShop && embedded != "":
		return gzip.NewReader(strings.NewReader(embedded))
	case name == theShop || name == withoutSegments || name == changingShop || name == shopA || name == shopB:
		var b strings.Builder
		if err := write(shop.Generate(optionsOf(name)), &b); err != nil {
			return nil, err
		}
		return strings.NewReader(b.String()), nil
	}
	return open(name, embedded, write)
}
