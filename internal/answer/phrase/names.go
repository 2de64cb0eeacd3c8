package phrase

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"cigogne/internal/lang"
	"cigogne/internal/texts"
)

// articles are the departments and regions with their articles, a line each:
// "la Moselle", and after a semicolon how one is there: "en Moselle".
//
//go:embed articles.txt
var articlesText string

type territoryName struct{ noun, in string }

var articles = sync.OnceValue(func() map[string]territoryName {
	all := map[string]territoryName{}
	for line := range strings.Lines(articlesText) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		noun, in, _ := strings.Cut(line, ";")
		noun, in = strings.TrimSpace(noun), strings.TrimSpace(in)
		bare := noun
		for _, a := range []string{"le ", "la ", "les ", "l'"} {
			bare = strings.TrimPrefix(bare, a)
		}
		if in == "" {
			in = "dans " + noun
		}
		all[bare] = territoryName{noun, in}
	}
	return all
})

// noun is who or what a sentence speaks of: names with their articles, as they
// stand after a full stop but for the capital: "la Moselle", "Metz".
type noun []string

// plural tells whether verbs agree with several: "les Vosges", "la santé et
// l'action sociale", "public high schools".
func (n noun) plural() bool {
	if len(n) != 1 {
		return true
	}
	name := n[0]
	if strings.HasPrefix(name, "les ") || strings.Contains(name, " et l") {
		return true
	}
	if rest, article := strings.CutPrefix(name, "die "); article { // German: the plurals of what is spent, received and taught
		return strings.HasSuffix(rest, "en")
	}
	first, _ := utf8.DecodeRuneInString(name)
	if !unicode.IsLower(first) || strings.HasPrefix(name, "the ") || articled(name) {
		return false
	}
	return strings.Contains(name, " and ") || strings.HasSuffix(name, "s") && !strings.HasSuffix(name, "ss")
}

// articled tells whether a French name has its article.
func articled(name string) bool {
	return strings.HasPrefix(name, "le ") || strings.HasPrefix(name, "la ") || strings.HasPrefix(name, "les ") || strings.HasPrefix(name, "l'")
}

// place is the noun of a territory of a level.
func place(level, name string, l lang.Lang) string {
	if l.Reads() != l {
		return said("place", level, name, l)
	}
	switch level {
	case "department", "region":
		a, known := articles()[name]
		switch {
		case l == lang.French && known:
			return a.noun
		case l == lang.English && (level == "department" || name == "Grand Est"):
			return "the " + name
		}
		return name
	case "epci":
		return intercommunality(name, l)
	case "arrondissement":
		if rest, said := strings.CutPrefix(name, "Arrondissement "); said {
			return texts.Say(l, "phrase.the_arrondissement", "name", rest)
		}
		if l == lang.French {
			return "l'arrondissement " + of(name, l)
		}
		return "the arrondissement of " + name
	}
	return name
}

// said is a territory in a language that is neither French nor English, as a
// message of its level has it.
func said(what, level, name string, l lang.Lang) string {
	switch level {
	case "epci":
		return texts.Say(l, "phrase."+what+"_epci", "name", name)
	case "department", "region":
		return texts.Say(l, "phrase."+what+"_"+level, "name", name)
	case "arrondissement":
		return texts.Say(l, "phrase."+what+"_arrondissement", "name", strings.TrimPrefix(name, "Arrondissement "))
	}
	return texts.Say(l, "phrase."+what+"_commune", "name", name)
}

// Begun has a noun begin as a message lists it: "die =der ;das =vom " after
// "von". One that begins otherwise stays as it is.
func Begun(name, list string) string {
	for pair := range strings.SplitSeq(list, ";") {
		from, to, ok := strings.Cut(pair, "=")
		if rest, begins := strings.CutPrefix(name, from); ok && from != "" && begins {
			return to + rest
		}
	}
	return name
}

// intercommunality is the noun of one: most bear the kind before their name.
func intercommunality(name string, l lang.Lang) string {
	first, _, _ := strings.Cut(name, " ")
	switch lang.Fold(first) {
	case "cc", "ca", "cu", "communaute", "metropole":
		return texts.Say(l, "phrase.the_community", "name", name)
	case "eurometropole":
		return texts.Say(l, "phrase.the_eurometropole", "name", name)
	}
	return name
}

// in says where: "à Metz", "au Ban-Saint-Martin", "en Moselle", "dans l'Aube".
func in(level, name string, l lang.Lang) string {
	switch {
	case l.Reads() != l:
		return said("in", level, name, l)
	case l != lang.French:
		return "in " + place(level, name, l)
	}
	if a, known := articles()[name]; known && (level == "department" || level == "region") {
		return a.in
	}
	switch level {
	case "commune", "":
		switch {
		case strings.HasPrefix(name, "Le "):
			return "au " + name[len("Le "):]
		case strings.HasPrefix(name, "Les "):
			return "aux " + name[len("Les "):]
		}
		return "à " + name
	}
	return "dans " + place(level, name, l)
}

// Named tells whether a value's name stands by itself in a sentence: in French,
// with its article.
func Named(name string, l lang.Lang) bool { return l != lang.French || articled(name) }

// OfNoun is a noun with its article after "de": "des dépenses".
func OfNoun(name string, l lang.Lang) string { return of(name, l) }

// of puts "de" before a noun, contracted and elided as French does: "du
// Ban-Saint-Martin", "d'Épernay", "de l'Aube", "des Vosges".
func of(name string, l lang.Lang) string {
	if l != lang.French {
		if own := Begun(name, texts.Say(l, "phrase.of_begins")); own != name {
			return own
		}
		return texts.Say(l, "phrase.of", "name", name)
	}
	switch {
	case strings.HasPrefix(name, "le "), strings.HasPrefix(name, "Le "):
		return "du " + name[len("le "):]
	case strings.HasPrefix(name, "les "), strings.HasPrefix(name, "Les "):
		return "des " + name[len("les "):]
	}
	return de(name)
}

// de is "de" or "d'" before a name that has no article to contract with.
func de(name string) string {
	first := lang.Fold(strings.TrimLeft(name, "*«\u00a0 "))
	if first != "" && strings.ContainsRune("aeiou", rune(first[0])) && !strings.HasPrefix(name, "«") {
		return "d'" + name
	}
	return "de " + name
}

// of is the whole noun after "de": "du Bas-Rhin et du Haut-Rhin".
func (n noun) of(l lang.Lang) string {
	if len(n) == 0 {
		return ""
	}
	if l == lang.English {
		return "of " + n.join(l)
	}
	parts := make(noun, len(n))
	for i, x := range n {
		parts[i] = of(x, l)
	}
	return parts.join(l)
}

// join lists names: "Metz, Nancy et Toul".
func (n noun) join(l lang.Lang) string {
	if len(n) < 2 {
		return strings.Join(n, "")
	}
	return strings.Join(n[:len(n)-1], ", ") + " " + texts.Say(l, "phrase.and") + " " + n[len(n)-1]
}
