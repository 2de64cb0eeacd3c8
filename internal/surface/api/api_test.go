package api_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"cigogne/internal/answer"
	"cigogne/internal/assistant"
	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/query"
	"cigogne/internal/surface"
	"cigogne/internal/surface/api"
	"cigogne/internal/surface/httpd"
	"cigogne/internal/surface/kept"
)

// recorder notes what it is asked and answers with the question.
type recorder struct {
	book  *kept.Store // nil: answers are not kept
	asked []assistant.Question
}

// keep stands for the ledger behind the assistant.
func (x *recorder) keep(a *answer.Answer) *answer.Answer {
	if x.book != nil {
		_ = x.book.Keep(context.Background(), a)
	}
	return a
}

func (x *recorder) Ask(_ context.Context, q assistant.Question) (*answer.Answer, error) {
	x.asked = append(x.asked, q)
	switch q.Text {
	case "busy":
		return nil, surface.ErrBusy
	case "slow":
		return &answer.Answer{}, context.DeadlineExceeded
	case "broken":
		return &answer.Answer{}, errors.New("disk secret42")
	}
	if q.Text == "all" { // every field there is
		return &answer.Answer{
			ID: "1", Question: "all", Lang: "en", Kind: answer.KindTable, Text: "t", Headline: answer.Headline{Text: "h", Unit: "u", Beside: "b"}, Sentence: "s", Figures: []answer.Figure{{Label: "n", Value: 1, Unit: "EUR"}}, Columns: []answer.Column{{Name: "a", Unit: "%", Plain: true}}, Rows: [][]any{{"x", nil, 1.5, true}},
			Datasets: []answer.Dataset{{ID: "d", Name: "n", Title: "t", Publisher: "p", URL: "u", Score: 1, Similar: 2, Why: []string{"w"}}}, Choices: []string{"c"},
			Sources:     []answer.Source{{DatasetID: "d", Title: "t", Publisher: "p", Licence: "l", URL: "u", ResourceURL: "r", Period: "2016", Modified: "2020-01-01", Retrieved: "2020-01-01", SHA256: "s"}},
			Assumptions: []string{"a"}, Caveats: []string{"c"}, NotUnderstood: []string{"n"}, Plan: &query.Plan{Table: "t"}, SQL: "SELECT 1", Explanation: "e", Engine: "rules", ElapsedMS: 1,
		}, nil
	}
	if q.Progress != nil {
		q.Progress(assistant.StepSearch)
		q.Progress(assistant.StepQuery)
	}
	return x.keep(&answer.Answer{ID: q.ID, Question: q.Text, Lang: "fr", Kind: answer.KindFigure, Text: "**12** <b>", Figures: []answer.Figure{{Label: "n", Value: 12}}, Columns: []answer.Column{{Name: "n"}}, Rows: [][]any{{int64(12)}}}), nil
}

// shelf is a small catalogue.
type shelf struct{}

func (shelf) Find(_ context.Context, b assistant.Browse, _ lang.Lang) (*assistant.Found, error) {
	if b.Text == "broken" {
		return nil, errors.New("disk")
	}
	return &assistant.Found{Total: 9, Facets: []assistant.FoundFacet{{Field: "format", Values: []assistant.FoundCount{{Value: "csv", Datasets: 9}}}}, Datasets: []assistant.FoundItem{
		{Dataset: answer.Dataset{ID: "a/b", Name: "n", Title: b.Text, Publisher: "p", URL: "u", Score: 1, Why: []string{"w"}}, Portal: "x", Formats: []string{"csv"}, Modified: "2020-01-01", About: "about", Table: true},
	}}, nil
}

func (shelf) Describe(_ context.Context, key string, _ lang.Lang) (*assistant.Description, error) {
	switch key {
	case "a/b":
		return &assistant.Description{
			Dataset: dataset.Dataset{ID: key, Name: "n", Title: "t"}, Quality: assistant.DescriptionQuality{Score: .5, Met: []dataset.Criterion{dataset.HasLicence}}, Tables: []dataset.Table{{ID: "t", Rows: 3, Columns: []dataset.Column{}}},
			Samples: []assistant.Sample{{Table: "t", Columns: []assistant.SampleColumn{{Name: "c", Label: "l", Unit: "u", Plain: true}}, Rows: [][]any{{1}}}}, Ask: []string{"Combien ?"},
		}, nil
	case "broken":
		return nil, errors.New("disk")
	}
	return nil, assistant.ErrUnknownDataset
}

func (shelf) Names(context.Context, string, int) ([]string, int, error) { return nil, 0, nil }

func handler(change func(*api.Parts)) (http.Handler, *recorder) {
	x := &recorder{book: kept.New(10)}
	p := api.Parts{Asker: x, Answers: x.book, Guide: shelf{}, Log: slog.New(slog.DiscardHandler)}
	if change != nil {
		change(&p)
	}
	return httpd.Harden(api.New(p), 8<<10, p.Log), x
}

