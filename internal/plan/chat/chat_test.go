package chat

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"cigogne/internal/lang"
)

const sql = "SELECT sum(pop) FROM towns"

// body is a request as a server reads it.
type body map[string]any

func (b body) has(field string) bool { _, ok := b[field]; return ok }

// server plays a kind of server: reply is called with each request, in turn.
type server struct {
	*httptest.Server
	mu    sync.Mutex
	asked []body
}

func serve(t *testing.T, reply func(n int, b body, w http.ResponseWriter)) *server {
	t.Helper()
	s := &server{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, _ := io.ReadAll(r.Body)
		var b body
		if err := json.Unmarshal(raw, &b); err != nil || r.URL.Path != "/v1/chat/completions" || r.Header.Get("Authorization") != "Bearer secret" {
			http.NotFound(w, r)
			return
		}
		s.mu.Lock()
		s.asked = append(s.asked, b)
		n := len(s.asked)
		s.mu.Unlock()
		reply(n, b, w)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *server) client(kind Kind, model string) *Client {
	return New(Server{URL: s.URL + "/v1/", Model: model, Key: "secret", Kind: kind, Timeout: 3 * time.Second, Wait: 10 * time.Millisecond}, slog.New(slog.DiscardHandler))
}

func refuse(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	fmt.Fprint(w, text)
}

// events streams, a line an event.
func events(w http.ResponseWriter, lines ...string) {
	w.Header().Set("Content-Type", "text/event-stream")
	for _, l := range lines {
		fmt.Fprintf(w, "data: %s\n\n", l)
	}
}

func delta(fields string) string { return `{"choices":[{"index":0,"delta":{` + fields + `}}]}` }

func said(text string) string {
	b, _ := json.Marshal(text)
	return delta(`"content":` + string(b))
}

const (
	stop  = `{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}`
	spent = `{"choices":[],"usage":{"prompt_tokens":100,"completion_tokens":10,"total_tokens":110}}`
	done  = "[DONE]"
)

// TestServers plays each kind of server with what its documentation and its users
// tell of it.
func TestServers(t *testing.T) {
	for name, c := range map[string]struct {
		kind  Kind
		model string
		reply func(n int, b body, w http.ResponseWriter)
		calls int // for the first question; the second takes one
		usage Usage
	}{
		// A reasoning model refuses the old bound and any temperature.
		"OpenAI": {OpenAI, "gpt-5-mini", func(_ int, b body, w http.ResponseWriter) {
			switch {
			case b.has("max_tokens"):
				refuse(w, 400, `{"error":{"message":"Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.","type":"invalid_request_error","param":"max_tokens","code":"unsupported_parameter"}}`)
			case b.has("temperature"):
				refuse(w, 400, `{"error":{"message":"Unsupported value: 'temperature' does not support 0 with this model. Only the default (1) value is supported.","type":"invalid_request_error","param":"temperature","code":"unsupported_value"}}`)
			case b["reasoning_effort"] != "low" || b["max_completion_tokens"].(float64) < 1000:
				refuse(w, 500, "thinks too much")
			default:
				events(w, delta(`"role":"assistant","content":"","refusal":null`), said(sql), stop, spent, done)
			}
		}, 1, Usage{1, 100, 10}},
		// The same behind a gateway, under a name that tells nothing: learnt once.
		"OpenAI behind another name": {"", "planner", func(_ int, b body, w http.ResponseWriter) {
			switch {
			case b.has("max_tokens"):
				refuse(w, 400, `{"error":{"message":"Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."}}`)
			case b.has("temperature"):
				refuse(w, 400, `{"error":{"message":"Unsupported value","param":"temperature"}}`)
			default:
				events(w, said(sql), stop, spent, done)
			}
		}, 3, Usage{1, 100, 10}},
		"OpenAI, one that does not think": {OpenAI, "gpt-4o", func(_ int, b body, w http.ResponseWriter) {
			if b["temperature"] != 0.0 || b.has("reasoning_effort") || !b.has("stream_options") {
				refuse(w, 500, "temperature 0 is sent, no effort is")
				return
			}
			events(w, said(sql), stop, spent, done)
		}, 1, Usage{1, 100, 10}},
		// Fields that are not its own are errors; a thinking model replies in parts.
		"Mistral": {Mistral, "magistral-small", func(_ int, b body, w http.ResponseWriter) {
			for _, field := range []string{"stream_options", "max_completion_tokens", "reasoning_effort", "chat_template_kwargs"} {
				if b.has(field) {
					refuse(w, 422, `{"detail":[{"type":"extra_forbidden","loc":["body","`+field+`"],"msg":"Extra inputs are not permitted"}]}`)
					return
				}
			}
			events(w, delta(`"role":"assistant","content":[{"type":"thinking","thinking":[{"type":"text","text":"SELECT {1}?"}]}]`), delta(`"content":[{"type":"text","text":"`+sql+`"}]`),
				`{"choices":[{"index":0,"delta":{"content":""},"finish_reason":"stop"}],"usage":{"prompt_tokens":100,"completion_tokens":10}}`, done)
		}, 1, Usage{1, 100, 10}},
		"Mistral, its kind untold": {"", "mistral-small", func(_ int, b body, w http.ResponseWriter) {
			if b.has("stream_options") {
				refuse(w, 422, `{"detail":[{"type":"extra_forbidden","loc":["body","stream_options"],"msg":"Extra inputs are not permitted"}]}`)
				return
			}
			events(w, said(sql), `{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":100,"completion_tokens":10}}`, done)
		}, 2, Usage{1, 100, 10}},
		// A gateway that counts in fractions, and adds what a reply cost.
		"Albert": {Albert, "albert-large", func(_ int, _ body, w http.ResponseWriter) {
			events(w, said(sql), stop, `{"choices":[],"usage":{"prompt_tokens":100.0,"completion_tokens":10.0,"cost":0.0,"carbon":{"kWh":{"min":0.1,"max":0.2}}}}`, done)
		}, 1, Usage{1, 100, 10}},
		// Usage in a field of its own; a thinking model thinks in the text.
		"Groq": {Groq, "qwen3-32b", func(_ int, b body, w http.ResponseWriter) {
			if b.has("max_tokens") {
				refuse(w, 400, `{"error":{"message":"max_tokens is deprecated"}}`)
				return
			}
			events(w, said("<think>\nfunction() { return {a: 1} }; SELECT 1;"), said("\n</think>\n\n"+sql), stop, `{"choices":[],"x_groq":{"id":"req","usage":{"prompt_tokens":100,"completion_tokens":10}}}`, done)
		}, 1, Usage{1, 100, 10}},
		// Thinks by default, in a field of its own; an older one takes no "none".
		"Ollama": {Ollama, "qwen3:4b", func(_ int, b body, w http.ResponseWriter) {
			if b["reasoning_effort"] == "none" {
				refuse(w, 400, `{"error":{"message":"invalid reasoning value: 'none' (must be \"high\", \"medium\", \"low\", true, or false)","type":"invalid_request_error","param":null,"code":null}}`)
				return
			}
			events(w, `{"choices":[{"index":0,"delta":{"role":"assistant","content":"","reasoning":"Hm, SELECT"},"finish_reason":""}]}`, said(sql), stop, spent, done)
		}, 2, Usage{1, 100, 10}},
		"Ollama, thinking beyond the bound": {Ollama, "qwen3:4b", func(_ int, b body, w http.ResponseWriter) {
			if b["max_tokens"].(float64) < 1000 {
				events(w, delta(`"content":"","reasoning":"Let me think"`), `{"choices":[{"index":0,"delta":{"content":""},"finish_reason":"length"}]}`, done)
				return
			}
			events(w, delta(`"content":"","reasoning":"Let me think"`), said(sql), stop, spent, done)
		}, 2, Usage{2, 100 + Tokens("systemquestion"), 10 + Tokens("Let me think")}},
		// Loads its model first; keeps the connection alive by comments.
		"llama.cpp": {LlamaCpp, "any", func(n int, b body, w http.ResponseWriter) {
			if n == 1 {
				refuse(w, 503, `{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}`)
				return
			}
			w.Header().Set("Content-Type", "text/event-stream")
			for range 400 {
				fmt.Fprint(w, ": keep-alive\n\n")
			}
			events(w, delta(`"content":null,"reasoning_content":"{"`), said(sql), stop, `{"choices":[],"usage":{"prompt_tokens":100,"completion_tokens":10},"timings":{"prompt_n":100,"predicted_ms":12.5}}`, done)
		}, 2, Usage{1, 100, 10}},
		"llama.cpp, a template without a system message": {LlamaCpp, "gemma", func(_ int, b body, w http.ResponseWriter) {
			if messages := b["messages"].([]any); len(messages) != 1 {
				refuse(w, 500, `{"error":{"code":500,"message":"System role not supported","type":"server_error"}}`)
				return
			}
			events(w, said(sql), stop, spent, done)
		}, 4, Usage{1, 100, 10}},
		"vLLM": {VLLM, "Qwen/Qwen3-8B", func(_ int, b body, w http.ResponseWriter) {
			if b.has("chat_template_kwargs") {
				refuse(w, 400, `{"object":"error","message":"chat_template_kwargs is not allowed","type":"BadRequestError","param":null,"code":400}`)
				return
			}
			events(w, delta(`"reasoning":"so","content":null`), said(sql), `{"choices":[{"index":0,"delta":{"content":""},"finish_reason":"stop","stop_reason":151645}]}`, spent, done)
		}, 2, Usage{1, 100, 10}},
		"plain JSON where a stream was asked": {"", "m", func(_ int, _ body, w http.ResponseWriter) {
			refuse(w, 200, "  \n"+`{"choices":[{"index":0.0,"message":{"role":"assistant","content":"`+sql+`"},"finish_reason":"eos"}],"usage":{"prompt_tokens":100.0,"completion_tokens":10.0}}`)
		}, 1, Usage{1, 100, 10}},
		"no streams": {"", "m", func(_ int, b body, w http.ResponseWriter) {
			if b.has("stream") {
				refuse(w, 400, `{"error":{"message":"streaming is not supported"}}`)
				return
			}
			refuse(w, 200, `{"choices":[{"message":{"content":"`+sql+`"},"finish_reason":"end_turn"}],"usage":{"prompt_tokens":100,"completion_tokens":10}}`)
		}, 2, Usage{1, 100, 10}},
		"an error that says nothing": {"", "m", func(_ int, b body, w http.ResponseWriter) {
			if b.has("temperature") || b.has("stream_options") {
				refuse(w, 400, `no`)
				return
			}
			events(w, said(sql), stop, spent, done)
		}, 2, Usage{1, 100, 10}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, c.reply)
			client := s.client(c.kind, c.model)
			ask := Request{System: "system", User: "question", Most: 400}
			got, err := client.Ask(t.Context(), ask)
			if err != nil {
				t.Fatal(err)
			}
			if got.Text != sql || got.Cut || got.Usage != c.usage || len(s.asked) != c.calls {
				t.Errorf("%q, cut %v, %+v, %d requests", got.Text, got.Cut, got.Usage, len(s.asked))
			}
			if name == "an error that says nothing" { // nothing is learnt of it
				return
			}
			if _, err := client.Ask(t.Context(), ask); err != nil || len(s.asked) != c.calls+1 {
				t.Errorf("the second question: %v, %d requests in all", err, len(s.asked))
			}
		})
	}
}

