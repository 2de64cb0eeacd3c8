package terminal_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"cigogne/internal/answer"
	"cigogne/internal/assistant"
	"cigogne/internal/lang"
	"cigogne/internal/surface/terminal"
)

func TestRender(t *testing.T) {
	for name, c := range map[string]struct {
		markdown, want string
		style          terminal.Style
	}{
		"bold and links, plain":        {"**12** [titre](https://a.b/c)", "12 titre <https://a.b/c>", terminal.Style{}},
		"bold, coloured":               {"**12** rows", "\x1b[1m12\x1b[0m rows", terminal.Style{Color: true}},
		"a table is aligned":           {"| nom | n |\n|---|---:|\n| Metz | 5 |\n| Strasbourg | 12 |", "nom          n\n──────────────\nMetz         5\nStrasbourg  12", terminal.Style{}},
		"escapes are undone":           {`a \| b \* c`, "a | b * c", terminal.Style{}},
		"cells hold no commands":       {"\x1b[31mred\x1b]0;title\x07", "[31mred]0;title", terminal.Style{}},
		"lists hang by their mark":     {"- un deux trois quatre cinq\n2. six", "• un deux trois\n  quatre cinq\n2. six", terminal.Style{Width: 20}},
		"code stays as it is":          {"`a_b`\n```sql\nSELECT  **1** AS a_very_long_name_of_one\n```\nx", "a_b\n  SELECT  **1** AS a_very_long_name_of_one\nx", terminal.Style{Width: 20}},
		"code, coloured":               {"`a`", "\x1b[4ma\x1b[0m", terminal.Style{Color: true}},
		"headings":                     {"## Un **titre**", "\x1b[1mUn titre\x1b[0m", terminal.Style{Color: true}},
		"text is cut, numbers are not": {"| nom | n |\n|---|---:|\n| Châlons-en-Champagne | 1 234 567 |", "nom                n\n────────────────────\nChâlons-…  1 234 567", terminal.Style{Width: 20}},
		"an empty cell stays":          {"| a | b |\n|---|---|\n|  | 1 |", "a  b\n────\n   1", terminal.Style{}},
		"wide letters take two":        {"| a | b |\n|---|---|\n| 東京 | 1 |", "a     b\n───────\n東京  1", terminal.Style{}},
		"long lines are wrapped":       {"un deux trois quatre cinq six", "un deux trois quatre\ncinq six", terminal.Style{Width: 20}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := terminal.Render(c.markdown, c.style); got != c.want {
				t.Errorf("got\n%q\nwant\n%q", got, c.want)
			}
		})
	}
}

func TestAnswer(t *testing.T) {
	a := &answer.Answer{
		Lang: lang.French, Kind: answer.KindFigure, Headline: answer.Headline{Text: "12 habitants", Unit: "habitants"}, Sentence: "Somme de population.",
		Assumptions: []string{"chiffres de 2021"}, Caveats: []string{"Incomplet."}, Sources: []answer.Source{{Title: "Communes"}},
	}
	const want = "\x1b[1m12 habitants\x1b[0m\n\nSomme de population.\n\n\x1b[2mRetenu : chiffres de 2021.\x1b[0m\n\n⚠ Incomplet.\n\n\x1b[2mSource : Communes\x1b[0m"
	if got := terminal.Answer(a, terminal.Style{Color: true}); got != want {
		t.Errorf("got\n%q\nwant\n%q", got, want)
	}
}

func FuzzRender(f *testing.F) {
	f.Add("| a | b |\n|---|---|\n| 1 |\n|")
	f.Add("**\x1b[2J** [x](y")
	f.Fuzz(func(t *testing.T, s string) {
		out := terminal.Render(s, terminal.Style{Width: 30})
		if strings.ContainsAny(out, "\x1b\x07\r") {
			t.Fatalf("control characters reach the terminal: %q", out)
		}
	})
}

// echo answers with the question, and offers choices once.
type echo struct{}

func (echo) Ask(_ context.Context, q assistant.Question) (*answer.Answer, error) {
	if q.Text == "lequel" {
		return &answer.Answer{Kind: answer.KindClarify, Text: "Lequel ?", Choices: []string{"le premier", "le second"}}, nil
	}
	return &answer.Answer{Kind: answer.KindFigure, Text: "réponse à " + q.Text, SQL: "SELECT 1"}, nil
}

func TestChat(t *testing.T) {
	var out bytes.Buffer
	chat := terminal.Chat{Asker: echo{}, Lang: lang.French, Questions: []string{"question type"}, Prompt: "› "}
	err := chat.Run(t.Context(), strings.NewReader("1\n/sql\nlequel\n2\n/inconnu\nquitter\njamais\n"), &out)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"1. question type", "réponse à question type", "SELECT 1", "2. le second", "réponse à le second", "/quitter : sortir"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
	if strings.Contains(out.String(), "jamais") {
		t.Error("read on after quitter")
	}
}
