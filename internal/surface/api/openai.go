package api

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"cigogne/internal/answer"
	"cigogne/internal/assistant"
	"cigogne/internal/lang"
	"cigogne/internal/surface"
	"cigogne/internal/surface/httpd"
	"cigogne/internal/texts"
)

// model is the name under which chat front ends list Cigogne.
const model = "cigogne"

// chatRequest is the part of OpenAI's chat completion request that means
// something here; temperature and the like are passed over.
type chatRequest struct {
	Model    string    `json:"model"`
	Messages []message `json:"messages"`
	Stream   bool      `json:"stream"`
}

type message struct {
	Role    string  `json:"role"`
	Content content `json:"content"`
}

// content is a text, or a list of parts of which the texts are read.
type content string

func (c *content) UnmarshalJSON(b []byte) error {
	var s *string
	if json.Unmarshal(b, &s) == nil {
		if s != nil {
			*c = content(*s)
		}
		return nil
	}
	var parts []struct {
		Type string `json:"type"`
		Text string `json:"text"`
	}
	if err := json.Unmarshal(b, &parts); err != nil {
		return err
	}
	var texts []string
	for _, p := range parts {
		if p.Type == "text" {
			texts = append(texts, p.Text)
		}
	}
	*c = content(strings.Join(texts, "\n"))
	return nil
}

// completion is a chat completion, whole or a piece of one.
type completion struct {
	ID      string             `json:"id"`
	Object  string             `json:"object"`
	Created int64              `json:"created"`
	Model   string             `json:"model"`
	Choices []completionChoice `json:"choices"`
	Usage   *usage             `json:"usage,omitempty"`
}

type completionChoice struct {
	Index        int             `json:"index"`
	Message      *completionText `json:"message,omitempty"`
	Delta        *completionText `json:"delta,omitempty"`
	FinishReason *string         `json:"finish_reason"`
}

type completionText struct {
	Role    string `json:"role,omitempty"`
	Content string `json:"content,omitempty"`
}

// usage is asked for by some clients; no tokens are spent here that they pay for.
type usage struct {
	Prompt     int `json:"prompt_tokens"`
	Completion int `json:"completion_tokens"`
	Total      int `json:"total_tokens"`
}

// openaiFault is the form in which OpenAI's clients read an error.
type openaiFault struct {
	Error struct {
		Message string  `json:"message"`
		Type    string  `json:"type"`
		Param   *string `json:"param"`
		Code    string  `json:"code"`
	} `json:"error"`
}

func newOpenaiFault(code, text string, status int) openaiFault {
	var f openaiFault
	f.Error.Message, f.Error.Code, f.Error.Type = text, code, "invalid_request_error"
	if status >= 500 {
		f.Error.Type = "server_error"
	}
	return f
}

func (h *handler) models(w http.ResponseWriter, _ *http.Request) {
	write(w, http.StatusOK, map[string]any{"object": "list", "data": []any{map[string]any{"id": model, "object": "model", "created": 1700000000, "owned_by": "cigogne"}}})
}

// chat answers the last thing a user said; what users said before it in the
// messages is the conversation.
func (h *handler) chat(w http.ResponseWriter, r *http.Request) {
	l := httpd.Language(r)
	var q chatRequest
	if !h.read(w, r, &q) {
		return
	}
	refuse := func(status int, code, text string) { write(w, status, newOpenaiFault(code, text, status)) }
	var said []string
	for _, m := range q.Messages {
		if m.Role == "user" {
			said = append(said, string(m.Content))
		}
	}
	switch {
	case q.Model != "" && q.Model != model:
		refuse(http.StatusNotFound, "model_not_found", texts.Say(l, "api.only_model_here_is_called_cigogne"))
		return
	case len(said) == 0:
		refuse(http.StatusBadRequest, "invalid", texts.Say(l, "api.no_user_message_there_is_no"))
		return
	}
	last := said[len(said)-1]
	if why := assistant.Refuse(last, l); why != "" {
		refuse(http.StatusBadRequest, "invalid", why)
		return
	}
	if ok, wait := h.Rate.Allow(h.Client.Address(r)); !ok {
		httpd.RetryAfter(w, wait)
		write(w, surface.RateLimited.Status(), newOpenaiFault("rate_limit_exceeded", surface.RateLimited.Sentence(l), surface.RateLimited.Status()))
		return
	}
	httpd.Patience(w, answerTime)
	reply := completion{ID: "chatcmpl-" + rand.Text(), Created: time.Now().Unix(), Model: model}
	if q.Stream {
		h.chatStream(w, r, said, reply)
		return
	}
	a, err := h.said(r.Context(), said)
	if code := surface.CodeOf(err); code != "" {
		httpd.RetryAfter(w, busyWait)
		write(w, code.Status(), newOpenaiFault(string(code), code.Sentence(l), code.Status()))
		return
	}
	stop := "stop"
	reply.Object, reply.Usage = "chat.completion", &usage{}
	reply.Choices = []completionChoice{{Message: &completionText{"assistant", h.spoken(r, a)}, FinishReason: &stop}}
	write(w, http.StatusOK, reply)
}

