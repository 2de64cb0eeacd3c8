package rules

import (
	"slices"
	"strings"

	"cigogne/internal/lang"
)

// op is what a phrase of the question asks to do.
type op string

const (
	opStop       op = "stop" // carries nothing
	opCount      op = "count"
	opHowMuch    op = "howmuch" // "combien", "quel montant": a count or a sum, as what follows tells
	opSum        op = "sum"
	opAvg        op = "avg"
	opMedian     op = "median"
	opMax        op = "max"
	opMin        op = "min"
	opMost       op = "most"  // "le plus", "most": with an adjective or a measure
	opLeast      op = "least" // "le moins", "fewest"
	opFirst      op = "first"
	opLast       op = "last"
	opNext       op = "next"
	opPrevious   op = "previous"
	opShare      op = "share"
	opGrowth     op = "growth"    // "de combien a augmenté"
	opPercent    op = "percent"   // "en pourcentage"
	opEvolution  op = "evolution" // a figure a year
	opDifference op = "difference"
	opMinus      op = "minus"
	opCompare    op = "compare"
	opPerCapita  op = "percapita"
	opGroup      op = "group"
	opList       op = "list"
	opWhich      op = "which"
	opWho        op = "who"
	opWhen       op = "when"
	opWhere      op = "where"
	opDistinct   op = "distinct"
	opNot        op = "not"
	opMoreThan   op = ">"
	opLessThan   op = "<"
	opAtLeast    op = ">="
	opAtMost     op = "<="
	opEquals     op = "="
	opBetween    op = "between"
	opFrom       op = "from" // "de 2018 à 2020"
	opTo         op = "to"
	opSince      op = "since"
	opUntil      op = "until"
	opAfter      op = "after"
	opBefore     op = "before"
	opAnd        op = "and"
	opOr         op = "or"
	opAll        op = "all"     // "toutes années confondues"
	opMissing    op = "missing" // "sans valeur", "missing"
	opFilled     op = "filled"  // "renseignée": not empty, or empty where it is denied
	opRows       op = "rows"    // "lignes", "rows"
	opOnly       op = "only"
	opThan       op = "than" // "que la moyenne", "than X"
	opGoes       op = "goes" // the verb between a whole and its part: "va aux", "vit dans"
	opAnd2       op = "also" // opens a follow-up: "et", "and"

	// Over unannotated tables alone.
	opSort     op = "sort"
	opAsc      op = "asc"
	opDesc     op = "desc"
	opAlpha    op = "alpha"
	opCommon   op = "common" // the value of most rows
	opRare     op = "rare"
	opTimes    op = "times"
	opSame     op = "same"
	opContains op = "contains"
	opStarts   op = "starts"
	opOther    op = "other"
	opYesNo    op = "yesno"
	opExtent   op = "extent" // "how long", "how old": the adjective names the column
)

// phrase is an entry of the lexicon: folded words that are one operation.
type phrase struct {
	words []string
	op    op
}

// lexicon finds the operations of a language by their first word, longest
// phrase first.
type lexicon map[string][]phrase

