package table

import (
	"slices"
	"strings"
	"unicode"

	"cigogne/internal/lang"
)

// hint is what a header says of its column, before any cell is read.
type hint struct {
	words []string // folded words, camel case cut: "CodCirElec" is cod, cir, elec
	unit  string   // "(€)" and the like
}

func hintOf(name string) hint {
	if strings.HasPrefix(name, "col_") {
		return hint{} // a name of ours
	}
	h := hint{words: strings.Fields(lang.Fold(splitCamel(name)))}
	for _, w := range h.words {
		if len(w) > 4 && strings.HasPrefix(w, "cd") && w != "cdrom" { // CDPOST, CDRUE: no French word begins so
			h.words = append(h.words, "code")
			break
		}
	}
	h.unit = headerUnit(name)
	if per, money := h.perUnit(); money {
		h.unit = "€/" + per
	} else if per == h.unit {
		h.unit = ""
	}
	return h
}

// splitCamel sets words written in camel case apart.
func splitCamel(s string) string {
	var b strings.Builder
	var before rune
	for _, r := range s {
		if unicode.IsUpper(r) && unicode.IsLower(before) {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
		before = r
	}
	return b.String()
}

func set(words string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}

// Words of headers, folded.
var (
	quantityWords = set("nombre nb nbre count total montant somme population pop effectif effectifs taux part pourcentage percent percentage ratio indice index moyenne moyen moyens median mediane revenu salaire superficie surface prix price cost cout budget depense depenses recette recettes valeur value score points votes voix inscrits density densite")
	codeWords     = set("tncc ninsee code codes cod insee siren siret uai rna finess nofiness nofinesset nofinessej cog nuts naf ape nic postal postale postcode zip zipcode cp cedex iris iban tel telephone phone telecopie fax isbn issn ean rpps adeli rge rcs tva uic iata icao epsg")
	placeWords    = set("departement departements dept dep dpt region reg commune com canton cant epci arrondissement circonscription circo numdep numcom numepci numreg codedep codegeo codgeo codcom codecom coddep depcom libgeo")
	idWords       = set("norue novoie numvoie numrue identification id ids uid identifiant identifier identifiants num numero uuid guid fid ogc gid objectid rowid matricule ref reference key cle")
	calendarWords = set("period annee annees an year years yr exercice millesime saison season jahr jahre anno ano jaar")
	sinceWords    = set("founded built since established opened completed inaugurated inauguration elected rentree promotion creation construction debut fin born naissance released release joined created introduced launched retired issued discontinued until began ended start end date title final expires")
	rankWords     = set("rank ranking rang pos position place classement seed")
	partWords     = set("mois month trimestre quarter semestre semaine week jour day heure hour")
	labelWords    = set("bdv ardt arrdt legislature bureau sexe sex genre circonscription section lot tranche article chapitre fonction sous_fonction nature compte rubrique ligne categorie category class classe groupe group type cs csp pcs gender lycee zone secteur")
	countedWords  = set("population pop habitants effectif effectifs nombre nb nbre inscrits votants exprimes voix logements menages naissances deces emplois visiteurs voyageurs entrees eleves etudiants")
	streetWords   = set("voie rue adresse address street housenumber")
	geoWords      = set("coord coords latitude longitude lat lon lng xlong ylat coordonnees coordonnee coordinates geom geometry geometrie geojson wkt centroid centroide lambert xl93 yl93 l93 geopoint geoshape")
)

func (h hint) any(words map[string]bool) bool {
	return slices.ContainsFunc(h.words, func(w string) bool { return words[w] })
}

func (h hint) only(words map[string]bool) bool { return len(h.words) == 1 && words[h.words[0]] }

// place tells a header of coordinates.
func (h hint) place() bool {
	return h.any(geoWords) || len(h.words) >= 2 && h.words[0] == "geo" && (h.words[1] == "point" || h.words[1] == "shape" || h.words[1] == "info")
}

// code tells a header of official codes: code_commune, COLL_INSEE, Siret. A
// header that also names a quantity is that quantity ("Population INSEE").
func (h hint) code() bool { return h.any(codeWords) && !h.any(quantityWords) }

// id tells a header of identifiers or numbers of order: gares_id, num_ligne,
// N°, #; but not "No. of games".
func (h hint) id(name string) bool {
	if len(h.words) == 0 {
		return strings.TrimSpace(name) == "#"
	}
	if h.any(quantityWords) || slices.Contains(h.words, "of") {
		return false
	}
	if last := h.words[len(h.words)-1]; len(h.words) > 1 && (last == "number" || last == "no") {
		return true
	}
	if h.any(idWords) || strings.HasPrefix(name, "N°") || strings.HasPrefix(name, "n°") || strings.HasPrefix(name, "Nº") {
		return true
	}
	return h.words[0] == "no" || h.words[0] == "nr" && len(h.words) <= 3
}

// label tells a header under which whole numbers name things: a polling place,
// a sex, an account.
func (h hint) label() bool {
	return h.any(labelWords) && !h.any(quantityWords)
}

// year tells a header under which numbers from 1500 to 2100 are years: one
// that says so, or dates something, or says nothing.
func (h hint) year() bool {
	return !h.any(quantityWords) && (h.any(calendarWords) || h.any(sinceWords) || len(h.words) == 0)
}

// headerUnits are the units a header names, by how they are written there,
// folded only in case.
var headerUnits = map[string]string{
	"€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "en euros": "EUR", "en euro": "EUR", "en €": "EUR", "€ ttc": "EUR", "€ ht": "EUR",
	"k€": "k€", "en k€": "k€", "milliers d'euros": "k€", "en milliers d'euros": "k€", "keur": "k€",
	"m€": "M€", "en m€": "M€", "millions d'euros": "M€", "en millions d'euros": "M€", "million d'euros": "M€", "meur": "M€",
	"md€": "Md€", "mds€": "Md€", "milliards d'euros": "Md€", "en milliards d'euros": "Md€", "milliard d'euros": "Md€",
	"%": "%", "en %": "%", "pourcentage": "%", "percent": "%", "‰": "‰", "en ‰": "‰",
	"$": "USD", "us$": "USD", "usd": "USD", "£": "GBP", "gbp": "GBP",
	"habitants": "habitants", "hab": "habitants", "hab.": "habitants", "hab/km²": "hab/km²", "hab/km2": "hab/km²", "hab./km²": "hab/km²",
	"km": "km", "en km": "km", "m": "m", "en m": "m", "cm": "cm", "mm": "mm", "mi": "mi", "ft": "ft",
	"km²": "km²", "km2": "km²", "en km²": "km²", "m²": "m²", "m2": "m²", "en m²": "m²", "sq mi": "sq mi", "sq miles": "sq mi", "ha": "ha", "en ha": "ha", "hectares": "ha", "m³": "m³", "m3": "m³",
	"kg": "kg", "t": "t", "tonnes": "t", "en tonnes": "t", "lb": "lb", "lbs": "lb", "lbs.": "lb",
	"kwh": "kWh", "mwh": "MWh", "gwh": "GWh", "twh": "TWh", "kw": "kW", "mw": "MW", "kwc": "kWc",
	"milliers": "milliers", "en milliers": "milliers", "millions": "millions", "en millions": "millions", "en milliers d'habitants": "milliers d'habitants", "milliers d'habitants": "milliers d'habitants",
	"min": "min", "minutes": "min", "heures": "h", "jours": "jours", "ans": "ans", "années": "ans", "mois": "mois",
	"°c": "°C", "µg/m3": "µg/m³", "µg/m³": "µg/m³", "mg/l": "mg/l", "km/h": "km/h", "mph": "mph", "tco2": "tCO2", "teqco2": "tCO2e",
}

func unitOf(s string) (string, bool) {
	u, ok := headerUnits[strings.ToLower(strings.Join(strings.Fields(strings.ReplaceAll(s, "’", "'")), " "))]
	return u, ok
}

// headerUnit finds a unit in a header: in brackets, or after "en" at its end,
// or a last sign.
func headerUnit(name string) string {
	for rest := name; ; {
		open := strings.IndexAny(rest, "([")
		if open < 0 {
			break
		}
		end := strings.IndexAny(rest[open:], ")]")
		if end < 0 {
			break
		}
		if u, ok := unitOf(rest[open+1 : open+end]); ok {
			return u
		}
		rest = rest[open+end:]
	}
	if i := strings.LastIndex(strings.ToLower(name), " en "); i > 0 && i+1 < len(name) {
		if u, ok := unitOf(name[i+1:]); ok {
			return u
		}
	}
	if strings.HasSuffix(name, "%") || strings.HasPrefix(name, "% ") {
		return "%"
	}
	last := name[strings.LastIndexAny(name, " _")+1:]
	switch strings.ToLower(last) { // signs that are no word of their own
	case "€", "k€", "m€", "md€", "eur", "euros", "km2", "km²", "m2", "m²", "m3", "m³", "kwh", "mwh", "gwh", "kwc", "hectares", "tonnes":
		u, _ := unitOf(last)
		return u
	}
	return ""
}

// titleUnit finds the unit a title line gives to the whole table: "Unité :
// milliards d'euros", "en milliers d'euros".
func titleUnit(title string) string {
	if u, ok := unitOf(title); ok {
		return u
	}
	low := strings.ToLower(strings.ReplaceAll(title, "’", "'"))
	for _, lead := range []string{"unité :", "unités :", "unité:", "unite :", "unit:", "en "} {
		for at := 0; ; {
			i := strings.Index(low[at:], lead)
			if i < 0 {
				break
			}
			at += i + len(lead)
			rest, _, _ := strings.Cut(strings.TrimSpace(low[at:]), ";")
			rest = strings.Trim(strings.SplitN(rest, ",", 2)[0], " .()")
			if u, ok := unitOf(rest); ok {
				return u
			}
		}
	}
	return ""
}
