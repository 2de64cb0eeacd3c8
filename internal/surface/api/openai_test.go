package api_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http/httptest"
	"strings"
	"testing"

	openai "github.com/sashabaranov/go-openai"
)

// chatBody writes a conversation of user turns, each with an answer after it
// but the last.
func chatBody(stream bool, said ...string) string {
	var messages []map[string]any
	messages = append(messages, map[string]any{"role": "system", "content": "You are a poet."})
	for i, s := range said {
		messages = append(messages, map[string]any{"role": "user", "content": s})
		if i < len(said)-1 {
			messages = append(messages, map[string]any{"role": "assistant", "content": "12"})
		}
	}
	b, err := json.Marshal(map[string]any{"model": "cigogne", "messages": messages, "stream": stream})
	if err != nil {
		panic(err)
	}
	return string(b)
}

func TestChatConversation(t *testing.T) {
	h, x := handler(nil)
	// A conversation of three turns, request by request: nothing is asked twice.
	for n := 1; n <= 3; n++ {
		if w := do(h, "POST", "/v1/chat/completions", chatBody(false, []string{"un", "deux", "trois"}[:n]...)); w.Code != 200 {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
	}
	var texts, names []string
	for _, q := range x.asked {
		texts, names = append(texts, q.Text), append(names, q.Conversation)
	}
	if fmt.Sprint(texts) != "[un deux trois]" || names[0] != names[1] || names[1] != names[2] || names[0] == "" {
		t.Errorf("asked %v in %v", texts, names)
	}
	// The same beginning elsewhere: it moved on, so it is asked again, apart.
	x.asked = nil
	do(h, "POST", "/v1/chat/completions", chatBody(false, "un", "deux", "quatre"))
	if len(x.asked) != 3 || x.asked[0].Text != "un" || x.asked[2].Text != "quatre" || x.asked[0].Conversation == names[0] || x.asked[0].Conversation != x.asked[2].Conversation {
		t.Errorf("asked %+v", x.asked)
	}
	// Long histories are cut; what is no question in them is passed over.
	x.asked = nil
	long := []string{""}
	for i := range 30 {
		long = append(long, fmt.Sprint("q", i))
	}
	do(h, "POST", "/v1/chat/completions", chatBody(false, long...))
	if len(x.asked) != 9 || x.asked[8].Text != "q29" {
		t.Errorf("%d were asked", len(x.asked))
	}
}

func TestChatAnswer(t *testing.T) {
	h, _ := handler(nil)
	w := do(h, "POST", "/v1/chat/completions", `{"messages":[{"role":"user","content":[{"type":"text","text":"Combien ?"},{"type":"image_url","image_url":{"url":"x"}}]}]}`)
	var c struct {
		Choices []struct {
			Message struct{ Content string }
		}
	}
	if err := json.Unmarshal(w.Body.Bytes(), &c); err != nil || len(c.Choices) != 1 || !strings.HasPrefix(c.Choices[0].Message.Content, "**12**") || !strings.Contains(c.Choices[0].Message.Content, "[Page de cette réponse](http://example.com/a/") {
		t.Errorf("%v %s", err, w.Body)
	}
}

func TestChatStreamed(t *testing.T) {
	h, _ := handler(nil)
	w := do(h, "POST", "/v1/chat/completions", chatBody(true, "Combien ?"))
	if ct := w.Header().Get("Content-Type"); !strings.HasPrefix(ct, "text/event-stream") {
		t.Errorf("content type %s", ct)
	}
	var text, finish string
	events := strings.Split(strings.TrimSuffix(w.Body.String(), "\n\n"), "\n\n")
	for i, e := range events {
		data, ok := strings.CutPrefix(e, "data: ")
		if !ok {
			t.Fatalf("event %q", e)
		}
		if i == len(events)-1 {
			if data != "[DONE]" {
				t.Errorf("the last event is %q", data)
			}
			break
		}
		var c struct {
			Object  string
			Choices []struct {
				Delta  struct{ Role, Content string }
				Finish *string `json:"finish_reason"`
			}
		}
		if err := json.Unmarshal([]byte(data), &c); err != nil || c.Object != "chat.completion.chunk" {
			t.Fatalf("%v %q", err, data)
		}
		if i == 0 && c.Choices[0].Delta.Role != "assistant" {
			t.Errorf("the first piece is %q", data)
		}
		text += c.Choices[0].Delta.Content
		if f := c.Choices[0].Finish; f != nil {
			finish = *f
		}
	}
	if !strings.HasPrefix(text, "**12**") || finish != "stop" {
		t.Errorf("text %q, finish %q", text, finish)
	}
	if w := do(h, "POST", "/v1/chat/completions", chatBody(true, "busy")); !strings.Contains(w.Body.String(), `"server_error"`) || strings.Contains(w.Body.String(), "[DONE]") {
		t.Errorf("a failure: %s", w.Body)
	}
}

func FuzzChat(f *testing.F) {
	f.Add(chatBody(false, "un", "deux"))
	f.Add(`{"messages":[{"role":"user","content":[{"type":7}]}]}`)
	f.Add(`{"messages":[null,{"role":"user","content":null}],"stream":true}`)
	f.Fuzz(func(t *testing.T, body string) {
		h, _ := handler(nil)
		if w := do(h, "POST", "/v1/chat/completions", body); w.Code >= 500 && !strings.Contains(body, "b") {
			t.Fatalf("%q: %d %s", body, w.Code, w.Body)
		}
	})
}

// TestChatWithAClientOfOpenAI talks as chat front ends do, through a client
// that was not written for this.
func TestChatWithAClientOfOpenAI(t *testing.T) {
	h, _ := handler(nil)
	s := httptest.NewServer(h)
	defer s.Close()
	config := openai.DefaultConfig("any key")
	config.BaseURL = s.URL + "/v1"
	c := openai.NewClientWithConfig(config)
	models, err := c.ListModels(t.Context())
	if err != nil || len(models.Models) != 1 || models.Models[0].ID != "cigogne" {
		t.Fatalf("%v %+v", err, models)
	}
	req := openai.ChatCompletionRequest{Model: "cigogne", Messages: []openai.ChatCompletionMessage{{Role: "user", Content: "Combien ?"}}}
	whole, err := c.CreateChatCompletion(t.Context(), req)
	if err != nil || !strings.HasPrefix(whole.Choices[0].Message.Content, "**12**") || whole.Choices[0].FinishReason != "stop" {
		t.Fatalf("%v %+v", err, whole)
	}
	stream, err := c.CreateChatCompletionStream(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Close()
	text := ""
	for {
		piece, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		text += piece.Choices[0].Delta.Content
	}
	if !strings.HasPrefix(text, "**12**") {
		t.Errorf("streamed %q", text)
	}
	req.Model = "gpt"
	var fault *openai.APIError
	if _, err := c.CreateChatCompletion(t.Context(), req); !errors.As(err, &fault) || fault.HTTPStatusCode != 404 || fault.Code != "model_not_found" {
		t.Errorf("another model: %v", err)
	}
}
