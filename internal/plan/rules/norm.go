package rules

import (
	"strings"
	"unicode"

	"cigogne/internal/lang"
	"cigogne/internal/plan/ground"
)

// norm takes the plural and the commonest feminine marks off a folded word.
func norm(w string) string { return ground.Norm(w) }

// normAll folds a text and norms its words.
func normAll(s string) []string {
	words := strings.Fields(lang.Fold(s))
	for i, w := range words {
		words[i] = norm(w)
	}
	return words
}

func key(words []string) string { return strings.Join(words, " ") }

// articles open names that people write without them ("Le Havre", "L'Épine").
var articles = map[string]bool{"le": true, "la": true, "les": true, "l": true, "the": true, "du": true, "de": true, "des": true, "d": true}

func dropArticle(words []string) []string {
	for len(words) > 1 && articles[words[0]] {
		words = words[1:]
	}
	return words
}

// abbreviations of headers and of French administration, folded.
var abbreviations = map[string]string{
	"nb": "nombre", "nbr": "nombre", "nbre": "nombre", "num": "numero", "no": "numero", "lib": "libelle", "libl": "libelle", "dep": "departement", "dept": "departement", "dpt": "departement",
	"com": "commune", "pop": "population", "hab": "habitants", "mt": "montant", "mnt": "montant", "ann": "annee", "dat": "date", "tx": "taux", "pct": "pourcentage", "qte": "quantite", "adr": "adresse", "cp": "postal",
	"st": "saint", "ste": "sainte", "avg": "average", "qty": "quantity", "yr": "year", "no.": "number", "pos": "position", "nat": "nationality",
}

// headerWords cuts a column's header into folded words: snake and camel case,
// units in brackets left out ("Montant réalisé (€)" → montant realise).
func headerWords(name string) []string {
	if i := strings.IndexAny(name, "(["); i > 0 {
		name = name[:i]
	}
	var b strings.Builder
	var last rune
	for _, r := range name {
		if unicode.IsUpper(r) && unicode.IsLower(last) {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
		last = r
	}
	words := strings.Fields(lang.Fold(b.String()))
	if n := len(words); n > 1 && strings.ContainsAny(name, "€$") && (words[n-1] == "k" || words[n-1] == "m" || words[n-1] == "md") { // "montant k€"
		words = words[:n-1]
	}
	for i, w := range words {
		if long, ok := abbreviations[w]; ok {
			words[i] = long
		}
	}
	return words
}

// forms are the keys under which a name is found: normed and stemmed, by either language.
func forms(words []string) []string { return stems{}.forms(words) }

// stems remembers words normed and stemmed: every phrase of a question has the
// same few, and to stem them each time was a third of the work on it.
type stems map[string][3]string

func (m stems) of(word string) [3]string {
	s, known := m[word]
	if !known {
		n := norm(word)
		s = [3]string{n, lang.Stem(n, lang.French), lang.Stem(n, lang.English)}
		m[word] = s
	}
	return s
}

func (m stems) forms(words []string) []string {
	n, f, e := make([]string, len(words)), make([]string, len(words)), make([]string, len(words))
	for i, w := range words {
		s := m.of(w)
		n[i], f[i], e[i] = s[0], s[1], s[2]
	}
	out := []string{key(n)}
	if k := key(f); k != out[0] {
		out = append(out, k)
	}
	if k := key(e); k != out[0] && k != out[len(out)-1] {
		out = append(out, k)
	}
	return out
}
