package features

// Which column of a file means what: named in the options, or recognised by its header.

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/cell"
	"github.com/segkit/lab/segkit/internal/exports"
	"github.com/segkit/lab/segkit/internal/kept"
	"github.com/segkit/lab/segkit/internal/layout"
	"github.com/segkit/lab/segkit/internal/suggest"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
)

// meaning is what a column of an order file can be.
type meaning = exports.Meaning

const (
	orderColumn     = exports.Order
	dateColumn      = exports.Date
	customerColumn  = exports.Customer
	productColumn   = exports.Product
	nameColumn      = exports.Name
	categoryColumn  = exports.Category
	quantityColumn  = exports.Quantity
	priceColumn     = exports.Price
	amountColumn    = exports.Amount
	statusColumn    = exports.Status
	directionColumn = exports.Direction
	refundColumn    = exports.Refund
	currencyColumn  = exports.Currency
	meanings        = exports.Meanings
)

var known = exports.Headers

// needed are the meanings without which lines cannot be counted, with the parts of headers that hint at them.
var needed = []struct {
	what   string
	either []meaning
	hints  []string
}{
	{"customer", []meaning{customerColumn}, []string{"cust", "client", "buyer", "user", "member", "mail", "kund", "household", "account", "klant", "shopper", "card", "acheteur", "loyal", "fidel", "fedel", "treuekart", "tesser", "klantenkaart"}},
	{"date", []meaning{dateColumn}, []string{"date", "time", "day", "datum", "created", "fecha", "paid", "placed"}},
	{"price or the amount", []meaning{priceColumn, amountColumn}, []string{"price", "amount", "total", "value", "sales", "revenue", "paid", "spend", "spent", "betrag", "preis", "prix", "precio", "cost", "net", "gross", "rate", "montant", "import", "valor", "umsatz", "debit", "soll"}},
}

// descriptors are headers that say where and how a customer buys.
var descriptors = slices.Concat(exports.StatusOrPlace, []string{"country", "countrycode", "region", "city", "channel", "store", "source", "land", "landcode", "landkode", "stadt", "ort", "kanal", "filiale", "pays", "codepays", "ville", "magasin",
	"pais", "codigopais", "ciudad", "provincia", "canal", "tienda", "paese", "citta", "regione", "canale", "negozio", "cidade", "municipio", "uf", "regiao", "loja", "canaldevenda", "plaats", "stad", "regio", "provincie", "kanaal", "winkel", "filiaal"})

// plan says where the reader finds what.
type plan struct {
	op        string // for messages
	file      string
	header    []string // behind the columns of the file those that are put together of them
	width     int      // columns of the file
	compounds []compound
	at        [meanings]int // column of each meaning, -1 for none
	more      []int         // descriptors
	either    []int         // columns that are the status or a place, as their cells say
	comma     byte
	forms     // of its cells

	currency  string
	oneUnit   bool            // the options name the currency: there is no other
	beside    int             // the amount's column where price and quantity are read, to be compared; -1 for none
	once      bool            // the amount is of the order, and counts on its first line
	known     bool            // the file is a known export
	sure      bool            // it was said, or is known, whether money is of a unit or of the line
	back      []string        // values of the direction that mean money back, as the options name them
	undone    []string        // values of the status that mean that the order came to nothing, as the options name them
	among     among           // the words that oneUnit, back and undone answer for
	earlier   among           // words that the options kept beside the file name: they need not be in it now
	said      map[string]bool // roles of columns that the options name
	maybeMany []unread        // columns that may be the quantity, where the lines have a price and none is read: that is asked
	notes     []string        // what was assumed
	part      part            // what of the file is read
	hashed    bool            // records are hashed: whole copies of a line are told from lines that are alike
	wide      *layout.Wide    // its months stand in columns; nil where they do not
	foreign   bool            // its texts are no UTF-8
}

// part is what one reading takes in.
type part uint8

const (
	everything part = iota
	essentials      // all but the details
	onlyDetails
)

// reads reports whether texts with this meaning are there, and are read.
func (p *plan) reads(m meaning) bool {
	return p.at[m] >= 0 && (p.part == everything || slices.Contains(detailMeanings[:], m) == (p.part == onlyDetails))
}

// described are the columns of descriptors that are read.
func (p *plan) described() []int {
	if p.part == essentials {
		return nil
	}
	return p.more
}

