package decide

import (
	"slices"
	"strings"

	"cigogne/internal/lang"
	"cigogne/internal/plan"
	"cigogne/internal/plan/ground"
	"cigogne/internal/plan/judge"
	"cigogne/internal/query"
	"cigogne/internal/texts"
)

// Where a file holds several tables, each has a name of its own: a sheet's, an
// archive entry's. The words of the question may call one by it.

// calls counts the words of a question that stand in a table's name in its file.
func calls(q *ground.Question, part string) (n int) {
	if part == "" {
		return 0
	}
	stems := stemsOf(part, q.Lang)
	for _, t := range q.Tokens {
		if !t.Small && slices.Contains(stems, t.Stem) {
			n++
		}
	}
	return n
}

func stemsOf(text string, l lang.Lang) []string {
	var out []string
	for w := range strings.FieldsSeq(lang.Fold(text)) {
		out = append(out, lang.Stem(w, l))
	}
	return out
}

// called keeps the readings over the tables that the question calls by their
// names, if one of them is likely enough; else all.
func called(q *ground.Question, all []*reading, j *judge.Judge) []*reading {
	most := 0
	for _, r := range all {
		most = max(most, calls(q, r.g.Table.Table.Part))
	}
	if most == 0 {
		return all
	}
	var out []*reading
	likely := false
	for _, r := range all {
		if calls(q, r.g.Table.Table.Part) == most {
			out = append(out, r)
			likely = likely || len(r.answers) > 0 && r.believed >= j.Likely() && !empty(r.answers[0].best.rows)
		}
	}
	if !likely {
		return all
	}
	return out
}

// likeliestOf is the reading that is believed most; nil of none.
func likeliestOf(all []*reading) *reading {
	var best *reading
	for _, r := range all {
		if best == nil || r.believed > best.believed {
			best = r
		}
	}
	return best
}

// between asks which of a file's tables is meant, where several answer as well and
// not the same; or where rows are counted, and the word for them names no table.
func between(req plan.Request, all []*reading, best *reading, j *judge.Judge) (plan.Outcome, bool) {
	if best == nil || len(best.answers) == 0 || best.held != nil || best.believed < j.Likely() {
		return plan.Outcome{}, false
	}
	out := plan.Outcome{Candidate: best.g.Table.Candidate, Score: best.believed, Ask: texts.Say(req.Lang, "decide.which_table")}
	loose := best.counts() && len(best.left(best.answers[0].best, req.Lang)) > 0
	for _, r := range all {
		if len(out.Choices) == maxChoices || len(r.answers) == 0 || r.believed < j.Likely() {
			continue
		}
		first := r.answers[0].best
		if empty(first.rows) || r != best && !loose && (r.believed < best.believed/2 || first.answer == best.answers[0].best.answer) {
			continue
		}
		says := query.Plain(first.plan, func(_, column string) string { return column }, req.Lang)
		out.Choices = append(out.Choices, says+" ("+r.g.Table.Candidate.Name(req.Lang)+")")
		out.Readings = append(out.Readings, plan.Outcome{Plan: withTies(first.plan), Candidate: r.g.Table.Candidate, Assumptions: r.aside(first, req.Lang)})
	}
	return out, len(out.Choices) > 1
}

// counts tells a reading that counts all rows of its table.
func (r *reading) counts() bool {
	p := r.answers[0].best.plan
	return len(p.Where) == 0 && len(p.Measures) > 0 && p.Measures[0].Agg == query.Count && p.Measures[0].Column == ""
}

// left are the words a reading leaves aside, but for those that call its table.
func (r *reading) left(w *weighed, l lang.Lang) []string {
	part := r.g.Table.Table.Part
	left := r.r.Left(w.plan)
	if part == "" {
		return left
	}
	stems := stemsOf(part, l)
	return slices.DeleteFunc(left, func(words string) bool {
		return !slices.ContainsFunc(stemsOf(words, l), func(s string) bool { return !slices.Contains(stems, s) })
	})
}
