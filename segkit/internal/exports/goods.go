package exports

// Lines that are no goods: what an order costs or is spared beside what is bought, such as postage, deposits, fees, tips, discounts and vouchers.

import (
	"slices"
	"strings"
	"unicode"
)

// The words are English, German, French, Spanish, Italian, Dutch, Portuguese and Polish, without marks on letters. Goods are called by some of them too ("gift
// wrap", "postage stamps", "carriage clock"): so each list says where in a name its words are sure.
var (
	// charges are sure where a name begins with them, or ends.
	charges = phrases("shipping cost|shipping costs|shipping charge|shipping charges|shipping fee|shipping fees|shipping handling|shipping and handling|shipping to|shipping insurance",
		"postage packing|postage and packing|postage packaging|postage and packaging|postage cost|postage costs|postage charge|postage charges|postage to",
		"delivery cost|delivery costs|delivery charge|delivery charges|delivery fee|delivery fees|freight cost|freight costs|freight charge|freight charges|carriage charge|carriage charges",
		"handling fee|handling fees|handling charge|handling charges|processing fee|processing fees|payment fee|payment fees|transaction fee|transaction fees|service fee|service charge",
		"bank charge|bank charges|bank fee|bank fees|card fee|card fees|paypal fee|paypal fees|stripe fee|stripe fees|amazon fee|amazon fees|ebay fee|ebay fees|marketplace fee|marketplace fees",
		"cash on delivery fee|cod fee|small order fee|minimum order surcharge|gift wrapping fee|gift wrapping charge|gift wrap service|gift wrap fee|gift wrap charge|gift wrapping service|store credit|credit note",
		"bottle deposit|bottle deposits|crate deposit|crate deposits|bad debt|adjustment by|price adjustment|stock adjustment|rounding difference|discount code|coupon code|voucher code",

		"versandkosten|versandkostenpauschale|versandpauschale|versandgebuhr|versandgebuehr|versandgebuhren|versandgebuehren|versandspesen|versandkostenanteil|versand nach|versand und verpackung|verpackung und versand",
		"portokosten|portopauschale|porto und verpackung|porto verpackung|porto und versand|porto versand|lieferkosten|lieferpauschale|liefergebuhr|liefergebuehr|zustellgebuhr|zustellgebuehr",
		"frachtkosten|frachtpauschale|transportkosten|verpackungskosten|verpackungspauschale|bankgebuhr|bankgebuehr|bankgebuhren|bankgebuehren|bankspesen|nachnahmegebuhr|nachnahmegebuehr|zahlungsgebuhr|zahlungsgebuehr",
		"bearbeitungsgebuhr|bearbeitungsgebuehr|paypalgebuhr|paypalgebuehr|paypal gebuhr|paypal gebuehr|mindermengenzuschlag|mindestmengenzuschlag|mengenrabatt|treuerabatt|neukundenrabatt|rabattcode|rabattgutschein|gutscheincode",
		"flaschenpfand|kastenpfand|kistenpfand|fasspfand|dosenpfand|einwegpfand|mehrwegpfand|pfandgeld|rundungsdifferenz",

		"frais de port|frais d expedition|frais d envoi|frais de livraison|frais de transport|frais bancaires|frais de dossier|frais de gestion|frais de paiement|frais de traitement|participation aux frais|port et emballage",
		"bon de reduction|code promo|remise fidelite",

		"gastos de envio|gastos envio|coste de envio|costes de envio|costo de envio|costos de envio|cargo de envio|cargos de envio|gastos de transporte|gastos bancarios|comision bancaria|comisiones bancarias|comision paypal|gastos de gestion",
		"vale descuento|vale de descuento|cupon descuento|cupon de descuento|codigo descuento|codigo de descuento",

		"spese di spedizione|spese spedizione|costi di spedizione|costo di spedizione|spese di trasporto|spese postali|spese di consegna|spese bancarie|commissione bancaria|commissioni bancarie|commissione paypal|buono sconto|codice sconto",

		"verzendkosten|bezorgkosten|leveringskosten|bankkosten|betaalkosten|transactiekosten|administratiekosten|behandelingskosten|orderkosten|kosten verzending|statiegeld|inpakservice|kortingscode|kortingsbon",
		"portes de envio|custo de envio|custos de envio|custo de entrega|custos de entrega|taxa de entrega|taxa de envio|despesas de envio|despesas bancarias|taxa bancaria|comissao bancaria",
		"vale desconto|vale de desconto|cupao desconto|cupao de desconto|codigo de desconto",

		"koszt wysylki|koszty wysylki|koszt dostawy|koszty dostawy|koszt przesylki|koszty przesylki|oplata za wysylke|oplata za dostawe|przesylka kurierska|oplata bankowa|oplaty bankowe|prowizja bankowa|oplata manipulacyjna|pakowanie na prezent",
		"kod rabatowy|kupon rabatowy")
	// heads are sure where a name ends with them: a "gift card holder" is goods.
	heads = phrases("postage|gift voucher|gift vouchers|gift card|gift cards|giftcard|giftcards|gift certificate|gift certificates|pfand|gutschein|gutscheine|geschenkgutschein|geschenkgutscheine|geschenkkarte|geschenkkarten|cadeaubon|cadeaubonnen|cadeaukaart|cadeaukaarten|waardebon|waardebonnen")
	// leads are sure where a name begins with them: a "porte-carte cadeau" is goods.
	leads = phrases("bon d achat|bons d achat|bon cadeau|bons cadeaux|cheque cadeau|cheques cadeaux|carte cadeau|cartes cadeaux",
		"tarjeta regalo|tarjeta de regalo|tarjetas regalo|cheque regalo|cheques regalo|vale regalo|vale de regalo|buono regalo|buoni regalo|carta regalo|carte regalo",
		"cartao presente|cartao oferta|cheque oferta|cheque prenda|vale oferta|vale presente|karta podarunkowa|karty podarunkowe|bon podarunkowy|bony podarunkowe|bon upominkowy")
	// alone are sure where a name says nothing else, but for what beside holds and for numbers.
	alone = words("shipping delivery carriage freight handling manual discount discounts rebate voucher vouchers coupon coupons sample samples damages adjustment adjustments deposit deposits commission surcharge wrapping refund rounding tip tips gratuity gratuities",
		"versand lieferung fracht rabatt rabatte leergut nachlass skonto muster warenprobe geschenkverpackung nachnahme aufrundung korrektur trinkgeld trinkgelder", "livraison expedition remise remises reduction consigne escompte avoir echantillon echantillons ajustement pourboire pourboires",
		"envio descuento descuentos muestra muestras ajuste fianza propina propinas", "spedizione consegna sconto sconti campione campioni cauzione rettifica arrotondamento contrassegno mancia mance coperto",
		"verzending bezorging levering korting kortingen correctie fooi fooien", "frete desconto descontos amostra amostras caucao gorjeta gorjetas", "wysylka dostawa przesylka rabat rabaty kaucja probka probki korekta napiwek napiwki")
	beside = words("standard express next day same first class economy priority tracked insured international worldwide domestic free overnight show order gift",
		"royal mail dhl ups fedex dpd gls hermes evri usps tnt post colissimo chronopost correos correios postnl bpost inpost paket parcel brief letter",
		"uk eu us usa gb de at ch fr es it nl pt pl be lu ie kostenloser kostenlose gratis gratuite gratuita gratuito offerte darmowa")
	// joiners say that what follows only goes with the goods: "beer incl. deposit".
	joiners = words("plus incl including inc with without w free inkl inklusive einschliesslich zzgl mit ohne kostenlos avec sans con sin senza met zonder com sem z bez gratis wlacznie compris inclus")
	// exactly are charges only where a name is this one word: "Porto Tawny" is a wine.
	exactly = words("porto portes")
)

