package rulebook

import (
	"fmt"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/dialect"
	"github.com/segkit/lab/segkit/table"
)

func TestSQL(t *testing.T) {
	columns := []table.Column{{Name: "orders"}, {Name: `"; drop table`}, {Name: "select"}, {Name: "a]b`c"},
		{Name: "city", Levels: []string{"Leeds", `O'B\n`, "Zürich"}}, {Name: "visits", Levels: []string{"never", "monthly", "weekly"}, Ordered: true}}
	table, err := table.New(nil, columns, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		d          dialect.SQL
		when, want string
	}{
		{dialect.Standard, `orders >= 6 and select <= 30`, `"orders" >= 6 AND "select" <= 30`},
		{dialect.Standard, `col("\"; drop table") > 1`, `"""; drop table" > 1`},
		{dialect.Standard, `(orders > 1 or orders < 0) and not (select == 1)`, `("orders" > 1 OR "orders" < 0) AND NOT ("select" = 1)`},
		{dialect.Standard, `0 < orders < 365 / 4`, `0 < "orders" AND "orders" < 91.25`},
		{dialect.Standard, `orders / select > .5`, `(CAST("orders" AS DOUBLE PRECISION) / NULLIF(CAST("select" AS DOUBLE PRECISION), 0)) > 0.5`},
		{dialect.Standard, `orders != -2 or orders in [1, -2]`, `"orders" <> -2 OR "orders" IN (1, -2)`},
		{dialect.Standard, `-orders > 0.30000000000000004`, `(-(CAST("orders" AS DOUBLE PRECISION))) > 0.30000000000000004`},
		{dialect.Standard, `orders > 1e300`, `"orders" > 1e+300`},
		{dialect.Standard, `city == "O'B\\n"`, `"city" = 'O''B\n'`},
		{dialect.Standard, `"Leeds" != city`, `"city" <> 'Leeds'`},
		{dialect.Standard, `city not in ["Leeds", "Zürich"]`, `NOT ("city" IN ('Leeds', 'Zürich'))`},
		{dialect.Standard, `visits >= "monthly"`, `"visits" IN ('monthly', 'weekly')`},
		{dialect.Standard, `visits < "never"`, `"visits" <> "visits"`},
		{dialect.Standard, `visits <= "weekly"`, `"visits" = "visits"`},
		{dialect.Standard, `missing(city) or missing(orders)`, `"city" IS NULL OR "orders" IS NULL`},
		{dialect.Standard, `missing(orders > 1)`, `CASE WHEN "orders" > 1 THEN 0 WHEN NOT ("orders" > 1) THEN 0 ELSE 1 END = 1`},
		{dialect.Standard, `true and orders > 1/0`, `1 = 1 AND "orders" > CAST(NULL AS DOUBLE PRECISION)`},
		{dialect.Standard, `log(orders) > 1`, `CASE WHEN CAST("orders" AS DOUBLE PRECISION) > 0 THEN LN(CAST("orders" AS DOUBLE PRECISION)) END > 1`},
		{dialect.Standard, `(orders > 1) / 2 > select`, `(CAST(CASE WHEN "orders" > 1 THEN 1 WHEN NOT ("orders" > 1) THEN 0 END AS DOUBLE PRECISION) / NULLIF(2, 0)) > "select"`},
		{dialect.Standard, `if(orders > 1, select, 0) > 1`,
			`CAST(CASE WHEN "orders" > 1 THEN CAST("select" AS DOUBLE PRECISION) WHEN NOT ("orders" > 1) THEN 0 END AS DOUBLE PRECISION) > 1`},
		{dialect.Standard, `if(orders > 1, city, "none") in ["Leeds", "none"]`,
			`CASE WHEN "orders" > 1 THEN "city" WHEN NOT ("orders" > 1) THEN 'none' END IN ('Leeds', 'none')`},
		{dialect.Standard, `missing(if(orders > 1, "a", "b"))`, `CASE WHEN "orders" > 1 THEN 'a' WHEN NOT ("orders" > 1) THEN 'b' END IS NULL`},
		{dialect.MySQL, "col(\"a]b`c\") > 1 and city == \"O'B\\\\n\"", "`a]b``c` > 1 AND `city` = 'O\\'B\\\\n'"},
		{dialect.SQLServer, "col(\"a]b`c\") > 1 and city == \"Zürich\"", "[a]]b`c] > 1 AND [city] = N'Zürich'"},
		{dialect.SQLServer, "abs(orders) + 1 > 2", "(ABS(CAST([orders] AS FLOAT)) + 1) > 2"},
		{dialect.BigQuery, "col(\"a]b`c\") > 1 and city == \"O'B\\\\n\"", "`a]b\\`c` > 1 AND `city` = 'O\\'B\\\\n'"},
		{dialect.Spark, "min(orders, 2) < 1", "CASE WHEN CAST(`orders` AS DOUBLE) IS NULL OR 2 IS NULL THEN NULL WHEN CAST(`orders` AS DOUBLE) <= 2 THEN CAST(`orders` AS DOUBLE) ELSE 2 END < 1"},
	} {
		b := &Book{Rules: []Rule{{"It's", c.when}}}
		got, err := b.SQL(c.d, table)
		if err != nil {
			t.Errorf("%s: %v", c.when, err)
			continue
		}
		name := map[bool]string{true: `It\'s`, false: `It''s`}[c.d == dialect.MySQL || c.d == dialect.BigQuery || c.d == dialect.Spark]
		if want := "CASE\n  WHEN " + c.want + " THEN '" + name + "'\n  ELSE 'Rest'\nEND"; got != want {
			t.Errorf("%s\nis    %s\nwant  %s", c.when, got, want)
		}
	}
	for _, bad := range []struct {
		d    dialect.SQL
		rule Rule
		want string
	}{
		{99, Rule{"A", "orders > 1"}, "want dialect.Standard, dialect.MySQL"},
		{dialect.MySQL, Rule{"A", "ordres > 1"}, `did you mean "orders"?`},
		{dialect.MySQL, Rule{"A\x00", "orders > 1"}, "NUL byte"},
		{dialect.MySQL, Rule{"A", `days_since(orders, "2024-01-31", "excel") > 5`}, "dates have types of their own"},
		{dialect.MySQL, Rule{"A\xff", "orders > 1"}, "not UTF-8"},
		{dialect.MySQL, Rule{"A", strings.Repeat("sqrt(", 100) + "orders" + strings.Repeat(")", 100) + " > 1"}, "too deep"},
	} {
		if got, err := (&Book{Rules: []Rule{bad.rule}}).SQL(bad.d, table); err == nil || !strings.Contains(err.Error(), bad.want) {
			t.Errorf("%.40q: %.100q, %v", bad.rule, got, err)
		}
	}
}

func ExampleBook_SQL() {
	customers, _ := table.New([]string{"C-1"}, []table.Column{{Name: "orders"}, {Name: "recency", Unit: "days"}}, []float64{7, 12})
	book := &Book{Rules: []Rule{
		{"Champions", "orders >= 6 and recency <= 30"},
		{"Can't lose", "orders >= 6"},
	}, Rest: "Others"}
	segment, err := book.SQL(dialect.Standard, customers)
	if err != nil {
		fmt.Println(err)
	}
	fmt.Printf("SELECT id, %s AS segment\nFROM customers\n", segment)
	// Output:
	// SELECT id, CASE
	//   WHEN "orders" >= 6 AND "recency" <= 30 THEN 'Champions'
	//   WHEN "orders" >= 6 THEN 'Can''t lose'
	//   ELSE 'Others'
	// END AS segment
	// FROM customers
}