// operations are the phrases of both languages, one operation a line. Both
// live in one lexicon: people mix them, and no phrase means two things.
var operations = []struct {
	op      op
	phrases string // separated by |
}{
	{opCount, "nb|cb de|cb d|nbre de|nbre d|combien de|combien d|nombre de|nombre d|nombres de|nb de|le nombre|nombre|how many|number of|count of|count|the number|total number of|amount of|quantite de|combien y a t il de|combien y a t il d|compter|decompte"},
	{opHowMuch, "combien|cb|how much|quel montant|quels montants|montant de|montants de|montant|le montant|quelle somme|what amount|a combien"},
	{opSum, "total|reunis|reunies|totale|totaux|totales|au total|en tout|somme|somme des|la somme|cumul|cumule|cumulee|cumules|cumulees|combined|altogether|sum|sum of|in total|overall|totals|global|globale|combined total"},
	{opAvg, "moyenne|moyen|moyens|moyennes|en moyenne|average|mean|averages|on average|avg|la moyenne"},
	{opMedian, "mediane|median|medians|medianes"},
	{opMax, "maximum|maximal|maximale|max|maximums|le maximum"},
	{opMin, "minimum|minimal|minimale|min|minimums|le minimum"},
	{opMost, "busiest|the busiest|le plus|la plus|les plus|plus grand nombre|plus grand nombre de|le plus de|le plus d|most|the most|plus gros|plus gros postes|plus grosses|plus grosse|plus grands|plus grandes|plus grand|plus grande|plus eleve|plus elevee|plus eleves|plus elevees|plus important|plus importante|plus importants|plus importantes|plus fort|plus forte|plus haut|plus haute|highest|greatest|largest|biggest|le plus grand|la plus grande|les plus grands|les plus grandes|le plus gros|les plus gros|la plus grosse|les plus grosses|le plus eleve|la plus elevee|les plus eleves|les plus elevees|le plus important|la plus importante|les plus importants|les plus importantes|le plus fort|la plus forte|le plus haut|la plus haute|most number of|greatest number of|highest number of|largest number of|the greatest|the highest|the largest|the biggest|top|record|en tete|arrive en tete|principaux|principales|principal|principale|most of|classement|classement des|classement de|ranking|ranking of|palmares"},
	{opLeast, "quietest|the quietest|le moins|la moins|les moins|le moins de|le moins d|fewest|least|lowest|smallest|the fewest|the least|the lowest|the smallest|plus petit|plus petite|plus petits|plus petites|plus faible|plus faibles|plus bas|plus basse|le plus petit|la plus petite|les plus petits|les plus petites|le plus faible|la plus faible|les plus faibles|le plus bas|la plus basse|least number of|fewest number of|lowest number of|smallest number of|least amount of|moins eleve|moins elevee"},
	{opFirst, "premier|premiere|premiers|premieres|first|earliest|the first|initial|1st|le premier|la premiere|les premiers|les premieres"},
	{opLast, "dernier|derniere|derniers|dernieres|last|latest|most recent|the last|the latest|final|le plus recent|la plus recente|plus recent|plus recente|le dernier|la derniere|les derniers|les dernieres|most recently"},
	{opNext, "suivant|suivante|next|right after|directly after|immediately after|comes after|listed after|came after|just after|following|below|listed below"},
	{opPrevious, "precedent|precedente|previous|right before|directly before|immediately before|comes before|listed before|came before|just before|above|listed above|prior to"},
	{opShare, "part|quelle part|la part|pourcentage|pourcentages|quel pourcentage|le pourcentage|percentage|percent|proportion|share|share of|proportion de|part de|part des|how many percent|poids demographique|repartition|la repartition|repartition de|poids"},
	{opGrowth, "grossit|grossissent|grossi|agrandit|agrandissent|retrecit|depeuple|depeuplent|depeuplee|depeuplees|grandit|grandissent|grandi|augmente|augmentent|augmentation|de combien ont augmente|de combien a augmente|croissance|hausse|baisse|baissent|diminue|diminuent|diminution|progresse|progression|recul|recule|croit|increase|increased|decrease|decreased|grow|grown|grew|growth|rise|risen|rose|fall|fallen|fell|drop|dropped|change|changed|gagne|gagnent|gagnes|gagnee|gagnees|perdu|perdus|perdue|perdues|en plus|en moins|perd|perdent|perdait|perdaient|lost|lose|loses|losing|gain|gains|gaining|growing|shrinking|shrinks|declining|gained|declined|shrunk|variation|taux de croissance|taux d evolution|taux d accroissement|growth rate|rate of growth"},
	{opPercent, "en pourcentage|en pour cent|en|in percent|in percentage|as a percentage"},
	{opEvolution, "evolution|l evolution|evolue|evoluent|evoluer|comment evolue|comment a evolue|comment ont evolue|au fil des ans|au fil du temps|over time|over the years|trend|year by year|annee par annee|an par an|par annee|par an|chaque annee|by year|per year|each year|every year|for each year|pour chaque annee|historique|par exercice|par millesime|tendance|evolved|evolve"},
	{opDifference, "difference|ecart|l ecart|la difference|difference between|ecart entre|de plus que|de moins que|more than did|how many more|how much more|how many fewer|how much less|how many less|combien de plus|combien de moins|solde|excedent|de plus a|de moins a|de plus en|de plus dans|de moins dans|deficit|balance|surplus|the balance|the surplus|the deficit|budget balance"},
	{opMinus, "moins|moins les|moins la|moins le|moins des|minus|less the"},
	{opCompare, "compare|comparee|comparees|compares|comparees a celles|comparee a celle|comparees a|comparee a|comparer|comparez|comparaison|comparison|versus|vs|par rapport a|par rapport aux|par rapport au|par rapport a la|par rapport a celui de|par rapport a celle de|comparee au|compare au|compares au|compare a|face a|face au|face aux|contre|compared|compared to|compared with"},
	{opPerCapita, "par habitant|par habitante|par tete|par habitants|per inhabitant|per capita|per head|per resident|per person|par personne"},
	{opGroup, "par|by|per|for each|for every|each|every|pour chaque|pour chacun des|pour chacune des|selon|selon le|selon la|selon les|dans chaque|de chaque|dans chacun des|dans chacune des|chaque|ventile par|ventiles par|ventilee par|grouped by|group by|in each|of each|broken down by|suivant le type|d apres le|detail par|detail par"},
	{opList, "detail des|detail de|le detail des|liste|liste des|lister|list|list of|donne|donner|donne moi|donnez|montre|montrer|montre moi|affiche|affiche moi|show|show me|give|give me|name|name the|enumere|find|return|tell me|quels sont|quelles sont|what are|which are|display|noms des|names of|cite|citer|citez"},
	{opWhich, "quel|quelle|quels|quelles|which|what|quel est|quelle est|what is|which is|what was|which was|what were|which were|laquelle|lequel|lesquels|lesquelles"},
	{opWho, "qui|who|whom|whose"},
	{opWhen, "quand|when|en quelle annee|quelle annee|what year|which year|in what year|in which year|what date|a quelle date|on what date|which date"},
	{opWhere, "c est ou|ou c est|se trouve ou|situe ou|se situe ou|ou se situe|ou se trouve|ou se trouvent|ou est|ou sont|where"},
	{opDistinct, "differents|differentes|distincts|distinctes|different|differente|distinct|unique|uniques|distinctly"},
	{opNot, "n a pas de|n ont pas de|n a pas d|n ont pas d|n ont aucune|n a aucune|n ont aucun|n a aucun|n ont eu aucun|n ont eu aucune|n a eu aucun|n a eu aucune|n ont recu aucun|n ont recu aucune|n a recu aucun|n a recu aucune|n ont accueilli aucun|n a accueilli aucun|had no|sans aucun|sans aucune|have no|has no|with no|hors|sauf|excepte|hormis|excluding|except|excluding the|not|sans|without|non|pas|never|ne pas|other than|autre que|autres que|en dehors de|a l exception de|aside from|besides|no|ni|sans compter|didn t|doesn t|isn t|don t|wasn t|weren t"},
	{opMoreThan, "les plus de|plus de|plus d|more than|over|greater than|higher than|superieur a|superieure a|superieurs a|superieures a|above|bigger than|larger than|exceeding|exceed|exceeds|exceeded|depasse|depassent|depassant|ont depasse|a depasse|older than|heavier than|longer than|taller than|better than|at more than|strictement plus de|supérieur|dépassant|upwards of|greater|heavier|larger|older|longer|taller|higher|bigger"},
	{opLessThan, "les moins de|moins de|moins d|less than|under|fewer than|lower than|smaller than|inferieur a|inferieure a|inferieurs a|inferieures a|younger than|shorter than|lighter than|worse than|en dessous de|au dessous de|sous les|en deca de|lesser than|younger|lighter|shorter|lower|smaller"},
	{opAtLeast, "au moins|at least|minimum de|d au moins|no less than|not less than|no fewer than|ou plus|or more|or higher|or greater|or above|et plus|and above|and more|or over"},
	{opAtMost, "au plus|at most|maximum de|d au plus|no more than|not more than|ou moins|or less|or fewer|or lower|or below|or under|up to|jusqu a"},
	{opEquals, "egal a|egale a|equal to|equals|exactly|exactement|de exactement"},
	{opBetween, "entre|between|compris entre|comprise entre|comprises entre|allant de"},
	{opSince, "depuis|since|a partir de|a compter de|starting in|starting from|from|des"},
	{opUntil, "jusqu en|jusqu|until|till|through|jusqu a"},
	{opAfter, "apres|after|posterieur a|posterieure a|later than"},
	{opBefore, "avant|before|anterieur a|anterieure a|earlier than"},
	{opAnd, "et|and|ainsi que|as well as|puis|both"},
	{opOr, "ou|or|ou bien|either"},
	{opAll, "toutes annees confondues|tous exercices confondus|toutes les annees|tous les ans|all years|in all years|across all years|toutes annees|tous les exercices|toutes sections confondues|tous secteurs confondus|toutes politiques confondues|toutes fonctions confondues|les deux sections|tous millesimes confondus|overall years|sur toute la periode|sur l ensemble de la periode"},
	{opMissing, "sans valeur|valeur manquante|valeurs manquantes|manquant|manquante|manquants|manquantes|missing|non renseigne|non renseignee|non renseignes|vide|vides|n a pas de|n ont pas de|n a pas d|n ont pas d|n ont aucune|n a aucune|n ont aucun|n a aucun|n ont eu aucun|n ont eu aucune|n a eu aucun|n a eu aucune|n ont recu aucun|n ont recu aucune|n a recu aucun|n a recu aucune|n ont accueilli aucun|n a accueilli aucun|had no|sans|sans aucun|sans aucune|have no|has no|with no|unknown|inconnue|inconnu"},
	{opFilled, "renseigne|renseignee|renseignes|renseignees|est renseigne|est renseignee|sont renseignes|sont renseignees|filled in"},
	{opRows, "lignes|ligne|rows|row|entries|enregistrements|records listed|enregistrement|entrees"},
	{opOnly, "seulement|uniquement|only|just|rien que|exclusivement|solely"},
	{opThan, "than|que la|que le|que l|que"},
	{opGoes, "va|vont|vient|viennent|provient|proviennent|vit|vivent|habite|habitent|consacre|consacree|consacrees|consacres|allait|allaient|represente|representent|pese|pesent|sert|vivant|vivants|living|revient|reviennent|goes|go|lives|live|went|spent on|dans"},
}

