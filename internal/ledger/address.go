package ledger

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"cigogne/internal/lang"
)

// Kinds of street after a house's number. Some are everyday words, too: those
// want a name with a capital (12 place Stanislas, not 12 places en crèche).
const (
	streets   = `rue|avenue|av|boulevard|boul|bd|bld|bvd|chemin|ch|impasse|imp|allée|allee|all|faubourg|fg|ruelle|venelle|sentier|sente|lotissement|chaussée|chaussee|esplanade|rond-point|lieu-dit`
	dotted    = `r\.` // 4 r. des Carmes
	ambiguous = `place|pl|cours|route|rte|passage|quai|square|cité|cite|résidence|residence|villa|promenade|hameau|montée|montee|côte|parvis|voie|domaine|clos|mail|traverse|carrefour`
)

var (
	house    = lazy(`(?i)(?:^|[^\p{L}\p{N}.,/-])(\d{1,4}(?:\s?/\s?\d{1,4})?\s?(?:bis|ter|quater|[a-h])?\s?,?\s*(?:(` + streets + `)\.?|(` + dotted + `|(?:` + ambiguous + `)\.?)))(?:[^\p{L}\p{N}]|$)`)
	initials = lazy(`^(?:[\s-]?[A-Z]\.)+`) // 12 rue A. Briand
	// abroad is 12 Baker Street.
	abroad = lazy(`\b\d{1,4}[A-Za-z]?,?\s+(?:[A-Z][\p{L}'’-]*\.?\s+){1,3}(?i:street|st|road|rd|avenue|ave|lane|drive|square|terrace)\b`)
	// high streets need no name: 101 Grand'Rue, 3 Grand-Place.
	high = lazy(`(?i)\b\d{1,4}\s?(?:bis|ter|[a-h])?,?\s+grande?(?:['’-]|\s)\s?(?:rue|place)\b`)
	// last is rue des Jardins 12, as in Luxembourg: with nothing after it that is counted.
	last = lazy(`\b(?i:` + streets + `)\s(?:(?:de|du|des|de la|de l'|d'|la|le|les)\s?)?\p{Lu}[\p{L}'’-]+(?:\s\p{Lu}[\p{L}'’-]+)*,?\s(?:n°\s?)?(\d{1,3}(?:\s?[a-h]\b)?)(?:\s?[,.;:?!)]|\s+(?:à|in|L-)|\s+\d{5}\b|$)`)
	// first is a German street with its number before it, as in Alsace: 4 Lindenallee.
	first = lazy(`\b\d{1,3}[a-h]?,?\s+(\p{Lu}\p{L}+(?:straße|strasse|gasse|allee|weg|platz)\b)`)
	// german is Hauptstraße 12, Am Stadtgraben 3, Lange Str. 5a: the number stands last.
	german = lazy(`(?:(?:Am|Zum|Zur|Im|An der|Bei der)\s(?:Markt|Marktplatz|Bahnhof|Rathaus|Kirche|Kirchplatz|Brunnen|Schloss|Schloß|Bach|Berg|Wald|Hof|Anger|Tor|Mühle|Sportplatz|Friedhof)|(?:(?:Am|An der|Im|In der|Zum|Zur|Auf der|Auf dem)\s+)?\p{Lu}[\p{L}-]*(?:(?:straße|strasse|gasse|allee|damm|ufer|graben|weg|ring|platz)|str\.?|\s(?:Straße|Strasse|Gasse|Allee|Weg|Platz|Str\.)))\s*(\d{1,3}(?:\s?[a-h]\b)?)(?:[^\p{L}\p{N}.,]|[.,](?:\D|$)|$)`)
	// numbered are German roads and places that are counted: Bundesstraße 51, Arbeitsplatz 3.
	numbered = lazy(`^(?:Bundes|Land|Landes|Kreis|Staats|Autobahn|Rad|Wander|Jakobs|Fern|Arbeits|Park|Stell|Lade|Ausbildungs|Studien|Kita|Kindergarten|Betreuungs|Sitz|Listen)(?:stra|weg|ring|platz)`)
)

