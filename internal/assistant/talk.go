package assistant

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"cigogne/internal/answer"
	"cigogne/internal/glossary"
	"cigogne/internal/lang"
	"cigogne/internal/plan"
	"cigogne/internal/texts"
)

// intent is what small talk is about.
type intent string

const (
	intentGreeting intent = "greeting"
	intentFarewell intent = "farewell"
	intentThanks   intent = "thanks"
	intentHelp     intent = "help"
	intentWho      intent = "who"
	intentOrigins  intent = "origins"
	intentDoubt    intent = "doubt"
	intentInsult   intent = "insult"
)

// chat answers small talk, and tells whether it was that.
func (as *Assistant) chat(ctx context.Context, q Question, before turn, a *answer.Answer) (bool, error) {
	text := q.Text
	if word, ok := as.define(text, a); ok {
		before.defined, before.lang = word, a.Lang
		as.leave(q, before)
		return true, nil
	}
	what, ok := intentOf(text)
	if !ok {
		return false, nil
	}
	tables, _, err := as.library.Candidates(ctx, text)
	tables = plan.Asked(tables)
	if err != nil {
		return false, fmt.Errorf("find tables: %w", err)
	}
	talk(what, tables, a)
	return true, nil
}

// talk answers what asks for no data: a greeting, thanks, who one talks to.
func talk(what intent, tables []plan.Candidate, a *answer.Answer) {
	l := a.Lang
	a.Kind = answer.KindText
	a.Text = texts.Say(l, "talk."+string(what))
	switch what {
	case intentGreeting, intentHelp, intentWho, intentOrigins, intentInsult:
		a.Next = starters(tables, l)
	case intentFarewell, intentThanks, intentDoubt:
	}
	switch what {
	case intentHelp:
		a.Text += "\n" + subjects(tables, l)
	case intentOrigins:
		a.Text += "\n" + sourcesOf(tables, l)
	}
	a.Sentence = a.Text
	answer.Finish(a)
}

// intentOf finds what small talk is about, where a text is nothing but that: the
// longest phrase decides, and what stands beside it asks for nothing.
func intentOf(text string) (intent, bool) {
	v := said()
	rest := strings.Fields(lang.Fold(text))
	var found intent
	best := 0
	for _, x := range []struct {
		what    intent
		phrases []string
	}{
		{intentWho, v.Who}, {intentHelp, v.Help}, {intentOrigins, v.Origins}, {intentDoubt, v.Doubts}, {intentInsult, v.Insults},
		{intentThanks, v.Thanks}, {intentFarewell, v.Farewells}, {intentGreeting, v.Greetings},
	} {
		for {
			at, n := longest(rest, x.phrases)
			if n == 0 {
				break
			}
			rest = slices.Concat(rest[:at], []string{"\x00"}, rest[at+n:]) // words on its two sides make no phrase
			weight := n
			if x.what == intentGreeting || x.what == intentThanks { // courtesy beside what is asked
				weight = 0
			}
			if found == "" || weight > best {
				found, best = x.what, weight
			}
		}
	}
	if found == "" {
		return "", false
	}
	for _, w := range rest {
		if w != "\x00" && !slices.Contains(v.Fillers, w) {
			return "", false
		}
	}
	return found, true
}

// longest finds the longest of the phrases in words.
func longest(words, phrases []string) (at, n int) {
	for _, p := range phrases {
		ws := strings.Fields(p)
		if len(ws) <= n {
			continue
		}
		for i := 0; i+len(ws) <= len(words); i++ {
			if slices.Equal(words[i:i+len(ws)], ws) {
				at, n = i, len(ws)
				break
			}
		}
	}
	return at, n
}

