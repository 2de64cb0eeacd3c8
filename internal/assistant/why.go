package assistant

import (
	"strings"

	"cigogne/internal/answer"
	"cigogne/internal/lang"
	"cigogne/internal/texts"
)

// whys ask how the last figure came about, folded.
var whys = []string{
	"pourquoi", "pourquoi ce chiffre", "d ou vient ce chiffre", "d ou vient le chiffre", "d ou ca vient", "d ou viennent ces chiffres", "d ou sort ce chiffre", "quelle est la source", "quelle source", "source", "sources", "la source",
	"comment as tu calcule", "comment avez vous calcule", "comment est ce calcule", "comment c est calcule", "explique", "explique moi", "explique ce chiffre", "expliquez", "quelle requete", "montre la requete", "montre le sql", "sql", "tu es sur", "es tu sur", "vraiment",
	"why", "why this figure", "where does this figure come from", "where does this come from", "where does that come from", "where do these figures come from", "what is the source", "what s the source", "how did you compute this", "how was this computed", "how is this computed", "explain", "explain this", "explain this figure", "show the query", "show the sql", "are you sure", "really",
}

// why answers a question about the last answer, and tells whether it was one.
func why(text string, last *answer.Answer, a *answer.Answer) bool {
	folded := strings.TrimPrefix(strings.TrimPrefix(lang.Fold(text), "et "), "and ")
	asked := false
	for _, w := range whys {
		asked = asked || folded == w
	}
	if !asked || last == nil {
		return false
	}
	l := a.Lang
	a.Kind = answer.KindText
	a.Plan, a.SQL, a.Explanation, a.Sources, a.Assumptions, a.Caveats = last.Plan, last.SQL, last.Explanation, last.Sources, last.Assumptions, last.Caveats
	a.Text = texts.Say(l, "assistant.to") + last.Question + texts.Say(l, "assistant.i_answered_with_this_computation") + " " + last.Explanation + ".\n\n```sql\n" + last.SQL + "\n```"
	answer.Finish(a)
	return true
}
