package search

import (
	"math/rand/v2"
	"slices"
	"testing"
	"unicode"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/search/embed"
)

func TestOneSlip(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"accident", "acident", true}, {"acident", "accident", true}, {"polution", "pollution", true}, {"piste", "psite", true},
		{"foret", "foert", true}, {"loyer", "foyer", true}, {"eau", "eaux", true}, {"eau", "eau", false}, {"velo", "vole", false}, {"a", "abc", false},
	} {
		if got := oneSlip(c.a, c.b); got != c.want {
			t.Errorf("%s, %s: %t", c.a, c.b, got)
		}
	}
}

// A slip finds what is meant; a word that is one stays what it is, and so does
// the name of a commune.
func TestSlips(t *testing.T) {
	x, err := Build(t.Context(), []dataset.Dataset{
		{ID: "1", Title: "Accidents de la route"}, {ID: "2", Title: "Accidents du travail"}, {ID: "3", Title: "Foyers de jeunes travailleurs"},
		{ID: "4", Title: "Foyers fiscaux"}, {ID: "5", Title: "Wittersheim : plan"}, {ID: "6", Title: "Wittersheim : budget"},
	}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{"acident de la route": "1", "accidnets du travail": "2", "loyers": "", "Wittelsheim": ""} {
		hits, err := x.Search(t.Context(), Query{Text: text})
		if err != nil || (len(hits) == 0) != (want == "") || want != "" && hits[0].ID != want {
			t.Errorf("%s: %v, %v", text, hits, err)
		}
	}
}

// slipped is a question with a slip in its longest word.
func slipped(q string, r *rand.Rand) string {
	var long lang.Word
	for _, w := range lang.Words(q) {
		if first := []rune(w.Text)[0]; len(w.Text) > len(long.Text) && unicode.IsLower(first) {
			long = w
		}
	}
	word := []rune(long.Text)
	if len(word) < 6 {
		return q
	}
	i := 1 + r.IntN(len(word)-2)
	switch r.IntN(4) {
	case 0:
		word = append(word[:i:i], word[i+1:]...)
	case 1:
		word = append(word[:i:i], word[i-1:]...)
	case 2:
		word[i], word[i+1] = word[i+1], word[i]
	default:
		word[i] = rune('a' + r.IntN(26))
	}
	return q[:long.Start] + string(word) + q[long.End:]
}

// TestSlipScores measures questions with a slip in the longest word: with what
// is meant by it in its place, more are answered than without. With -v it prints
// both, and other scales.
func TestSlipScores(t *testing.T) {
	qs := lines[question](t, shared(t, "eval/search/queries_dev.jsonl"))
	builtin, err := embed.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	x, err := Build(t.Context(), records(t), Options{Embedders: []Embedder{builtin}, Home: "region-44"})
	if err != nil {
		t.Fatal(err)
	}
	if !testing.Verbose() {
		qs = slices.DeleteFunc(qs, func(q question) bool { return q.Question[0]%3 > 0 }) // some
	}
	r := rand.New(rand.NewPCG(1, 2))
	for i := range qs {
		qs[i].Question = slipped(qs[i].Question, r)
	}
	share := func(scale float32) float64 {
		x.slipScale = scale
		m := scoreWith(t, x, qs, sources{words: true, meaning: true}, nil)
		t.Logf("scale %.2f: %v", scale, m["all"])
		return m["all"].s5 / m["all"].n
	}
	as := share(slipScale)
	if testing.Verbose() {
		for _, scale := range []float32{.5, .7, 1} {
			share(scale)
		}
	}
	x.literal = true
	if got := share(slipScale); as <= got {
		t.Errorf("%.3f with slips read, %.3f without", as, got)
	}
}

func TestTwoSlips(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"defibrillateur", "defribrilateur", true}, {"deshumidificateur", "deshumidifcatuer", true}, {"bibliotheque", "biblioteke", false}, {"bibliotheque", "biblotheqe", true},
		{"medicaments", "medicamentsxy", true}, {"assainissement", "asainisement", true}, {"assainissement", "asainisemen", false}, {"commune", "fortune", false},
		{"recensement", "recrutement", false},
	} {
		if got := twoSlips(c.a, c.b); got != c.want || twoSlips(c.b, c.a) != got {
			t.Errorf("%s and %s: %v", c.a, c.b, got)
		}
	}
}