// priceOrAmount is the column that says what a line is worth.
func (p *plan) priceOrAmount() int { return max(p.at[priceColumn], p.at[amountColumn]) }

// meaningOf is what a column that is read means.
func (p *plan) meaningOf(column int) meaning { return meaning(slices.Index(p.at[:], column)) }

// named are the headers that the user gives, by meaning.
func (o OrdersOptions) named() [meanings]string {
	return [meanings]string{o.Order, o.Date, o.Customer, o.Product, o.Name, o.Category, o.Quantity, o.Price, cmp.Or(o.Amount, o.Total), o.Status, o.Direction, o.Refunded}
}

// newPlan finds the columns of header: those that o names, else those of a known export, else those with a known header.
func newPlan(op, file string, header []string, o OrdersOptions) (*plan, error) {
	p := &plan{op: op, file: file, header: header, width: len(header), comma: byte(o.Comma), forms: newForms(o), currency: o.Currency, oneUnit: o.Currency != "", back: o.Back, undone: o.Undone, among: o.among(), said: map[string]bool{"price": o.Price != "", "amount": o.Amount != "", "total": o.Total != "", "quantity": o.Quantity != "", "name": o.Name != ""}, beside: -1, sure: o.Price != "" || o.Amount != "", once: o.Total != ""}
	wrong := func(column, why, remedy string, sentinel error) error {
		return &fault.CellError{Op: op, File: file, Column: column, Why: why, Remedy: remedy, Err: sentinel}
	}
	for i, h := range header {
		if h != "" && slices.Index(header, h) != i {
			return nil, wrong(h, fmt.Sprintf("appears in the header twice, as columns %d and %d", slices.Index(header, h)+1, i+1),
				"rename one of them", fault.ErrSchema)
		}
	}
	taken, plain := make([]bool, len(header)), make([]string, len(header))
	for i, h := range header {
		plain[i] = exports.Header(h)
	}
	var absent []string
	for m, name := range o.named() {
		p.at[m] = -1
		if name == "" {
			continue
		}
		i := p.columnOf(name)
		if i < 0 {
			absent = append(absent, fmt.Sprintf("features.OrdersOptions.%s = %q%s", optionNames[m], name, meant(name, header)))
			continue
		}
		p.at[m] = i
		for _, part := range p.partsOf(i) {
			taken[part] = true
		}
	}
	for _, name := range o.Descriptors {
		i := slices.Index(header, name)
		if i < 0 {
			absent = append(absent, fmt.Sprintf("a descriptor %q%s", name, meant(name, header)))
			continue
		}
		p.more = append(p.more, i)
	}
	if absent != nil {
		return nil, wrong("", "no such column: "+strings.Join(absent, ", "), "the columns are "+shorten(strings.Join(header, ", "), 300), fault.ErrMissingColumn)
	}
	named := slices.ContainsFunc(p.at[:], func(i int) bool { return i >= 0 })
	if e := exports.Of(plain); e != nil && !named {
		if e.Refusal != "" {
			return nil, wrong("", "this is "+e.Name+", which "+e.Refusal, "", fault.ErrSchema)
		}
		for m, name := range e.Columns {
			p.at[m] = slices.Index(plain, name)
		}
		for _, i := range p.at {
			if i >= 0 {
				taken[i] = true
			}
		}
		p.sure, p.known = true, true
		p.notes = append(append(p.notes, "Read as an export of "+e.Name+"."), e.Notes...)
		if e.Local && o.Zone == "" {
			p.dates.zone = cell.AsWritten
			p.notes = append(p.notes, "Times are those of the shop's own clock, in summer and in winter.")
		}
	} else {
		p.recognise(plain, taken, o)
		p.seekOthers(taken)
	}
	if err := p.lack(taken, wrong); err != nil {
		return p, err
	}
	p.tellsTime(plain, taken)
	for i := range header {
		if o.Descriptors == nil && !taken[i] && slices.Contains(descriptors, plain[i]) {
			p.more = append(p.more, i)
		}
		if !p.known && !taken[i] && maySayStatus(plain[i]) && !slices.Contains(o.Descriptors, header[i]) {
			p.either = append(p.either, i)
		}
	}
	p.ignore(o.Ignore)
	return p, nil
}

// maySayStatus reports whether a column may say what became of orders, by its header.
func maySayStatus(plain string) bool {
	holds := func(words []string) bool {
		return slices.ContainsFunc(words, func(word string) bool { return strings.Contains(plain, word) })
	}
	return slices.Contains(exports.StatusOrPlace, plain) || holds(exports.StatusWords) && !holds(exports.WhoseStatus)
}