// define says what a word of public data means, where that is all that is asked.
func (as *Assistant) define(text string, a *answer.Answer) (word string, known bool) {
	word, asked := definedWord(text)
	if !asked {
		return "", false
	}
	t, known := glossary.Find(word)
	if !known {
		return "", false
	}
	a.Kind = answer.KindText
	a.Text = answer.Escape(t.Says(a.Lang))
	a.Sentence = a.Text
	a.Sources = []answer.Source{{Title: t.Source.Title, URL: t.Source.URL}}
	answer.Finish(a)
	return word, true
}

// definedWord is the word that a text asks the meaning of.
func definedWord(text string) (word string, asked bool) {
	v := said()
	ws := lang.Words(text)
	folds := make([]string, len(ws))
	for i, w := range ws {
		folds[i] = w.Fold
	}
	from, to := 0, len(ws)
	for from < to && (slices.Contains(v.Greetings, folds[from]) || folds[from] == "et") {
		from++
	}
	n, opens := phraseAt(folds[from:to], v.Defines, func(rest, p []string) bool { return slices.Equal(rest[:len(p)], p) })
	from += n
	n, ends := phraseAt(folds[from:to], v.Defined, func(rest, p []string) bool { return slices.Equal(rest[len(rest)-len(p):], p) })
	to -= n
	for from < to && slices.Contains(v.Articles, folds[from]) {
		from++
	}
	for from < to && slices.Contains(v.Articles, folds[to-1]) {
		to--
	}
	if !opens && !ends || from >= to {
		return "", false
	}
	return text[ws[from].Start:ws[to-1].End], true
}

// phraseAt is how many words the longest phrase has that stands in a text as fits wants.
func phraseAt(words, phrases []string, fits func(words, phrase []string) bool) (n int, found bool) {
	for _, p := range longestFirst(phrases) {
		if len(p) <= len(words) && fits(words, p) {
			return len(p), true
		}
	}
	return 0, false
}

func longestFirst(phrases []string) [][]string {
	var out [][]string
	for _, p := range phrases {
		out = append(out, strings.Fields(p))
	}
	slices.SortStableFunc(out, func(a, b []string) int { return cmp.Compare(len(b), len(a)) })
	return out
}

// starters are questions to begin with, of as many subjects as there are.
func starters(tables []plan.Candidate, l lang.Lang) []string {
	const few = 4
	var out []string
	for _, c := range byRank(tables) {
		if len(out) < few && len(c.Annotation.Questions) > 0 {
			out = append(out, c.Annotation.Questions[0].In(l))
		}
	}
	return out
}

// subjects lists what can be asked: a line a table, with the years it covers.
func subjects(tables []plan.Candidate, l lang.Lang) string {
	var b strings.Builder
	for _, c := range byRank(tables) {
		b.WriteString("\n- " + answer.Escape(c.Name(l)))
		if c.Annotation.Time.Column == "" {
			continue
		}
		if y := c.Table.Column(c.Annotation.Time.Column); y != nil && y.Min != "" && y.Max != y.Min && !strings.Contains(c.Name(l), y.Max) {
			b.WriteString(", " + y.Min + "–" + y.Max)
		}
	}
	return b.String()
}

// sourcesOf lists who publishes what can be asked.
func sourcesOf(tables []plan.Candidate, l lang.Lang) string {
	var b strings.Builder
	for _, c := range byRank(tables) {
		if c.Dataset == nil {
			continue
		}
		b.WriteString("\n- " + answer.SourceLine(answer.Source{Title: c.Name(l), URL: c.Dataset.URL, Publisher: c.Dataset.Publisher, Licence: c.Dataset.Licence.Title}, l))
	}
	return b.String()
}

// byRank are the annotated tables, those asked most first.
func byRank(tables []plan.Candidate) []plan.Candidate {
	out := slices.DeleteFunc(slices.Clone(tables), func(c plan.Candidate) bool { return c.Annotation == nil })
	slices.SortStableFunc(out, func(a, b plan.Candidate) int { return cmp.Compare(b.Annotation.Rank, a.Annotation.Rank) })
	return out
}
