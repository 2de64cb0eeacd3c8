package table

import (
	"regexp"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
)

// kindRows bounds the cells a kind is told from.
const kindRows = 300

// pattern is how the cells of a kind look, and the words of headers that name it.
type pattern struct {
	kind  dataset.Kind
	cells *regexp.Regexp
	words map[string]bool
	needs bool // the header has to name it: others look like it
	check func(string) bool
}

var patterns = []pattern{
	{kind: dataset.KindEmail, cells: regexp.MustCompile(`^[^@\s]+@[^@\s]+\.[a-zA-Z]{2,}$`)},
	{kind: dataset.KindURL, cells: regexp.MustCompile(`^(https?://|www\.)\S+$`)},
	{kind: dataset.KindURL, cells: regexp.MustCompile(`^(https?://|www\.)?[a-zA-Z0-9-]+(\.[a-zA-Z0-9-]+)*\.[a-zA-Z]{2,}(/\S*)?$`), words: set("site internet url web website lien link www"), needs: true},
	{kind: dataset.KindUUID, cells: regexp.MustCompile(`^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$`)},
	{kind: dataset.KindMongo, cells: regexp.MustCompile(`^[0-9a-f]{24}$`)},
	{kind: dataset.KindIBAN, cells: regexp.MustCompile(`^[A-Z]{2}\d{2}[0-9A-Z]{11,30}$`), check: iban},
	{kind: dataset.KindVAT, cells: regexp.MustCompile(`^FR[0-9A-Z]{2}\d{9}$`)},
	{kind: dataset.KindUAI, cells: regexp.MustCompile(`^(0\d{2}|[679]\d{2}|2[AB]\d|02[AB])\d{4}[A-Z]$`)},
	{kind: dataset.KindRNA, cells: regexp.MustCompile(`^W\d[0-9AB]\d{7}$`)},
	{kind: dataset.KindParcel, cells: regexp.MustCompile(`^(\d{2}|2[AB])\d{3}\d{3}[0-9A-Z ]{2}\d{4}$`), words: set("parcelle cadastre cadastrale idu id_parcelle"), needs: true},
	{kind: dataset.KindNAF, cells: regexp.MustCompile(`^\d{2}\.?\d{1,2}[A-Z]$`), words: set("naf ape activite")},
	{kind: dataset.KindSIRET, cells: regexp.MustCompile(`^\d{14}$`), check: lang.Luhn},
	{kind: dataset.KindSIRET, cells: regexp.MustCompile(`^(\d{14}|\d[.,]\d+E\+13)$`), words: set("siret"), needs: true},
	{kind: dataset.KindSIRET, cells: regexp.MustCompile(`^\d{14}$`), words: set("id identifiant identification"), needs: true}, // nothing else has as many
	{kind: dataset.KindEPCI, cells: regexp.MustCompile(`^2\d{8}$`), words: set("epci numepci codepci codeepci sirenepci"), needs: true},
	{kind: dataset.KindFINESS, cells: regexp.MustCompile(`^(\d{2}|2[AB])\d{7}$`), words: set("finess nofiness nofinesset nofinessej"), needs: true},
	{kind: dataset.KindPhone, cells: regexp.MustCompile(`^(\+|00)?\(?\d[\d .()/-]{7,18}$`), words: set("tel telephone phone telecopie fax mobile portable"), needs: true},
	{kind: dataset.KindPhone, cells: regexp.MustCompile(`^(0[1-9]|\+33 ?[1-9])([ .-]?\d{2}){4}$`)},
	{kind: dataset.KindSIREN, cells: regexp.MustCompile(`^\d{9}$`), check: lang.Luhn},
	{kind: dataset.KindSIREN, cells: regexp.MustCompile(`^\d{9}$`), words: set("siren"), needs: true},
	{kind: dataset.KindIRIS, cells: regexp.MustCompile(`^(\d{2}|2[AB])\d{7}$|^\d{4}$`), words: set("iris"), needs: true},
	{kind: dataset.KindPostcode, cells: regexp.MustCompile(`^\d{4,5}$`), words: set("postal postale postcode zip zipcode cp cdpost codpost codepost"), needs: true},
	{kind: dataset.KindCommune, cells: regexp.MustCompile(`^(\d{2}|2[AB]|97|98)\d{2,3}$`), words: set("insee ninsee depcom codcom codecom numcom codgeo commune com cog municipality cheflieu"), needs: true},
	{kind: dataset.KindDepartment, cells: regexp.MustCompile(`^(0?\d{1,2}|0?2[AB]|97\d|98\d)$`), words: set("dep dept departement departements dpt coddep codedep numdep"), needs: true},
	{kind: dataset.KindRegion, cells: regexp.MustCompile(`^\d{1,2}$`), words: set("region reg codreg numreg"), needs: true},
	{kind: dataset.KindCanton, cells: regexp.MustCompile(`^(\d{2}|2[AB]|97\d)\d{2}$`), words: set("canton"), needs: true},
	{kind: dataset.KindCountry, cells: regexp.MustCompile(`^[A-Z]{2,3}$`), words: set("pays country nationalite"), needs: true},
	{kind: dataset.KindYearMonth, cells: regexp.MustCompile(`^(19|20)\d{2}[-/](0[1-9]|1[0-2])$|^(0[1-9]|1[0-2])/(19|20)\d{2}$`)},
	{kind: dataset.KindQuarter, cells: regexp.MustCompile(`^(19|20)\d{2}[- ]?[TQ][1-4]$|^[TQ][1-4][- ](19|20)\d{2}$`)},
	{kind: dataset.KindHalf, cells: regexp.MustCompile(`^(19|20)\d{2}[- ]?S[12]$`)},
	{kind: dataset.KindSchool, cells: regexp.MustCompile(`^(19|20)\d{2}[-/](19|20)?\d{2}$`)},
	{kind: dataset.KindDuration, cells: regexp.MustCompile(`^\d{1,4}:[0-5]\d(:[0-5]\d)?$`), words: set("duree durees duration temps delai"), needs: true},
	{kind: dataset.KindTime, cells: regexp.MustCompile(`^([01]?\d|2[0-3])([:hH][0-5]\d)(:[0-5]\d)?$`)},
	{kind: dataset.KindGeoJSON, cells: regexp.MustCompile(`^\{.*"coordinates"`)},
	{kind: dataset.KindJSON, cells: regexp.MustCompile(`^\{.*\}$`)},
	{kind: dataset.KindWKT, cells: regexp.MustCompile(`^(SRID=\d+;)?(MULTI)?(POINT|LINESTRING|POLYGON)\s*[ZM]*\s*\(`)},
	{kind: dataset.KindAddress, cells: regexp.MustCompile(`(?i)^(\d+ ?(bis|ter|quater|[a-d])?,? )?.*\b(rue|avenue|boulevard|place|chemin|route|impasse|allee|allée|quai|cours|square)\b`)},
}

