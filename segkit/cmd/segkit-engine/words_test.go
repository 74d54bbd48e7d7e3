package main

import (
	"database/sql"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
)

// queried is the source file for a query over the shop's Parquet file, with more lines.
func queried(columns string, more ...string) string {
	return mapping + fmt.Sprintf("query = \"SELECT %s FROM parquet\"\n", columns) + strings.Join(more, "\n") + "\n"
}

// What is wrong is said in flags and in keys of the source file.
func TestWordsAreThoseOfTheCommand(t *testing.T) {
	inShop(t)
	segment := func(more ...string) []string {
		return append([]string{"segment", "-k", "4", "--into", "s.csv"}, more...)
	}
	sources := map[string]string{
		"both":      mapping + "table = \"parquet\"\nquery = \"SELECT 1\"\n",
		"none":      strings.Replace(mapping, "customer = \"customer_id\"\n", "", 1),
		"worth":     mapping + "amount = \"unit_price\"\n",
		"twice":     strings.Replace(mapping, `["channel", "country"]`, `["channel", "channel"]`, 1),
		"text":      strings.Replace(mapping, "unit_price", "channel", 1),
		"gone":      mapping + "table = \"nowhere\"\n",
		"thirds":    queried("* REPLACE (CAST(unit_price AS DOUBLE) / 3 AS unit_price)"),
		"nobody":    queried("*", `rules = ["duplicate"]`),
		"gaps":      queried("* REPLACE (CASE WHEN quantity <> 2 THEN quantity END AS quantity)", `rules = ["no customer", "duplicate"]`),
		"undone":    mapping + "undone = [\"on hold\"]\n",
		"held":      queried("*, 'paid' AS state", `status = "state"`, `undone = ["on hold"]`),
		"no lines":  strings.Replace(queried("*"), "FROM parquet", "FROM parquet WHERE quantity > 1000000", 1),
		"customers": "table = \"parquet\"\nid = \"customer_id\"\n",
	}
	for name, text := range sources {
		write(t, name+".toml", text)
	}
	programs := regexp.MustCompile(`\b(engine|features|prep|cluster|[eE]ngine\.Source)\.[A-Z]|\bSource\.|\.Orders\b|\bQuery\b`)
	for _, c := range []struct {
		source, want string
		more         []string
	}{
		{"both", "either a table or a query", nil},
		{"none", "a column for customer", nil},
		{"worth", "a column for price or one for amount", nil},
		{"twice", "descriptors", nil},
		{"text", "cast it in a query", nil},
		{"gone", "nowhere", nil},
		{"thirds", "round them in a query", nil},
		{"nobody", `put the rule "no customer" into the list of rules`, nil},
		{"gaps", `put the rule "missing value" into the list of rules`, nil},
		{"undone", "a column for status", nil},
		{"held", `never holds "on hold"`, nil},
		{"no lines", "has no order lines", nil},
		{"customers", "--as-of is for order lines", nil},
		{"orders", "before the first order line", []string{"--as-of", "1999-01-01"}},
		{"orders", "-k is 5000, want", []string{"-k", "5000"}},
		{"orders", `"spent"`, []string{"--columns", "spent"}},
		{"orders", "no file can be made in the folder none", []string{"-o", "none/model.json"}},
		{"orders", "no file can be made in the folder none", []string{"--into", "none/s.csv"}},
		{"orders", "--scratch is for Trino", []string{"--scratch", "a.b"}},
	} {
		said, code := command(t, segment(append([]string{"--engine", "duckdb://shop.parquet", "--source", c.source + ".toml", "--as-of", "2025-09-30"}, c.more...)...)...)
		if code == 0 || !strings.Contains(said, c.want) {
			t.Errorf("%s %v: %d: %q does not say %q", c.source, c.more, code, said, c.want)
		}
		if word := programs.FindString(said); word != "" {
			t.Errorf("%s %v: %q, of programs, stands in %q", c.source, c.more, word, said)
		}
	}
}

