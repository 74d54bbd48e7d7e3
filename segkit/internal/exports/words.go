package exports

// Words: what a column of an order file can be by its header, and what a cell says of its order or line.

import (
	"slices"
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

// Stamps and Days are headers of any time, and of any day in other languages than English.
var (
	Stamps = []string{"datetime", "timestamp", "dateandtime", "datumuhrzeit", "datumunduhrzeit", "datumzeit", "dateheure", "dateetheure", "fechahora", "fechayhora", "dataora", "dataeora", "datahora", "dataehora", "datumtijd", "datumentijd", "dataczas", "dataigodzina"}
	Days   = []string{"datum", "fecha", "data"}
)

// Headers are the headers recognised for each meaning, letters and digits only, the surest first: English, German, French, Spanish, Italian,
// Dutch, Portuguese, Polish. A header serves one meaning: "product" is the product's name where there is a product_id, else the product.
var Headers = [Meanings][]string{
	Order: {"orderid", "invoiceno", "invoice", "orderno", "ordernumber", "order", "invoiceid", "invoicenumber", "transactionid", "receiptid", "receiptno", "saleid", "saleno", "salenumber", "salesid", "basketid", "bookingid", "bookingno", "bookingnumber",
		"bestellnummer", "bestellnr", "auftragsnummer", "auftragsnr", "auftrag", "verkaufsbeleg", "rechnungsnummer", "rechnungsnr", "belegnummer", "belegnr", "beleg", "bonnr", "bonnummer", "receipt", "receiptnumber", "documentno", "documentnumber", "salesordernumber", "billno",
		"numerocommande", "numerodecommande", "ncommande", "idcommande", "commande", "numerofacture", "facture", "numeropedido", "numerodepedido", "npedido", "idpedido", "pedido", "factura", "numerofactura",
		"ndecommande", "nfacture", "ndefacture", "ndepedido", "nfactura", "ndefactura", "numeroordine", "idordine", "ordine", "fattura", "numerofattura", "ordernummer", "ordernr", "bestelnummer", "bestelnr", "factuurnummer", "factuurnr", "encomenda", "numeroencomenda", "fatura",
		"nrzamowienia", "numerzamowienia", "idzamowienia", "zamowienie", "nrfaktury", "numerfaktury", "faktura", "nrparagonu",
		"ticket", "ticketid", "ticketno", "ticketnumber", "checkno", "checknumber", "kassenbon", "kassenbonnr", "kassenbonnummer", "bonid", "nticket", "ndeticket", "idticket", "numeroticket", "numerodeticket", "numticket", "scontrino", "nscontrino", "numeroscontrino", "kassabon", "kassabonnr", "kassabonnummer", "bonnetje", "paragon", "numerparagonu", "talao", "ntalao", "cupomfiscal", "numerocupom",
		"giftid", "giftno", "giftnumber", "donationid", "donationno", "donationnumber", "spendennummer", "spendennr", "spendenid", "iddon", "numerodon", "iddonacion", "iddonazione", "giftnummer", "iddoacao", "nrdarowizny", "iddarowizny"},
	Date: slices.Concat([]string{"orderdate", "invoicedate", "orderedat", "purchasedate", "transactiondate", "bookedon", "bookedat", "bookingdate"}, Stamps, []string{"date", "createdat", "createdutc", "saledate", "dateoforder", "dateofpurchase", "orderdatetime", "documentdate", "postingdate",
		"bestelldatum", "auftragsdatum", "rechnungsdatum", "kaufdatum", "belegdatum",
		"datecommande", "datedecommande", "datefacture", "dateachat", "fechapedido", "fechadepedido", "fechacompra", "fechafactura", "dataordine", "dataacquisto", "orderdatum", "besteldatum",
		"factuurdatum", "datapedido", "datadopedido", "datacompra", "datazamowienia", "datasprzedazy", "datazakupu", "datafaktury", "datawystawienia",
		"giftdate", "donationdate", "dateofgift", "dateofdonation", "spendendatum", "datedon", "datedudon", "fechadonacion", "fechadedonacion", "datadonazione", "giftdatum", "datadoacao", "datadadoacao", "datadarowizny"}, Days),
	Customer: {"customerid", "customer", "customerno", "customernumber", "clientid", "userid", "memberid", "memberno", "membernumber", "membershipid", "membershipno", "membershipnumber", "buyerid", "accountid", "custid", "custno", "customercode", "clientno", "clientcode",
		"kundennummer", "kundennr", "kdnr", "mitgliedsnummer", "mitgliedsnr", "mitgliednr", "mitgliedsid", "kundenid", "kunde", "auftraggeber", "clienteid",
		"idclient", "numeroclient", "nclient", "codeclient", "client", "idcliente", "numerocliente", "codigocliente", "codicecliente", "cliente", "klantid", "klantnummer", "klantnr", "klant", "relatienummer", "relatienr", "relatieid", "relatiecode", "debiteurnummer", "debiteurennummer", "debiteurnr", "debiteur", "codcliente", "iddocliente", "codigodocliente", "idklienta", "nrklienta", "numerklienta", "kodklienta", "klient", "nabywca", "kupujacy", "kontrahent",
		"donorid", "donorno", "donornumber", "donorcode", "donor", "supporterid", "supporterno", "supporternumber", "constituentid", "constituentno", "constituentnumber", "spendernummer", "spendernr", "spenderid", "spender", "iddonateur", "numerodonateur", "donateurid", "donateurnummer", "donateursnummer", "donateurnr", "donateur", "iddonante", "numerodonante", "donante",
		"iddonatore", "codicedonatore", "donatore", "iddoador", "numerodoador", "doador", "iddarczyncy", "nrdarczyncy", "numerdarczyncy", "darczynca",
		"loyaltyid", "loyaltyno", "loyaltynumber", "loyaltycard", "loyaltycardid", "loyaltycardno", "loyaltycardnumber", "membercard", "membercardno", "membercardnumber", "kundenkarte", "kundenkartennr", "kundenkartennummer", "treuekarte", "treuekartennr", "treuekartennummer",
		"cartefidelite", "cartedefidelite", "ncartefidelite", "ncartedefidelite", "ndecartefidelite", "ndecartedefidelite", "numerocartefidelite", "numerocartedefidelite", "numerodecartefidelite", "numerodecartedefidelite", "idfidelite", "numerofidelite", "tarjetafidelidad", "tarjetadefidelidad", "tarjetacliente", "numerotarjetafidelidad", "numerodetarjetadefidelidad", "ntarjetafidelidad",
		"cartafedelta", "tesserafedelta", "numerotessera", "ntessera", "numerocartafedelta", "klantenkaart", "klantenkaartnr", "klantenkaartnummer", "cartaofidelidade", "cartaodefidelidade", "numerocartaofidelidade", "numerodocartaofidelidade", "kartalojalnosciowa", "kartastalegoklienta", "nrkartylojalnosciowej", "numerkartylojalnosciowej",
		"customeremail", "email", "emailadres", "emailaddress", "emailbilling", "buyeremail", "buyerusername", "useremail", "emailkunde", "emailrechnungsadresse", "emaildeskaufers", "emailcliente", "emaildocliente",
		"cpf", "cpfcnpj", "cpfdocliente", "cpfcliente", "cpfcnpjdocliente", "cnpjdocliente", "cnpjcliente", "dni", "dnicliente", "nifcliente", "rutcliente"},
	Product: {"productid", "stockcode", "sku", "itemid", "articleid", "productcode", "articleno", "materialnumber", "material", "product", "item", "article",
		"artikelnummer", "artikelnr", "produktnummer", "produktnr", "produkt", "artikel",
		"idproduit", "codeproduit", "codearticle", "referenceproduit", "produit", "idproducto", "codigoproducto", "codproducto", "codigoarticulo", "codarticulo", "refarticulo", "producto", "articulo", "idprodotto", "codiceprodotto", "codprodotto", "codicearticolo", "codarticolo", "prodotto", "articolo", "productnummer", "idproduto",
		"codigoproduto", "produto", "idproduktu", "kodproduktu", "kodtowaru", "towar"},
	Name: {"productname", "description", "itemname", "articlename", "product", "item", "article", "title",
		"bezeichnung", "artikelbezeichnung", "artikelname", "produktname", "produkt", "artikel",
		"nomproduit", "designation", "produit", "nombreproducto", "descripcion", "producto", "articulo", "nombrearticulo", "nomeprodotto", "descrizione", "prodotto", "articolo", "nomearticolo", "productnaam", "omschrijving", "nomeproduto", "descricao", "produto", "nazwaproduktu", "nazwatowaru", "towar"},
	Category: {"category", "productcategory", "productgroup", "department", "kategorie", "warengruppe", "categorie", "categoria", "famille", "familia", "rayon", "kategoria"},
	Quantity: {"quantity", "qty", "units", "quantitypurchased", "itemquantity", "orderquantity", "quantityrefund", "menge", "auftragsmenge", "kumulauftragsmenge", "anzahl", "stuckzahl", "stueckzahl", "stuck", "stueck", "quantite", "qte", "cantidad", "unidades", "quantita", "qta", "aantal", "hoeveelheid", "quantidade", "qtd", "qtde", "quant", "qtdade", "ilosc", "liczbasztuk"},
	Price: {"unitprice", "unitamount", "price", "itemprice", "itemcost", "priceperunit", "einzelpreis", "stuckpreis", "stueckpreis", "preis",
		"prixunitaire", "pu", "prix", "preciounitario", "precio", "prezzounitario", "prezzo", "eenheidsprijs", "stukprijs", "prijsperstuk", "prijs", "precounitario", "valorunitario", "vlrunitario", "vlunitario", "valorunit", "vlrunit", "vlunit", "precounit", "precodevenda", "precovenda", "preco", "cenajednostkowa", "cena"},
	Amount: {"amount", "linetotal", "lineamount", "total", "revenue", "sales", "totalprice", "dollarvalue", "value",
		"betrag", "summe", "umsatz", "gesamtpreis", "gesamtbetrag", "auftragswert", "warenwert", "wert", "montant", "importe", "importo", "totale", "regelbedrag", "regeltotaal", "regelwaarde", "bedrag", "totaal", "valor", "valortotal", "wartosc", "kwota",
		"ordertotal", "totalorder", "ordervalue", "orderamount", "grandtotal", "bestellsumme", "bestellwert", "auftragssumme", "totalcommande", "totalpedido", "totaleordine",
		"giftamount", "giftvalue", "donationamount", "donationvalue", "amountdonated", "spendenbetrag", "spendensumme", "montantdon", "montantdudon", "importedonacion", "importodonazione", "giftbedrag", "valordoacao", "valordadoacao", "kwotadarowizny"},
	Status:    {"orderstatus", "financialstatus", "paymentstatus", "status", "orderstate", "bestellstatus", "auftragsstatus", "statut", "statutcommande", "statutdecommande", "statutdelacommande", "etatcommande", "etatdelacommande", "estadopedido", "estadodelpedido", "estadodopedido", "statuspedido", "statusdopedido", "situacao", "situacaopedido", "situacaodopedido", "statuspagamento", "statusdopagamento", "estadopago", "estadodelpago", "statutpaiement", "statutdupaiement", "zahlungsstatus", "statopagamento", "betaalstatus", "statoordine", "statodellordine", "statuszamowienia", "stanzamowienia"},
	Direction: {"direction", "transactiontype", "eventtype", "linetype", "documenttype", "buchungsart", "belegart", "sensoperation"},
	Refund:    {"refundedamount", "amountrefunded", "totalrefunded", "refundamount", "refunded", "erstattet", "erstattungsbetrag", "montantrembourse", "importereembolsado"},
	Currency:  {"currency", "currencycode", "ordercurrency", "wahrung", "waehrung", "wahrg", "devise", "moneda", "divisa", "valuta", "moeda", "waluta"},
}

// beforeMoney and behindMoney are what a header says of the taxes in its money, before its word or behind it: "Net amount", "Montant TTC". The longer stand first.
var (
	beforeMoney = []string{"brutto", "netto", "gross", "net"}
	behindMoney = []string{"brutto", "netto", "gross", "net", "excludingvat", "includingvat", "exclvat", "inclvat", "exvat", "incvat", "excludingtax", "includingtax", "excltax", "incltax", "extax", "inctax", "beforetax", "aftertax",
		"exklmwst", "inklmwst", "zzglmwst", "ohnemwst", "mitmwst", "exklust", "inklust", "ttc", "htva", "ht", "tvac", "horstaxes", "toutestaxescomprises", "ivaincluido", "ivainc", "coniva", "siniva", "ivainclusa", "ivaesclusa", "senzaiva", "lordo",
		"exclusiefbtw", "inclusiefbtw", "exclbtw", "inclbtw", "comiva", "semiva"}
)

// Untaxed is a header without what it says of taxes; as it is where it says nothing of them.
func Untaxed(header string) string {
	for _, word := range behindMoney {
		if rest, ok := strings.CutSuffix(header, word); ok {
			return rest
		}
	}
	for _, word := range beforeMoney {
		if rest, ok := strings.CutPrefix(header, word); ok {
			return rest
		}
	}
	return header
}

// Statuses as Simple makes them, in English, German, French, Spanish, Italian, Portuguese, Dutch and Polish: of orders that were cancelled, given
// back or never paid, and of those that count.
var (
	undoneWords = words("refunded refund fullyrefunded refundcompleted returned return returns returnedtosender cancelled canceled cancel cancellation voided void failed declined rejected denied refused",
		"expired abandoned aborted chargedback chargeback unavailable reversed unpaid notpaid nonpaid paymentfailed paymentdeclined paymentrefused paymentrejected paymenterror paymentcancelled paymentcanceled",
		"undelivered undeliverable notdelivered cancelledbycustomer canceledbycustomer cancelledbyseller canceledbyseller trash deleted",
		"storniert storno stornierung annulliert widerrufen erstattet ruckerstattet zuruckerstattet zuruckgezahlt retourniert retoure retour rucksendung zuruckgesendet zuruckgegeben zuruckgewiesen abgebrochen",
		"fehlgeschlagen gescheitert abgelehnt abgelaufen unbezahlt nichtbezahlt nichtgezahlt zahlungfehlgeschlagen zahlungabgelehnt zahlungsfehler geloscht",
		"annule annulee annulation rembourse remboursee remboursement retourne retournee echoue echouee echec refuse refusee rejete rejetee expire expiree abandonne abandonnee impaye impayee nonpaye nonpayee",
		"paiementechoue paiementrefuse erreurdepaiement supprime supprimee",
		"cancelado cancelada anulado anulada anulacion reembolsado reembolsada reembolso devuelto devuelta devolucion rechazado rechazada fallido fallida expirado expirada caducado caducada abandonado abandonada",
		"nopagado nopagada impagado impagada noentregado pagofallido pagorechazado errordepago eliminado",
		"annullato annullata annullamento rimborsato rimborsata rimborso restituito restituita reso resa rifiutato rifiutata fallito fallita scaduto scaduta abbandonato abbandonata nonpagato nonpagata insoluto",
		"pagamentofallito pagamentorifiutato erroredipagamento erroredelpagamento",
		"devolvido devolvida devolucao estornado estornada estorno recusado recusada rejeitado rejeitada falhou falhado naopago naopaga naoentregue pagamentorecusado errodepagamento",
		"geannuleerd annulering terugbetaald terugbetaling geretourneerd retourgezonden teruggestuurd mislukt afgebroken afgewezen geweigerd verlopen vervallen nietbetaald onbetaald betalingmislukt betalingsfout verwijderd",
		"anulowane anulowano anulowany zwrocone zwrocono odrzucone nieoplacone usuniete")
	standingWords = words("paid partiallypaid partiallyrefunded partiallyshipped partiallyfulfilled authorized authorised captured succeeded success successful settled paymentaccepted remotepaymentaccepted paymentreceived",
		"complete completed closed processing processed processinginprogress preparationinprogress new created placed received confirmed accepted approved invoiced billed active valid",
		"shipped dispatched sent intransit outfordelivery delivered fulfilled unfulfilled packed ready readyforpickup pickedup collected done finished finalized onbackorderpaid",
		"bezahlt gezahlt teilweisebezahlt teilweiseerstattet zahlungerhalten zahlungeingegangen versendet versandt verschickt geliefert ausgeliefert zugestellt abgeholt abgeschlossen erledigt fertig neu inbearbeitung bestatigt fakturiert berechnet angenommen kassiert abgerechnet verbucht",
		"paye payee paiementaccepte paiementrecu expedie expediee envoye envoyee livre livree termine terminee encours encoursdetraitement encoursdepreparation preparationencours enpreparation valide validee confirme confirmee facture facturee accepte acceptee nouvelle encaisse encaissee regle reglee solde soldee acquitte acquittee cloture cloturee",
		"pagado pagada pagoaceptado completado completada enviado enviada entregado entregada enproceso procesando preparacionencurso confirmado confirmada aceptado aceptada facturado facturada nuevo terminado terminada cobrado cobrada liquidado liquidada",
		"pagato pagata pagamentoaccettato completato completata spedito spedita consegnato consegnata inlavorazione inpreparazione preparazioneincorso confermato confermata evaso evasa fatturato fatturata accettato accettata nuovo incassato incassata saldato saldata",
		"pago paga pagamentoaceite concluido concluida completo completa enviado enviada entregue emprocessamento processando aprovado aprovada confirmado confirmada faturado faturada aceite novo emtransito emseparacao enviadoparatransportadora faturamento recebido recebida liquidado liquidada",
		"betaald voltooid afgerond verzonden geleverd afgeleverd bezorgd opgehaald inbehandeling inbewerking verwerkt bevestigd gefactureerd geaccepteerd betalingaanvaard betalinggeaccepteerd betalingontvangen nieuw afgerekend",
		"oplacone zaplacone wyslane dostarczone odebrane zrealizowane zakonczone wrealizacji wtrakcierealizacji przyjete potwierdzone nowe rozliczone rozliczony")
)

// MoneyBack are words that say of a line that it gives money back, Sale those that say it does not.
var (
	MoneyBack = words("refund refunds return returns paymentrefund cn creditnote creditmemo chargeback reversal cancellation", "gutschrift retoure erstattung ruckerstattung storno rucksendung",
		"remboursement retour avoir", "reembolso devolucion notadecredito", "rimborso reso notadicredito", "terugbetaling creditnota retourzending", "devolucao estorno")
	Sale = words("sale sales inv websitepayment payment purchase order invoice charge item capture", "verkauf rechnung bestellung kauf zahlung", "vente achat facture commande paiement",
		"venta compra factura pedido pago", "vendita acquisto fattura ordine pagamento", "verkoop aankoop factuur bestelling betaling", "venda fatura encomenda pagamento")
)

// StatusWords are parts of headers that say what became of something, WhoseStatus those of columns that say it of a customer rather than of an order.
var (
	StatusWords = []string{"status", "statut", "estado", "stato", "etat", "situac", "situation", "zustand", "stan"}
	WhoseStatus = []string{"customer", "client", "kunde", "klant", "klient", "member", "mitglied", "user", "account", "konto", "compte", "cuenta", "conta", "donor", "email", "mail", "newsletter", "subscription", "abo", "marital", "civil", "famil", "employ"}
)

// StatusOrPlace are headers of the status of an order or of a place, in the languages of Headers: their cells tell which.
var StatusOrPlace = []string{"state", "staat", "etat", "estado", "stato", "stan"}

// FormsOfAddress are what stands before the names of people, as Simple makes it, in the languages of Headers.
var FormsOfAddress = words("mr mrs ms miss mx mrmrs mrandmrs dr prof professor sir madam rev reverend lord lady herr hr frau fr drherr herrdr fraudr fraulein divers firma familie m mme mlle monsieur madame mademoiselle",
	"sr sra srta senor senora senorita don dona sig sigra signor signore signora dott dottssa ing dhr mevr mw heer mevrouw senhor senhora exmo exma pan pani panstwo")

// Nobody are ids under which shops book what customers buy who are not known, as Simple makes them, in the languages of Headers.
var Nobody = words("anon anonymous anonymouscustomer anonymoususer guest guestcustomer guestuser guestcheckout walkin walkins walkincustomer walkinsale passerby cash cashsale cashsales cashcustomer cashaccount counter countersale countersales",
	"unknown unknowncustomer notknown nocustomer noname nobody unregistered notregistered unidentified onetimecustomer casualcustomer pos",
	"gast gaste gastkunde gastbestellung gastkonto laufkunde laufkunden laufkundschaft bar barverkauf barverkaufe barkunde kasse kassenverkauf thekenverkauf anonymerkunde anonym unbekannt unbekannterkunde ohnekunde diverse diversekunden cpd",
	"invite clientinvite anonyme clientanonyme inconnu clientinconnu comptoir clientcomptoir clientdepassage passage venteaucomptoir clientdivers divers sansclient",
	"invitado clienteinvitado anonimo clienteanonimo desconocido clientedesconocido mostrador clientemostrador ventamostrador contado clientecontado ventacontado clientevarios publicogeneral publicoengeneral consumidorfinal sincliente",
	"ospite clienteospite clienteanonimo sconosciuto clientesconosciuto banco clientebanco venditaalbanco clientediverso clienteoccasionale clientigenerici clientegenerico contanti senzacliente",
	"gastklant gastbestelling anoniem anoniemeklant onbekend onbekendeklant balie balieverkoop contant contanteverkoop contanteklant passant passanten losseverkoop geenklant",
	"convidado clienteconvidado desconhecido clientedesconhecido balcao clientebalcao vendabalcao vendaabalcao consumidorfinal clientefinal clientediversos semcliente",
	"gosc klientgosc anonimowy klientanonimowy nieznany klientnieznany detaliczny klientdetaliczny sprzedazdetaliczna gotowka sprzedazgotowkowa brakklienta")

func words(lists ...string) map[string]bool {
	out := map[string]bool{}
	for _, word := range strings.Fields(strings.Join(lists, " ")) {
		out[word] = true
	}
	return out
}

// Fate is what became of an order by its status.
type Fate int

const (
	Unknown  Fate = iota
	Standing      // it counts
	Undone        // it came to nothing
)

// FateOf is what a status says of its order.
func FateOf(status string) Fate {
	word := Simple(status)
	for _, word := range [...]string{word, strings.TrimPrefix(word, "wc")} { // WooCommerce stores wc-cancelled
		switch {
		case undoneWords[word]:
			return Undone
		case standingWords[word]:
			return Standing
		}
	}
	return Unknown
}

// NoIDs are texts that programs write where there is no customer, no order number or no product id.
var NoIDs = []string{`\N`, "NA", "N/A", "n/a", "n.a.", "NaN", "nan", "null", "Null", "NULL", "(null)", "<null>", "None", "none", "-", "--", "---", "?", ".", "(blank)", "(Leer)", "(vide)", "(en blanco)",
	"#N/A", "#NV", "#REF!", "#BEZUG!", "#VALUE!", "#WERT!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!"}