// recognise finds the columns that o does not name by their headers, and notes where another header would have meant the same.
func (p *plan) recognise(plain []string, taken []bool, o OrdersOptions) {
	var found [meanings]bool
	for m, names := range known {
		if p.at[m] >= 0 || meaning(m) == amountColumn && o.Price != "" || meaning(m) == priceColumn && (o.Amount != "" || o.Total != "") {
			continue
		}
		for _, name := range names {
			if i := slices.Index(plain, name); i >= 0 && !taken[i] {
				if money := meaning(m) == amountColumn || meaning(m) == priceColumn; money && slices.Contains(plain[i+1:], name) { // in two currencies: nobody knows which
					break
				}
				p.at[m], taken[i], found[m] = i, true, true
				break
			}
		}
	}
	p.recogniseTaxed(plain, taken, o)
	if p.at[priceColumn] >= 0 && p.at[amountColumn] >= 0 { // one of them says what the line is worth
		other := amountColumn
		if p.at[quantityColumn] < 0 {
			other = priceColumn
		}
		taken[p.at[other]] = false
		if other == amountColumn {
			p.beside = p.at[other]
			found[other] = false
		}
		p.at[other] = -1
	}
	for m, names := range known {
		if !found[m] || p.at[m] < 0 {
			continue
		}
		for i, h := range plain {
			if !taken[i] && i != p.beside && slices.Contains(names, h) && m != int(nameColumn) && m != int(productColumn) {
				p.notes = append(p.notes, fmt.Sprintf("The %s is read from %q; %q could mean the same and was left out.", meaning(m), p.header[p.at[m]], p.header[i]))
			}
		}
	}
}

// recogniseTaxed finds the price and the amount, where no header names them, by headers that also say whether taxes are included. Where several do, as with and without
// taxes, nobody knows which is meant.
func (p *plan) recogniseTaxed(plain []string, taken []bool, o OrdersOptions) {
	for _, m := range [...]meaning{priceColumn, amountColumn} {
		if p.at[m] >= 0 || o.Price != "" || o.Amount != "" || o.Total != "" {
			continue
		}
		var may []int
		for i, h := range plain {
			if !taken[i] && slices.Contains(known[m], exports.Untaxed(h)) {
				may = append(may, i)
			}
		}
		if len(may) == 1 {
			p.at[m], taken[may[0]] = may[0], true
		}
	}
}

// counted are parts of the names of columns that say how many pieces.
var counted = []string{"qty", "quant", "qte", "qtd", "menge", "anzahl", "stuck", "stk", "pieces", "pcs", "units", "cantidad", "unidades", "uds", "aantal"}

// seekPieces notes that a column of pieces is not read where amounts are, as they are when the price of one piece was taken for them.
func (p *plan) seekPieces(columns []unread) {
	at := p.at[amountColumn]
	if at < 0 || p.at[quantityColumn] >= 0 || p.known || p.wide != nil {
		return
	}
	for _, u := range columns {
		if name := p.header[u.column]; hintsAt(name, counted) && u.pieces.Numbers() && !slices.Contains(p.at[:], u.column) {
			p.notes = append(p.notes, fmt.Sprintf("%q is read as what a whole line costs, and %q is not read. If the line costs that many times %[1]q, name them as the price and the quantity.", shorten(p.header[at], 40), shorten(name, 40)))
		}
	}
}

// seekQuantity finds the columns that may be the quantity where lines have a price and none is read, of which the first lines have shown columns; those first whose
// names say so. Where there is none, every line counts as one piece, which is noted.
func (p *plan) seekQuantity(columns []unread) {
	if p.at[priceColumn] < 0 || p.at[quantityColumn] >= 0 || p.known || p.wide != nil {
		return
	}
	var others []unread
	var named []int
	for _, u := range columns {
		switch name := p.header[u.column]; {
		case slices.Contains(p.at[:], u.column) || slices.Contains(p.more, u.column): // by its cells, or by its name
		case hintsAt(name, counted) && u.pieces.Numbers():
			p.maybeMany = append(p.maybeMany, u)
		case hintsAt(name, counted):
			named = append(named, u.column)
		case u.pieces.Count() && !p.meansElse(name):
			others = append(others, u)
		}
	}
	p.maybeMany = append(p.maybeMany, others...)
	if p.maybeMany != nil {
		return
	}
	note := "No quantity is read: each line counts once, at its price."
	if named != nil {
		note += fmt.Sprintf(" If %s says how many pieces, name it as the quantity.", p.namesOf(named))
	}
	p.notes = append(p.notes, note)
}

