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
	dealt, told := false, 0
	for _, c := range f.t.Columns {
		h := f.hints[c.Name]
		switch {
		case h.any(manyWords):
			return nil
		case h.any(priceWords):
			if h.any(dealWords) {
				told++
			}
		default:
			dealt = dealt || h.any(partyWords) || h.any(dealWords)
		}
	}
	day := slices.ContainsFunc(f.t.Columns, func(c dataset.Column) bool {
		return c.Role == dataset.Time && c.Distinct > 1 || f.hints[c.Name].any(partyWords)
	})
	if !day || !dealt && told != 1 {
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

// paid tells a price whose header says nothing of one thing of many.
func paid(c *dataset.Column, h hint) bool {
	per, _ := h.perUnit()
	return c.Why == dataset.WhyPerUnit && per == "" && h.any(priceWords) && !h.any(unitPriceWords) && !h.any(meanWords) && !h.any(densWords) && !slices.Contains([]string{"%", "‰"}, c.Unit) && (c.Unit == "" || isMoney(c.Unit))
}
