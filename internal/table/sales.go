package table

import (
	"slices"

	"cigogne/internal/dataset"
)

// Words of headers, folded, of what is bought and sold: fr, en, de.
var (
	unitPriceWords = set("tarif tarifs tarification unitaire unit loyer loyers")
	dealWords      = set("vente ventes vendu achat achats acquisition cession adjudication mutation transaction preemption paye payee regle sale sold paid purchase verkauf kauf")
	partyWords     = set("acheteur acquereur vendeur cedant cessionnaire adjudicataire buyer seller purchaser kaufer verkaufer")
	manyWords      = set("quantite quantites qte qty quantity menge stock")
)

// sales makes prices that were paid additive: what a sale brought in adds up, what
// one thing of many costs does not. A price was paid where each row is a deal: on a
// day, by someone, or with a mutation. A price beside a quantity is that of one; a
// purchase beside a sale is a shop's list.
func (f *facts) sales() error {
	dealt, priced, ok := f.deals()
	if !ok || !dealt && priced != 1 {
		return nil
	}
	for i := range f.t.Columns {
		c := &f.t.Columns[i]
		if h := f.hints[c.Name]; paid(c, h) && (dealt || h.any(dealWords)) {
			c.Additivity, c.Why = dataset.Additive, ""
			f.amounts = append(f.amounts, c.Name)
		}
	}
	return nil
}

// deals tells whether headers other than of prices speak of deals, how many of
// prices do, and whether each row may be one.
func (f *facts) deals() (dealt bool, priced int, ok bool) {
	for _, c := range f.t.Columns {
		h := f.hints[c.Name]
		ok = ok || h.any(partyWords) || c.Role == dataset.Time && c.Distinct > 1
		switch {
		case h.any(manyWords):
			return false, 0, false
		case !h.any(priceWords):
			dealt = dealt || h.any(partyWords) || h.any(dealWords)
		case h.any(dealWords):
			priced++
		}
	}
	return dealt, priced, ok
}

// paid tells a price whose header says nothing of one thing of many.
func paid(c *dataset.Column, h hint) bool {
	per, _ := h.perUnit()
	return c.Why == dataset.WhyPerUnit && per == "" && h.any(priceWords) && !h.any(unitPriceWords) && !h.any(meanWords) && !h.any(densWords) && !slices.Contains([]string{"%", "‰"}, c.Unit) && (c.Unit == "" || isMoney(c.Unit))
}
