package assistant

import (
	"slices"
	"strings"

	"cigogne/internal/answer"
	"cigogne/internal/lang"
	"cigogne/internal/plan"
	"cigogne/internal/texts"
)

// direction contradicts a question that takes for a fall what rose, or the
// other way round: "de combien a-t-elle baissé" of a population that grew.
func direction(out plan.Outcome, a *answer.Answer) {
	if len(a.Figures) == 0 || !answer.Change(out.Plan, out.Candidate.Table) {
		return
	}
	var fall, rise bool
	for _, w := range lang.Words(a.Question) {
		begins := func(b string) bool { return strings.HasPrefix(w.Fold, b) }
		fall = fall || slices.ContainsFunc(said().Falls, begins)
		rise = rise || slices.ContainsFunc(said().Rises, begins)
	}
	switch v := a.Figures[0].Value; {
	case fall && !rise && v > 0:
		a.Caveats = append(a.Caveats, texts.Say(a.Lang, "assistant.this_is_rise_not_fall"))
	case rise && !fall && v < 0:
		a.Caveats = append(a.Caveats, texts.Say(a.Lang, "assistant.this_is_fall_not_rise"))
	}
}