// stopWords carry nothing by themselves, folded, in both languages.
var stopWords = wordSet(`
	how appelle appellent appelees nomme nomment nommees called named s'appelle
	a à au aux avec c ce ceci cela ces cet cette d de des du dans en est et etait etaient ete etre eu il ils elle elles j je l la le les leur leurs lui
	m me moi mon ma mes n ne notre nos nous on par pour qu que s sa se ses si son sont sur t ta te tes toi ton tu un une votre vos vous y
	ont ai as avons avez avions aviez sommes etes avait avaient avoir fut furent soit fait font faire fit eux dont lors pendant durant vers chez
	est-ce ya existe existent exister compte comptent comptait comptaient comporte comportent contient contiennent recense recenses recensees recensee trouve trouvent situe situee situes situees
	maintenant actuellement nowadays currently
	merci svp stp bonjour salut please hello hi thanks thank dis dire dites savoir voudrais veux peux peut peuvent pouvez puis connaitre aimerais cherche chercher besoin
	the a an of in on at for to with from as is are was were be been being do does did has have had having it its it s that this these those there their they them
	he she his her him i you we our us your my me will would can could should may might
	than then so also any some all if while during within into onto upon
	exist exists existing listed list shown appear appears appeared according table chart page dataset data donnees tableau record recorded
	belong belongs belonging appartient appartiennent appartenir font partie
	question answer reponse quoi tout toute tous toutes chacun chacune environ about approximately
	cet cette ceux celle celles celui meme memes same
	produced made had got get gets take takes took taken went go come came comes used use
	sein niveau cas lieu titre compris comprises y compris
	mais periode period souhaite souhaites souhaitons souhaiterais pourriez pourrais pourrait indiquer indiquez plait veuillez voulais voulait vouloir entier entiere
	liee liees lies relatif relatifs relative relatives composent compose forment constituent regroupe regroupent
	annuel annuelle annuels annuelles yearly annual
	suis vis stp dis
`)