// meansElse reports whether the name of a column says that its numbers count no pieces: it is known for something else, part of a date or name, or a code.
func (p *plan) meansElse(name string) bool {
	plain := exports.Header(name)
	for m, names := range known {
		if meaning(m) != quantityColumn && slices.Contains(names, plain) {
			return true
		}
	}
	for _, t := range together {
		if slices.ContainsFunc(t.parts, func(names []string) bool { return slices.Contains(names, plain) }) {
			return true
		}
	}
	return slices.Contains(clocks, plain) || exports.NamesCode(name) || attribute(name)
}

// attribute reports whether a header says in one of its words that the column tells something of customers, goods or orders: it neither counts goods nor names anybody.
func attribute(name string) bool {
	return slices.ContainsFunc(words.FindAllString(name, -1), func(word string) bool { return slices.Contains(attributes, exports.Simple(word)) })
}

// words are those of a header, as in "Customer Age", "customer_age" and "CustomerAge".
var words = regexp.MustCompile(`\p{Lu}?\p{Ll}+|\p{Lu}+`)

// attributes are such words.
var attributes = []string{"age", "alter", "edad", "eta", "leeftijd", "idade", "wiek", "rating", "score", "stars", "review", "reviews", "bewertung", "puntuacion", "valoracion", "punteggio", "nota", "note",
	"points", "punkte", "puntos", "punti", "pontos", "punten", "discount", "rabatt", "descuento", "sconto", "remise", "korting", "desconto", "percent", "percentage", "prozent", "pct", "porcentaje",
	"tax", "vat", "iva", "mwst", "ust", "tva", "btw", "shipping", "versand", "envio", "spedizione", "livraison", "days", "tage", "dias", "giorni", "jours", "dagen", "week", "weeks", "woche",
	"month", "monat", "mes", "mese", "mois", "maand", "year", "jahr", "ano", "anno", "annee", "jaar", "hour", "stunde", "hora", "ora", "heure", "uur", "minute", "minutes",
	"level", "tier", "rank", "stock", "bestand", "existencias", "size", "talla", "taglia", "taille", "maat", "weight", "gewicht", "peso", "poids", "height", "width", "length", "volume",
	"zip", "plz", "visits", "views", "clicks", "sessions", "children", "kinder", "hijos", "income", "einkommen", "ingresos", "cost", "kosten", "coste", "costo"}

// howMany asks whether one of the columns that may be the quantity is it; nil if there is none.
func (p *plan) howMany() *question {
	if p.maybeMany == nil {
		return nil
	}
	const most = 3
	price := p.header[p.at[priceColumn]]
	var may []string
	var remedies []string
	q := &question{}
	for _, u := range p.maybeMany[:min(len(p.maybeMany), most)] {
		name := p.header[u.column]
		may = append(may, fmt.Sprintf("%q (%s in line %d)", shorten(name, 40), u.pieces.Example, u.pieces.Row))
		remedies = append(remedies, fmt.Sprintf("features.OrdersOptions.Quantity = %q", name))
		q.answers = append(q.answers, kept.Setting{Key: kept.Key(optionNames[quantityColumn]), Value: name})
	}
	q.answers = append(q.answers, kept.Setting{Key: kept.Key(optionNames[amountColumn]), Value: price})
	q.CellError = &fault.CellError{Op: p.op, File: p.file, Err: fault.ErrSchema,
		Why:    fmt.Sprintf("no column is known to be the quantity, and %q is read as the price of one piece, though %s may say how many pieces a line is for", shorten(price, 40), strings.Join(may, " or ")),
		Remedy: fmt.Sprintf("set %s if it does, or features.OrdersOptions.Amount = %q if each line counts once, at its price", strings.Join(remedies, " or "), price)}
	return q
}

// namesOf lists headers.
func (p *plan) namesOf(columns []int) string {
	var names []string
	for _, i := range columns {
		names = append(names, strconv.Quote(shorten(p.header[i], 40)))
	}
	return strings.Join(names, " or ")
}

