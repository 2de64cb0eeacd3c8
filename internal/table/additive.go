package table

import (
	"slices"
	"strings"

	"cigogne/internal/dataset"
)

// Words of headers, folded, that tell what a measure may be added up over.
var (
	rateWords  = set("taux tx rapport rapports part pourcentage percent percentage pct pourcent ratio rate share proportion quota coefficient coef rendement prevalence incidence frequence")
	meanWords  = set("moyenne moyen moyens moyennes moy average avg mean median mediane medianes quartile quartiles decile deciles d1 d9 q1 q3 percentile ecart variance")
	indexWords = set("indice index note score points_moyens ips cote rating notation niveau gini version")
	levelWords = set("temperature temp altitude elevation profondeur pression humidite tension ph concentration niveau intensite vitesse speed latitude longitude cotation hauteur age pente azimut angle diametre circonference epaisseur largeur")
	priceWords = set("prix price loyer loyers tarif tarifs tarification unitaire")
	stockWords = set("population populations pop habitants habitant inhabitants effectif effectifs stock stocks parc encours dette logements logement menages lits lit places capacite capacity superficie surface area employes emplois emploi eleves eleve etudiants pupils students salaries salarie agents adherents licencies licences membres members abonnes medecins allocataires inscrits electeurs residents staff headcount enrollment hospitalises hosp solde patrimoine")
	flowWords  = set("cree crees creees creations creation construits construites construit autorises commences vendus vendues attribues attribuees nouveaux nouvelles deces naissances arrives departs entrees sorties ouvertures fermetures")
	standWords = set("communes epci cantons departements regions intercommunalites ecoles colleges lycees creches batiments immeubles") // counted, there are so many at a time
	cumulWords = set("cumul cumule cumulee cumules cumulees cumulative cum")
	airWords   = set("no2 o3 pm10 pm25 so2") // µg/m³ where nothing else is said
	outWords   = set("emission emissions")
	wholeWords = set("total totale montant") // of prices that are paid in all
	perWords   = set("par per")
	densWords  = set("densite density")
	costWords  = set("cout cost valeur montant")
	spentWords = set("depense depenses recette recettes budget dette revenu")
	soldBy     = set("m² m³ ha hab kWh kg t l") // units things are priced in
)

// perSuffixes end the header of a quantity per unit: prix_m2, loypredm2,
// depense_par_habitant.
var perUnits = map[string]string{"m2": "m²", "m²": "m²", "km2": "km²", "km²": "km²", "m3": "m³", "m³": "m³", "ha": "ha", "hab": "hab", "habitant": "hab", "habitants": "hab", "kwh": "kWh", "kg": "kg", "tonne": "t", "heure": "h", "jour": "jour", "litre": "l", "an": "an", "unite": "unité",
	"personne": "personne", "pers": "personne", "convive": "convive", "eleve": "élève", "etudiant": "étudiant", "enfant": "enfant", "agent": "agent", "salarie": "salarié", "usager": "usager", "visiteur": "visiteur",
	"menage": "ménage", "foyer": "foyer", "logement": "logement", "lit": "lit", "km": "km", "trajet": "trajet", "visite": "visite", "seance": "séance", "nuit": "nuit", "repas": "repas"}

// perUnit finds what a header's quantity is given for one of, as a unit; money
// tells that the quantity is a price.
func (h hint) perUnit() (unit string, money bool) {
	if len(h.words) == 0 {
		return "", false
	}
	priced := h.any(priceWords) || strings.HasPrefix(h.words[0], "loy") && len(h.words[0]) > 5
	costed := priced || h.any(costWords)
	for i, w := range h.words[1:] {
		before := h.words[i]
		if u, ok := perUnits[w]; ok && (perWords[before] || densWords[before] || costed && soldBy[u]) {
			return u, costed || h.any(spentWords)
		}
	}
	if !priced {
		return "", false
	}
	return pricedSuffix(h.words[len(h.words)-1])
}

// pricedSuffix is the unit that ends a price's name, loypredm2.
func pricedSuffix(word string) (unit string, ok bool) {
	for _, u := range []string{"m2", "ha"} {
		if len(word) > 4 && strings.HasSuffix(word, u) {
			return perUnits[u], true
		}
	}
	return "", false
}

// perMany tells a header of a quantity for so many of something: "pour_1000_naissances".
func (h hint) perMany() bool {
	for i := 1; i < len(h.words); i++ {
		if w := h.words[i]; (h.words[i-1] == "pour" || h.words[i-1] == "per") && (w == "mille" || w[0] == '1' && strings.Trim(w[1:], "0") == "") {
			return true
		}
	}
	return false
}

// asked is what the rules of additivity look at.
type asked struct {
	*dataset.Column
	hint
	counted bool // "Nombre de X" is a count, whatever X
	money   bool // its unit is one of money
}

// never are the reasons for which a measure is not added up at all, the first that
// holds.
var never = []struct {
	why   dataset.Why
	holds func(a asked) bool
}{
	{dataset.WhyRate, func(a asked) bool {
		return a.perMany() || a.Unit == "%" || a.Unit == "‰" || rated(a.hint) && !a.counted && !a.money
	}},
	{dataset.WhyPerUnit, func(a asked) bool {
		per, _ := a.perUnit()
		return per != "" || strings.Contains(a.Unit, "/") || a.any(densWords) || a.any(priceWords) && !a.any(wholeWords)
	}},
	{dataset.WhyMean, func(a asked) bool { return a.any(meanWords) && !a.counted }},
	{dataset.WhyRank, func(a asked) bool { return a.any(rankWords) && !a.counted && a.Type == dataset.Integer }},
	{dataset.WhyIndex, func(a asked) bool { return a.any(indexWords) && !a.counted && !a.money }},
	{dataset.WhyLevel, func(a asked) bool {
		return a.Unit == "°C" || a.any(airWords) && a.Unit == "" && !a.any(outWords) || a.any(levelWords) && !a.counted && !a.money
	}},
}

// additivity tells what a measure may be added up over, and why, from its
// header and unit.
func additivity(c *dataset.Column, h hint) (dataset.Additivity, dataset.Why) {
	if c.Role != dataset.Measure || !c.Type.Numeric() {
		return "", ""
	}
	a := asked{Column: c, hint: h, counted: counts(h), money: isMoney(c.Unit)}
	for _, n := range never {
		if n.holds(a) {
			return dataset.Never, n.why
		}
	}
	switch {
	case h.any(cumulWords):
		return dataset.NotOverTime, dataset.WhyCumulative
	case (h.any(stockWords) || placesCounted(a)) && !h.any(flowWords) && !a.money:
		return dataset.NotOverTime, dataset.WhyStock
	}
	return dataset.Additive, ""
}

// placesCounted tells a count of places and nothing else, "nb_communes": not "nb
// communes touchées", which is of what happened.
func placesCounted(a asked) bool {
	return a.counted && len(a.words) == 2 && a.any(standWords)
}

// counts tells a header that begins as a count does.
func counts(h hint) bool {
	if len(h.words) == 0 {
		return false
	}
	switch h.words[0] {
	case "nb", "nombre", "nbre", "number", "total":
		return true
	}
	return false
}

// rated tells a header of rates: "taux", "Rapport Inscrits", "TXCOUV".
func rated(h hint) bool {
	return h.any(rateWords) || slices.ContainsFunc(h.words, func(w string) bool { return len(w) > 4 && strings.HasPrefix(w, "tx") })
}

func isMoney(unit string) bool {
	switch unit {
	case "EUR", "k€", "M€", "Md€", "USD", "GBP":
		return true
	}
	return false
}