// A word of the status that nobody knows is listed, and answered in the source file.
func TestUnknownWordsOfTheStatus(t *testing.T) {
	inShop(t)
	state := "*, 'state ' || CAST(quantity % 20 AS VARCHAR) AS state"
	write(t, "asks.toml", queried(state, `status = "state"`))
	write(t, "says.toml", queried(state, `status = "state"`, `undone = ["state 2"]`))
	inspect := func(source string, want int) string { // a question that is open wants a person
		said, code := command(t, "inspect", "--engine", "duckdb://shop.parquet", "--source", source)
		if code != want {
			t.Fatalf("%s: %d, want %d: %s", source, code, want, said)
		}
		return strings.Join(strings.Fields(said), " ")
	}
	asked := inspect("asks.toml", 3)
	for i := 1; i <= 5; i++ {
		if want := fmt.Sprintf(`"state %d" on `, i); !strings.Contains(asked, want) {
			t.Errorf("%q is not listed in %s", want, asked)
		}
	}
	if regexp.MustCompile(`\d others`).MatchString(asked) || !strings.Contains(asked, "a line such as undone = [") {
		t.Errorf("the question has no answer: %s", asked)
	}
	if answered := inspect("says.toml", 0); strings.Contains(answered, "is not known") || !strings.Contains(answered, "removed because of the order's status") {
		t.Errorf("the answer does not count: %s", answered)
	}
}

// Lines whose price cannot be read are left out by a rule that the ledger shows, unless the file has rules of its own.
func TestLinesWithoutAPriceAreCounted(t *testing.T) {
	inShop(t)
	write(t, "tried.toml", queried("* REPLACE (TRY_CAST(CASE WHEN quantity = 2 THEN 'two' ELSE CAST(unit_price AS VARCHAR) END AS DECIMAL(12, 2)) AS unit_price)"))
	on := append([]string{"features", "--engine", "duckdb://shop.parquet", "--source", "tried.toml"}, "--as-of", "2025-09-30")
	said, code := command(t, on...)
	if removed := regexp.MustCompile(`missing value +−[\d,]+`).FindString(said); code != 0 || removed == "" {
		t.Errorf("%d: no lines without a value in %s", code, said)
	}
}

