package matrix

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"

	"cigogne/internal/answer"
	"cigogne/internal/assistant"
	"cigogne/internal/lang"
	"cigogne/internal/surface"
)

// scripted answers by the words of a question, and keeps what it answers.
type scripted struct {
	mu     sync.Mutex
	asked  []assistant.Question
	byID   map[string]*answer.Answer
	judged []string
	slow   chan struct{}
}

func (s *scripted) Ask(ctx context.Context, q assistant.Question) (*answer.Answer, error) {
	s.mu.Lock()
	s.asked = append(s.asked, q)
	s.mu.Unlock()
	a := &answer.Answer{Question: q.Text, Lang: lang.French, Kind: answer.KindFigure, Text: "**496\u00a0779\u00a0162\u00a0€**\n\nSomme de <b>montant</b>.", SQL: `SELECT sum("x") FROM "t"`,
		Columns: []answer.Column{{Name: "montant", Unit: "EUR"}}, Rows: [][]any{{496779162.0}}}
	switch {
	case strings.Contains(q.Text, "panique"):
		panic("scripted")
	case strings.Contains(q.Text, "occupé"):
		return nil, surface.ErrBusy
	case strings.Contains(q.Text, "lent"):
		select {
		case <-s.slow:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	case strings.Contains(q.Text, "Saint-Louis") && !strings.Contains(q.Text, "("):
		a = &answer.Answer{Question: q.Text, Lang: lang.French, Kind: answer.KindClarify, Text: "Lequel ?\n- a\n- b", Sentence: "Lequel ?", Choices: []string{"Saint-Louis (Haut-Rhin)", "Saint-Louis (Moselle)"}}
	case strings.Contains(q.Text, "tableau"):
		a.Kind, a.Text, a.Columns, a.Rows = answer.KindTable, "| d | p |\n|---|---:|\n| x | 1 |", []answer.Column{{Name: "d"}, {Name: "p"}}, nil
		for i := range 40 {
			a.Rows = append(a.Rows, []any{fmt.Sprint("d", i), int64(i)})
		}
	case strings.Contains(q.Text, "énorme"):
		a.Text = strings.Repeat("é𝄞 \"\\ ", 20_000)
	case strings.Contains(q.Text, "graphique"):
		a.Chart = true
	}
	return a, nil
}

func (s *scripted) Keep(_ context.Context, a *answer.Answer) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a.AnswerID == "" {
		a.AnswerID = fmt.Sprint("answer-", len(s.byID)+1)
	}
	s.byID[a.AnswerID] = a
	return nil
}

func (s *scripted) Passing(string) bool { return false }

func (s *scripted) Answer(_ context.Context, id string) (*answer.Answer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a := s.byID[id]; a != nil {
		return a, nil
	}
	return nil, answer.ErrUnknown
}

func (s *scripted) Judge(_ context.Context, id string, right bool, why string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.judged = append(s.judged, fmt.Sprint(id, " ", right, " ", why))
	return nil
}

func (s *scripted) questions() (all []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, q := range s.asked {
		all = append(all, q.Text)
	}
	return all
}

func (s *scripted) conversations() (all []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, q := range s.asked {
		all = append(all, q.Conversation)
	}
	return all
}

func (s *scripted) judgements() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.judged...)
}

func picture(*answer.Answer) ([]byte, error) {
	var b bytes.Buffer
	err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 30, 20)))
	return b.Bytes(), err
}

// noted is a log that a test reads.
type noted struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (n *noted) Write(p []byte) (int, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.b.Write(p)
}

func (n *noted) String() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.b.String()
}

// start runs a bot until the test ends or stop is called; done gives what Run returned.
func start(t *testing.T, s Settings, say *scripted) (b *Bot, stop func(), done chan error, log *noted) {
	t.Helper()
	log = &noted{}
	b, err := New(Parts{Settings: s, Asker: say, Answers: say, Chart: picture, Base: "https://cigogne.example.org", Log: slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Questions: func(lang.Lang) []string { return []string{"Combien d'habitants à Metz ?"} }})
	if err != nil {
		t.Fatal(err)
	}
	b.wait = func(int) time.Duration { return 50 * time.Millisecond }
	b.slow = 300 * time.Millisecond
	ctx, cancel := context.WithCancel(t.Context())
	done = make(chan error, 1)
	ended := make(chan struct{})
	go func() { done <- b.Run(ctx); close(ended) }()
	stop = func() { cancel(); <-ended }
	t.Cleanup(stop)
	return b, stop, done, log
}

