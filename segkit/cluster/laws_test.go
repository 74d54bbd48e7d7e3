package cluster_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write docs/laws.md anew")

// The documentation of what every method promises is made of the claims that the contract suite checks.
func TestLawsAreDocumented(t *testing.T) {
	const path = "../../docs/laws.md"
	want := lawsPage()
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(path); err != nil || string(got) != want {
		t.Errorf("%s does not say what the contract suite checks (%v): go test ./segkit/cluster -run Laws -update", path, err)
	}
}

func lawsPage() string {
	var b strings.Builder
	b.WriteString(`# What the clustering methods promise

One suite, ` + "`segkit/cluster/contract_test.go`" + `, runs over every method; this page is made of its claims.

For every method: the table and the options are left as they were; the same seed gives the same result to the last bit at
1, 2 and 8 processors; labels run from 0 by falling weight, ties by the first row; on separated groups the order of the rows
does not matter; adding 1,000 to all values leaves the labels; k = 1, k = n, n = 1, identical rows and a single column are
taken or refused in a sentence; missing, infinite and empty input is refused with the column named, except where the table
says otherwise; a cancelled call returns soon and leaves no goroutine; a stored assigner predicts the same.

| method | training rows predict to their own labels | equal rows share a segment | values times 8: same labels, and cost | takes categories | takes missing cells |
|---|---|---|---|---|---|
`)
	for _, c := range contracts {
		scaled := "not claimed"
		switch {
		case c.likelihood:
			scaled = "+ n d ln 8, to 1e-9"
		case c.scaled != 0:
			scaled = fmt.Sprintf("× %g, to the last bit", c.scaled)
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", c.name, yesOrNo(c.predictsTraining), yesOrNo(!c.partsEqualRows), scaled,
			yesOrNo(!c.numbersOnly), yesOrNo(c.takesMissing))
	}
	b.WriteString(`
Latent classes take categories and missing answers only, and have a suite of their own (` + "`latentclass_test.go`" + `). Hierarchical
clustering cannot predict (` + "`ErrNoPredict`" + `); models of DBSCAN, HDBSCAN and hierarchical clustering cannot be saved
(` + "`ErrNotPortable`" + `): a model file holds no customers. Time and memory in n, d and k stand in the documentation of each method.
`)
	return b.String()
}

func yesOrNo(v bool) string {
	if v {
		return "yes"
	}
	return "no"
}
