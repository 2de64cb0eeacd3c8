package search

import (
	"slices"
	"strings"

	"cigogne/internal/lang"
	"cigogne/internal/territory"
)

// A question has words that say little of its subject though few datasets hold
// them, so that their rarity in the catalogue would make them decide: verbs of
// everyday speech, numbers, the country itself, names of communes. They are
// asked for all the same, and weigh less.

const (
	verbScale    = 0.4
	countryScale = 0.15
	placeScale   = 0.6
	fieldScale   = 0.2 // of the name of a place that datasets are known to be about: its field counts
)

// verbs are those of everyday speech (the first ones of any frequency list of
// French or English), in the forms that questions have. Those that are subjects of
// public data are left out (voter, travailler, naître, mourir, habiter, louer).
var verbs = foldSet(`
accepter acheter achete achetent achetes aider aiment aimer appartenir appartient appartiennent appeler appelle appellent apprendre arriver arrive arrivent attendre
augmenter augmente augmentent avance avancer baisser baisse baissent bouge bouger change changer changent chercher choisir choisit choisissent circule circulent circuler
commencer commence compter compte comptent comprendre concerner concerne concernent connaitre connait connaissent conduit contenir contient contiennent continuer couter coute coutent
croire crois croit croient decider decide decident demander demande demandent depasse depassent depenser devenir devient deviennent dire dit disent dirige dirigent diriger disposer dispose disposent
donner donne donnent durer dure durent effectuer effectue effectuent empecher entendre entrer envoyer envoie espere essayer eviter evolue evoluent evoluer exister expliquer
finir fixer fixe fixent fonctionner fonctionne fonctionnent frequente frequentent frequenter gagner gagne gagnent garantir garantissant garder gerer gere gerent
identifier interesser jouer joue jouent laisser lancer lance lire manquer manque manquent marcher marche mettre met mettent mis mise misent monter montrer montre montrent
nommer obtenir obtient obtiennent occuper occupe occupent offrir offre offrent oublier ouvrir ouvert ouverte ouvrent paraitre parait parler passer passe passent passes passee passees payer paie paient penser pense pensent perdre perd perdent permettre permet permettent
plaire porter porte portent posseder possede possedent pouvoir preferer prefere preferent prendre prend prennent prevoir prevoit propose proposent proposer quitter quitte quittent raconter recenser recense recenses recensees recevoir recoit recoivent regarder
rencontrer rendre rendu rentrer repartir repartis reparti repartissent rester reste restent reussir revenir savoir sait savent sentir servir sert servent situer situe situes situee situees sortir suivre suit suivent
tenir tient tiennent tomber tombe tombent toucher touche touchent tourner trouver trouvent trouve utiliser utilise utilisent valoir vaut valent vendre vend vendent venir vient viennent viens vivre vit vivent voir vois voit voient vouloir veut veulent
buy buys come comes cost costs get gets give gives go goes keep know knows live lives lived living look make makes own owns pay pays receive receives run runs say says see sell sells spend spends take takes tell use uses used using work works
`)

// country are the names of the country and of its people: what covers it all.
var country = foldSet("france francais francaise francaises national nationale nationaux nationales french nationwide pays")

// weights are what each token counts for in a question.
func weights(text string, ts []token, places []Place) []float32 {
	out := make([]float32, len(ts))
	for _, p := range places {
		name := strings.Fields(lang.Fold(p.Name))
		for i := range ts {
			if slices.Contains(name, ts[i].fold) {
				out[i] = fieldScale
			}
		}
	}
	for i := range ts {
		switch t := ts[i]; {
		case out[i] != 0: // in a place's name
		case country[t.fold]:
			out[i] = countryScale
		case verbs[t.fold] && t.text == strings.ToLower(t.text), strings.Trim(t.fold, "0123456789") == "":
			out[i] = verbScale
		default:
			out[i] = 1
			for j := range communeAt(text, ts[i:]) {
				out[i+j] = placeScale
			}
		}
	}
	return out
}

// communeAt tells how many tokens from the first make the name of a commune of
// France: written with capitals, as people write names.
func communeAt(text string, ts []token) int {
	for n := min(5, len(ts)); n > 0; n-- {
		name := text[ts[0].start:ts[n-1].end]
		if first := ts[0].text; first == strings.ToLower(first) || ts[0].start == 0 && n == 1 {
			return 0
		}
		if last := ts[n-1].text; n > 1 && last == strings.ToLower(last) || strings.ContainsAny(name, ".,;:!?()") {
			continue
		}
		for _, p := range territory.France().Named(lang.Fold(name)) {
			if p.Level == "commune" {
				return n
			}
		}
	}
	return 0
}
