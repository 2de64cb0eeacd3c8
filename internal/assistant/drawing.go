package assistant

import (
	"slices"
	"strings"

	"cigogne/internal/answer"
	"cigogne/internal/answer/chart"
	"cigogne/internal/lang"
	"cigogne/internal/texts"
)

// drawings are the words that ask for a chart, folded, longest first.
var drawings = []string{
	"sous la forme d un graphique", "sous forme de graphique", "sous forme graphique", "dans un graphique", "avec un graphique", "en graphique", "en graphe", "en courbe", "en histogramme", "en diagramme", "sur une carte", "en carte",
	"in the form of a chart", "in a chart", "as a bar chart", "as a line chart", "as a chart", "as a graph", "as a plot", "on a map", "as a map", "with a chart",
}

// redrawings ask for a chart where they are all that is said.
var redrawings = []string{
	"montre moi un graphique", "montre un graphique", "montre le graphique", "montre moi le graphique", "fais un graphique", "fais moi un graphique", "trace le graphique", "trace un graphique", "dessine le graphique", "dessine un graphique", "un graphique", "le graphique", "graphique", "et le graphique",
	"fais moi une carte", "fais une carte", "montre moi une carte", "montre une carte", "montre la carte", "dessine une carte", "trace une carte", "une carte", "la carte", "carte", "et la carte", "et sur une carte",
	"show me a chart", "show me the chart", "show a chart", "show the chart", "draw a chart", "draw the chart", "draw it", "plot it", "a chart", "the chart", "chart please", "chart", "graph it", "and a chart",
	"make me a map", "make a map", "show me a map", "show me the map", "show a map", "draw a map", "a map", "the map", "map",
}

// drawn takes the words that ask for a chart off the end of a question, and
// tells whether there were any.
func drawn(text string) (rest string, wanted bool) {
	if slices.Contains(redrawings, lang.Fold(text)) {
		return "", true
	}
	words := lang.Words(text)
	if rest, wanted := drawnFirst(text, words); wanted {
		return rest, true
	}
	for _, d := range drawings {
		n := len(strings.Fields(d))
		if n > len(words) {
			continue
		}
		var folded []string
		for _, w := range words[len(words)-n:] {
			folded = append(folded, w.Fold)
		}
		if strings.Join(folded, " ") != d {
			continue
		}
		return strings.TrimRight(strings.TrimSpace(text[:words[len(words)-n].Start]), ",;:"), true
	}
	return text, false
}

// drawnFirst takes such words off the beginning: "fais-moi un graphique depuis 2016".
func drawnFirst(text string, words []lang.Word) (rest string, wanted bool) {
	var folded []string
	for _, w := range words {
		folded = append(folded, w.Fold)
	}
	for _, d := range redrawings {
		ask := strings.Fields(d)
		if n := len(ask); n > 1 && n < len(words) && slices.Equal(folded[:n], ask) {
			return text[words[n].Start:], true
		}
	}
	return text, false
}

// redraw gives the last answer again as a chart, where that is all a text asks
// for, and tells whether it was.
func redraw(rest string, last *answer.Answer, a *answer.Answer) bool {
	if again := lang.Fold(rest); again != "" && !slices.Contains(said().Again, again) {
		return false
	}
	l := a.Lang
	if last == nil || !last.Answered() {
		a.Kind, a.Text = answer.KindRefusal, texts.Say(l, "assistant.chart_what_ask_question_first_for")
		return true
	}
	id, question, elapsed := a.ID, a.Question, a.ElapsedMS
	*a = *last
	a.ID, a.Question, a.ElapsedMS, a.AnswerID, a.Lang = id, question, elapsed, "", l
	a.Chart = true
	if undrawn(a) {
		a.Text = last.Text + "\n\n⚠ " + a.Caveats[len(a.Caveats)-1]
	}
	return true
}

// undrawn says where a chart was asked for that cannot be, and tells whether it did.
func undrawn(a *answer.Answer) bool {
	if _, err := chart.Of(a); err == nil {
		return false
	}
	a.Chart = false
	a.Caveats = append(append([]string(nil), a.Caveats...), texts.Say(a.Lang, "assistant.no_chart_these_figures_read_better"))
	return true
}
