package datasets

import (
	"strings"
	"testing"
)

func TestBasketsByName(t *testing.T) {
	b, err := Baskets("shop")
	if err != nil || b.Count() != 28878 || len(b.Items()) != 96 {
		t.Errorf("%d baskets of %d items, %v", b.Count(), len(b.Items()), err)
	}
	t.Setenv("SEGKIT_DATA", t.TempDir())
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	if instead, err := Baskets("groceries", "shop"); err != nil || instead.Count() != b.Count() {
		t.Errorf("in place of groceries: %v", err)
	}
	if _, err := Baskets("mall"); err == nil || !strings.Contains(err.Error(), `want "groceries", "shop"`) {
		t.Error(err)
	}
}
