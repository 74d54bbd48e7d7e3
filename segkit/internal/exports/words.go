package exports

// Words: what a column of an order file can be by its header, and what a cell says of its order or line.

import (
	"strings"
)

// Meaning is what a column of an order file can be.
type Meaning int

const (
	Order Meaning = iota
	Date
	Customer
	Product
	Name
	Category
	Quantity
	Price
	Amount
	Status    // of the order: paid, shipped, cancelled, refunded
	Direction // of the line: sale or refund
	Refund    // money that was given back of what the line or its order cost
	Currency
	Meanings // how many there are
)

func (m Meaning) String() string {
	return [...]string{"order", "date", "customer", "product", "name", "category", "quantity", "price", "amount", "status", "direction", "refunded", "currency"}[m]
}

// Headers are the headers recognised for each meaning, letters and digits only, the surest first: English, German, French, Spanish, Italian,
// Dutch, Portuguese. A header serves one meaning: "product" is the product's name where there is a product_id, else the product.
var Headers = [Meanings][]string{
	Order: {"orderid", "invoiceno", "invoice", "orderno", "ordernumber", "order", "invoiceid", "invoicenumber", "transactionid", "receiptid", "receiptno", "basketid",
		"bestellnummer", "bestellnr", "auftragsnummer", "auftragsnr", "rechnungsnummer", "rechnungsnr", "belegnummer", "belegnr",
		"numerocommande", "numerodecommande", "ncommande", "idcommande", "commande", "numerofacture", "facture", "numeropedido", "numerodepedido", "npedido", "idpedido", "pedido", "factura", "numerofactura",
		"numeroordine", "idordine", "ordine", "fattura", "numerofattura", "ordernummer", "bestelnummer", "factuurnummer", "encomenda", "numeroencomenda", "fatura"},
	Date: {"orderdate", "invoicedate", "orderedat", "purchasedate", "transactiondate", "datetime", "timestamp", "date", "createdat",
		"bestelldatum", "auftragsdatum", "rechnungsdatum", "kaufdatum", "datum",
		"datecommande", "datedecommande", "datefacture", "dateachat", "fechapedido", "fechadepedido", "fechacompra", "fechafactura", "fecha", "dataordine", "dataacquisto", "orderdatum", "besteldatum",
		"factuurdatum", "datapedido", "datadopedido", "datacompra", "data"},
	Customer: {"customerid", "customer", "customerno", "customernumber", "clientid", "userid", "memberid", "buyerid", "accountid", "custid",
		"kundennummer", "kundennr", "kundenid", "kunde",
		"idclient", "numeroclient", "nclient", "codeclient", "client", "idcliente", "numerocliente", "codigocliente", "codicecliente", "cliente", "klantid", "klantnummer", "klant", "codcliente",
		"customeremail", "email", "emailaddress", "buyeremail", "useremail", "emailkunde"},
	Product: {"productid", "stockcode", "sku", "itemid", "articleid", "productcode", "articleno", "product", "item", "article",
		"artikelnummer", "artikelnr", "produktnummer", "produktnr", "produkt", "artikel",
		"idproduit", "codeproduit", "referenceproduit", "produit", "idproducto", "codigoproducto", "producto", "articulo", "idprodotto", "codiceprodotto", "prodotto", "articolo", "productnummer", "idproduto",
		"codigoproduto", "produto"},
	Name: {"productname", "description", "itemname", "articlename", "product", "item", "article", "title",
		"bezeichnung", "artikelbezeichnung", "artikelname", "produktname", "produkt", "artikel",
		"nomproduit", "designation", "produit", "nombreproducto", "descripcion", "producto", "nomeprodotto", "descrizione", "prodotto", "productnaam", "omschrijving", "nomeproduto", "descricao", "produto"},
	Category: {"category", "productcategory", "productgroup", "department", "kategorie", "warengruppe", "categorie", "categoria", "rayon"},
	Quantity: {"quantity", "qty", "units", "menge", "anzahl", "stuckzahl", "stueckzahl", "stuck", "stueck", "quantite", "qte", "cantidad", "unidades", "quantita", "qta", "aantal", "hoeveelheid", "quantidade", "qtd"},
	Price: {"unitprice", "price", "itemprice", "priceperunit", "einzelpreis", "stuckpreis", "stueckpreis", "preis",
		"prixunitaire", "prix", "preciounitario", "precio", "prezzounitario", "prezzo", "eenheidsprijs", "stukprijs", "prijs", "precounitario", "preco"},
	Amount: {"amount", "linetotal", "lineamount", "total", "revenue", "sales", "totalprice", "dollarvalue", "value",
		"betrag", "summe", "umsatz", "gesamtpreis", "montant", "importe", "importo", "totale", "bedrag", "totaal", "valor", "valortotal",
		"ordertotal", "totalorder", "ordervalue", "orderamount", "grandtotal", "bestellsumme", "bestellwert", "auftragssumme", "totalcommande", "totalpedido", "totaleordine"},
	Status:    {"orderstatus", "financialstatus", "paymentstatus", "status", "bestellstatus", "statut", "statutcommande", "estado", "estadopedido", "stato", "statoordine"},
	Direction: {"direction", "transactiontype", "eventtype", "linetype", "documenttype", "buchungsart", "belegart", "sensoperation"},
	Refund:    {"refundedamount", "amountrefunded", "totalrefunded", "refundamount", "refunded", "erstattet", "erstattungsbetrag", "montantrembourse", "importereembolsado"},
	Currency:  {"currency", "currencycode", "ordercurrency", "wahrung", "waehrung", "devise", "moneda", "divisa", "valuta", "moeda"},
}

// undoneWords are statuses of orders that were cancelled, given back or never paid, as Simple makes them.
var undoneWords = words("refunded returned cancelled canceled voided void failed paymentfailed declined rejected denied expired abandoned chargedback unavailable reversed",
	"storniert erstattet retourniert zuruckgegeben abgebrochen fehlgeschlagen abgelehnt", "annule annulee rembourse remboursee retourne retournee echoue refusee",
	"cancelado cancelada anulado anulada reembolsado reembolsada devuelto devuelta rechazado", "annullato annullata rimborsato rimborsata restituito",
	"geannuleerd terugbetaald geretourneerd mislukt", "devolvido devolvida estornado")

// MoneyBack are words that say of a line that it gives money back, Sale those that say it does not.
var (
	MoneyBack = words("refund return creditnote creditmemo chargeback reversal cancellation", "gutschrift retoure erstattung ruckerstattung storno rucksendung",
		"remboursement retour avoir", "reembolso devolucion notadecredito", "rimborso reso notadicredito", "terugbetaling creditnota retourzending", "devolucao estorno")
	Sale = words("sale sales payment purchase order invoice charge item capture", "verkauf rechnung bestellung kauf zahlung", "vente achat facture commande paiement",
		"venta compra factura pedido pago", "vendita acquisto fattura ordine pagamento", "verkoop aankoop factuur bestelling betaling", "venda fatura encomenda pagamento")
)

func words(lists ...string) map[string]bool {
	out := map[string]bool{}
	for _, word := range strings.Fields(strings.Join(lists, " ")) {
		out[word] = true
	}
	return out
}

// Undone reports whether a status says that the order came to nothing.
func Undone(status string) bool {
	word := Simple(status)
	return undoneWords[word] || undoneWords[strings.TrimPrefix(word, "wc")] // as WooCommerce stores them: wc-cancelled
}
