package ground

import (
	"strings"
	"unicode"

	"cigogne/internal/lang"
)

// Norm takes the plural and the commonest feminine marks off a folded word, in
// either language: cells and questions must meet without knowing which.
func Norm(w string) string {
	n := len(w)
	if w == "ids" {
		return "id"
	}
	if n < 4 || w[0] >= '0' && w[0] <= '9' {
		return w
	}
	switch {
	case strings.HasSuffix(w, "eaux"):
		w = w[:n-1]
	case strings.HasSuffix(w, "aux"):
		w = w[:n-3] + "al"
	case n > 4 && strings.HasSuffix(w, "ies"):
		w = w[:n-3] + "y"
	case n > 5 && (strings.HasSuffix(w, "ches") || strings.HasSuffix(w, "shes") || strings.HasSuffix(w, "sses") || strings.HasSuffix(w, "xes")):
		w = w[:n-2]
	case strings.HasSuffix(w, "ss") || strings.HasSuffix(w, "us") || strings.HasSuffix(w, "is"):
	case w[n-1] == 's' || w[n-1] == 'x':
		w = w[:n-1]
	}
	if strings.HasSuffix(w, "elle") {
		w = w[:len(w)-2]
	}
	if strings.HasSuffix(w, "ee") && len(w) > 4 {
		w = w[:len(w)-1]
	}
	return w
}

// norms folds a text and norms its words.
func norms(s string) []string {
	list := strings.Fields(lang.Fold(s))
	for i, w := range list {
		list[i] = Norm(w)
	}
	return list
}

// abbreviations of headers and of French administration, folded.
var abbreviations = map[string]string{
	"nb": "nombre", "nbr": "nombre", "nbre": "nombre", "num": "numero", "lib": "libelle", "libl": "libelle", "dep": "departement", "dept": "departement", "dpt": "departement",
	"com": "commune", "pop": "population", "hab": "habitants", "mt": "montant", "mnt": "montant", "ann": "annee", "dat": "date", "tx": "taux", "pct": "pourcentage", "qte": "quantite", "adr": "adresse", "cp": "postal",
	"reg": "region", "tot": "total", "moy": "moyenne", "etab": "etablissement", "ens": "ensemble", "sup": "superficie", "surf": "surface", "desc": "description", "nbr_": "nombre",
	"avg": "average", "qty": "quantity", "yr": "year", "pos": "position", "nat": "nationality", "amt": "amount", "addr": "address",
}

// headerWords cuts a header into folded words: snake and camel case, brackets
// left out ("Montant réalisé (€)" → montant realise).
func headerWords(name string) []string {
	if i := strings.IndexAny(name, "(["); i > 0 {
		name = name[:i]
	}
	var b strings.Builder
	var last rune
	for _, r := range name {
		if unicode.IsUpper(r) && unicode.IsLower(last) || unicode.IsDigit(r) != unicode.IsDigit(last) && b.Len() > 0 && (unicode.IsLetter(last) || unicode.IsDigit(last)) && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
		last = r
	}
	list := strings.Fields(lang.Fold(b.String()))
	for i, w := range list {
		if long, ok := abbreviations[w]; ok {
			list[i] = long
		}
	}
	return list
}

// linking are the small words that headers and phrases may leave out.
var linking = map[string]bool{"a": true, "au": true, "aux": true, "d": true, "de": true, "des": true, "du": true, "en": true, "et": true, "l": true, "la": true, "le": true, "les": true, "un": true, "une": true, "sur": true, "par": true,
	"of": true, "the": true, "an": true, "in": true, "on": true, "for": true, "to": true, "and": true, "s": true}

// bare leaves the linking words out, unless nothing else is there.
func bare(list []string) []string {
	var out []string
	for _, w := range list {
		if !linking[w] {
			out = append(out, w)
		}
	}
	if len(out) == 0 {
		return list
	}
	return out
}

func key(list []string) string { return strings.Join(list, " ") }
