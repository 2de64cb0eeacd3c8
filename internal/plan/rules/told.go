package rules

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"cigogne/internal/lang"
	"cigogne/internal/plan"
)

// told is a turn of speech and the plain words that the planner reads for it. It is
// taken only where the question has no plan as it stands, so that it costs nothing
// that is answered.
type told struct {
	Said  []string `toml:"said"`  // folded words; "#" is any number, "_" any one word
	Means string   `toml:"means"` // "#1" is the first of the numbers, "_1" of the words
}

// retold plans a question whose turns of speech are said in plain words, and notes
// what was read for what.
func (pl *Planner) retold(ctx context.Context, req plan.Request) (plan.Outcome, bool, error) {
	text, fixes := retell(req.Question, wordsOf(req.Lang).Told)
	if len(fixes) == 0 {
		return plan.Outcome{}, false, nil
	}
	again := req
	again.Question = text
	out, err := pl.asked(ctx, again)
	if err != nil || len(out.NotUnderstood) > 0 || out.Plan == nil && out.Refusal == "" { // a year that is not held is a better reason than the words
		return plan.Outcome{}, false, err
	}
	for _, f := range fixes {
		out.Assumptions = append(slices.Clone(out.Assumptions), f.says(req.Lang))
	}
	return out, true, nil
}

// retell puts plain words for the turns of speech of a text, the longest first.
func retell(text string, all []told) (string, []fix) {
	var fixes []fix
	var b strings.Builder
	words := lang.Words(text)
	done := 0
	for i := 0; i < len(words); {
		n, means := turnAt(words[i:], all)
		if n == 0 {
			i++
			continue
		}
		from, to := words[i].Start, words[i+n-1].End
		b.WriteString(text[done:from])
		b.WriteString(means)
		fixes = append(fixes, fix{was: text[from:to], read: means})
		done = to
		i += n
	}
	b.WriteString(text[done:])
	return b.String(), fixes
}

// turnAt is the longest turn of speech that begins the words: how many it takes, and
// what it means.
func turnAt(words []lang.Word, all []told) (n int, means string) {
	for _, t := range all {
		for _, said := range t.Said {
			phrase := strings.Fields(said)
			if len(phrase) <= n || len(phrase) > len(words) {
				continue
			}
			if held, ok := fits(words, phrase); ok {
				n, means = len(phrase), t.Means
				for sign, all := range held {
					for k, word := range all {
						means = strings.ReplaceAll(means, sign+strconv.Itoa(k+1), word)
					}
				}
			}
		}
	}
	return n, means
}

// fits tells whether a phrase begins the words, with the numbers ("#") and the words
// ("_") that stand at its signs.
func fits(words []lang.Word, phrase []string) (held map[string][]string, ok bool) {
	held = map[string][]string{}
	for i, p := range phrase {
		w := words[i]
		if _, err := strconv.ParseFloat(w.Text, 64); p == "#" && err != nil || p != "#" && p != "_" && p != w.Fold {
			return nil, false
		}
		if p == "#" || p == "_" {
			held[p] = append(held[p], w.Text)
		}
	}
	return held, true
}

// behind is a ranking that begins after the one that is named: "la ville la plus
// peuplée après Strasbourg".
var behind = regexp.MustCompile(`(?i)^(.*\b(?:plus|moins|most|least|largest|biggest|smallest|busiest)\b.*?)\s+(?:juste )?(?:après|apres|derrière|derriere|after|behind)\s+(\p{Lu}[^?!.]*)\s*[?!.]*$`)

// ranksAfter answers such a ranking, bounded by the figure of the one that is named.
func (pl *Planner) ranksAfter(ctx context.Context, req plan.Request) (plan.Outcome, bool, error) {
	m := behind.FindStringSubmatch(req.Question)
	if m == nil {
		return plan.Outcome{}, false, nil
	}
	head := req
	head.Question = m[1]
	first, err := pl.plan(ctx, head)
	r, read := first.Reading.(*reading)
	if err != nil || first.Plan == nil || !read || r.frame != frameRank || len(r.measures) != 1 {
		return plan.Outcome{}, false, err
	}
	words := wordsOf(req.Lang)
	than := words.LessThanOne
	if !r.desc {
		than = words.MoreThanOne
	}
	what := strings.Fields(r.s.note(r.measures[0]).Label.In(req.Lang.Reads()))
	again := req
	again.Question = strings.NewReplacer("{what}", what[len(what)-1], "{one}", m[2]).Replace(m[1] + " " + than)
	out, ok, err := pl.boundByRow(ctx, again)
	if err != nil || !ok || out.Plan == nil || out.Plan.Limit == 0 {
		return plan.Outcome{}, false, err
	}
	return out, true, nil
}

// ofTwo asks which of two is more: "lequel est plus peuplé, la Meuse ou la Marne ?".
var ofTwo = regexp.MustCompile(`(?i)^\s*((?:lequel|laquelle|qui|which|who)\b(?:\s+(?:des deux|of the two|one))?\s+(?:est|a|is|has))\s+(?:le |la |the )?(plus|moins|more|less|bigger|larger|smaller|busier)\s*([^,?:]*?)\s*[,:]\s*(\S[^,?]*?\s+(?:ou|or)\s+[^,?]+?)\s*\?*\s*$`)

// superlatives of what English compares by.
var superlatives = map[string]string{"more": "the most", "less": "the least", "bigger": "the largest", "larger": "the largest", "smaller": "the smallest", "busier": "the busiest"}

// either plans such a question with the two named first, as a ranking of them.
func (pl *Planner) either(ctx context.Context, req plan.Request) (plan.Outcome, bool, error) {
	m := ofTwo.FindStringSubmatch(req.Question)
	if m == nil {
		return plan.Outcome{}, false, nil
	}
	most := "le " + m[2]
	if s, english := superlatives[strings.ToLower(m[2])]; english {
		most = s
	}
	again := req
	again.Question = m[4] + ", " + m[1] + " " + most + " " + m[3] + " ?"
	out, err := pl.asked(ctx, again)
	return out, err == nil && out.Plan != nil && len(out.NotUnderstood) == 0, err
}
