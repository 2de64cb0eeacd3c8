package assistant

import (
	"cigogne/internal/answer"
	"cigogne/internal/answer/phrase"
	"cigogne/internal/plan"
	"cigogne/internal/texts"
)

// direction contradicts a question that takes for a fall what rose, or the
// other way round: "de combien a-t-elle baissé" of a population that grew.
func direction(out plan.Outcome, a *answer.Answer) {
	if len(a.Figures) == 0 || !answer.Change(out.Plan, out.Candidate.Table) {
		return
	}
	if phrase.Polar(a.Question) && a.Spoken() {
		return // it was told no
	}
	fall, rise := phrase.Direction(a.Question)
	switch v := a.Figures[0].Value; {
	case fall && !rise && v > 0:
		a.Caveats = append(a.Caveats, texts.Say(a.Lang, "assistant.this_is_rise_not_fall"))
	case rise && !fall && v < 0:
		a.Caveats = append(a.Caveats, texts.Say(a.Lang, "assistant.this_is_fall_not_rise"))
	}
}