// TestEnds reads every way that a reply ends.
func TestEnds(t *testing.T) {
	finish := func(reason string) string {
		return `{"choices":[{"index":0,"delta":{},"finish_reason":"` + reason + `"}]}`
	}
	for name, c := range map[string]struct {
		events []string
		text   string
		cut    bool
		err    error
	}{
		"stop":                       {[]string{said(sql), stop, done}, sql, false, nil},
		"eos":                        {[]string{said(sql), finish("eos"), done}, sql, false, nil},
		"end_turn, no [DONE]":        {[]string{said(sql), finish("end_turn")}, sql, false, nil},
		"no reason, [DONE]":          {[]string{said(sql), done}, sql, false, nil},
		"neither":                    {[]string{said(sql)}, sql, true, nil},
		"length":                     {[]string{said(sql), finish("length"), done}, sql, true, nil},
		"model_length":               {[]string{said(sql), finish("model_length"), done}, sql, true, nil},
		"filtered":                   {[]string{said(sql), finish("content_filter"), done}, sql, false, ErrRefused},
		"a refusal":                  {[]string{delta(`"refusal":"I can't help with that."`), stop, done}, "", false, ErrRefused},
		"nothing":                    {[]string{stop, done}, "", false, ErrEmpty},
		"thought alone, in the text": {[]string{said("<think>{SELECT"), finish("length"), done}, "", false, ErrThought},
		"thought whose beginning is in the prompt": {[]string{said("SELECT {x}</think>" + sql), stop, done}, sql, false, nil},
		"a word of thinking in the SQL":            {[]string{said("SELECT '</b>' FROM t"), stop, done}, "SELECT '</b>' FROM t", false, nil},
		"without end":                              {[]string{said(strings.Repeat("la ", 30000)), stop, done}, "", false, ErrLong},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, func(_ int, _ body, w http.ResponseWriter) { events(w, c.events...) })
			got, err := s.client("", "m").Ask(t.Context(), Request{User: "q", Most: 400})
			if !errors.Is(err, c.err) || err == nil && (got.Text != c.text || got.Cut != c.cut) {
				t.Errorf("%q, cut %v, %v", got.Text, got.Cut, err)
			}
		})
	}
	t.Run("an error in the stream", func(t *testing.T) {
		s := serve(t, func(_ int, _ body, w http.ResponseWriter) {
			events(w, said("SELECT"), `{"error":{"message":"engine died","code":500}}`)
		})
		if _, err := s.client(VLLM, "m").Ask(t.Context(), Request{User: "q"}); err == nil || !strings.Contains(err.Error(), "engine died") {
			t.Error(err)
		}
	})
	t.Run("no JSON", func(t *testing.T) {
		s := serve(t, func(_ int, _ body, w http.ResponseWriter) { events(w, "oops") })
		if _, err := s.client("", "m").Ask(t.Context(), Request{User: "q"}); err == nil {
			t.Error("read")
		}
	})
}