func (h *handler) chatStream(w http.ResponseWriter, r *http.Request, said []string, reply completion) {
	events := httpd.NewEvents(w)
	reply.Object = "chat.completion.chunk"
	send := func(t completionText, finish *string) {
		reply.Choices = []completionChoice{{Delta: &t, FinishReason: finish}}
		_ = events.Send("", reply)
	}
	send(completionText{Role: "assistant"}, nil)
	a, err := h.said(r.Context(), said)
	if code := surface.CodeOf(err); code != "" {
		_ = events.Send("", newOpenaiFault(string(code), code.Sentence(httpd.Language(r)), code.Status()))
		return
	}
	for _, line := range strings.SplitAfter(h.spoken(r, a), "\n") {
		send(completionText{Content: line}, nil)
	}
	stop := "stop"
	send(completionText{}, &stop)
	_ = events.Raw("", "[DONE]")
}

// spoken is the text of an answer, with its query and its lasting page.
func (h *handler) spoken(r *http.Request, a *answer.Answer) string {
	text := a.Text
	if a.Answered() && a.SQL != "" {
		text += "\n\n```sql\n" + strings.ReplaceAll(a.SQL, "```", "` ` `") + "\n```"
	}
	base := h.Base
	if base == "" {
		base = h.Client.Base(r)
	}
	if a.AnswerID != "" {
		text += "\n\n[" + texts.Say(a.Lang, "api.page_this_answer") + "](" + base + "/a/" + a.AnswerID + ")"
	}
	return text
}

// replayed is how many earlier questions are asked again where their
// conversation is not remembered.
const replayed = 8

// said answers the last of what a user said, in the conversation of the rest.
func (h *handler) said(ctx context.Context, said []string) (*answer.Answer, error) {
	before, last := said[:len(said)-1], said[len(said)-1]
	name := h.talks.take(before)
	if name == "" {
		name = "openai:" + rand.Text()
		for _, text := range before[max(0, len(before)-replayed):] {
			if assistant.Refuse(text, lang.French) != "" {
				continue
			}
			if a, err := h.Asker.Ask(ctx, assistant.Question{Text: text, Conversation: name}); err != nil {
				return a, err
			}
		}
	}
	a, err := h.Asker.Ask(ctx, assistant.Question{Text: last, Conversation: name})
	if err == nil {
		h.talks.put(said, name)
	}
	return a, err
}

// talks remember which conversation stands where, by all that was said in it:
// the next request, which repeats it, goes on there instead of asking it again.
type talks struct{ byHash *lru.Cache[[32]byte, string] }

const maxTalks = 1000

func newTalks() *talks {
	byHash, err := lru.New[[32]byte, string](maxTalks)
	if err != nil { // only of a size below 1
		return nil
	}
	return &talks{byHash}
}

func hash(said []string) [32]byte {
	b, err := json.Marshal(said)
	if err != nil { // strings are always JSON
		return [32]byte{}
	}
	return sha256.Sum256(b)
}

// take returns the conversation in which exactly that was said, and forgets it:
// it is about to move on. "" where none is remembered, or nothing was said.
func (t *talks) take(said []string) string {
	if len(said) == 0 {
		return ""
	}
	h := hash(said)
	name, _ := t.byHash.Peek(h)
	if !t.byHash.Remove(h) { // another request went on from there meanwhile
		return ""
	}
	return name
}

func (t *talks) put(said []string, name string) {
	t.byHash.Add(hash(said), name)
}