// phrases splits lists of phrases into their words.
func phrases(lists ...string) (out [][]string) {
	for _, list := range lists {
		for _, phrase := range strings.Split(list, "|") {
			out = append(out, strings.Fields(phrase))
		}
	}
	return out
}

// NoGoods reports whether a line with this name, or a product with this id, is surely no goods: postage, a deposit, gift wrapping, a fee, a tip, a discount, a voucher,
// a sample, an adjustment. Where the words leave it open, it says no.
func NoGoods(name string) bool {
	said := strings.FieldsFunc(plainLetters.Replace(strings.ReplaceAll(strings.ToLower(name), "+", " plus ")), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	said = slices.DeleteFunc(said, func(word string) bool { // amounts, and codes as in "Gutschein SOMMER24"
		return strings.ContainsAny(word, "0123456789") || slices.Contains(currencies, word) || word == "euro" || word == "euros" || word == "zl"
	})
	if len(said) == 1 && exactly[said[0]] {
		return true
	}
	if slices.ContainsFunc(said, func(word string) bool { return alone[word] }) && !slices.ContainsFunc(said, func(word string) bool { return !alone[word] && !beside[word] }) {
		return true
	}
	begins := func(phrase []string) bool {
		return len(phrase) <= len(said) && slices.Equal(said[:len(phrase)], phrase)
	}
	ends := func(phrase []string) bool {
		front := len(said) - len(phrase)
		return front >= 0 && slices.Equal(said[front:], phrase) && !slices.ContainsFunc(said[:front], func(word string) bool { return joiners[word] })
	}
	return slices.ContainsFunc(charges, begins) || slices.ContainsFunc(charges, ends) || slices.ContainsFunc(leads, begins) || slices.ContainsFunc(heads, ends)
}