// TestTrouble says what fails, once, until it works again.
func TestTrouble(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		text   string
		calls  int
		says   string
	}{
		"a wrong key":             {401, `{"detail":"Invalid API key."}`, 1, "CIGOGNE_MODEL_KEY"},
		"no such model":           {404, `{"error":{"message":"model \"m\" not found"}}`, 1, "CIGOGNE_MODEL_NAME"},
		"too many requests":       {429, `{"message":"Requests rate limit exceeded"}`, 3, "trop de demandes"},
		"a server that is down":   {500, `oops`, 3, "500"},
		"a request it can't read": {400, `no`, 2, "400"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			well := false
			s := serve(t, func(_ int, _ body, w http.ResponseWriter) {
				if well {
					events(w, said(sql), stop, done)
					return
				}
				refuse(w, c.status, c.text)
			})
			client := s.client("", "m")
			if client.Untold() != nil {
				t.Error("in trouble before it was asked")
			}
			_, err := client.Ask(t.Context(), Request{User: "q", Most: 10})
			var status *StatusError
			if !errors.As(err, &status) || status.Status != c.status || len(s.asked) != c.calls {
				t.Fatalf("%v, %d requests", err, len(s.asked))
			}
			if strings.Contains(err.Error(), "secret") {
				t.Error("the key is told")
			}
			if told := client.Untold(); told == nil || !strings.Contains(told.Sentence(lang.French), c.says) {
				t.Errorf("%v", told)
			}
			if client.Untold() != nil || client.Trouble() == nil {
				t.Error("told twice, or forgotten")
			}
			well = true
			if _, err := client.Ask(t.Context(), Request{User: "q", Most: 10}); err != nil || client.Trouble() != nil {
				t.Errorf("%v, %v", err, client.Trouble())
			}
		})
	}
	t.Run("nobody there", func(t *testing.T) {
		client := New(Server{URL: "http://127.0.0.1:1/v1", Model: "m", Wait: time.Millisecond}, slog.New(slog.DiscardHandler))
		client.Ask(t.Context(), Request{})
		if s := client.Trouble().Sentence(lang.English); !strings.Contains(s, "out of reach") {
			t.Error(s)
		}
	})
	t.Run("slow", func(t *testing.T) {
		s := serve(t, func(int, body, http.ResponseWriter) { time.Sleep(300 * time.Millisecond) })
		client := New(Server{URL: s.URL + "/v1", Model: "m", Key: "secret", Timeout: 30 * time.Millisecond}, slog.New(slog.DiscardHandler))
		client.Ask(t.Context(), Request{})
		if s := client.Trouble().Sentence(lang.English); !strings.Contains(s, "too slow") {
			t.Error(s)
		}
	})
	t.Run("given up by who asked", func(t *testing.T) {
		s := serve(t, func(int, body, http.ResponseWriter) { time.Sleep(300 * time.Millisecond) })
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		client := s.client("", "m")
		if _, err := client.Ask(ctx, Request{}); !errors.Is(err, context.Canceled) || client.Trouble() != nil {
			t.Errorf("%v, %v", err, client.Trouble())
		}
	})
}