// What would be refused at the end is refused before the work.
func TestWhatCannotBeWrittenIsRefusedFirst(t *testing.T) {
	inShop(t)
	db, err := sql.Open("duckdb", "crm.db")
	if err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{"CREATE TABLE lines AS SELECT * FROM read_parquet('shop.parquet')", "CREATE TABLE taken AS SELECT 1 AS a"} {
		if _, err := db.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	db.Close()
	write(t, "lines.toml", mapping+"table = \"lines\"\n")
	for _, c := range []struct{ url, into, want string }{
		{"duckdb://crm.db", "taken", "is there already and holds no segments"},
		{"duckdb://crm.db", "nowhere.segments", "refused to make a table such as nowhere.segments"},
		{"duckdb://crm.db?access_mode=read_only", "segments", "refused to make a table such as segments"},
		{"duckdb://crn.db", "segments", `no such file`},
	} {
		said, code := command(t, "segment", "--engine", c.url, "--source", "lines.toml", "--as-of", "2025-09-30", "-k", "4", "--into", c.into)
		if code == 0 || !strings.Contains(said, c.want) || strings.Contains(said, "order lines") {
			t.Errorf("%s: %d: %s", c.into, code, said)
		}
	}
	if _, err := os.Stat("crn.db"); err == nil {
		t.Error("a database was begun under a mistyped name")
	}
}

// The audit stands in front of the ledger.
func TestInspectShowsTheAudit(t *testing.T) {
	inShop(t)
	said, code := command(t, "inspect", "--engine", "duckdb://shop.parquet", "--source", "orders.toml")
	audit, ledger := strings.Index(said, "extreme amount"), strings.Index(said, "Reconciles to the last decimal")
	if code != 0 || audit < 0 || ledger < audit {
		t.Errorf("%d: %s", code, said)
	}
}

// Several currencies are asked about by inspect, behind audit and ledger, and stop the other commands before they clean anything.
func TestSeveralCurrenciesAreAQuestion(t *testing.T) {
	inShop(t)
	write(t, "two.toml", queried("*, CASE WHEN quantity = 2 THEN 'CHF' ELSE 'EUR' END AS currency"))
	write(t, "one.toml", queried("*, 'EUR' AS currency"))
	said, code := command(t, "inspect", "--engine", "duckdb://shop.parquet", "--source", "two.toml")
	flat := strings.Join(strings.Fields(said), " ")
	if code != exitLook || !strings.Contains(flat, "Question: which currency is meant?") || !strings.Contains(flat, `Keep one in a query, WHERE "currency" = 'EUR'`) || !strings.Contains(flat, "not in EUR") || !strings.Contains(flat, "two.toml: 1 question open") {
		t.Errorf("%d: %s", code, said)
	}
	said, code = command(t, "features", "--engine", "duckdb://shop.parquet", "--source", "two.toml", "--as-of", "2025-09-30")
	if code != exitFailed || !strings.Contains(said, "holds EUR and CHF") || strings.Contains(said, "copy the customers") || strings.Contains(said, "count what these rules leave") {
		t.Errorf("%d: %s", code, said)
	}
	if said, code := command(t, "inspect", "--engine", "duckdb://shop.parquet", "--source", "one.toml"); code != 0 {
		t.Errorf("%d: %s", code, said)
	}
}

// A status of unknown meaning is a question of inspect on an engine, as it is of a file, and score stops where the orders of its model did not have the word.
func TestWordsOfAStatusAreAQuestion(t *testing.T) {
	inShop(t)
	state := func(word string) string {
		return "*, CASE WHEN order_id LIKE '%7' THEN '" + word + "' ELSE 'paid' END AS state"
	}
	write(t, "known.toml", queried(state("cancelled"), `status = "state"`))
	write(t, "lost.toml", queried(state("lost at sea"), `status = "state"`))
	write(t, "answered.toml", queried(state("lost at sea"), `status = "state"`, `undone = ["lost at sea"]`))
	write(t, "renamed.toml", queried(state("cancelled")))
	write(t, "none.toml", queried(state("cancelled"), `undone = []`))
	write(t, "any.toml", queried(state("lost at sea"), `status = "state"`, `undone = []`))
	write(t, "among.toml", queried(state("lost at sea"), `status = "state"`, `undone = []`, `undone_among = ["paid", "lost at sea"]`))
	write(t, "later.toml", queried(state("lost at sea"), `status = "state"`, `undone = []`, `undone_among = ["paid", "on hold"]`))
	write(t, "gone.toml", queried(state("cancelled"), `status = "state"`, `undone = ["lost at sea"]`, `undone_among = ["paid", "lost at sea"]`))
	write(t, "alone.toml", queried(state("cancelled"), `status = "state"`, `undone_among = ["paid"]`))
	for source, says := range map[string]bool{"any": true, "answered": true, "among": false, "known": false} { // an answer for words that nobody has seen is none in silence
		said, _ := command(t, "inspect", "--engine", "duckdb://shop.parquet", "--source", source+".toml")
		flat := strings.Join(strings.Fields(said), " ")
		if strings.Contains(flat, `undone answers for any word of state, new ones too: with undone_among = ["paid", "lost at sea"] in the source file, words`) != says {
			t.Errorf("inspect %s: %s", source, said)
		}
	}
	if said, code := command(t, "inspect", "--engine", "duckdb://shop.parquet", "--source", "alone.toml"); code == 0 || !strings.Contains(said, "undone_among names words, and needs undone beside it") {
		t.Errorf("%d: %s", code, said)
	}
	for source, want := range map[string]int{"known": 0, "lost": exitLook, "answered": 0, "renamed": 0, "any": 0, "among": 0, "later": exitLook, "gone": 0} {
		said, code := command(t, "inspect", "--engine", "duckdb://shop.parquet", "--source", source+".toml")
		flat := strings.Join(strings.Fields(said), " ")
		if code != want || strings.Contains(flat, source+".toml: 1 question open") != (want != 0) || want != 0 && !strings.Contains(flat, `undone = ["lost at sea"] in the source file says so`) {
			t.Errorf("inspect %s: %d: %s", source, code, said)
		}
	}
	with := func(command string, source string, more ...string) []string {
		return append([]string{command, "--engine", "duckdb://shop.parquet", "--source", source + ".toml", "--as-of", "2025-09-30", "--into"}, more...)
	}
	if said, code := command(t, with("segment", "known", "made.csv", "-k", "3")...); code != 0 {
		t.Fatalf("%d: %s", code, said)
	}
	for source, want := range map[string]string{
		"known":    "",
		"answered": "",
		"none":     "",
		"any":      "",
		"among":    "",
		"gone":     "",
		"later":    `holds "lost at sea", which the orders that the model was made from never said`,
		"lost":     `holds "lost at sea", which the orders that the model was made from never said: name those of its words whose orders came to nothing in the source file, as in undone = ["lost at sea"], or say undone = [] there if none does`,
		"renamed":  `the model's own orders had one ("cancelled" and "paid"): name it in the source file, as in status = "COLUMN", if a column says it, or say undone = [] there if no order came to nothing`,
	} {
		out := source + ".csv"
		said, code := command(t, append(with("score", source, out), "model.json")...)
		_, missing := os.Stat(out)
		if (code == 0) != (want == "") || (missing == nil) != (want == "") || !strings.Contains(said, want) {
			t.Errorf("score %s: %d: %s", source, code, said)
		}
	}
}

// A wrong name is told before the first scan, with the nearest names first.
func TestWrongNamesAreToldFirst(t *testing.T) {
	inShop(t)
	write(t, "bare.toml", strings.NewReplacer("product = \"product_id\"\n", "", "category = \"category\"\n", "").Replace(mapping))
	if said, code := command(t, append([]string{"segment", "-k", "3", "--columns", "recency,products", "--into", "s.csv"}, onShop...)...); code != 0 {
		t.Fatalf("%d: %s", code, said)
	}
	for _, c := range []struct {
		want      string
		arguments []string
	}{
		{"the nearest first: recency, ", append([]string{"segment", "-k", "3", "--columns", "recncy,orders", "--into", "s.csv"}, onShop...)},
		{"the nearest first: orders, ", []string{"score", "model.json", "--into", "s.csv", "--engine", "duckdb://shop.parquet", "--source", "bare.toml", "--as-of", "2025-09-30"}},
		{`did you mean "no customer"?`, []string{"inspect", "--engine", "duckdb://shop.parquet", "--source", "rules.toml"}},
	} {
		write(t, "rules.toml", mapping+"rules = [\"no costumer\"]\n")
		said, code := command(t, c.arguments...)
		if code == 0 || !strings.Contains(said, c.want) || strings.Contains(said, "statements to send") {
			t.Errorf("%v: %d: %s", c.arguments, code, said)
		}
	}
}

// An as-of day after the last order line is taken, with a sentence that names both days; one before the first is refused.
func TestTheAsOfDayIsHeldAgainstTheOrders(t *testing.T) {
	inShop(t)
	features := func(day string) (string, int) {
		said, code := command(t, "features", "--engine", "duckdb://shop.parquet", "--source", "orders.toml", "--as-of", day)
		return strings.Join(strings.Fields(said), " "), code
	}
	if said, code := features("2035-01-01"); code != 0 || !strings.Contains(said, "The last order line is from 2025-12-31, 3,288 days before the as-of date, 2035-01-01") || !strings.Contains(said, "choose an as-of date up to 2025-12-31") {
		t.Errorf("%d: %s", code, said)
	}
	if said, code := features("2025-12-31"); code != 0 || strings.Contains(said, "The last order line") {
		t.Errorf("%d: %s", code, said)
	}
	if said, code := features("2001-01-01"); code != exitFailed || !strings.Contains(said, "2001-01-01 is before the first order line (2024-01-01): choose a day from 2024-01-01 to 2025-12-31") {
		t.Errorf("%d: %s", code, said)
	}
}
