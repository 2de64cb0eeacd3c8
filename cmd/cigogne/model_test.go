package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cigogne/internal/answer"
	"cigogne/internal/config"
	llm "cigogne/internal/plan/chat"
)

// playModel plays an OpenAI-compatible server that replies with one text.
func playModel(t *testing.T, reply string) string {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/v1/chat/completions" || r.Header.Get("Authorization") != "Bearer secret" {
			http.NotFound(w, r)
			return
		}
		io.Copy(io.Discard, r.Body)
		b, err := json.Marshal(map[string]any{"choices": []any{map[string]any{"index": 0, "delta": map[string]any{"content": reply}, "finish_reason": "stop"}}})
		if err != nil {
			t.Error(err)
		}
		w.Header().Set("Content-Type", "text/event-stream")
		fmt.Fprintf(w, "data: %s\n\ndata: [DONE]\n\n", b)
	}))
	t.Cleanup(s.Close)
	return s.URL + "/v1"
}

// withModel asks in one conversation, a line a question.
func withModel(t *testing.T, url, engine string, questions ...string) []answer.Answer {
	t.Helper()
	var lines, out, errs bytes.Buffer
	for i, q := range questions {
		b, _ := json.Marshal(map[string]string{"id": fmt.Sprint(i), "question": q, "conversation": "c"})
		lines.Write(append(b, '\n'))
	}
	file := filepath.Join(t.TempDir(), "questions.jsonl")
	if err := os.WriteFile(file, lines.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	env := map[string]string{"CIGOGNE_DATA": filepath.Join(t.TempDir(), "none"), "LANG": "fr_FR.UTF-8", "CIGOGNE_MODEL_URL": url, "CIGOGNE_MODEL_NAME": "m", "CIGOGNE_MODEL_KEY": "secret"}
	run(t.Context(), []string{"ask", "--engine", engine, "--json", "--batch", file}, stdio{in: strings.NewReader(""), out: &out, err: &errs, env: func(k string) string { return env[k] }})
	var answers []answer.Answer
	for d := json.NewDecoder(&out); d.More(); {
		var a answer.Answer
		if err := d.Decode(&a); err != nil {
			t.Fatal(err)
		}
		answers = append(answers, a)
	}
	if len(answers) != len(questions) {
		t.Fatalf("%d answers to %d questions\n%s", len(answers), len(questions), errs.String())
	}
	if strings.Contains(out.String()+errs.String(), "secret") {
		t.Error("the key is told")
	}
	return answers
}

// inSQL is a reply as models write it.
func inSQL(sql string) string { return "```sql\n" + sql + "\n```" }

func TestModelAnswersBesideTheRules(t *testing.T) {
	const q = "Combien d'habitants à Metz en 2024 ?"
	metz := inSQL("SELECT sum(population) FROM population_des_communes_du_grand_est WHERE commune = 'Metz' AND annee = 2024")

	t.Run("they agree", func(t *testing.T) {
		a := withModel(t, playModel(t, metz), "model", q)[0]
		if a.Kind != answer.KindFigure || a.Figures[0].Value != 120874 {
			t.Errorf("%s %v: %s", a.Kind, a.Figures, a.Text)
		}
		if a.Model == nil || a.Model.Tokens < 200 || a.Model.ElapsedMS <= 0 {
			t.Errorf("what it took: %+v", a.Model)
		}
	})
	t.Run("they differ, and one is chosen", func(t *testing.T) {
		epci := inSQL("SELECT population_municipale FROM intercommunalites_du_grand_est WHERE epci = 'Metz Métropole' AND annee = 2024")
		answers := withModel(t, playModel(t, epci), "model", q, "2")
		if a := answers[0]; a.Kind != answer.KindClarify || len(a.Choices) != 2 || len(a.Figures) > 0 {
			t.Fatalf("%s %v: %s", a.Kind, a.Choices, a.Text)
		}
		if a := answers[1]; a.Kind != answer.KindFigure || a.Engine != "model" || a.Figures[0].Value < 200000 {
			t.Errorf("%s %v by %s: %s", a.Kind, a.Figures, a.Engine, a.Text)
		}
	})
	t.Run("a wrong plan is not shown", func(t *testing.T) {
		for _, reply := range []string{strings.Replace(metz, "Metz", "Nancy", 1), strings.Replace(metz, "2024", "2023", 1), "Metz a 42 habitants.", strings.Replace(metz, "sum", "max", 1)} {
			a := withModel(t, playModel(t, reply), "model", q)[0]
			if a.Engine != "rules" || a.Kind != answer.KindFigure || a.Figures[0].Value != 120874 {
				t.Errorf("%s: %s %v by %s: %s", reply, a.Kind, a.Figures, a.Engine, a.Text)
			}
		}
	})
	t.Run("what neither can answer is declined", func(t *testing.T) {
		a := withModel(t, playModel(t, metz), "auto", "Combien d'habitants heureux à Metz en 2024 ?")[0]
		if a.Kind != answer.KindRefusal || len(a.Figures) > 0 {
			t.Errorf("%s %v: %s", a.Kind, a.Figures, a.Text)
		}
	})
	t.Run("no server: said once", func(t *testing.T) {
		answers := withModel(t, "http://127.0.0.1:1/v1", "model", q, "Combien d'habitants à Nancy en 2024 ?")
		for i, a := range answers {
			if a.Engine != "rules" || a.Kind != answer.KindFigure {
				t.Errorf("%s %v: %s", a.Kind, a.Figures, a.Text)
			}
			if told := strings.Contains(strings.Join(a.Caveats, " "), "CIGOGNE_MODEL_URL"); told != (i == 0) {
				t.Errorf("question %d: %q", i+1, a.Caveats)
			}
		}
	})
}

// TestKindsOfServers: the settings name the kinds that requests are written for.
func TestKindsOfServers(t *testing.T) {
	if a, b := slices.Sorted(slices.Values(config.Kinds)), slices.Sorted(slices.Values(llm.Kinds())); !slices.Equal(a, b) {
		t.Errorf("%v, %v", a, b)
	}
}

// TestStatusAsksTheModel says whether the model replies, and what to do.
func TestStatusAsksTheModel(t *testing.T) {
	for url, want := range map[string]string{playModel(t, "yes"): "il répond\n", "http://127.0.0.1:1/v1": "il ne répond pas : serveur injoignable, voir CIGOGNE_MODEL_URL"} {
		var out, errs bytes.Buffer
		env := map[string]string{"CIGOGNE_DATA": filepath.Join(t.TempDir(), "none"), "LANG": "fr_FR.UTF-8", "CIGOGNE_MODEL_URL": url, "CIGOGNE_MODEL_NAME": "m", "CIGOGNE_MODEL_KEY": "secret"}
		run(t.Context(), []string{"status"}, stdio{in: strings.NewReader(""), out: &out, err: &errs, env: func(k string) string { return env[k] }})
		if !strings.Contains(out.String(), want) || strings.Contains(out.String()+errs.String(), "secret") {
			t.Errorf("%s%s, want %q", out.String(), errs.String(), want)
		}
	}
}
