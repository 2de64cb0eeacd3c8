package brief_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"cigogne/internal/answer"
	"cigogne/internal/brief"
	"cigogne/internal/dataset"
	"cigogne/internal/kit"
	"cigogne/internal/lang"
)

func fr(s string) dataset.Bilingual { return dataset.Bilingual{FR: s} }

var source = answer.Source{DatasetID: "d", Title: "Communes"}

func figure(v float64) *answer.Answer {
	return &answer.Answer{Kind: answer.KindFigure, Figures: []answer.Figure{{Value: v}}, Columns: []answer.Column{{Name: "n"}}, Rows: [][]any{{v}}, Sources: []answer.Source{source}, Caveats: []string{"Estimations"}}
}

func years(values ...float64) *answer.Answer {
	a := &answer.Answer{Kind: answer.KindTable, Columns: []answer.Column{{Name: "année", Plain: true}, {Name: "n"}}, Sources: []answer.Source{source}}
	for i, v := range values {
		a.Rows = append(a.Rows, []any{int64(2020 + i), v})
	}
	return a
}

func names(list ...string) *answer.Answer {
	a := &answer.Answer{Kind: answer.KindTable, Columns: []answer.Column{{Name: "département", Plain: true}, {Name: "n"}}}
	for i, n := range list {
		a.Rows = append(a.Rows, []any{n, float64(9 - i)})
	}
	return a
}

// asked answers from a list; what is not on it is refused.
func asked(answers map[string]*answer.Answer) brief.Ask {
	return func(_ context.Context, q string, l lang.Lang) (*answer.Answer, error) {
		a, ok := answers[q]
		if !ok {
			return &answer.Answer{Question: q, Lang: l, Kind: answer.KindRefusal}, nil
		}
		out := *a
		out.Question, out.Lang = q, l
		return &out, nil
	}
}

var theme = &kit.Kit{
	Name: "t",
	Figures: []kit.Figure{
		{Says: fr("Habitants"), Question: fr("combien"), Trend: fr("évolution"), Likes: fr("par département")},
		{Says: fr("Communes"), Question: fr("communes"), Trend: fr("autre évolution")},
		{Says: fr("Perdu"), Question: fr("perdu")},
	},
	Try:  []kit.Try{{Shows: kit.ShowsRanking, Question: fr("perdu aussi")}},
	Quiz: []kit.Quiz{{Asks: fr("Où ?"), Choices: []dataset.Bilingual{fr("Meuse"), fr("Vosges")}, Right: 2, Data: fr("par département")}},
}

var answers = map[string]*answer.Answer{
	"combien": figure(12), "évolution": years(10, 11, 12), "par département": names("Vosges", "Meuse"),
	"communes": figure(5), "autre évolution": years(1, 2),
}

func TestMake(t *testing.T) {
	b, err := brief.Make(t.Context(), theme, lang.French, asked(answers))
	if err != nil {
		t.Fatal(err)
	}
	if len(b.Figures) != 2 || b.Figures[0].Says != "Habitants" || b.Figures[0].Trend == nil || b.Figures[0].Likes == nil {
		t.Fatalf("%+v", b.Figures)
	}
	if b.Figures[1].Trend != nil {
		t.Error("years that end on another figure stand under this one")
	}
	if !slices.Equal(b.Missing, []string{"autre évolution", "perdu"}) || len(b.Sources) != 1 || len(b.Caveats) != 1 {
		t.Errorf("missing %q, sources %v, caveats %q", b.Missing, b.Sources, b.Caveats)
	}
	english, err := brief.Make(t.Context(), theme, lang.English, asked(answers))
	if err != nil || len(english.Figures) != 0 {
		t.Errorf("French questions are asked in English: %+v %v", english, err)
	}
	broken := errors.New("disk")
	if _, err := brief.Make(t.Context(), theme, lang.French, func(context.Context, string, lang.Lang) (*answer.Answer, error) { return nil, broken }); !errors.Is(err, broken) {
		t.Errorf("a failing asker: %v", err)
	}
}

func TestCheck(t *testing.T) {
	faults, n, err := brief.Check(t.Context(), theme, asked(answers))
	if err != nil || n != 8 {
		t.Fatalf("%d asked, %v", n, err)
	}
	var got []string
	for _, f := range faults {
		got = append(got, f.Question+": "+string(f.Problem))
		if s := f.Sentence(lang.French); s == "" || s == "kit."+string(f.Problem) {
			t.Errorf("%s has no sentence", f.Problem)
		}
	}
	if want := []string{"autre évolution: other_trend", "perdu: unanswered", "perdu aussi: unanswered"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	other := map[string]*answer.Answer{"combien": names("a", "b"), "évolution": years(10, 12), "par département": names("Meuse", "Vosges"), "communes": figure(5), "perdu": figure(1), "perdu aussi": figure(1), "autre évolution": years(1, 5)}
	faults, _, err = brief.Check(t.Context(), theme, asked(other))
	got = nil
	for _, f := range faults {
		got = append(got, f.Question+": "+string(f.Problem))
	}
	if want := []string{"combien: no_figure", "évolution: other_trend", "par département: wrong_quiz"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("%q %v, want %q", got, err, want)
	}
}
