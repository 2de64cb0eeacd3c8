package assistant

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"cigogne/internal/answer"
	"cigogne/internal/lang"
	"cigogne/internal/search"
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

// Other questions about the catalogue, by how they open.
var (
	counting   = []string{"combien de jeux de donnees", "combien de datasets", "combien avez vous de jeux de donnees", "combien y a t il de jeux de donnees", "nombre de jeux de donnees", "how many datasets", "how many data sets", "number of datasets"}
	publishing = []string{"qui publie des donnees", "qui publie", "quels producteurs", "quels editeurs", "quels sont les producteurs", "quels organismes publient", "who publishes data", "who publishes", "which publishers", "what publishers"}
	novelties  = []string{"quoi de neuf", "quoi de nouveau", "nouveautes", "quelles nouveautes", "quelles sont les nouveautes", "qu est ce qui est nouveau", "quels sont les nouveaux jeux de donnees", "derniers jeux de donnees", "dernieres donnees", "what s new", "what is new", "whats new", "new datasets", "latest datasets"}
	overdue    = []string{"quels jeux de donnees sont perimes", "quels jeux de donnees ne sont pas a jour", "quelles donnees ne sont pas a jour", "quelles donnees sont perimees", "donnees perimees", "jeux de donnees perimes", "qu est ce qui n est pas a jour", "qu est ce qui est perime", "which datasets are out of date", "what is out of date", "which data are out of date", "out of date datasets", "stale datasets"}
)

const listed = 10 // datasets named in an answer

// catalogue answers a question about the catalogue itself, and tells whether it
// was one.
func (as *Assistant) catalogue(ctx context.Context, text string, a *answer.Answer) (done bool, err error) {
	x, err := as.library.Index(ctx)
	if err != nil || x == nil {
		return false, err
	}
	if _, ok := catalogueQuestion(text, overdue); ok {
		list := x.List(search.Filter{StaleAt: as.now()})
		return true, as.listings(list, a, "%d jeux de données sont en retard sur la fréquence qu'ils déclarent :", "%d datasets are overdue by the frequency they declare:", "Aucun jeu de données n'est en retard sur la fréquence qu'il déclare.", "No dataset is overdue by the frequency it declares.")
	}
	if _, ok := catalogueQuestion(text, novelties); ok {
		list := x.List(search.Filter{Modified: as.now().AddDate(0, -1, 0)})
		return true, as.listings(list, a, "%d jeux de données nouveaux ou modifiés depuis un mois :", "%d datasets new or changed within a month:", "Aucun jeu de données nouveau ou modifié depuis un mois.", "No dataset is new or changed within a month.")
	}
	if topic, ok := catalogueQuestion(text, publishing); ok {
		return true, as.publishers(ctx, x, topic, a)
	}
	if topic, ok := catalogueQuestion(text, counting); ok && topic == "" {
		a.Kind = answer.KindText
		a.Text = fmt.Sprintf(a.Lang.Pick("Le catalogue tient %s jeux de données.", "The catalogue holds %s datasets."), lang.FormatNumber(float64(x.Len()), 0, a.Lang))
		return true, nil
	} else if ok {
		return true, as.datasets(ctx, topic, a)
	}
	if topic, ok := catalogueQuestion(text, openings); ok && topic != "" {
		return true, as.datasets(ctx, topic, a)
	}
	return false, nil
}

// listings names the first of a list of datasets, and says how many there are.
func (as *Assistant) listings(list []search.Listing, a *answer.Answer, fr, en, noneFR, noneEN string) error {
	list = slices.DeleteFunc(list, func(d search.Listing) bool { return as.library.Replaced(d.ID) })
	if len(list) == 0 {
		a.Kind, a.Text = answer.KindText, a.Lang.Pick(noneFR, noneEN)
		return nil
	}
	a.Kind = answer.KindDatasets
	for _, d := range list[:min(listed, len(list))] {
		a.Datasets = append(a.Datasets, answer.Dataset{ID: d.ID, Name: d.Name, Title: d.Title, Publisher: d.Publisher, URL: d.URL})
	}
	a.Text = fmt.Sprintf(a.Lang.Pick(fr, en), len(list)) + answer.Links(a.Datasets, a.Lang)
	if len(list) > listed {
		a.Text += fmt.Sprintf(a.Lang.Pick("\n… et %d autres.", "\n… and %d more."), len(list)-listed)
	}
	return nil
}

// publishers says who publishes, on a subject or at all.
func (as *Assistant) publishers(ctx context.Context, x *search.Index, topic string, a *answer.Answer) error {
	a.Kind = answer.KindText
	var names []string
	if topic == "" {
		for _, p := range x.Publishers(search.Filter{}) {
			if p.Value != "" && len(names) < listed {
				names = append(names, fmt.Sprintf("%s (%d)", p.Value, p.Datasets))
			}
		}
	} else {
		found, err := as.library.Search(ctx, search.Query{Text: topic, Limit: 50}, a.Lang)
		if err != nil {
			return fmt.Errorf("search: %w", err)
		}
		for _, d := range found {
			if d.Publisher != "" && !slices.Contains(names, d.Publisher) && len(names) < listed {
				names = append(names, d.Publisher)
			}
		}
	}
	if len(names) == 0 {
		a.Kind = answer.KindRefusal
		a.Text = a.Lang.Pick("Je ne trouve aucun producteur sur ce sujet.", "I find no publisher on this subject.")
		return nil
	}
	a.Text = a.Lang.Pick("Publient à ce sujet : ", "Publishers on this: ") + strings.Join(names, ", ") + "."
	return nil
}

func (as *Assistant) datasets(ctx context.Context, topic string, a *answer.Answer) error {
	found, err := as.library.Search(ctx, search.Query{Text: topic, Limit: listed, Fold: true}, a.Lang)
	if err != nil {
		return fmt.Errorf("search: %w", err)
	}
	if len(found) == 0 {
		a.Kind = answer.KindRefusal
		a.Text = a.Lang.Pick("Je ne trouve aucun jeu de données sur ce sujet dans le catalogue. Essayez d'autres mots, ou cherchez sur https://www.datagrandest.fr ou https://www.data.gouv.fr.", "I find no dataset on this subject in the catalogue. Try other words, or look at https://www.datagrandest.fr or https://www.data.gouv.fr.")
		return nil
	}
	a.Kind, a.Datasets = answer.KindDatasets, found
	a.Text = a.Lang.Pick("Les jeux de données les plus proches :", "The nearest datasets:") + answer.Links(found, a.Lang)
	return nil
}

// catalogueQuestion tells whether a question asks which datasets there are, and
// gives its subject.
func catalogueQuestion(text string, openings []string) (topic string, ok bool) {
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
			return "", true
		}
		return strings.TrimSpace(strings.TrimRight(text[words[i].Start:], " ?!.")), true
	}
	return "", false
}
