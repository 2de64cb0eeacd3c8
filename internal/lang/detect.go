package lang

// The function words of each language, and the commonest words of questions,
// folded, that the other does not have.
var (
	frenchWords  = wordSet("le la les un une des du de d l au aux et en dans par pour sur avec sans est sont a ont quel quelle quels quelles combien comment pourquoi qui que quoi ou depuis entre selon chaque plus moins ce cette ces ses son sa leur leurs y il elle ils elles je tu nous vous se ne pas t quand donne donnez montre liste nombre taux part evolution habitants seulement depense depenses recette recettes ville villes annee annees moyenne hors sauf compare recettes croissance")
	englishWords = wordSet("the a an of in on for by with from is are was were be did does do has have had how many much what which who whom whose where when why and or to than more less most least there their its it this that these those each per give show list between since at not only all name top number spending spend spent income receipts revenue inhabitants people year years town towns city cities growth rate highest lowest largest smallest share average increase decrease department departments school schools find search dataset datasets minus versus only hello hi hey thanks thank please help bye goodbye you your i my last year ago")
)

func wordSet(s string) map[string]bool {
	set := map[string]bool{}
	for _, w := range Words(s) {
		set[w.Fold] = true
	}
	return set
}

// Detect tells which language a question is written in. Function words decide;
// accents and elisions break ties; French is the answer where nothing does.
func Detect(s string) Lang {
	fr, en := 0, 0
	for _, w := range Words(s) {
		if frenchWords[w.Fold] {
			fr++
		}
		if englishWords[w.Fold] {
			en++
		}
	}
	for _, r := range s {
		switch r {
		case 'é', 'è', 'ê', 'à', 'ù', 'ç', 'î', 'ô', 'û', 'œ':
			fr++ // names carry accents into English too, so this weighs as one word each
		}
	}
	if en > fr {
		return English
	}
	return French
}
