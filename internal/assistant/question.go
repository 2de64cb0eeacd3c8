package assistant

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"unicode/utf8"

	"cigogne/internal/lang"
	"cigogne/internal/plan"
	"cigogne/internal/texts"
	"cigogne/internal/trace"
	"cigogne/internal/warehouse"
)

// Question is what a person asks.
type Question struct {
	ID           string
	Text         string
	Conversation string    // turns with the same name are one conversation; "" stands alone
	Lang         lang.Lang // "" to tell from the text
	Unkept       bool      // nothing of it is written down, wherever answers are kept

	Progress func(Step) // told each step as it begins, for those who show them; nil: nobody

	left **turn // what its conversation goes on from, once it is answered
}

// Traced is what may be told of a question's text; "" where nothing of it may be.
func (q Question) Traced() string {
	if q.Unkept {
		return ""
	}
	return q.Text
}

// candidates are the tables that may answer.
func (as *Assistant) candidates(ctx context.Context, text string) (all []plan.Candidate, given bool, err error) {
	ctx, end := trace.Span(ctx, "search")
	defer func() { end(err) }()
	if all, given, err = as.library.Candidates(ctx, text); err != nil {
		return nil, false, fmt.Errorf("find tables: %w", err)
	}
	trace.Note(ctx, slog.Int("candidates", len(all)))
	return all, given, nil
}

// Step is a stage on the way to an answer.
type Step string

// The steps, in order; a question may end at any of them.
const (
	StepSearch Step = "search" // which tables may answer
	StepPlan   Step = "plan"   // what the question asks of them
	StepQuery  Step = "query"  // the figures are computed and checked
)

func (q Question) tell(s Step) {
	if q.Progress != nil {
		q.Progress(s)
	}
}

func apology(err error, l lang.Lang) string {
	switch {
	case errors.Is(err, warehouse.ErrTimeout), errors.Is(err, context.DeadlineExceeded):
		return texts.Say(l, "assistant.computation_took_too_long_ask_for")
	case errors.Is(err, warehouse.ErrMemory):
		return texts.Say(l, "assistant.computation_needs_too_much_memory")
	case errors.Is(err, context.Canceled):
		return texts.Say(l, "assistant.question_was_interrupted")
	}
	return texts.Say(l, "assistant.i_could_not_read_data_to")
}

// Refuse says why a text is no question, or "".
func Refuse(text string, l lang.Lang) string {
	switch {
	case !utf8.ValidString(text):
		return texts.Say(l, "assistant.question_is_not_readable_text_utf")
	case strings.TrimSpace(text) == "" || len(lang.Words(text)) == 0:
		return texts.Say(l, "assistant.what_is_your_question_for_example")
	case utf8.RuneCountInString(text) > MaxQuestion:
		return texts.Say(l, "assistant.question_is_too_long_at_most", "most", MaxQuestion)
	}
	return ""
}
