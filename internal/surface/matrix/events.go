package matrix

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode"

	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"

	"cigogne/internal/answer"
	"cigogne/internal/assistant"
	"cigogne/internal/lang"
	"cigogne/internal/surface"
	"cigogne/internal/surface/plain"
	"cigogne/internal/texts"
)

// What the messages that we send carry beside their text, so that a reaction or
// a reply finds it after a restart.
const (
	keyAnswer       = "fr.cigogne.answer"       // ID of the answer
	keyConversation = "fr.cigogne.conversation" // in which it was asked
	keyWrong        = "fr.cigogne.wrong"        // ID of the answer that a reply says what is wrong with
)

// message answers what is said to us: in a room of two, by a mention, in a thread
// of ours, in reply to us.
func (b *Bot) message(ctx context.Context, e *event.Event) {
	m := e.Content.AsMessage()
	if m.MsgType != event.MsgText || m.RelatesTo.GetReplaceID() != "" {
		return // notices are other bots', an edit's first form was answered
	}
	m.RemoveReplyFallback()
	direct := b.direct(ctx, e.RoomID)
	before := b.before(ctx, e, m.RelatesTo)
	mentioned := m.Mentions.Has(b.client.UserID) || b.names(m.Body)
	if !direct && !mentioned && before == nil && !b.ours(ctx, e.RoomID, m.RelatesTo.GetThreadParent()) {
		return
	}
	question := b.without(m.Body)
	l := b.spoken(e.RoomID, question)
	p := b.placeOf(e)
	if said := b.unasked(ctx, e, question, before, l); said != "" {
		b.say(ctx, p, said)
		return
	}
	conversation := "matrix:" + e.RoomID.String()
	switch {
	case before[keyConversation] != "":
		conversation = before[keyConversation]
	case p.root != "":
		conversation = "matrix:" + p.root.String()
	case !direct:
		p.root = e.ID // the answer begins a thread
		conversation = "matrix:" + e.ID.String()
	}
	if chosen := b.chosen(ctx, conversation, question); chosen != "" {
		question = chosen
	}
	b.answer(ctx, p, question, conversation, l)
}

// unasked is what is said to a message that no question is asked for: who may not
// ask, what is wrong with an answer, who wants help; "" where one is.
func (b *Bot) unasked(ctx context.Context, e *event.Event, question string, before map[string]string, l lang.Lang) string {
	if why := b.barred(e, l); why != "" {
		return why
	}
	switch {
	case before[keyWrong] != "":
		return b.judge(ctx, before[keyWrong], false, lang.Cut(plain.Text(question), maxWhy), l)
	case question == "":
		return b.help(l)
	case strings.EqualFold(question, texts.Say(l, "matrix.privacy")):
		return surface.Privacy(l, b.Days)
	}
	return ""
}

// maxWhy bounds what is kept of what is wrong with an answer, in characters.
const maxWhy = 1000

// before is what a message of ours carries that another one replies to; nil where
// it replies to none of ours.
func (b *Bot) before(ctx context.Context, e *event.Event, r *event.RelatesTo) map[string]string {
	to := r.GetNonFallbackReplyTo()
	if to == "" {
		return nil
	}
	return b.carried(ctx, e.RoomID, to)
}

// carried is what a message of ours carries, its last edit's where it was edited;
// nil for a message of somebody else.
func (b *Bot) carried(ctx context.Context, room id.RoomID, message id.EventID) map[string]string {
	e, err := b.client.GetEvent(ctx, room, message)
	if err != nil {
		b.Log.DebugContext(ctx, "message not read", "room", room, "error", err)
		return nil
	}
	if e.Sender != b.client.UserID {
		return nil
	}
	if edit := e.Unsigned.Relations.GetLatestEdit(); edit != nil && edit.Sender == b.client.UserID {
		e = edit
	}
	out := map[string]string{}
	for _, key := range []string{keyAnswer, keyConversation, keyWrong} {
		out[key], _ = e.Content.Raw[key].(string)
	}
	return out
}

// ours tells whether a thread began with a question to us.
func (b *Bot) ours(ctx context.Context, room id.RoomID, root id.EventID) bool {
	if root == "" {
		return false
	}
	if _, known := b.last.Get("matrix:" + root.String()); known {
		return true
	}
	e, err := b.client.GetEvent(ctx, room, root)
	if err != nil || e.Type.Type != event.EventMessage.Type {
		return false
	}
	e.Type = event.EventMessage
	if e.Content.ParseRaw(e.Type) != nil {
		return false
	}
	m := e.Content.AsMessage()
	return e.Sender == b.client.UserID || m.Mentions.Has(b.client.UserID) || b.names(m.Body)
}

// names tells whether a text is to us by name, as clients that know no mentions
// write it: "cigogne: combien …".
func (b *Bot) names(body string) bool { return len(b.without(body)) < len(strings.TrimSpace(body)) }