// seekOthers notes that days of customers count as orders although a column may have their numbers, and that a column of discounts is not
// taken off the prices.
func (p *plan) seekOthers(taken []bool) {
	free := func(words ...string) (columns []int) {
		for i, h := range p.header[:p.width] {
			if !taken[i] && i != p.beside && hintsAt(h, words) {
				columns = append(columns, i)
			}
		}
		return columns
	}
	if numbers := free("order", "invoice", "receipt", "bestell", "auftrag", "rechnung", "beleg", "commande", "facture", "pedido", "factura", "ordine", "fattura", "encomenda", "transac", "ticket"); p.at[orderColumn] < 0 && numbers != nil {
		p.notes = append(p.notes, fmt.Sprintf("No order number is read: what a customer buys on one day counts as one order. If %s holds the number, name it as the order.", p.namesOf(numbers)))
	}
	if back := free("refund", "erstatt", "rembours", "reembols", "rimbors", "terugbetaal"); p.at[refundColumn] < 0 && back != nil {
		p.notes = append(p.notes, fmt.Sprintf("No refunds are deducted. If %s holds the money that was paid back, name it as refunded.", p.namesOf(back)))
	}
	if off := free(discounts...); p.at[priceColumn] >= 0 && off != nil {
		net, isOff := "", func(i int) bool { return slices.Contains(off, i) }
		if may := slices.DeleteFunc(free(amounts...), isOff); len(may) > 0 {
			net = ", perhaps " + p.namesOf(may[:min(len(may), 3)])
		}
		p.notes = append(p.notes, fmt.Sprintf("Sales are counted as quantity × %s. If %s still has to be deducted, name the column with the final cost of each line as the amount%s.", p.header[p.at[priceColumn]], p.namesOf(off), net))
	}
}

// amounts are fragments of column names that suggest the final amount of a line.
var amounts = []string{"amount", "total", "montant", "betrag", "summe", "umsatz", "importe", "importo", "bedrag", "totaal", "valor", "wartosc"}

// seekDelivery notes that a column of what delivery costs is not part of quantity × price.
func (p *plan) seekDelivery(columns []unread) {
	if p.at[priceColumn] < 0 || p.known || p.wide != nil {
		return
	}
	var costs []int
	for _, u := range columns {
		if u.delivery != nil && u.delivery.Count() > 0 && u.delivery.Bad().Count == 0 && !slices.Contains(p.at[:], u.column) && !slices.Contains(p.more, u.column) {
			costs = append(costs, u.column)
		}
	}
	if costs != nil {
		p.notes = append(p.notes, fmt.Sprintf("What customers paid for delivery does not count as sales: %s is left out. If it should count, name a column with the cost of each line, delivery included, as the amount.", p.namesOf(costs)))
	}
}

// namesDelivery reports whether a header may say what delivery costs.
func namesDelivery(header string) bool {
	return hintsAt(header, deliveries) && !hintsAt(header, discounts) && !hintsAt(header, needed[1].hints) && !exports.NamesCode(header)
}

// deliveries are parts of the names of columns of what delivery costs.
var deliveries = []string{"shipping", "freight", "postage", "deliveryfee", "deliverycost", "deliverycharge", "versand", "fracht", "lieferkosten", "liefergebuhr", "fraisdeport", "fraisdelivraison", "envio", "spedizione",
	"verzend", "vrachtkosten", "bezorgkosten", "frete", "kosztwysylki", "kosztdostawy"}

// discounts are parts of the names of columns of discounts.
var discounts = []string{"discount", "rabat", "nachlass", "remise", "descuento", "sconto", "korting", "desconto"}

// hintsAt reports whether a header holds one of the words.
func hintsAt(header string, words []string) bool {
	plain := exports.Simple(header)
	return slices.ContainsFunc(words, func(word string) bool { return strings.Contains(plain, word) })
}