// TestMemory forgets after an hour what a server did not take.
func TestMemory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New(Server{URL: "http://x/v1", Model: "m"}, slog.New(slog.DiscardHandler))
		next, why := c.form().mended(&StatusError{400, "temperature is not supported"})
		if why != "temperature" {
			t.Fatal(why)
		}
		c.features.learn(c.form(), next)
		time.Sleep(remembered - time.Second)
		if c.form()[temperature] || !c.form()[maxTokens] {
			t.Errorf("%v", c.form())
		}
		time.Sleep(2 * time.Second)
		if !c.form()[temperature] {
			t.Errorf("%v", c.form())
		}
	})
}

func TestKindOf(t *testing.T) {
	for url, want := range map[string]Kind{
		"https://api.openai.com/v1": OpenAI, "https://x.openai.azure.com/openai/v1": OpenAI, "https://api.mistral.ai/v1": Mistral,
		"https://albert.api.etalab.gouv.fr/v1": Albert, "https://api.groq.com/openai/v1": Groq, "http://localhost:11434/v1": Ollama,
		"http://localhost:8000/v1": "", "https://notopenai.com/v1": "",
	} {
		if got := kindOf(Server{URL: url}); got != want {
			t.Errorf("%s: %q, want %q", url, got, want)
		}
	}
	if got := kindOf(Server{URL: "http://localhost:11434/v1", Kind: VLLM}); got != VLLM {
		t.Errorf("%q, where it was set", got)
	}
}

// FuzzRead reads any reply: a text or an error, never without bound.
func FuzzRead(f *testing.F) {
	for _, s := range []string{said(sql), "data: " + said(sql) + "\n\ndata: [DONE]\n\n", ": x\n\n", `{"choices":[{"message":{"content":[{"type":"text","text":"a"}]}}]}`, " {", `{"error":"x"}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := read(strings.NewReader(s))
		if err != nil {
			return
		}
		r, err := c.reply(Request{})
		if (r.Text == "") == (err == nil) && !errors.Is(err, ErrRefused) {
			t.Fatalf("%q, %v", r.Text, err)
		}
	})
}
