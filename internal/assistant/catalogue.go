package assistant

import (
	"strings"

	"cigogne/internal/lang"
)

// openings begin a question about the catalogue itself; what follows is its subject.
var openings = []string{
	"quels jeux de donnees", "quels sont les jeux de donnees", "quel jeu de donnees", "jeux de donnees", "jeu de donnees", "quelles donnees", "quelles sont les donnees", "y a t il des donnees", "y a t il un jeu de donnees",
	"avez vous des donnees", "as tu des donnees", "avez vous quelque chose", "as tu quelque chose", "qu avez vous", "qu as tu", "qu est ce que vous avez", "trouve des donnees", "cherche des donnees", "je cherche des donnees", "des donnees",
	"ou trouver des donnees", "ou trouver les donnees", "ou puis je trouver des donnees",
	"which datasets", "what datasets", "which data", "what data", "datasets", "dataset", "do you have data", "do you have any data", "is there data", "is there any data", "what do you have", "find data", "where can i find data", "any data",
}

// between a subject and its opening.
var connectors = map[string]bool{"parlent": true, "parle": true, "traitent": true, "concernent": true, "concernant": true, "sur": true, "a": true, "propos": true, "de": true, "du": true, "des": true, "d": true, "l": true, "la": true, "le": true, "les": true,
	"avez": true, "vous": true, "as": true, "tu": true, "disponibles": true, "existe": true, "existent": true, "t": true, "il": true, "y": true, "au": true, "sujet": true, "on": true, "about": true, "are": true, "there": true, "do": true, "you": true, "have": true, "for": true, "the": true, "of": true, "available": true, "covering": true, "cover": true, "portant": true, "relatifs": true, "relatives": true, "aux": true, "en": true, "rapport": true, "avec": true, "qui": true, "talk": true, "that": true, "which": true}

// catalogueQuestion tells whether a question asks which datasets there are, and
// gives its subject.
func catalogueQuestion(text string, l lang.Lang) (topic string, ok bool) {
	words := lang.Words(text)
	var folds []string
	for _, w := range words {
		folds = append(folds, w.Fold)
	}
	joined := strings.Join(folds, " ") + " "
	for _, o := range openings {
		if !strings.HasPrefix(joined, o+" ") {
			continue
		}
		i := len(strings.Fields(o))
		for i < len(words) && connectors[words[i].Fold] {
			i++
		}
		if i == len(words) {
			return "", false
		}
		return strings.TrimSpace(strings.TrimRight(text[words[i].Start:], " ?!.")), true
	}
	return "", false
}