func wordSet(s string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(s) {
		for _, f := range strings.Fields(lang.Fold(w)) {
			set[f] = true
		}
	}
	return set
}

// ordinals are the places people write in letters or short.
var ordinals = map[string]int{
	"deuxieme": 2, "second": 2, "seconde": 2, "troisieme": 3, "quatrieme": 4, "cinquieme": 5, "2nd": 2, "3rd": 3, "4th": 4, "5th": 5, "third": 3, "fourth": 4, "fifth": 5, "2e": 2, "3e": 3,
}

// multipliers scale the number before them.
var multipliers = map[string]float64{
	"mille": 1e3, "millier": 1e3, "milliers": 1e3, "million": 1e6, "millions": 1e6, "milliard": 1e9, "milliards": 1e9, "thousand": 1e3, "billion": 1e9, "billions": 1e9, "k": 1e3, "m": 1e6, "md": 1e9, "k€": 1e3,
}

// bareOperations are read over unannotated tables alone, beside the others.
var bareOperations = []struct {
	op      op
	phrases string
}{
	{opSort, "order by|ordered by|sorted by|sort by|sorted in|ordered in|in order of|in the order of|arranged by|trie par|tries par|triees par|classe par|classes par|classees par|par ordre de|dans l ordre de"},
	{opAsc, "ascending|ascending order|in ascending order|in ascending order of|increasing|increasing order|croissant|par ordre croissant|ordre croissant|from smallest to largest|from lowest to highest|in ascending alphabetical order"},
	{opDesc, "descending|descending order|in descending order|in descending order of|decreasing|decreasing order|decroissant|par ordre decroissant|ordre decroissant|from largest to smallest|from highest to lowest|in reverse order|reverse alphabetical order"},
	{opAlpha, "alphabetical order|in alphabetical order|alphabetically|sorted alphabetically|par ordre alphabetique|ordre alphabetique|in lexicographical order|in lexicographic order"},
	{opCommon, "most common|most frequent|most popular|most often|most frequently|most commonly|most featured|most listed|most used|le plus frequent|la plus frequente|les plus frequents|le plus courant|le plus donne|la plus donnee|les plus donnes|le plus souvent|le plus porte|les plus portes|le plus attribue|les plus attribues|le plus choisi|les plus choisis|le plus populaire|les plus populaires|la plus repandue|le plus repandu|the most times|the most number of times|most times|plus frequent|plus frequents|most prevalent|the most common|the most frequent|the most popular|the most often"},
	{opRare, "least common|least frequent|least popular|least often|least used|le moins frequent|le moins donne|le moins courant|les moins donnes"},
	{opTimes, "times|fois|combien de fois|how many times|number of times|how many different times|occurrences|occasions|how often"},
	{opAtMost, "no later than|not later than|no higher than|no greater than|not higher than|not greater than|no earlier than nor|au plus tard en"},
	{opAtLeast, "no earlier than|not earlier than|no lower than|not lower than|no sooner than|au plus tot en"},
	{opMost, "larger amount of|greater amount of|higher amount of|bigger number of|bigger amount of|largest amount of|highest amount of|the largest amount of|the highest amount of"},
	{opLeast, "smaller amount of|lower amount of|smaller number of|lower number of|smallest amount of|lowest amount of"},
	{opCommon, "more often|more times|more frequently|the majority of"},
	{opAnd, "but"},
	{opSame, "same|the same|meme|memes|la meme|le meme|les memes"},
	{opContains, "contain|contains|containing|include the|includes the text|includes|with the letter|contain the letter|contains the letter|contain the substring|contain the word|containing the word|with the word|with the substring|contain the letters|contenant|contient|contiennent|comprenant|whose text contains|have the substring|has the substring|containing the letter|with the string|including"},
	{opStarts, "start with|starts with|starting with|begin with|begins with|beginning with|commencant par|commencent par|commence par|starts with the letter|begin with the letter|start with the letter|dont le nom commence par"},
	{opOther, "other|another|autre|autres|else|other than|besides|aside from|apart from"},
	{opYesNo, "est il|est elle|sont ils|sont elles|a t il|a t elle|ont ils|ont elles|y a t il|existe t il|is|are|was|were|did|does|do|has|have|est ce que|true or false"},
	{opExtent, "how long|how old|how tall|how high|how deep|how far|how fast|how heavy|how big|how large|how wide"},
	{opCount, "numbers of|the numbers of|count|count the number of|count the|find the number of|total number of|what is the number of|total amount of|amount|count how many|compte|how many total|how many number of|total number|how many of these|how many of the|combien de|the count of|what is the count of"},
	{opGroup, "for each|in each|of each|each|every|by each|per each|each of the|for every|for all the different|for different|by the|for all different|each different|across all the different"},
	{opSum, "combined total|sum total|in all|the sum of|the total|combined|together|total de|somme totale"},
	{opMost, "best|top|greater number of|more|largest number|highest number|most amount of|larger number of|higher number of|greatest amount of|more number of"},
	{opLeast, "worst|fewer|less|lesser|least amount|least number|smallest number|lowest number"},
	{opMost, "top"},
	{opFirst, "earlier|sooner|came first|at the top of|first listed|listed first|top of the list|top of the table|first ever|oldest listed"},
	{opLast, "later|listed last|last listed|bottom of the list|bottom of the table|at the bottom of|recent|newest"},
	{opAfter, "succeeded|follows|followed|right after|immediately after|directly after|just after|comes after|came after|next after|after the|listed after|directly below|immediately below|right below|listed below|listed directly below|listed directly after|listed immediately after|listed right after|below|previous to last|following"},
	{opBefore, "preceded|precedes|prior to|previous to|right before|immediately before|directly before|just before|comes before|came before|before the|listed before|directly above|immediately above|right above|listed above|listed directly above|listed directly before|listed immediately before|listed right before|above|preceding"},
	{opDifference, "how many more|how many less|how many fewer|how much more|how much less|how much longer|how much higher|how much larger|how much farther|how much older|how much taller|how much bigger|the difference|difference in|difference of|difference between"},
}

func newLexicon(bare bool) lexicon {
	lex := lexicon{}
	all := operations
	if bare {
		all = slices.Concat(operations, bareOperations)
	}
	for _, o := range all {
		for _, p := range strings.Split(o.phrases, "|") {
			words := strings.Fields(lang.Fold(p))
			if len(words) == 0 {
				continue
			}
			if !slices.ContainsFunc(lex[words[0]], func(p phrase) bool { return p.op == o.op && slices.Equal(p.words, words) }) {
				lex[words[0]] = append(lex[words[0]], phrase{words: words, op: o.op})
			}
		}
	}
	return lex
}

// match returns the operations that start at the first of the folded words,
// with how many words each takes.
func (lex lexicon) match(words []string) []phrase {
	var found []phrase
	for _, p := range lex[words[0]] {
		if len(p.words) <= len(words) && equal(p.words, words[:len(p.words)]) {
			found = append(found, p)
		}
	}
	return found
}

func equal(a, b []string) bool {
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}
