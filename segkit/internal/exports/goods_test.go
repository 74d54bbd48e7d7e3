package exports

import "testing"

// Lines that are no goods are known in eight languages, with amounts, carriers and countries beside them.
func TestLinesThatAreNoGoodsAreKnown(t *testing.T) {
	for _, name := range []string{
		"POSTAGE", "DOTCOM POSTAGE", "Manual", "CARRIAGE", "Next Day Carriage", "Discount", "SAMPLES", "Bank Charges", "BANK CHARGES", "AMAZON FEE", "Adjust bad debt", "Damages/samples",
		"Dotcomgiftshop Gift Voucher £20.00", "Shipping (DHL Express)", "Shipping & Handling", "Delivery", "Gift wrapping", "Discount 10%", "Bottle deposit 0.25", "£50 e-Gift Card", "Adjustment by john on 26/01/2010 16",
		"Versand", "Versandkosten Österreich", "DHL Versand", "Porto", "Porto & Verpackung", "Pfand", "Pfand 0,25 €", "Mehrwegpfand", "Gutschein SOMMER24", "Geschenkgutschein 50 EUR", "Rabatt", "Bankgebühren", "Bankgebuehren",
		"Tips", "Gratuity 12.5 %", "Trinkgeld", "Pourboire", "Propina", "Mancia", "Coperto", "Fooi", "Gorjeta", "Napiwek", "Frais de port", "Frais d’expédition Colissimo", "Participation aux frais d'envoi", "Livraison", "Consigne", "Remise 5 %", "Carte cadeau 50 €", "Bon d'achat", "Échantillons",
		"Gastos de envío península", "Envío", "Tarjeta regalo", "Descuento", "Comisión bancaria", "Spese di spedizione", "Contributo spese di spedizione", "Buono regalo", "Sconto", "Cauzione",
		"Verzendkosten", "Statiegeld", "Cadeaubon € 25", "Korting", "Portes de envio", "Frete", "Cartão presente", "Caução", "Koszt wysyłki", "Przesyłka kurierska", "Karta podarunkowa", "Kaucja", "Rabat",
	} {
		if !NoGoods(name) {
			t.Errorf("%q counts as goods", name)
		}
	}
}

// Words of such lines in the name of a thing leave it goods, and an id alone that might mean anything says nothing.
func TestGoodsThatShareAWordStayGoods(t *testing.T) {
	for _, name := range []string{"", "POST", "DOT", "M", "C2", "23843", "gift_0001_20",
		"GIFT WRAP", "BIRTHDAY BANQUET GIFT WRAP", "BLACK BAROQUE CARRIAGE CLOCK", "FRENCH CARRIAGE LANTERN", "METAL POSTCARD", "PADS TO MATCH ALL CUSHIONS", "BIRTHDAY CARD, RETRO SPOT",
		"Postage stamps", "Gift card holder", "Shipping carton 40 cm", "User manual", "Sample book", "Mug (free shipping)", "Mug, free shipping", "Beer incl. deposit", "Cola 1 l + Pfand", "Bier inkl. Pfand", "Wein zzgl. Versandkosten",
		"Porto Tawny", "Porto 2015 reserve", "Versandkarton", "Versandtasche A4", "Pfandflaschenhalter", "Fee", "Porte-carte cadeau", "Pochette carte cadeau", "Papier cadeau", "Papel de regalo", "Confezione regalo", "Cadeaubon doosje",
		"Monster energy", "Asparagus tips", "Tip top bread", "Portes coulissantes", "Damage repair kit"} {
		if NoGoods(name) {
			t.Errorf("%q counts as no goods", name)
		}
	}
}