// lack is the error where columns are missing that every file needs: all of them at once, with the headers that may be meant.
func (p *plan) lack(taken []bool, wrong func(column, why, remedy string, sentinel error) error) error {
	var what, remedies []string
	var all []*question
	for _, n := range needed {
		if slices.ContainsFunc(n.either, func(m meaning) bool { return p.at[m] >= 0 }) {
			continue
		}
		what = append(what, "the "+n.what)
		var options, may []string
		var answers []kept.Setting
		for _, m := range n.either {
			options = append(options, "OrdersOptions."+optionNames[m]+map[meaning]string{priceColumn: " (per unit)", amountColumn: " (of the line)"}[m])
		}
		for _, m := range n.either {
			for _, a := range p.offered(m) {
				answers, may = append(answers, a), append(may, strconv.Quote(a.Value.(string)))
			}
		}
		compounds := len(answers)
		for i, h := range p.header[:p.width] {
			if compounds > 0 { // one of the parts alone would say too little
				break
			}
			plain := exports.Header(h)
			if slices.Contains(n.either, customerColumn) && hintsAt(h, discounts) { // "Kundenrabatt" is no customer
				continue
			}
			hinted := hintsAt(h, n.hints)
			for _, m := range n.either {
				hinted = hinted || len(plain) > 2 && suggest.Nearest(plain, known[m]) != "" // of two letters, any is near to another
			}
			if hinted && !taken[i] && len(may) < 3 {
				may = append(may, fmt.Sprintf("%q", shorten(h, 40)))
				for _, m := range n.either {
					if m == priceColumn && p.at[quantityColumn] < 0 && !p.mayCount() && !hintsAt(h, ofOne) { // every line is one unit, so the amount says the same
						continue
					}
					answers = append(answers, kept.Setting{Key: kept.Key(optionNames[m]), Value: h})
				}
			}
		}
		remedy := strings.Join(options, " or ")
		if may != nil {
			remedy += ", perhaps to " + strings.Join(may, " or ")
		}
		remedies = append(remedies, remedy)
		all = append(all, &question{lacks: n.either, answers: answers, CellError: &fault.CellError{Op: p.op, File: p.file, Err: fault.ErrMissingColumn,
			Why: "no column for the " + n.what + " among " + shorten(strings.Join(p.header, ", "), 300), Remedy: "set " + remedy}})
	}
	if what == nil {
		return nil
	}
	remedy := "set " + strings.Join(remedies, "; set ")
	if p.at[customerColumn] >= 0 && p.at[dateColumn] < 0 && p.priceOrAmount() < 0 {
		remedy += ". If the file has a row for each customer and no orders, read it with table.ReadCSV; segkit report takes it beside the orders, with --customers"
	}
	err := wrong("", fmt.Sprintf("no column for %s among %s", sheet.List(what), shorten(strings.Join(p.header, ", "), 300)), remedy, fault.ErrMissingColumn)
	return &several{err.(*fault.CellError), all}
}

// mayCount reports whether a column that is not read may be the quantity, by its header.
func (p *plan) mayCount() bool {
	return slices.ContainsFunc(p.header[:p.width], func(h string) bool { return hintsAt(h, counted) })
}

// ofOne are parts of headers of what one piece costs.
var ofOne = []string{"unit", "einzel", "each", "perpiece", "stuck", "stuk", "jednostk"}

// meant continues a sentence about a column that does not exist.
func meant(name string, header []string) string {
	if near := suggest.Nearest(name, header); near != "" {
		return fmt.Sprintf(" (did you mean %q?)", shorten(near, 40))
	}
	return ""
}

// shorten keeps a file that is no CSV from filling the screen.
func shorten(s string, n int) string { return wording.Shorten(s, n) }

// optionNames are the fields of OrdersOptions by meaning.
var optionNames = [meanings]string{"Order", "Date", "Customer", "Product", "Name", "Category", "Quantity", "Price", "Amount", "Status", "Direction", "Refunded", "Currency"}

// Mapping says how one column of the file was read.
type Mapping struct {
	Meaning string // "order", "date", "customer", … or "descriptor"
	Header  string // column of the file; "" if the file has none
}

// worth are the columns that say what a line is worth, by their roles.
func (p *plan) worth() map[string]string {
	out := map[string]string{}
	for m, role := range map[meaning]string{priceColumn: "price", amountColumn: "amount", quantityColumn: "quantity"} {
		if m == amountColumn && p.once {
			role = "total"
		}
		if at := p.at[m]; at >= 0 {
			out[role] = p.header[at]
		}
	}
	return out
}

func (p *plan) mapping() []Mapping {
	var out []Mapping
	for m, i := range p.at {
		entry := Mapping{Meaning: meaning(m).String()}
		if i >= 0 {
			entry.Header = p.header[i]
		} else if meaning(m) > amountColumn { // what few files have is not missing from the others
			continue
		}
		out = append(out, entry)
	}
	for _, i := range p.more {
		out = append(out, Mapping{"descriptor", p.header[i]})
	}
	return out
}