// listed kinds are told by their few words.
var (
	monthCells   = set("janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre january february march april may june july august september october november december janv fevr avr juil sept oct nov dec")
	weekdayCells = set("lundi mardi mercredi jeudi vendredi samedi dimanche monday tuesday wednesday thursday friday saturday sunday")
	yesCells     = set("oui o vrai v true t yes y 1")
	noCells      = set("non n faux f false no 0")
	truthWords   = set("oui non vrai faux true false yes no") // these say so even where all rows agree
	sexCells     = set("f m h femme homme femmes hommes masculin feminin 1 2 male female fille garcon mme mlle mr madame monsieur mademoiselle")
	cspCells     = set("retraites ouvriers employes agriculteurs artisans cadres")
)

// kindOf tells what the cells of a column name, "" where they name nothing
// known. Nine cells in ten are enough: publishers err.
func kindOf(c *dataset.Column, h hint) dataset.Kind {
	switch {
	case c.Role == dataset.Year:
		return dataset.KindYear
	case c.Type == dataset.Date:
		return dataset.KindDate
	case c.Type == dataset.DateTime:
		return dataset.KindDateTime
	case c.Type == dataset.Boolean:
		return dataset.KindBoolean
	case c.Type.Numeric():
		return numberKind(c, h)
	}
	return textKind(c, h, sampleCells(c))
}

