package insight

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strings"

	"cigogne/internal/answer"
	"cigogne/internal/lang"
	"cigogne/internal/ledger"
)

// idOf names wanted data by the words of its question.
func idOf(question string, l lang.Lang) string {
	stems := slices.Sorted(maps.Keys(stemsOf(question, l)))
	sum := sha256.Sum256([]byte(strings.Join(stems, " ")))
	return hex.EncodeToString(sum[:5])
}

// near notes whose datasets came nearest to a question.
func (w *Wanted) near(a *answer.Answer) {
	add := func(publisher string) {
		if publisher != "" && !slices.Contains(w.Publishers, publisher) {
			w.Publishers = append(w.Publishers, publisher)
		}
	}
	for _, s := range a.Sources {
		add(s.Publisher)
	}
	for _, d := range a.Datasets {
		add(d.Publisher)
	}
}

// Wished adds what people and producers said of wanted data: a wish belongs to the
// group of its ID, else to the one that means the same. Those that nobody asked
// for any more are listed too, as long as they are open. Votes count like questions.
func (r *Report) Wished(wishes []ledger.Wish) {
	for _, wish := range wishes {
		w := r.group(wish)
		if w == nil {
			if wish.AnswerID != "" {
				continue
			}
			r.Wanted = append(r.Wanted, Wanted{ID: wish.ID, Question: wish.Question, Lang: wish.Lang, Last: wish.At, meaning: meaningOf(wish.Question, wish.Lang)})
			w = &r.Wanted[len(r.Wanted)-1]
		}
		w.Votes += wish.Votes
		w.Reply, w.AnswerID = cmp.Or(w.Reply, wish.Reply), cmp.Or(w.AnswerID, wish.AnswerID)
	}
	slices.SortStableFunc(r.Wanted, func(a, b Wanted) int { return cmp.Compare(b.Times+b.Votes, a.Times+a.Votes) })
}

func (r *Report) group(wish ledger.Wish) *Wanted {
	m := meaningOf(wish.Question, wish.Lang)
	var best *Wanted
	most := 0.
	for i := range r.Wanted {
		w := &r.Wanted[i]
		if w.ID == wish.ID {
			return w
		}
		if s := alike(w.meaning, m); s > most {
			best, most = w, s
		}
	}
	return best
}

// Publisher is the report of one: what is asked of its datasets, and what they could not give. A
// name is enough that is part of the publisher's.
func (r *Report) Publisher(name string) *Report {
	is := func(publisher string) bool { return strings.Contains(lang.Fold(publisher), lang.Fold(name)) }
	out := *r
	out.Datasets, out.Wanted = nil, nil
	for _, d := range r.Datasets {
		if is(d.Publisher) {
			out.Datasets = append(out.Datasets, d)
		}
	}
	for _, w := range r.Wanted {
		if slices.ContainsFunc(w.Publishers, is) {
			out.Wanted = append(out.Wanted, w)
		}
	}
	out.Asked, out.Answered, out.Back, out.Pointed, out.Declined, out.Right, out.Wrong = 0, 0, 0, 0, 0, 0, 0
	for _, d := range out.Datasets {
		out.Asked += d.Answers
		out.Answered += d.Answers
		out.Right += d.Right
		out.Wrong += d.Wrong
	}
	for _, w := range out.Wanted {
		out.Asked += w.Declined
		out.Declined += w.Declined
	}
	out.Review, out.Confirm = nil, nil
	return &out
}