func do(h http.Handler, method, path, body string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if method == "POST" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestAsk(t *testing.T) {
	h, x := handler(nil)
	w := do(h, "POST", "/api/v1/ask", `{"id":"7","question":"Combien ?","conversation":"c","lang":"fr"}`)
	var a answer.Answer
	if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil || w.Code != 200 {
		t.Fatalf("%d %v %s", w.Code, err, w.Body)
	}
	if a.ID != "7" || a.Question != "Combien ?" || a.Figures[0].Value != 12 || a.AnswerID == "" || !strings.Contains(w.Body.String(), "<b>") {
		t.Errorf("got %s", w.Body)
	}
	if q := x.asked[0]; q.Conversation != "api:c" || q.Lang != "fr" {
		t.Errorf("asked %+v", q)
	}
	if w := do(h, "GET", "/api/v1/answers/"+a.AnswerID, ""); w.Code != 200 || !strings.Contains(w.Body.String(), "Combien ?") {
		t.Errorf("kept: %d %s", w.Code, w.Body)
	}
	if do(h, "POST", "/api/v1/ask", `{"question":"Combien ?"}`); x.asked[1].Conversation != "" {
		t.Error("a question without a conversation has one")
	}
}

// An answer that is on no disk has no ID to come back with.
func TestNoIDWithoutALedger(t *testing.T) {
	h, x := handler(nil)
	x.book = nil
	if w := do(h, "POST", "/api/v1/ask", `{"question":"Combien ?"}`); w.Code != 200 || strings.Contains(w.Body.String(), "answer_id") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := do(h, "POST", "/v1/chat/completions", `{"model":"cigogne","messages":[{"role":"user","content":"Combien ?"}]}`); w.Code != 200 || strings.Contains(w.Body.String(), "/a/") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestFaults(t *testing.T) {
	h, _ := handler(func(p *api.Parts) { p.Rate = httpd.NewRate(600) })
	for name, c := range map[string]struct {
		method, path, body string
		status             int
		code, says         string
	}{
		"not JSON":          {"POST", "/api/v1/ask", `{`, 400, "invalid", "openapi"},
		"wrong type":        {"POST", "/api/v1/ask", `{"question":7}`, 400, "invalid", "openapi"},
		"no question":       {"POST", "/api/v1/ask", `{}`, 400, "invalid", "Quelle est votre question"},
		"too long":          {"POST", "/api/v1/ask", `{"question":"` + strings.Repeat("a", 2001) + `"}`, 400, "invalid", "trop longue"},
		"too large":         {"POST", "/api/v1/ask", `{"question":"` + strings.Repeat("a", 9000) + `"}`, 413, "", ""},
		"language":          {"POST", "/api/v1/ask", `{"question":"x","lang":"nl"}`, 400, "invalid", "fr"},
		"conversation":      {"POST", "/api/v1/ask", `{"question":"x","conversation":"` + strings.Repeat("a", 201) + `"}`, 400, "invalid", "200"},
		"busy":              {"POST", "/api/v1/ask", `{"question":"busy"}`, 503, "busy", "réessayez"},
		"slow":              {"POST", "/api/v1/ask", `{"question":"slow"}`, 504, "timeout", "trop de temps"},
		"broken":            {"POST", "/api/v1/ask", `{"question":"broken"}`, 500, "internal", "journal"},
		"no such answer":    {"GET", "/api/v1/answers/x", ``, 404, "not_found", "Aucune réponse"},
		"no such address":   {"GET", "/api/v1/nowhere", ``, 404, "not_found", "openapi"},
		"a method too many": {"DELETE", "/api/v1/ask", ``, 405, "unsupported", "POST"},
	} {
		t.Run(name, func(t *testing.T) {
			w := do(h, c.method, c.path, c.body)
			if w.Code != c.status || !strings.Contains(w.Body.String(), c.code) || !strings.Contains(w.Body.String(), c.says) {
				t.Errorf("%d %s", w.Code, w.Body)
			}
			if strings.Contains(w.Body.String(), "secret42") {
				t.Error("an inner error reached the client")
			}
		})
	}
	if w := do(h, "POST", "/api/v1/ask", `{"question":"x"}`, "Content-Type", "text/plain"); w.Code != 415 {
		t.Errorf("text/plain: %d", w.Code)
	}
	if w := do(h, "POST", "/api/v1/ask", `{}`, "Accept-Language", "en"); !strings.Contains(w.Body.String(), "What is your question") {
		t.Errorf("English: %s", w.Body)
	}
	h, _ = handler(func(p *api.Parts) { p.Rate = httpd.NewRate(1) })
	var w *httptest.ResponseRecorder
	for range 6 {
		w = do(h, "POST", "/api/v1/ask", `{"question":"x"}`)
	}
	if w.Code != 429 || w.Header().Get("Retry-After") == "" {
		t.Errorf("too many: %d %v", w.Code, w.Header())
	}
}

func TestAskStreamed(t *testing.T) {
	h, _ := handler(nil)
	w := do(h, "POST", "/api/v1/ask", `{"question":"x"}`, "Accept", "text/event-stream")
	body := w.Body.String()
	if !strings.HasPrefix(body, "event: progress\ndata: {\"step\":\"search\"}\n\nevent: progress\ndata: {\"step\":\"query\"}\n\nevent: answer\ndata: {\"question\":\"x\"") {
		t.Errorf("got %s", body)
	}
	if w := do(h, "POST", "/api/v1/ask", `{"question":"busy"}`, "Accept", "text/event-stream"); !strings.Contains(w.Body.String(), "event: error\ndata: {\"error\":{\"code\":\"busy\"") {
		t.Errorf("got %s", w.Body)
	}
}

func FuzzAsk(f *testing.F) {
	f.Add(`{"question":"Combien ?","lang":"fr"}`)
	f.Add(`{"question":null,"conversation":{}}`)
	f.Add(`[{"question":"\ud800"}]`)
	f.Fuzz(func(t *testing.T, body string) {
		h, _ := handler(nil)
		w := do(h, "POST", "/api/v1/ask", body)
		if w.Code >= 500 && !strings.Contains(body, "b") {
			t.Fatalf("%q: %d %s", body, w.Code, w.Body)
		}
		if w.Code != 413 && !json.Valid(w.Body.Bytes()) {
			t.Fatalf("%q: no JSON: %s", body, w.Body)
		}
	})
}
