package assistant

import "testing"

// Small talk is answered as such only where nothing else is asked.
func TestIntentOf(t *testing.T) {
	for text, want := range map[string]intent{
		"bonjour": intentGreeting, "Bonjour à tous !": intentGreeting, "merci beaucoup, c'est très clair": intentThanks, "hello": intentGreeting,
		"aide": intentHelp, "bonjour, que sais-tu faire ?": intentHelp, "what can you do?": intentHelp,
		"tu es qui ?": intentWho, "d'où viennent tes données ?": intentOrigins, "tu peux te tromper ?": intentDoubt,
		"t'es con ou quoi": intentInsult, "va te faire foutre": intentInsult, "au revoir et merci": intentFarewell,

		"bonjour, combien d'habitants à Metz ?":             "",
		"merci de me donner la population de Nancy":         "",
		"aide publique au développement en 2019":            "",
		"Combien la Région a-t-elle dépensé en aides ?":     "",
		"quelle est la commune la plus pourrie ?":           "",
		"hello, how many inhabitants in Metz?":              "",
		"d'où viennent les recettes de la Région en 2020 ?": "",
	} {
		if got, _ := intentOf(text); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

func TestDefinedWord(t *testing.T) {
	for text, want := range map[string]string{
		"c'est quoi un EPCI ?": "EPCI", "un PPRi c'est quoi": "PPRi", "qu'est-ce qu'une opération d'ordre ?": "opération d'ordre", "que veut dire M57 ?": "M57",
		"définition de millésime": "millésime", "What is an EPCI?": "EPCI", "what does DCAT mean?": "DCAT", "bonjour, c'est quoi le SCoT ?": "SCoT",
		"population de Metz": "", "C'est quoi ?": "",
	} {
		if got, _ := definedWord(text); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}