func TestOnARealHomeserver(t *testing.T) {
	h := startSynapse(t)
	bot, alice, mallory := h.account("cigogne"), h.account("alice"), h.account("mallory")
	if err := bot.SetDisplayName(t.Context(), "Cigogne de test"); err != nil {
		t.Fatal(err)
	}
	say := &scripted{byID: map[string]*answer.Answer{}, slow: make(chan struct{})}
	settings := Settings{Server: h.url, Token: bot.AccessToken, Users: []string{alice.UserID.String()}}
	_, stop, _, log := start(t, settings, say)
	defer func() {
		if t.Failed() {
			t.Log(log.String())
		}
	}()
	self := bot.UserID

	direct := alice.room(false, self)
	group := alice.room(false, self, mallory.UserID)
	if _, err := mallory.JoinRoomByID(t.Context(), group); err != nil {
		t.Fatal(err)
	}

	t.Run("an invitation is accepted, with a word", func(t *testing.T) {
		alice.sees(direct, self, "help", holds("Combien d'habitants à Metz"))
		alice.sees(group, self, "help", holds("Mentionnez Cigogne de test"))
	})
	t.Run("an invitation by somebody else is declined", func(t *testing.T) {
		room := mallory.room(false, self)
		for range 100 {
			var m event.MemberEventContent
			if err := mallory.StateEvent(t.Context(), room, event.StateMember, self.String(), &m); err == nil && m.Membership == event.MembershipLeave {
				return
			}
			time.Sleep(100 * time.Millisecond)
		}
		t.Fatal("the invitation stands")
	})
	t.Run("a room of two needs no mention", func(t *testing.T) {
		alice.says(direct, "Combien pour la région ?", nil)
		e := alice.sees(direct, self, "answer", holds("496"))
		m := e.Content.AsMessage()
		if m.MsgType != event.MsgNotice || !strings.Contains(m.FormattedBody, "<strong>496\u00a0779\u00a0162\u00a0€</strong>") || strings.Contains(m.FormattedBody, "<b>") || m.RelatesTo.GetThreadParent() != "" {
			t.Errorf("answer %+v", m)
		}
		if !strings.Contains(m.FormattedBody, `<a href="https://cigogne.example.org/a/`) {
			t.Errorf("no page in %s", m.FormattedBody)
		}
	})
	var asked id.EventID
	t.Run("a mention in a room begins a thread, and what follows there needs none", func(t *testing.T) {
		alice.says(group, "personne ne demande rien", nil)
		asked = alice.says(group, "Cigogne de test: montant à Metz", nil, self)
		e := alice.sees(group, self, "answer in a thread", func(_ *event.Event, m *event.MessageEventContent) bool {
			return strings.Contains(m.Body, "496") && m.RelatesTo.GetThreadParent() == asked
		})
		alice.says(group, "et en 2019 ?", (&event.RelatesTo{}).SetThread(asked, e.ID))
		waitFor(t, "the question of the thread", func() bool { return has(say.questions(), "et en 2019 ?") })
		if has(say.questions(), "personne ne demande rien") || !has(say.questions(), "montant à Metz") {
			t.Errorf("asked %q", say.questions())
		}
		all := say.conversations()
		if all[len(all)-1] != all[len(all)-2] {
			t.Errorf("conversations %q", all)
		}
	})
	t.Run("somebody who may not ask is told", func(t *testing.T) {
		mallory.says(group, "Cigogne de test: montant ?", nil, self)
		alice.sees(group, self, "refusal", holds("n'est pas de ceux"))
	})
	t.Run("a reaction judges, draws, shows the query", func(t *testing.T) {
		e := alice.sees(group, self, "answer", holds("496"))
		for _, key := range []string{"👍🏽", "👎", "📊", "🔍", "🦩"} {
			if _, err := alice.SendReaction(t.Context(), group, e.ID, key); err != nil {
				t.Fatal(err)
			}
		}
		alice.sees(group, self, "thanks", holds("noté comme juste"))
		alice.sees(group, self, "query", holds("SELECT sum"))
		pic := alice.sees(group, self, "picture", func(_ *event.Event, m *event.MessageEventContent) bool { return m.MsgType == event.MsgImage })
		if m := pic.Content.AsMessage(); m.Info.Width != 30 || m.RelatesTo.GetThreadParent() != asked {
			t.Errorf("picture %+v %+v", m.Info, m.RelatesTo)
		}
		body, err := alice.DownloadBytes(t.Context(), pic.Content.AsMessage().URL.ParseOrIgnore())
		if err != nil || len(body) == 0 {
			t.Errorf("picture not to be had: %v", err)
		}
		asks := alice.sees(group, self, "what is wrong?", holds("noté comme faux"))
		alice.says(group, "c'est le budget de 2019", (&event.RelatesTo{}).SetThread(asked, asks.ID).SetReplyTo(asks.ID))
		waitFor(t, "the reason", func() bool {
			return strings.Contains(strings.Join(say.judgements(), "\n"), "false c'est le budget de 2019")
		})
	})
	t.Run("choices are picked by number, by reaction", func(t *testing.T) {
		alice.says(direct, "habitants de Saint-Louis", nil)
		e := alice.sees(direct, self, "choices", holds("2. Saint-Louis (Moselle)"))
		alice.says(direct, "2", nil)
		waitFor(t, "the choice by number", func() bool { return has(say.questions(), "Saint-Louis (Moselle)") })
		if _, err := alice.SendReaction(t.Context(), direct, e.ID, "1️⃣"); err != nil {
			t.Fatal(err)
		}
		waitFor(t, "the choice by reaction", func() bool { return has(say.questions(), "Saint-Louis (Haut-Rhin)") })
	})
	t.Run("slow work is said, then the answer takes its place", func(t *testing.T) {
		alice.says(direct, "quelque chose de lent", nil)
		e := alice.sees(direct, self, "a word", holds("Je cherche"))
		close(say.slow)
		waitFor(t, "the edit", func() bool {
			now, err := alice.GetEvent(t.Context(), direct, e.ID)
			return err == nil && now.Unsigned.Relations.GetLatestEdit() != nil
		})
		// The reaction is to the word; what it asks for is of the answer.
		if _, err := alice.SendReaction(t.Context(), direct, e.ID, "👎"); err != nil {
			t.Fatal(err)
		}
		alice.sees(direct, self, "the judgement", holds("noté comme faux"))
	})
	t.Run("rows and long texts come as files", func(t *testing.T) {
		alice.says(direct, "un tableau", nil)
		alice.sees(direct, self, "rows", func(_ *event.Event, m *event.MessageEventContent) bool {
			return m.MsgType == event.MsgFile && strings.HasSuffix(m.Body, ".csv")
		})
		alice.sees(direct, self, "table", func(_ *event.Event, m *event.MessageEventContent) bool {
			return strings.Contains(m.FormattedBody, "<table>")
		})
		alice.says(direct, "énorme", nil)
		alice.sees(direct, self, "text", func(_ *event.Event, m *event.MessageEventContent) bool {
			return m.MsgType == event.MsgFile && m.Body == "reponse.md"
		})
	})
	t.Run("a fault of ours and a full line are said", func(t *testing.T) {
		alice.says(direct, "panique", nil)
		alice.sees(direct, self, "apology", holds("erreur inattendue"))
		alice.says(direct, "occupé", nil)
		alice.sees(direct, self, "line", holds(surface.Busy.Sentence(lang.French)))
	})
	t.Run("an encrypted room is told once that it cannot be read", func(t *testing.T) {
		room := alice.room(true, self)
		alice.sees(room, self, "the word", holds("chiffré"))
		if _, err := alice.SendMessageEvent(t.Context(), room, event.EventEncrypted, map[string]any{"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "x", "session_id": "y", "sender_key": "z", "device_id": "d"}, mautrix.ReqSendEvent{DontEncrypt: true}); err != nil {
			t.Fatal(err)
		}
		n := count(alice, room, self)
		alice.says(direct, "un dernier mot", nil)
		waitFor(t, "a later question", func() bool { return has(say.questions(), "un dernier mot") })
		if again := count(alice, room, self); again != n || n != 1 {
			t.Errorf("told %d times, then %d", n, again)
		}
	})
	t.Run("after a restart what was asked meanwhile is answered, once", func(t *testing.T) {
		stop()
		alice.says(direct, "demandé entre deux", nil)
		before := len(say.questions())
		start(t, settings, say)
		waitFor(t, "the question", func() bool { return has(say.questions(), "demandé entre deux") })
		alice.says(group, "et le suivant ?", (&event.RelatesTo{}).SetThread(asked, asked))
		waitFor(t, "the thread of before", func() bool { return has(say.questions(), "et le suivant ?") })
		if n := len(say.questions()) - before; n != 2 {
			t.Errorf("%d questions were asked: %q", n, say.questions()[before:])
		}
	})
	t.Run("a token that is revoked ends it", func(t *testing.T) {
		_, _, done, _ := start(t, settings, say)
		time.Sleep(500 * time.Millisecond) // both are connected
		if _, err := bot.Logout(t.Context()); err != nil {
			t.Fatal(err)
		}
		select {
		case err := <-done:
			if !errors.Is(err, ErrRefused) {
				t.Errorf("ended by %v", err)
			}
		case <-time.After(30 * time.Second):
			t.Error("it goes on")
		}
	})
}

func count(p *person, room id.RoomID, from id.UserID) (n int) {
	page, err := p.Messages(context.Background(), room, "", "", mautrix.DirectionBackward, nil, 100)
	if err != nil {
		p.t.Fatal(err)
	}
	for _, e := range page.Chunk {
		if e.Sender == from && e.Type.Type == "m.room.message" {
			n++
		}
	}
	return n
}

func waitFor(t *testing.T, what string, is func() bool) {
	t.Helper()
	for range 150 {
		if is() {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatalf("%s: never", what)
}

func has(all []string, one string) bool {
	for _, s := range all {
		if s == one {
			return true
		}
	}
	return false
}
