package kept_test

import (
	"errors"
	"testing"

	"cigogne/internal/answer"
	"cigogne/internal/surface/kept"
)

func TestStoreKeepsTheLatest(t *testing.T) {
	ctx, s := t.Context(), kept.New(2)
	var ids []string
	for _, text := range []string{"a", "b", "c"} {
		a := &answer.Answer{Text: text}
		if err := s.Keep(ctx, a); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, a.AnswerID)
		if _, err := s.Answer(ctx, ids[0]); err != nil { // used again and again, so it stays
			t.Fatal(err)
		}
	}
	if _, err := s.Answer(ctx, ids[1]); !errors.Is(err, answer.ErrUnknown) {
		t.Errorf("the least used one is still there: %v", err)
	}
	if err := s.Judge(ctx, ids[2], false, "l'année"); err != nil {
		t.Fatal(err)
	}
	if right, why, err := s.Judgement(ctx, ids[2]); err != nil || right == nil || *right || why != "l'année" {
		t.Errorf("got %v %q %v", right, why, err)
	}
	if right, _, err := s.Judgement(ctx, ids[0]); err != nil || right != nil {
		t.Errorf("nobody judged: %v %v", right, err)
	}
	if err := s.Judge(ctx, "x", true, ""); !errors.Is(err, answer.ErrUnknown) {
		t.Error(err)
	}
}

func TestStoreBoundsRows(t *testing.T) {
	ctx, s := t.Context(), kept.New(100)
	var ids []string
	for range 3 {
		a := &answer.Answer{Columns: make([]answer.Column, 100), Rows: make([][]any, 9000)}
		if err := s.Keep(ctx, a); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, a.AnswerID)
	}
	if _, err := s.Answer(ctx, ids[0]); !errors.Is(err, answer.ErrUnknown) {
		t.Error("2,700,000 cells are kept")
	}
	if _, err := s.Answer(ctx, ids[2]); err != nil {
		t.Error(err)
	}
}