// without is a text without our name at its beginning.
func (b *Bot) without(body string) string {
	body = strings.TrimSpace(body)
	for _, name := range []string{b.client.UserID.String(), b.name, b.client.UserID.Localpart()} {
		for _, form := range []string{name, "@" + name, "!" + name} {
			if name == "" || len(body) < len(form) || !strings.EqualFold(body[:len(form)], form) {
				continue
			}
			rest := body[len(form):]
			after := strings.TrimLeftFunc(rest, func(r rune) bool { return r == ':' || r == ',' || unicode.IsSpace(r) })
			if rest == "" || len(after) < len(rest) {
				return after
			}
		}
	}
	return body
}

// chosen is the choice that a bare number picks of a conversation's last answer;
// "" where it picks none.
func (b *Bot) chosen(ctx context.Context, conversation, text string) string {
	n := number(text)
	last, known := b.last.Get(conversation)
	if n == 0 || !known {
		return ""
	}
	a, err := b.Answers.Answer(ctx, last)
	if err != nil || n > len(a.Choices) {
		return ""
	}
	return a.Choices[n-1]
}

// number reads a bare number from 1 to 99; 0 where the text is none.
func number(text string) (n int) {
	text = strings.TrimRight(strings.TrimSpace(text), ".)")
	if len(text) == 0 || len(text) > 2 {
		return 0
	}
	for _, r := range text {
		if r < '0' || r > '9' {
			return 0
		}
		n = 10*n + int(r-'0')
	}
	return n
}

// answer asks, and says what came of it: at once, or in place of a word that it
// is under way.
func (b *Bot) answer(ctx context.Context, p place, question, conversation string, l lang.Lang) {
	under := b.underway(ctx, p, l)
	a, err := b.Asker.Ask(ctx, assistant.Question{Text: question, Conversation: conversation, Lang: b.language(p.room), Unkept: b.named(b.Unkept, p.room)})
	p.edits = under()
	if a == nil {
		code := surface.CodeOf(err)
		if code != surface.Busy {
			b.Log.ErrorContext(ctx, "question failed", "error", err)
		}
		b.say(ctx, p, code.Sentence(l))
		return
	}
	if err := b.Answers.Keep(ctx, a); err != nil {
		b.Log.ErrorContext(ctx, "answer not kept", "error", err)
	}
	_, known := b.last.Get(conversation)
	if a.Answered() || len(a.Choices) > 0 {
		b.last.Add(conversation, a.AnswerID)
	}
	w := b.written(a, !known)
	w.carries = map[string]string{keyAnswer: a.AnswerID, keyConversation: conversation}
	b.send(ctx, p, w)
	if a.Chart {
		b.draw(ctx, p, a)
	}
}

// underway shows that an answer is being worked on; where that takes long, it
// says so. What it returns ends that, and gives the message that said so.
func (b *Bot) underway(ctx context.Context, p place, l lang.Lang) (end func() id.EventID) {
	b.typing(ctx, p.room, answerTime)
	said := make(chan id.EventID, 1)
	stop := make(chan struct{})
	go func() {
		defer close(said)
		select {
		case <-stop:
		case <-ctx.Done():
		case <-time.After(b.slow):
			said <- b.say(ctx, p, texts.Say(l, "matrix.working"))
		}
	}()
	return func() id.EventID {
		close(stop)
		id := <-said
		b.typing(context.WithoutCancel(ctx), p.room, 0)
		return id
	}
}

func (b *Bot) typing(ctx context.Context, room id.RoomID, d time.Duration) {
	if _, err := b.client.UserTyping(ctx, room, d > 0, d); err != nil {
		b.Log.DebugContext(ctx, "no typing", "error", err)
	}
}

// draw sends the chart of an answer.
func (b *Bot) draw(ctx context.Context, p place, a *answer.Answer) {
	if b.Chart == nil {
		return
	}
	png, err := b.Chart(a)
	if err != nil {
		b.say(ctx, p, texts.Say(a.Lang, "matrix.no_chart"))
		return
	}
	b.image(ctx, p, png, plain.Line(a.Question))
}

// kept finds the answer of an ID, or says why not.
func (b *Bot) kept(ctx context.Context, id string, l lang.Lang) (*answer.Answer, string) {
	a, err := b.Answers.Answer(ctx, id)
	switch {
	case err == nil:
		return a, ""
	case errors.Is(err, answer.ErrUnknown):
		return nil, texts.Say(l, "matrix.forgotten")
	}
	b.Log.ErrorContext(ctx, "answer not read", "error", err)
	return nil, texts.Say(l, "matrix.unreadable")
}

func (b *Bot) judge(ctx context.Context, id string, right bool, why string, l lang.Lang) string {
	err := b.Answers.Judge(ctx, id, right, why)
	switch {
	case errors.Is(err, answer.ErrUnknown):
		return texts.Say(l, "matrix.forgotten")
	case err != nil:
		b.Log.ErrorContext(ctx, "judgement not kept", "error", err)
		return texts.Say(l, "matrix.not_judged")
	case right:
		return texts.Say(l, "matrix.right")
	case why != "":
		return texts.Say(l, "matrix.why_noted")
	}
	return texts.Say(l, "matrix.wrong")
}
