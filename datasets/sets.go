package datasets

// The public sets: what they are, who publishes them, and the checksum by which their content is known.

import (
	"fmt"
	"slices"
	"strings"
)

// A Set is one public data set, a single file.
type Set struct {
	Name    string // "online-retail"
	Title   string // what it is, in one line
	File    string // its place below SEGKIT_DATA and below the cache, with slashes; .gz: compressed there
	SHA256  string // of the content, uncompressed
	Stored  string // sha256 of the compressed file as it is commonly distributed; empty if File is not compressed
	URL     string // where the publisher offers it, or the copy named in From
	Member  string // the file inside the zip that URL leads to; empty if URL leads to the file itself
	From    string // who collected it, with reference
	Licence string // of the data, as the publisher states it
}

var sets = []Set{
	{
		Name:    onlineRetail,
		Title:   "every invoice line of a British online gift shop, 2010-12-01 to 2011-12-09: 541,909 lines, 8 columns",
		File:    "online_retail/online_retail.csv.gz",
		SHA256:  "7615e19743f2c3e8e641375743c276dbb0ed64a70cf210464ce72c335db3d221",
		Stored:  "49957b05e60c2650740be37d4dd3bed18dc7916ba30a0f9204889b7b64d75509",
		URL:     "https://archive.ics.uci.edu/static/public/352/online+retail.zip",
		Member:  "Online Retail.xlsx",
		From:    "Chen (2015), UCI Machine Learning Repository 352, doi:10.24432/C5BW33",
		Licence: "CC BY 4.0",
	},
	{
		Name:    "wholesale",
		Title:   "annual spend of 440 clients of a Portuguese wholesaler by product group: 8 columns",
		File:    "wholesale_customers/Wholesale_customers_data.csv",
		SHA256:  "c3d018c643565b85cee733c4a2ac76dd76e080e857cb23f0ccfcc2e15a6c17ef",
		URL:     "https://archive.ics.uci.edu/static/public/292/wholesale+customers.zip",
		Member:  "Wholesale customers data.csv",
		From:    "Cardoso (2013), UCI Machine Learning Repository 292, doi:10.24432/C5030X",
		Licence: "CC BY 4.0",
	},
	{
		Name:    "online-shoppers",
		Title:   "12,330 web sessions of a shop, with whether they ended in a purchase: 18 columns",
		File:    "online_shoppers/online_shoppers_intention.csv.gz",
		SHA256:  "b3055ee355f59134d851d32641183cb4a8b45def7124d2f50442a042f358e0d9",
		Stored:  "4d0175442f4ff7dd86f19dacc625c49ca38f7177e9e79e68deb484df4e638baa",
		URL:     "https://archive.ics.uci.edu/static/public/468/online+shoppers+purchasing+intention+dataset.zip",
		Member:  "online_shoppers_intention.csv",
		From:    "Sakar, Kastro (2018), UCI Machine Learning Repository 468, doi:10.24432/C5F88Q",
		Licence: "CC BY 4.0",
	},
	{
		Name:    "mall",
		Title:   "200 shoppers of a mall with age, income and a spending score; probably made up: 5 columns",
		File:    "mall_customers/Mall_Customers.csv",
		SHA256:  "416a4f62a8f33841a16e1db5297f0e05d3b65b05e73632cedae58e739e1e1f77",
		URL:     "https://raw.githubusercontent.com/amankharwal/Website-data/6c3f3ebde421a9d5a57105d47fbd259605faf545/customers.csv",
		From:    "teaching data in wide circulation, origin undocumented",
		Licence: "unclear",
	},
	{
		Name:    "mcdonalds",
		Title:   "1,453 Australians say what a fast-food brand is like, yes or no: 15 columns",
		File:    "mcdonalds/mcdonalds.csv",
		SHA256:  "6b089ec5d3f510dfb04cce2ec43951e6b44918077eaa8b66e7d5b93b90bb56b5",
		URL:     "https://raw.githubusercontent.com/om-shreyas/Mcdonalds-Market-Segmentation/8ff546ea48b6a4b5bf4ce763a405a24e39c17c5e/mcdonalds.csv",
		From:    "Dolnicar, Grün, Leisch (2018), Market Segmentation Analysis, doi:10.1007/978-981-10-8818-6",
		Licence: "unclear (the book: CC BY 4.0)",
	},
	{
		Name:    "cdnow",
		Title:   "every purchase of 23,570 customers who were new to a CD shop in early 1997: 69,659 lines, 4 columns",
		File:    "cdnow/CDNOW_master.txt.gz",
		SHA256:  "eff6889ed364c5199d6eacbbeb7a6d559971df4406ac876f322c373f00a072ef",
		Stored:  "ce9d3785b68a7d9d27120947dd510aec663c667b96ac0314988cbecbf2459436",
		URL:     lifetimes + "CDNOW_master.txt",
		From:    fader,
		Licence: "unclear (offered for research and teaching)",
	},
	{
		Name:    "cdnow-sample",
		Title:   "the usual tenth of cdnow: 2,357 customers, 6,919 lines, 5 columns, no header",
		File:    "cdnow/CDNOW_sample.txt",
		SHA256:  "6fae10155c0b0ba363c2c386e30f77990d22328220efd862a5edd1443420d94a",
		URL:     lifetimes + "CDNOW_sample.txt",
		From:    fader,
		Licence: "unclear (offered for research and teaching)",
	},
	{
		Name:    groceries,
		Title:   "one month of a grocer's baskets: 9,835 baskets of 169 items, one basket a line, no header",
		File:    "groceries/groceries.csv",
		SHA256:  "ff1be892fd6b9b57d1a7bc50de067798963dda607619645988b21789bf23ae3b",
		URL:     "https://raw.githubusercontent.com/stedy/Machine-Learning-with-R-datasets/ff933238d9c30da179b7e3ad4b6ca938d67efc53/groceries.csv",
		From:    "Hahsler, Hornik, Reutterer (2006), data of the R package arules",
		Licence: "unclear (distributed in a GPL-3 package)",
	},
}

const (
	lifetimes = "https://raw.githubusercontent.com/CamDavidsonPilon/lifetimes/4f2833f4518621343bb6983eb3e540c11f66ec6a/lifetimes/datasets/"
	fader     = "Fader, Hardie (2001), Interfaces 31(3), S94-S107; www.brucehardie.com/datasets"
)

// Sets returns the public sets.
func Sets() []Set { return slices.Clone(sets) }

// Lookup returns the public set with this name.
func Lookup(name string) (Set, error) {
	for _, s := range sets {
		if s.Name == name {
			return s, nil
		}
	}
	return Set{}, fmt.Errorf("segkit: there is no public data set %q: want one of %s%s", name, strings.Join(setNames(), ", "), meant(name, setNames()...))
}

func setNames() []string {
	var names []string
	for _, s := range sets {
		names = append(names, s.Name)
	}
	return names
}