// textKind tells kinds of texts from some of their cells.
func textKind(c *dataset.Column, h hint, cells []string) dataset.Kind {
	if len(cells) == 0 {
		return ""
	}
	if k := wordKind(c, h, cells); k != "" {
		return k
	}
	if k := pairKind(cells, h.place()); k != "" {
		return k
	}
	for _, p := range patterns {
		if p.needs && !h.any(p.words) {
			continue
		}
		if most(cells, func(s string) bool { return p.cells.MatchString(s) && (p.check == nil || p.check(s)) }) {
			return p.kind
		}
	}
	if h.any(accountWords) && !h.any(set("libelle lib label intitule nom")) && most(cells, func(s string) bool { return strings.Trim(s, "0123456789-") == "" }) {
		return dataset.KindAccount
	}
	if most(cells, allDigits) {
		return "" // a number of something, whose name its header has
	}
	return nameKind(c, h, cells)
}

// accountWords head codes of the chart of accounts.
var accountWords = set("compte nature article chapitre fonction rubrique sous_fonction")

// nameKind tells names of places: by the header, or by cells that are all on the
// official lists of departments or regions.
func nameKind(c *dataset.Column, h hint, cells []string) dataset.Kind {
	switch {
	case h.any(set("commune communes ville municipality libgeo nomcom libcom com")):
		return dataset.KindCommuneName
	case h.any(set("departement departements nomdep libdep")):
		return dataset.KindDepartmentName
	case h.any(set("region regions nomreg libreg")):
		return dataset.KindRegionName
	case h.any(set("epci nomepci libepci intercommunalite intercommunalites")):
		return dataset.KindEPCIName
	case h.any(set("pays country")):
		return dataset.KindCountryName
	case h.any(set("adresse address")) && !h.any(set("type nature qualite")):
		return dataset.KindAddress
	case h.any(set("riviere cours fleuve bassin river nom prenom name")):
		return ""
	}
	return listedPlaces(c, cells)
}

// wordKind tells kinds by the words of their cells.
func wordKind(c *dataset.Column, h hint, cells []string) dataset.Kind {
	of := func(words map[string]bool) bool {
		return most(cells, func(s string) bool { return words[lang.Fold(s)] })
	}
	switch {
	case of(weekdayCells):
		return dataset.KindWeekday
	case of(monthCells):
		return dataset.KindMonth
	case c.Distinct <= 3 && h.any(set("sexe sex genre gender civilite")) && of(sexCells):
		return dataset.KindSex
	case c.Distinct <= 4 && !h.any(set("pays country langue language")) && yesOrNo(c):
		return dataset.KindBoolean
	case h.any(set("csp pcs cs")) || most(cells, func(s string) bool { return cspCells[strings.SplitN(lang.Fold(s), " ", 2)[0]] }):
		return dataset.KindCSP
	}
	return ""
}

// yesOrNo tells a column of yes and no, each in one or two spellings: all of its cells,
// marks of nothing included, for "F" beside "NC" is no truth.
func yesOrNo(c *dataset.Column) bool {
	yes, no, plain := false, false, true
	for _, v := range c.Values {
		f := lang.Fold(v.Text)
		yes, no = yes || yesCells[f], no || noCells[f]
		if !yesCells[f] && !noCells[f] {
			return false
		}
		plain = plain && truthWords[f]
	}
	return len(c.Values) > 0 && (yes && no || plain)
}

// figures is what tells the kind of a column of numbers.
type figures struct {
	*dataset.Column
	hint
	whole     bool
	low, high float64
}

// numberKinds are the kinds of numbers by headers, units and bounds, the first that
// holds.
var numberKinds = []struct {
	kind  dataset.Kind
	holds func(f figures) bool
}{
	{dataset.KindAccount, func(f figures) bool { return f.whole && f.Role == dataset.Code && f.any(accountWords) }},
	{dataset.KindMonth, func(f figures) bool { return f.whole && f.low >= 1 && f.high <= 12 && f.any(set("mois month")) }},
	{dataset.KindPercent, func(f figures) bool { return f.Unit == "%" }},
	{dataset.KindMoney, func(f figures) bool {
		return isMoney(f.Unit) || f.Role == dataset.Measure && f.any(set("montant amount"))
	}},
	{dataset.KindBoolean, func(f figures) bool {
		two := f.Distinct == 2 || f.any(set("binaire booleen boolean flag"))
		return two && f.whole && f.low >= 0 && f.high <= 1 && !counts(f.hint)
	}},
	{dataset.KindDuration, func(f figures) bool { return f.Unit == "h" || f.Unit == "min" }},
}

