package web

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"cigogne/internal/answer"
	"cigogne/internal/assistant"
	"cigogne/internal/lang"
	"cigogne/internal/surface"
	"cigogne/internal/surface/httpd"
	"cigogne/internal/surface/plain"
	"cigogne/internal/texts"
)

// chat is what the chat page shows.
type chat struct {
	Conversation string // token; "" before the first question
	Turns        []*card
	Question     string // put back into the field
	Fault        string // why the question was not taken
	Home         *home  // before the first question
}

// answerTime bounds a question with its wait in line.
const answerTime = 100 * time.Second

func (s *site) start(w http.ResponseWriter, r *http.Request) {
	s.showChat(w, r, http.StatusOK, chat{Question: lang.Cut(r.FormValue("q"), assistant.MaxQuestion)})
}

func (s *site) showChat(w http.ResponseWriter, r *http.Request, status int, c chat) {
	p := s.page(r)
	if len(c.Turns) == 0 {
		h := s.home(r.Context(), p)
		c.Home = &h
	}
	p.Here, p.Data = "ask", c
	p.Title = texts.Say(p.Lang, "web.ask_data_question")
	if n := len(c.Turns); n > 0 {
		p.Title = c.Turns[n-1].Question
	}
	s.show(w, r, status, "chat", p)
}

// turns are the answers of a conversation that are still kept.
func (s *site) turns(ctx context.Context, token string) []*card {
	var out []*card
	for _, id := range s.threads.answers(ctx, token) {
		if a, err := s.Answers.Answer(ctx, id); err == nil {
			out = append(out, s.card(a, token))
		}
	}
	return out
}

func (s *site) conversation(w http.ResponseWriter, r *http.Request) {
	token := r.PathValue("token")
	if !validToken(token) {
		s.missing(w, r)
		return
	}
	w.Header().Set("X-Robots-Tag", "noindex")
	c := chat{Conversation: token, Turns: s.turns(r.Context(), token)}
	if len(c.Turns) == 0 {
		c.Conversation = ""
		c.Fault = texts.Say(httpd.Language(r), "web.this_conversation_is_no_longer_kept")
	}
	s.showChat(w, r, http.StatusOK, c)
}

// ask takes a question from a form, answers it and sends the reader to the
// conversation's page; a script gets progress and the answer's HTML as events.
func (s *site) ask(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		s.refused(w, r, http.StatusRequestEntityTooLarge, chat{}, texts.Say(httpd.Language(r), "web.question_is_too_long"))
		return
	}
	l := httpd.Language(r)
	c := chat{Conversation: r.PostFormValue("conversation"), Question: strings.TrimSpace(r.PostFormValue("question"))}
	if !validToken(c.Conversation) {
		c.Conversation = newToken()
	}
	if why := assistant.Refuse(c.Question, l); why != "" {
		s.refused(w, r, http.StatusBadRequest, c, why)
		return
	}
	if ok, wait := s.Rate.Allow(s.Client.Address(r)); !ok {
		httpd.RetryAfter(w, wait)
		s.refused(w, r, http.StatusTooManyRequests, c, surface.RateLimited.Sentence(l))
		return
	}
	q := assistant.Question{Text: c.Question, Conversation: "web:" + c.Conversation}
	if httpd.WantsEvents(r) {
		s.stream(w, r, q, c)
		return
	}
	httpd.Patience(w, answerTime)
	a, status, why := s.answered(r.Context(), q, c.Conversation, l)
	if why != "" {
		s.refused(w, r, status, c, why)
		return
	}
	http.Redirect(w, r, s.page(r).Link("/c/"+c.Conversation+"#"+a.AnswerID), http.StatusSeeOther)
}

// refused puts the question back into the field with the reason above it.
func (s *site) refused(w http.ResponseWriter, r *http.Request, status int, c chat, why string) {
	c.Fault, c.Question = why, lang.Cut(strings.ToValidUTF8(c.Question, "\uFFFD"), assistant.MaxQuestion)
	if httpd.WantsEvents(r) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.WriteHeader(status)
		_, _ = w.Write([]byte(why))
		return
	}
	if c.Turns = s.turns(r.Context(), c.Conversation); len(c.Turns) == 0 {
		c.Conversation = ""
	}
	s.showChat(w, r, status, c)
}

// answered asks, keeps the answer and notes it in its conversation; else it
// says why not.
func (s *site) answered(ctx context.Context, q assistant.Question, token string, l lang.Lang) (a *answer.Answer, status int, why string) {
	a, err := s.Asker.Ask(ctx, q)
	switch {
	case errors.Is(err, surface.ErrBusy):
		return nil, surface.Busy.Status(), surface.Busy.Sentence(l)
	case a == nil:
		return nil, surface.Interrupted.Status(), surface.Interrupted.Sentence(l)
	}
	// An answer that failed says so itself, in the question's language.
	if err := s.Answers.Keep(ctx, a); err != nil {
		s.Log.ErrorContext(ctx, "answer not kept", "error", err)
		return nil, http.StatusInternalServerError, texts.Say(l, "web.answer_could_not_be_kept_try")
	}
	s.threads.add(ctx, token, a.AnswerID)
	return a, http.StatusOK, ""
}

// stream sends "progress" {"text"} at each step, then "answer" {"html", "url",
// "said"}, or "fault" {"text"}.
func (s *site) stream(w http.ResponseWriter, r *http.Request, q assistant.Question, c chat) {
	p := s.page(r)
	events := httpd.NewEvents(w)
	q.Progress = func(step assistant.Step) { _ = events.Send("progress", map[string]string{"text": doing(step, p.Lang)}) }
	httpd.Patience(w, answerTime)
	a, _, why := s.answered(r.Context(), q, c.Conversation, p.Lang)
	if why != "" {
		_ = events.Send("fault", map[string]string{"text": why})
		return
	}
	var b bytes.Buffer
	k := s.card(a, c.Conversation)
	if err := s.pages[p.Lang]["parts"].ExecuteTemplate(&b, "turn", p.With(k)); err != nil {
		s.Log.ErrorContext(r.Context(), "answer not written", "error", err)
		_ = events.Send("fault", map[string]string{"text": texts.Say(p.Lang, "web.answer_could_not_be_written")})
		return
	}
	_ = events.Send("answer", map[string]string{"id": k.ID, "html": typeset(explained(plain.Text(b.String()), p.Lang, p.Link), p.Lang), "url": p.Link("/c/" + c.Conversation), "conversation": c.Conversation, "title": plain.Line(k.Question)})
}

// doing says what happens at a step.
func doing(step assistant.Step, l lang.Lang) string {
	switch step {
	case assistant.StepSearch:
		return texts.Say(l, "web.looking_for_datasets")
	case assistant.StepPlan:
		return texts.Say(l, "web.reading_question")
	case assistant.StepQuery:
		return texts.Say(l, "web.computing_and_checking")
	}
	return texts.Say(l, "web.waiting_in_line")
}
