package assistant_test

import (
	"context"
	"fmt"
	"log/slog"
	"reflect"
	"testing"

	"cigogne/internal/answer"
	"cigogne/internal/assistant"
	"cigogne/internal/dataset"
	"cigogne/internal/plan"
)

// counting counts what it is asked to plan.
type counting struct {
	scripted
	n *int
}

func (c counting) Plan(ctx context.Context, req plan.Request) (plan.Outcome, error) {
	*c.n++
	return c.scripted.Plan(ctx, req)
}

// ids keeps answers by number.
type ids struct{ n *int }

func (k ids) Keep(_ context.Context, a *answer.Answer) error {
	*k.n++
	a.AnswerID = fmt.Sprint(*k.n)
	return nil
}

func TestTheSameQuestionIsPlannedOnce(t *testing.T) {
	library := overLibrary(t, "ville;habitants\nA;10\nB;\nC;30\n", dataset.Dataset{})
	planned, kept := 0, 0
	as := assistant.New(library, counting{scripted{sum("habitants")}, &planned}, "scripted", slog.New(slog.DiscardHandler)).Keep(ids{&kept}).Repeat(2)
	ask := func(q assistant.Question) *answer.Answer {
		t.Helper()
		a, err := as.Ask(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	const text = "combien d'habitants ?"
	first := ask(assistant.Question{Text: text, ID: "1"})
	again := ask(assistant.Question{Text: text, ID: "2", Conversation: "c"})
	if planned != 1 || again.ID != "2" || again.AnswerID != "2" || first.AnswerID != "1" {
		t.Errorf("planned %d times; %+v", planned, again)
	}
	again.Caveats[0] = "changed by who got it"
	once := ask(assistant.Question{Text: text, ID: "1"})
	once.AnswerID, once.ElapsedMS, first.ElapsedMS = first.AnswerID, 0, 0
	if !reflect.DeepEqual(first, once) {
		t.Errorf("another answer:\n%+v\n%+v", first, once)
	}
	if why := ask(assistant.Question{Text: "pourquoi ce chiffre ?", Conversation: "c"}); why.Kind == answer.KindRefusal {
		t.Errorf("the conversation has nothing to go on from: %s", why.Text)
	}
	for name, c := range map[string]struct {
		q     assistant.Question
		times int
	}{
		"another language":       {assistant.Question{Text: text, Lang: "en"}, 1},
		"within a conversation":  {assistant.Question{Text: text, Conversation: "c"}, 1},
		"nothing is to be kept":  {assistant.Question{Text: text, Unkept: true}, 1},
		"one that is remembered": {assistant.Question{Text: text, Lang: "en"}, 0},
	} {
		_ = ask(assistant.Question{Text: text, Lang: "en"}) // remembered from here on
		if c.times == 1 && c.q.Lang == "en" {
			as.Forget()
		}
		before := planned
		ask(c.q)
		if planned-before != c.times {
			t.Errorf("%s: planned %d times", name, planned-before)
		}
	}
}
