package chart

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	makeshop "github.com/segkit/lab/datasets/shop"
	"github.com/segkit/lab/segkit/basket"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/table"
)

// carts are the baskets of a small shop, and its customers in three segments by their numbers, the last one of three customers.
func carts(t testing.TB) (*basket.Baskets, *table.Segments) {
	t.Helper()
	var b bytes.Buffer
	if err := makeshop.Generate(makeshop.Options{Customers: 600}).WriteOrders(&b); err != nil {
		t.Fatal(err)
	}
	orders := trial.Sure(features.ParseOrders(&b, "shop", features.OrdersOptions{Currency: "EUR"}))
	clean := trial.Sure(orders.Clean(features.NoCustomer, features.Duplicate, features.TestOrder, features.NetCancelled))
	ids := trial.Sure(clean.Features(time.Date(2025, 12, 31, 0, 0, 0, 0, time.UTC))).IDs()
	labels := make(table.Labels, len(ids))
	for i := range labels {
		switch {
		case i >= len(ids)-3:
			labels[i] = 2
		case i >= len(ids)/2:
			labels[i] = 1
		}
	}
	return trial.Sure(basket.FromOrders(clean)), trial.Sure(table.NewSegments(ids, labels, []string{"came early", "came late", "the last three"}))
}

func TestGoldenPicturesOfBaskets(t *testing.T) {
	b, s := carts(t)
	rules := trial.Sure(b.Rules(basket.Options{MinSupport: .002, MinConfidence: .2}))
	figures := map[string]*Figure{
		"rule-matrix": trial.Sure(RuleMatrix(rules.Significant().Pruned())),
		"penetration": trial.Sure(Penetration(trial.Sure(trial.Sure(b.Categories()).Penetration(s)))),
	}
	for name, fig := range figures {
		golden(t, name, fig)
	}
	top := rules.Significant().Pruned().Rules[0]
	if title := figures["rule-matrix"].Title; !strings.Contains(title, top.Antecedent[0]) || !strings.Contains(title, fmt.Sprintf("%.1f times", top.Lift)) {
		t.Errorf("title %q", title)
	}
	if note := figures["penetration"].Note; !strings.Contains(note, "the last three (3 customers)") {
		t.Errorf("note %q", note)
	}
	if alt := figures["rule-matrix"].Alt; !strings.Contains(alt, "confidence") {
		t.Errorf("alternative %q", alt)
	}
}

func TestNoRulesAreNoPicture(t *testing.T) {
	b := trial.Sure(basket.FromLists([][]string{{"tea"}, {"jam"}}))
	if _, err := RuleMatrix(trial.Sure(b.Rules(basket.Options{}))); !errors.Is(err, fault.ErrEmpty) {
		t.Error(err)
	}
}