// numberKind tells kinds of numbers by headers and bounds.
func numberKind(c *dataset.Column, h hint) dataset.Kind {
	f := figures{c, h, c.Type == dataset.Integer, scanFloat(c.Min), scanFloat(c.Max)}
	if k, ok := coordinateKind(h, f.low, f.high); ok {
		return k
	}
	for _, k := range numberKinds {
		if k.holds(f) {
			return k.kind
		}
	}
	return ""
}

// coordinateKind tells degrees and metres of Lambert-93; ok says that the header is
// one of coordinates, whatever they are in.
func coordinateKind(h hint, low, high float64) (k dataset.Kind, ok bool) {
	switch {
	case h.any(set("l93 lambert xl93 yl93")) || h.place() && max(abs(low), abs(high)) > 1000:
		if low >= 6e6 && high < 7.2e6 {
			return dataset.KindLambertY, true
		}
		if low > 0 && high < 1.3e6 {
			return dataset.KindLambertX, true
		}
		return "", true
	case h.any(set("latitude lat ylat")) && low >= -90 && high <= 90:
		return dataset.KindLatitude, true
	case (h.any(set("longitude lon lng long xlong")) || strings.HasSuffix(lastWord(h), "longitude")) && low >= -180 && high <= 180:
		return dataset.KindLongitude, true
	}
	return "", false
}

var pairCell = regexp.MustCompile(`^[\[(]?\s*(-?\d{1,3}\.\d+)(?:\s*[,;/]\s*|\.?\s+)(-?\d{1,3}\.\d+)\s*[\])]?$`)

// pairKind tells coordinates in one cell, and which comes first: by what no
// latitude is, else by where France lies. Pairs that neither their header nor
// where they lie calls places are none.
func pairKind(cells []string, place bool) dataset.Kind {
	latFirst, lonFirst, n := 0, 0, 0
	for _, s := range cells {
		m := pairCell.FindStringSubmatch(s)
		if m == nil {
			continue
		}
		a, b := scanFloat(m[1]), scanFloat(m[2])
		if max(abs(a), abs(b)) > 180 {
			continue
		}
		n++
		switch {
		case abs(a) > 90 || inFrance(b, a):
			lonFirst++
		case abs(b) > 90 || inFrance(a, b):
			latFirst++
		}
	}
	switch {
	case n*10 < len(cells)*9, !place && lonFirst+latFirst == 0:
		return ""
	case lonFirst > latFirst:
		return dataset.KindLonLat
	}
	return dataset.KindLatLon
}

// inFrance tells places of mainland France and about it, in degrees.
func inFrance(lat, lon float64) bool {
	return lat >= 41 && lat <= 51.5 && lon >= -5.5 && lon <= 10
}

func scanFloat(s string) float64 {
	v, _ := style{}.parse(scanNumber(s))
	return v
}

// sampleCells are some cells of a column, without those that say nothing.
func sampleCells(c *dataset.Column) []string {
	var out []string
	for _, v := range c.Values {
		if len(out) == kindRows {
			break
		}
		if !isMissing(v.Text) {
			out = append(out, strings.Map(unspaced, v.Text))
		}
	}
	if len(c.Values) == 0 {
		for _, s := range []string{c.First, c.Min, c.Max} {
			if s != "" {
				out = append(out, s)
			}
		}
	}
	return out
}

// unspaced makes the spaces of typography plain.
func unspaced(r rune) rune {
	if r == '\u00a0' || r == '\u202f' {
		return ' '
	}
	return r
}

// most tells whether nine cells in ten are so; digits set in groups count as
// written without spaces.
func most(cells []string, is func(string) bool) bool {
	n := 0
	for _, s := range cells {
		if is(s) || strings.IndexByte(s, ' ') > 0 && strings.Trim(s, "0123456789 ") == "" && is(strings.ReplaceAll(s, " ", "")) {
			n++
		}
	}
	return n*10 >= len(cells)*9
}

// iban checks the two check digits of an IBAN.
func iban(s string) bool {
	rest := 0
	for _, c := range s[4:] + s[:4] {
		v := int(c - '0')
		if c >= 'A' {
			v = int(c-'A') + 10
			rest = rest * 10 % 97
		}
		rest = (rest*10 + v) % 97
	}
	return rest == 1
}
