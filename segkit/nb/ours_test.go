package nb

import (
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/features"
)

// orders is a small file with some of everything.
const orders = `order_id,date,customer_id,product_id,quantity,price
1,2025-01-03,a,p1,2,10.50
2,2025-01-09,b,p2,1,99.99
2,2025-01-09,b,p2,1,99.99
3,2025-02-01,a,p1,-2,10.50
4,2025-02-11,,p3,1,5
5,2025-03-01,c,p3,3,5
`

// ours makes one value of each result type that Memo keeps, by the type's name.
func ours(t *testing.T) map[string]any {
	t.Helper()
	random := rand.New(rand.NewPCG(1, 2))
	ids, data := make([]string, 60), make([]float64, 0, 180)
	for i := range ids {
		ids[i] = "c" + string(rune('A'+i/26)) + string(rune('a'+i%26))
		data = append(data, random.NormFloat64()+float64(i%3)*5, math.Exp(random.NormFloat64()), float64(i%2))
	}
	data[4*3+2] = math.NaN()
	table, err := segkit.NewTable(ids, []segkit.Column{{Name: "orders"}, {Name: "spend", Unit: "EUR", Role: segkit.Value},
		{Name: "city", Levels: []string{"Köln", "Bonn"}, Role: segkit.Descriptor}}, data)
	check(t, err)
	recipe := segkit.Recipe{Columns: []string{"orders", "spend"}, Prep: []segkit.Transformer{segkit.Log1p{Columns: []string{"spend"}}, segkit.Standardize{}, segkit.PCA{}},
		Method: segkit.KMeans{K: 3, Restarts: 3}}
	x, err := recipe.Prepare(table)
	check(t, err)
	sweep, err := recipe.SweepK(table, 1, 3, segkit.SweepOptions{Draws: 2})
	check(t, err)
	model, err := recipe.Fit(table)
	check(t, err)
	segments, err := model.Score(table)
	check(t, err)
	silhouettes, err := segkit.Silhouette(x, segments)
	check(t, err)
	read, err := features.ParseOrders(strings.NewReader(orders), "orders.csv", features.OrdersOptions{})
	check(t, err)
	clean, err := read.Clean(features.NoCustomer, features.Duplicate)
	check(t, err)
	dictionary, err := clean.Dictionary(Date("2025-02-20"))
	check(t, err)
	return map[string]any{
		"segkit.Table": table, "segkit.Segments": segments, "segkit.Sweep": sweep, "segkit.Model": model,
		"segkit.Silhouettes": silhouettes, "segkit.RestartEvidence": model.Restarts(),
		"features.Ledger": clean.Ledger, "features.Dictionary": dictionary,
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestOurTypesComeBackExactly(t *testing.T) {
	for name, v := range ours(t) {
		kind := reflect.TypeOf(v)
		if err := storable(kind); err != nil {
			t.Errorf("%s is refused: %v", name, err)
			continue
		}
		data, err := encode(nil, reflect.ValueOf(v), 0)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		back := reflect.New(kind).Elem()
		if err := decode(data, back); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if at := difference(reflect.ValueOf(v), back, name); at != "" {
			t.Errorf("%s comes back changed at %s", name, at)
		}
	}
}

// difference returns where a and b differ, "" if they are the same to the bit, unexported fields and nil slices included.
func difference(a, b reflect.Value, path string) string {
	switch a.Kind() {
	case reflect.Float64, reflect.Float32:
		if math.Float64bits(a.Float()) != math.Float64bits(b.Float()) {
			return path
		}
		return ""
	case reflect.Pointer, reflect.Interface, reflect.Slice, reflect.Map:
		if a.IsNil() || b.IsNil() {
			if a.IsNil() != b.IsNil() {
				return path + " (nil)"
			}
			return ""
		}
	}
	switch a.Kind() {
	case reflect.Pointer, reflect.Interface:
		if a.Elem().Type() != b.Elem().Type() {
			return path + " (type)"
		}
		return difference(a.Elem(), b.Elem(), path)
	case reflect.Struct:
		for i := range a.NumField() {
			if at := difference(a.Field(i), b.Field(i), path+"."+a.Type().Field(i).Name); at != "" {
				return at
			}
		}
	case reflect.Slice, reflect.Array:
		if a.Len() != b.Len() {
			return path + " (length)"
		}
		for i := range a.Len() {
			if at := difference(a.Index(i), b.Index(i), path+"[]"); at != "" {
				return at
			}
		}
	case reflect.Map:
		for _, key := range a.MapKeys() {
			if v := b.MapIndex(key); !v.IsValid() || difference(a.MapIndex(key), v, path) != "" {
				return path + " (map)"
			}
		}
		if a.Len() != b.Len() {
			return path + " (length)"
		}
	default:
		if !a.Equal(b) {
			return path
		}
	}
	return ""
}
