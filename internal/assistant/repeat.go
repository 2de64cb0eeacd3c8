package assistant

import (
	"slices"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"cigogne/internal/answer"
)

// repeats remembers what came of questions that began a conversation, for those who
// ask the same again on the same day: the data are the same as long as the
// assistant is.
type repeats struct{ byQuestion *lru.Cache[string, repeat] }

// repeat is an answer and the turn that it left.
type repeat struct {
	answer answer.Answer
	left   *turn // nil: none
}

// maxRepeatedRows is how many rows an answer may hold to be remembered.
const maxRepeatedRows = 500

// Repeat has the answers to the last questions remembered, so many. It is called
// before the first question, and returns as. It is not for planners whose answer
// may be another one the next time.
func (as *Assistant) Repeat(most int) *Assistant {
	byQuestion, err := lru.New[string, repeat](most)
	if err == nil { // else a size below 1: nothing is remembered
		as.repeats = &repeats{byQuestion}
	}
	return as
}

// Forget drops all answers that are remembered: memory for other things.
func (as *Assistant) Forget() {
	if as.repeats != nil {
		as.repeats.byQuestion.Purge()
	}
}

// repeatable is what a question is remembered by; "" where it is not: what it means
// may depend on what was said before, or nothing of it is to be kept.
func (as *Assistant) repeatable(q Question, before turn) string {
	if as.repeats == nil || q.Unkept || before.last != nil || before.turn != nil || len(before.choices) > 0 || len(q.Text) > MaxQuestion {
		return ""
	}
	return as.now().Format(time.DateOnly) + "\x00" + string(q.Lang) + "\x00" + string(before.lang) + "\x00" + q.Text
}

// recall is the answer to the same question, as if it had been computed anew; nil
// where there is none.
func (as *Assistant) recall(key string, q Question) *answer.Answer {
	if key == "" {
		return nil
	}
	r, known := as.repeats.byQuestion.Get(key)
	if !known {
		return nil
	}
	a := r.answer
	a.ID = q.ID
	a.Choices, a.Assumptions, a.Caveats, a.NotUnderstood = slices.Clone(a.Choices), slices.Clone(a.Assumptions), slices.Clone(a.Caveats), slices.Clone(a.NotUnderstood)
	if r.left != nil {
		left := *r.left
		if left.last != nil {
			left.last = &a
		}
		as.turns.put(q.Conversation, left)
	}
	return &a
}

// note remembers an answer that was planned, before it is kept.
func (as *Assistant) note(key string, a *answer.Answer, left *turn) {
	planned := a.Answered() || a.Kind == answer.KindClarify || a.Kind == answer.KindRefusal || a.Kind == answer.KindDatasets
	if key == "" || !planned || len(a.Rows) > maxRepeatedRows {
		return
	}
	as.repeats.byQuestion.Add(key, repeat{*a, left})
}