// addresses finds postal addresses with a house's number; a street or a commune
// alone is nobody's.
func addresses(text string) (spans []span) {
	for _, m := range house().FindAllStringSubmatchIndex(text, -1) {
		if number := text[m[2]:m[3]]; len(number) > 4 && year(number[:4]) {
			continue // in 2019, avenue de Strasbourg
		}
		name := m[3] + len(initials().FindString(text[m[3]:]))
		if end := streetName(text, name, m[6] >= 0); end > name {
			spans = append(spans, span{m[2], end, address})
		}
	}
	for _, m := range german().FindAllStringSubmatchIndex(text, -1) {
		if numbered().MatchString(text[m[0]:m[1]]) {
			continue
		}
		spans = append(spans, span{m[0], m[3], address})
	}
	for _, m := range first().FindAllStringSubmatchIndex(text, -1) {
		if !numbered().MatchString(text[m[2]:m[3]]) {
			spans = append(spans, span{m[0], m[1], address})
		}
	}
	for _, m := range last().FindAllStringSubmatchIndex(text, -1) {
		spans = append(spans, span{m[0], m[3], address})
	}
	for _, m := range high().FindAllStringIndex(text, -1) {
		spans = append(spans, span{m[0], m[1], address})
	}
	for _, m := range abroad().FindAllStringIndex(text, -1) {
		spans = append(spans, span{m[0], m[1], address})
	}
	return spans
}

// particles stand within a street's name, titles begin one.
var (
	particles = words(`de du des d la le les l et en aux au a sur sous saint sainte st ste`)
	titles    = words(`general marechal docteur dr president capitaine colonel commandant professeur abbe jean pierre paul marie victor charles grand grande vieux vieille petit petite haut haute bas basse notre`)
	// squares are named so in every commune, with or without capitals: place du marché.
	squares = words(`marche eglise mairie gare republique liberte fontaine cathedrale ecole hotel halle foire poste temple chateau lavoir`)
	// after a name, these begin something else.
	after = words(`a combien quel quelle quels quelles quoi ou est sont pour dans chez depuis entre avec sans je j on il elle nous vous ils c ce cette habite habitons population nombre budget in how what where is are for near at and`)
)

func words(list string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(list) {
		m[w] = true
	}
	return m
}

// streetName gives where the name of a street ends that begins at a byte, or
// that byte where there is none. Written without capitals, it is one word beyond
// its particles and titles.
func streetName(text string, at int, capital bool) int {
	end, names := at, 0
	for _, word := range lang.Words(text[at:]) {
		start, stop := at+word.Start, at+word.End
		between := text[end:start]
		w := streetWordOf(word)
		switch {
		case strings.ContainsAny(between, ",;:?!.\n(") || stop-at > 80 || names == 4, w.ends(names):
			return settled(end, at, names)
		case particles[w.fold]:
			if names == 0 {
				continue
			}
			if !goesOn(text[stop:]) {
				return settled(end, at, names)
			}
			end = stop
		case capital && names == 0 && !w.upper && !squares[w.fold]:
			return at
		case titles[w.fold] && !w.upper:
			end = stop
		default:
			names++
			end = stop
		}
	}
	return settled(end, at, names)
}

// streetWord is a word that may be of a street's name.
type streetWord struct {
	fold  string
	upper bool // with a capital, or a day: rue du 8 mai
}

func streetWordOf(w lang.Word) streetWord {
	first, _ := utf8.DecodeRuneInString(w.Text)
	return streetWord{w.Fold, unicode.IsUpper(first) || unicode.IsDigit(first) && len(w.Text) <= 2}
}

// ends tells whether a word is none of a name that has so many words before it.
func (w streetWord) ends(names int) bool {
	return names > 0 && !w.upper && !particles[w.fold] || after[w.fold] && (w.fold != "a" || names > 0)
}

// goesOn tells whether a capital follows a particle.
func goesOn(rest string) bool {
	for _, w := range lang.Words(rest) {
		first, _ := utf8.DecodeRuneInString(rest[w.Start:])
		return unicode.IsUpper(first) || particles[w.Fold] && goesOn(rest[w.End:])
	}
	return false
}

func settled(end, at, names int) int {
	if names == 0 {
		return at
	}
	return end
}
