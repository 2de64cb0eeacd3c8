package discord

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/gorilla/websocket"

	"cigogne/internal/answer"
	"cigogne/internal/answer/chart"
	"cigogne/internal/assistant"
	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/surface"
	"cigogne/internal/surface/kept"
)

var update = flag.Bool("update", false, "write the golden files anew")

// scripted answers by the words of a question, and notes what it was asked.
type scripted struct {
	mu    sync.Mutex
	asked []assistant.Question
	slow  chan struct{} // where not nil, answers wait for it
	n     atomic.Int64
}

var source = answer.Source{Title: "Comptes [administratifs]", Publisher: "Région *Grand Est*", Licence: "Licence Ouverte 2.0", URL: "https://data.example.org/d/1", Period: "2016/2020", Modified: "2021-07-09", Retrieved: "2026-11-01"}

func (s *scripted) Ask(ctx context.Context, q assistant.Question) (*answer.Answer, error) {
	s.mu.Lock()
	s.asked = append(s.asked, q)
	slow := s.slow
	s.mu.Unlock()
	s.n.Add(1)
	if slow != nil {
		select {
		case <-slow:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	a := &answer.Answer{Question: q.Text, Lang: lang.French, Kind: answer.KindFigure, Text: "**496 779 162 €**\n\nSomme.", Headline: answer.Headline{Text: "496 779 162 €"}, Sentence: "Somme.", Explanation: "somme de montant réalisé, où exercice = 2020",
		Figures: []answer.Figure{{Label: "montant", Value: 496779162, Unit: "EUR"}}, Columns: []answer.Column{{Name: "montant", Unit: "EUR"}}, Rows: [][]any{{496779162.0}},
		Assumptions: []string{"opérations réelles seulement"}, Caveats: []string{"donnée de 2021"}, Sources: []answer.Source{source}, SQL: `SELECT sum("x") FROM "t"`}
	switch {
	case strings.Contains(q.Text, "panic"):
		panic("scripted")
	case strings.Contains(q.Text, "busy"):
		return nil, surface.ErrBusy
	case strings.Contains(q.Text, "which"):
		a = &answer.Answer{Question: q.Text, Lang: lang.English, Kind: answer.KindClarify, Text: "Which Saint-Louis?\n- a\n- b", Sentence: "Which Saint-Louis?", Choices: []string{"Saint-Louis (Haut-Rhin)", "Saint-Louis (Moselle)"}}
	case strings.Contains(q.Text, "many choices"):
		a = &answer.Answer{Question: q.Text, Lang: lang.French, Kind: answer.KindClarify, Text: "Lequel ?"}
		for i := range 40 {
			a.Choices = append(a.Choices, fmt.Sprintf("Population de la commune numéro %d %s", i, strings.Repeat("très longue ", 20)))
		}
	case strings.Contains(q.Text, "refuse"):
		a = &answer.Answer{Question: q.Text, Lang: lang.French, Kind: answer.KindRefusal, Text: "Je ne trouve pas « @everyone » dans les données."}
	case strings.Contains(q.Text, "table"):
		a.Headline = answer.Headline{}
		a.Kind, a.Text, a.Columns, a.Rows = answer.KindTable, "Somme par département.\n\n| d | p |\n|---|---:|\n| x | 1 |", []answer.Column{{Name: "département"}, {Name: "population", Unit: "habitants"}}, nil
		for i := range 400 {
			a.Rows = append(a.Rows, []any{fmt.Sprintf("Commune *%d* <@123> @everyone `x`", i), int64(1000 - i)})
		}
	case strings.Contains(q.Text, "long"):
		a.Headline, a.Text = answer.Headline{Text: "1"}, "**1**\n\n"+strings.Repeat("é𝄞 ", 9000)
		a.Explanation = strings.Repeat("mot ", 3000)
		a.Caveats = []string{strings.Repeat("attention ", 900)}
		for range 30 {
			a.Sources = append(a.Sources, source)
		}
		a.SQL = strings.Repeat("SELECT ``` ", 900)
	case strings.Contains(q.Text, "graphique"), strings.Contains(q.Text, "chart"):
		a.Chart, a.Kind = true, answer.KindTable
		a.Columns, a.Rows = []answer.Column{{Name: "d"}, {Name: "p"}}, [][]any{{"a", int64(1)}, {"b", int64(2)}}
	}
	if strings.Contains(q.Text, "inhabitants") {
		a.Lang = lang.English
	}
	return a, nil
}

func (s *scripted) questions() []assistant.Question {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]assistant.Question(nil), s.asked...)
}

type shelf struct{}

func (shelf) Describe(_ context.Context, key string, _ lang.Lang) (*assistant.Description, error) {
	if key != "comptes" {
		return nil, assistant.ErrUnknownDataset
	}
	return &assistant.Description{Dataset: dataset.Dataset{ID: "1", Name: "comptes", Title: "Comptes **gras**", Description: strings.Repeat("Une [description](javascript:x) longue. ", 200), Publisher: "Région"}, Ask: []string{"Combien ?"},
		Tables: []dataset.Table{{Rows: 9355, Columns: []dataset.Column{{Name: "BGT_ANNEE"}}}}}, nil
}

func (shelf) Find(_ context.Context, b assistant.Browse, _ lang.Lang) (*assistant.Found, error) {
	if b.Text == "rien" {
		return &assistant.Found{}, nil
	}
	f := &assistant.Found{Total: 900}
	for i := range b.Limit {
		f.Datasets = append(f.Datasets, assistant.FoundItem{Dataset: answer.Dataset{ID: fmt.Sprint(i), Name: "n" + fmt.Sprint(i), Title: strings.Repeat("Titre ", 80), Publisher: strings.Repeat("P", 2000)}, Modified: "2026-01-02", Formats: []string{"csv"}, Table: i == 0})
	}
	return f, nil
}

func (shelf) Names(_ context.Context, beginning string, limit int) ([]string, int, error) {
	var out []string
	for i := range limit {
		out = append(out, beginning+strings.Repeat("x", i*10))
	}
	return out, len(out), nil
}

// start runs a bot against the double.
func start(t *testing.T, d *double, s Settings, asker surface.Asker) *Bot {
	t.Helper()
	book := kept.New(100)
	return startOver(t, d, s, booked{asker, book}, kept.New(100).Over(book))
}

// booked is an asker whose answers a ledger keeps, for which a store stands.
type booked struct {
	surface.Asker
	book *kept.Store
}

func (b booked) Ask(ctx context.Context, q assistant.Question) (*answer.Answer, error) {
	a, err := b.Asker.Ask(ctx, q)
	if err == nil {
		err = b.book.Keep(ctx, a)
	}
	return a, err
}

// An answer that no ledger kept has its buttons, and no address that is said to
// last.
func TestAPassingAnswerPromisesNothing(t *testing.T) {
	d := newDouble(t)
	startOver(t, d, Settings{}, &scripted{}, kept.New(10))
	c := d.edited(d.interact(2, slash("ask", "question", "dépenses des lycées")))
	said := text0(c)
	if strings.Contains(said, "/a/") || strings.Contains(said, "Cigogne · réponse") || !strings.Contains(said, "c1:sql:") {
		t.Errorf("%s", said)
	}
}

func startOver(t *testing.T, d *double, s Settings, asker surface.Asker, answers surface.Answers) *Bot {
	t.Helper()
	s.Token = "token"
	b, err := New(Parts{Settings: s, Asker: asker, Answers: answers, Guide: shelf{}, Questions: func(lang.Lang) []string { return []string{"Combien d'habitants à Metz ?"} },
		Readings: func(a *answer.Answer) []string {
			if a.Kind != answer.KindFigure {
				return nil
			}
			if a.Lang == lang.English {
				return []string{"by year", "and in 2019?", strings.Repeat("x", 101)}
			}
			return []string{"par année", "et en 2019 ?", strings.Repeat("x", 101)}
		},
		Chart: func(a *answer.Answer) ([]byte, error) {
			c, err := chart.Of(a)
			if err != nil {
				return nil, err
			}
			return c.PNG()
		}, Base: "https://cigogne.example.org", Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- b.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		select {
		case err := <-done:
			if err != nil {
				t.Errorf("the bot ended: %v", err)
			}
		case <-time.After(30 * time.Second):
			t.Error("the bot does not end")
		}
	})
	if s.Shard > 0 {
		d.mu.Lock()
		for d.conn == nil {
			d.mu.Unlock()
			time.Sleep(10 * time.Millisecond)
			d.mu.Lock()
		}
		d.mu.Unlock()
		return b
	}
	d.wait("commands are registered", func(c call) bool { return c.method == "PUT" && strings.HasSuffix(c.path, "/commands") })
	return b
}

// A second shard says which it is, answers, and leaves the commands to the first.
func TestShard(t *testing.T) {
	d := newDouble(t)
	startOver(t, d, Settings{Shard: 1, Shards: 2}, &scripted{}, kept.New(10))
	d.edited(d.interact(2, slash("ask", "question", "dépenses des lycées")))
	d.mu.Lock()
	shard := d.shard
	d.mu.Unlock()
	if fmt.Sprint(shard) != "[1 2]" {
		t.Errorf("it says it is %v", shard)
	}
	if n := d.count(func(c call) bool { return strings.HasSuffix(c.path, "/commands") }); n > 0 {
		t.Errorf("it registered the commands %d times", n)
	}
}

var interactions atomic.Int64

// interact sends an interaction as Discord does, and returns its ID.
func (d *double) interact(kind int, data map[string]any, more ...map[string]any) string {
	id := fmt.Sprint(100000 + interactions.Add(1))
	e := map[string]any{"id": id, "application_id": selfID, "type": kind, "token": "t" + id, "guild_id": guildID, "channel_id": textID, "locale": "fr", "version": 1, "data": data,
		"member": map[string]any{"user": map[string]any{"id": userID, "username": "u"}, "roles": []string{"77"}}}
	for _, m := range more {
		for k, v := range m {
			e[k] = v
		}
	}
	d.event("INTERACTION_CREATE", e)
	return id
}

func slash(name string, options ...any) map[string]any {
	list := []any{}
	for i := 0; i+1 < len(options); i += 2 {
		kind := 3
		if _, ok := options[i+1].(bool); ok {
			kind = 5
		}
		list = append(list, map[string]any{"name": options[i], "type": kind, "value": options[i+1]})
	}
	return map[string]any{"id": "1", "name": name, "type": 1, "options": list}
}

// edited waits for the message that an interaction's response became.
func (d *double) edited(id string) call {
	d.t.Helper()
	return d.wait("response of "+id, func(c call) bool { return c.method == "PATCH" && strings.Contains(c.path, "/t"+id+"/") })
}

func (d *double) callback(id string) call {
	d.t.Helper()
	return d.wait("callback of "+id, func(c call) bool {
		return strings.Contains(c.path, "/interactions/"+id+"/") || strings.Contains(c.path, id+"/t"+id+"/callback")
	})
}

func text0(c call) string {
	b, _ := json.Marshal(c.body)
	return string(b)
}

// The answers as they are sent, in both languages.
func TestGolden(t *testing.T) {
	d := newDouble(t)
	start(t, d, Settings{}, &scripted{})
	for name, data := range map[string]map[string]any{
		"figure-fr":  slash("ask", "question", "dépenses des lycées"),
		"figure-en":  slash("ask", "question", "inhabitants of Metz"),
		"table":      slash("ask", "question", "table"),
		"clarify":    slash("ask", "question", "which"),
		"refusal":    slash("ask", "question", "refuse"),
		"chart":      slash("chart"),
		"datasets":   slash("datasets", "words", "lycées"),
		"no-dataset": slash("datasets", "words", "rien"),
		"dataset":    slash("dataset", "name", "comptes"),
	} {
		t.Run(name, func(t *testing.T) {
			id := d.interact(2, data)
			if c := d.callback(id); c.body["type"].(float64) != 5 {
				t.Errorf("not deferred at once: %v", c.body)
			}
			c := d.edited(id)
			got, _ := json.MarshalIndent(c.body, "", "  ")
			got = []byte(scrub(string(got)) + "\n")
			path := filepath.Join("testdata", name+".json")
			if *update {
				if err := os.WriteFile(path, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != string(want) {
				t.Errorf("%s differs:\n%s", path, got)
			}
		})
	}
}

// scrub takes out what differs from run to run: the IDs of answers and messages.
func scrub(s string) string {
	var out []string
	for _, line := range strings.Split(s, "\n") {
		for _, mark := range []string{`c1:`, `/a/`, `réponse `, `answer `} {
			if head, rest, ok := strings.Cut(line, mark); ok && (mark == "c1:" || strings.Contains(line, "https://cigogne") || strings.Contains(line, "Cigogne ·")) {
				if mark == "c1:" {
					p, _ := parse("c1:" + strings.TrimRight(rest, `",`))
					line = head + fmt.Sprintf(`c1:%s:ID:%d:ROOM",`, p.do, p.at)
				} else {
					_, after, _ := strings.Cut(rest, `"`)
					line = head + mark + `ID"` + after
				}
			}
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}

func TestThreadsHoldTheFollowUps(t *testing.T) {
	d := newDouble(t)
	asker := &scripted{}
	start(t, d, Settings{}, asker)
	id := d.interact(2, slash("ask", "question", "dépenses des lycées"))
	d.edited(id)
	th := d.wait("a thread", func(c call) bool { return strings.HasSuffix(c.path, "/threads") })
	if th.body["name"] != "dépenses des lycées" {
		t.Errorf("the thread is called %v", th.body["name"])
	}
	thread := strings.Split(th.path, "/")[4]
	d.event("THREAD_CREATE", map[string]any{"id": thread, "type": 11, "guild_id": guildID, "parent_id": textID, "owner_id": selfID})
	d.interact(2, slash("ask", "question", "et en 2019 ?"), map[string]any{"channel_id": thread})
	d.event("MESSAGE_CREATE", map[string]any{"id": "88001", "type": 0, "guild_id": guildID, "channel_id": thread, "content": "<@" + selfID + "> et en 2018 ?", "author": map[string]any{"id": userID}, "mentions": []any{map[string]any{"id": selfID}}})
	d.wait("a reply", func(c call) bool {
		return c.method == "POST" && c.path == "/channels/"+thread+"/messages" && strings.Contains(text0(c), "496")
	})
	for range 100 {
		if len(asker.questions()) == 3 {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	for _, q := range asker.questions() {
		if q.Conversation != "discord:"+thread {
			t.Errorf("%q is in the conversation %q, the thread is %s", q.Text, q.Conversation, thread)
		}
	}
	if n := d.count(func(c call) bool { return strings.HasSuffix(c.path, "/threads") }); n != 1 {
		t.Errorf("%d threads", n)
	}
}

func TestPrivateAnswersStayPrivate(t *testing.T) {
	d := newDouble(t)
	start(t, d, Settings{}, &scripted{})
	id := d.interact(2, slash("ask", "question", "dépenses", "private", true))
	if c := d.callback(id); obj(c.body["data"])["flags"].(float64) != 64 {
		t.Errorf("not private: %v", c.body)
	}
	d.edited(id)
	if n := d.count(func(c call) bool { return strings.HasSuffix(c.path, "/threads") }); n != 0 {
		t.Error("a private answer has a thread")
	}
}

func TestDirectMessagesAndMentions(t *testing.T) {
	d := newDouble(t)
	asker := &scripted{}
	start(t, d, Settings{}, asker)
	say := func(id, channel, guild, content string, mention bool, more map[string]any) {
		m := map[string]any{"id": id, "type": 0, "channel_id": channel, "content": content, "author": map[string]any{"id": userID}, "mentions": []any{}}
		if guild != "" {
			m["guild_id"] = guild
		}
		if mention {
			m["mentions"] = []any{map[string]any{"id": selfID}}
		}
		for k, v := range more {
			m[k] = v
		}
		d.event("MESSAGE_CREATE", m)
	}
	say("1", dmID, "", "population de Metz", false, nil)
	d.wait("an answer in private", func(c call) bool { return c.path == "/channels/"+dmID+"/messages" && strings.Contains(text0(c), "496") })
	say("2", textID, guildID, "<@"+selfID+"> population de Metz", true, nil)
	d.wait("a thread from the message", func(c call) bool { return c.path == "/channels/"+textID+"/messages/2/threads" })
	say("3", textID, guildID, "<@"+selfID+">", true, nil)
	d.wait("help", func(c call) bool { return strings.Contains(text0(c), "/demander") })
	// What is not for us is left alone: another's message, a bot's, one without a mention.
	before := asker.n.Load()
	say("4", textID, guildID, "population de Nancy", false, nil)
	say("5", dmID, "", "population de Nancy", false, map[string]any{"author": map[string]any{"id": "9", "bot": true}})
	say("6", "7000", guildID, "et en 2019 ?", false, nil) // a thread of ours, without the intent to read it
	say("1", dmID, "", "population de Metz", false, nil)  // the gateway repeats itself
	say("7", dmID, "", "la suite", false, nil)
	d.wait("the last answer", func(c call) bool { return asker.n.Load() == before+1 && c.path == "/channels/"+dmID+"/messages" })
	time.Sleep(100 * time.Millisecond)
	if n := asker.n.Load(); n != before+1 {
		t.Errorf("%d questions were asked", n-before)
	}
}

func TestThreadsAreReadWhereThatIsGranted(t *testing.T) {
	d := newDouble(t)
	asker := &scripted{}
	start(t, d, Settings{Content: true}, asker)
	d.event("MESSAGE_CREATE", map[string]any{"id": "61", "type": 0, "guild_id": guildID, "channel_id": "7000", "content": "et en 2019 ?", "author": map[string]any{"id": userID}})
	d.wait("an answer in the thread", func(c call) bool { return c.path == "/channels/7000/messages" && strings.Contains(text0(c), "496") })
	if q := asker.questions()[0]; q.Text != "et en 2019 ?" || q.Conversation != "discord:7000" {
		t.Errorf("%+v", q)
	}
}

func TestButtons(t *testing.T) {
	d := newDouble(t)
	answers := kept.New(100)
	asker := &scripted{}
	startOver(t, d, Settings{}, asker, answers) // as after a restart: answers that this bot did not send
	figure, _ := asker.Ask(t.Context(), assistant.Question{Text: "long"})
	figure.Kind = answer.KindTable
	clarify, _ := asker.Ask(t.Context(), assistant.Question{Text: "which"})
	for _, a := range []*answer.Answer{figure, clarify} {
		if err := answers.Keep(t.Context(), a); err != nil {
			t.Fatal(err)
		}
	}
	push := func(p press, values ...string) string {
		v := []any{}
		for _, x := range values {
			v = append(v, x)
		}
		return d.interact(3, map[string]any{"custom_id": p.String(), "component_type": 2, "values": v}, map[string]any{"message": map[string]any{"id": "1", "channel_id": textID, "flags": 0}})
	}
	for name, tt := range map[string]struct {
		press press
		says  string
		files []string
	}{
		"sql":     {press{do: doSQL, id: figure.AnswerID}, "pièce jointe", []string{"cigogne.sql"}},
		"table":   {press{do: doTable, id: figure.AnswerID}, "Toutes les lignes", []string{"long.csv", "long.xlsx"}},
		"chart":   {press{do: doChart, id: figure.AnswerID}, "Pas de graphique", nil},
		"right":   {press{do: doRight, id: figure.AnswerID}, "noté comme juste", nil},
		"gone":    {press{do: doSQL, id: "nothere"}, "n'est plus gardée", nil},
		"choice":  {press{do: doChoose, id: clarify.AnswerID, at: 1, room: "1"}, "496", nil},
		"no such": {press{do: doChoose, id: clarify.AnswerID, at: 7}, "n'est plus d'usage", nil},
	} {
		t.Run(name, func(t *testing.T) {
			c := d.edited(push(tt.press))
			if !strings.Contains(text0(c), tt.says) {
				t.Errorf("%s", text0(c))
			}
			for _, f := range tt.files {
				if c.files[f] == 0 {
					t.Errorf("no file %s among %v", f, c.files)
				}
			}
		})
	}
	if q := asker.questions(); q[len(q)-1].Text != "Saint-Louis (Moselle)" && !strings.Contains(fmt.Sprint(q), "Saint-Louis (Moselle)") {
		t.Errorf("the choice was not asked: %v", q)
	}
	id := push(press{do: doWrong, id: figure.AnswerID})
	if c := d.callback(id); c.body["type"].(float64) != 9 {
		t.Errorf("no form: %v", c.body)
	}
	id = d.interact(5, map[string]any{"custom_id": press{do: doWhy, id: figure.AnswerID}.String(), "components": []any{map[string]any{"type": 1, "components": []any{map[string]any{"type": 4, "custom_id": "why", "value": "c'est 2019"}}}}})
	if c := d.callback(id); !strings.Contains(text0(c), "noté comme faux") {
		t.Errorf("%s", text0(c))
	}
	right, why, err := answers.Judgement(t.Context(), figure.AnswerID)
	if err != nil || right == nil || *right || why != "c'est 2019" {
		t.Errorf("%v %q %v", right, why, err)
	}
	id = d.interact(3, map[string]any{"custom_id": "somebody else's", "component_type": 2})
	if c := d.callback(id); !strings.Contains(text0(c), "plus d'usage") {
		t.Errorf("%s", text0(c))
	}
	if n := d.count(func(c call) bool { return strings.Contains(c.path, "/t"+id+"/") && c.method == "PATCH" }); n != 0 {
		t.Error("a foreign button was worked")
	}
}

func TestManyChoicesAreAMenu(t *testing.T) {
	d := newDouble(t)
	start(t, d, Settings{}, &scripted{})
	c := d.edited(d.interact(2, slash("ask", "question", "many choices")))
	if !strings.Contains(text0(c), `"type":3`) {
		t.Errorf("no menu: %s", text0(c))
	}
}

// A network that is down when the bot starts costs a while, not the bot.
func TestStartingIsTriedAgain(t *testing.T) {
	d := newDouble(t)
	var n atomic.Int64
	d.fail = func(c call) (int, string) {
		if strings.HasSuffix(c.path, "/commands") {
			if n.Add(1) <= 6 { // more than the library tries by itself
				return http.StatusBadGateway, `{}`
			}
		}
		return 0, ""
	}
	start(t, d, Settings{}, &scripted{})
	d.edited(d.interact(2, slash("ask", "question", "dépenses")))
	d.wait("commands in the end", func(call) bool { return n.Load() > 6 })
}

func TestEveryFailureSaysSomething(t *testing.T) {
	d := newDouble(t)
	start(t, d, Settings{}, &scripted{})
	if c := d.edited(d.interact(2, slash("ask", "question", "busy"))); !strings.Contains(text0(c), "réessayez") {
		t.Errorf("%s", text0(c))
	}
	d.interact(2, slash("ask", "question", "panic"))
	d.wait("an apology", func(c call) bool { return c.method == "POST" && strings.Contains(text0(c), "erreur inattendue") })
	d.event("MESSAGE_CREATE", map[string]any{"id": "71", "type": 0, "channel_id": dmID, "content": "panic", "author": map[string]any{"id": userID}, "mentions": []any{}})
	d.wait("an apology for a message", func(c call) bool {
		return c.path == "/channels/"+dmID+"/messages" && strings.Contains(text0(c), "interrupted") || strings.Contains(text0(c), "interrompu") && c.path == "/channels/"+dmID+"/messages"
	})
	if c := d.edited(d.interact(2, slash("nothing"))); !strings.Contains(text0(c), "Commande inconnue") {
		t.Errorf("%s", text0(c))
	}
	// The platform refuses the first form of the answer.
	refused := false
	d.mu.Lock()
	d.fail = func(c call) (int, string) {
		if c.method == "PATCH" && !refused {
			refused = true
			return http.StatusBadRequest, `{"code": 50035, "message": "Invalid Form Body"}`
		}
		return 0, ""
	}
	d.mu.Unlock()
	d.interact(2, slash("ask", "question", "dépenses"))
	d.wait("plain words instead", func(c call) bool {
		return c.method == "PATCH" && strings.Contains(text0(c), "pas accepté") && strings.Contains(text0(c), "/a/")
	})
}

func TestRESTFaultsAreTriedAgain(t *testing.T) {
	d := newDouble(t)
	start(t, d, Settings{}, &scripted{})
	n := 0
	d.mu.Lock()
	d.fail = func(c call) (int, string) {
		if c.method == "PATCH" {
			if n++; n == 1 {
				return http.StatusTooManyRequests, `{"message": "slow down", "retry_after": 0.05, "global": false}`
			} else if n == 2 {
				return http.StatusBadGateway, `{}`
			}
		}
		return 0, ""
	}
	d.mu.Unlock()
	id := d.interact(2, slash("ask", "question", "dépenses"))
	d.wait("a third try", func(c call) bool {
		d2 := d.countLocked(id)
		return d2 >= 3
	})
}

func (d *double) countLocked(id string) int { // d.mu is held by wait
	n := 0
	for _, c := range d.calls {
		if c.method == "PATCH" && strings.Contains(c.path, "/t"+id+"/") {
			n++
		}
	}
	return n
}

func TestWhoMayAskAndWhere(t *testing.T) {
	d := newDouble(t)
	start(t, d, Settings{Channels: []string{textID}, Roles: []string{"77"}, Languages: map[string]lang.Lang{textID: lang.English}}, &scripted{})
	if c := d.callback(d.interact(2, slash("ask", "question", "x"), map[string]any{"channel_id": "9"})); !strings.Contains(text0(c), "pas dans ce salon") {
		t.Errorf("%s", text0(c))
	}
	if c := d.callback(d.interact(2, slash("ask", "question", "x"), map[string]any{"member": map[string]any{"user": map[string]any{"id": "8"}, "roles": []string{"1"}}})); !strings.Contains(text0(c), "rôle") {
		t.Errorf("%s", text0(c))
	}
	d.edited(d.interact(2, slash("ask", "question", "x"), map[string]any{"channel_id": "7000"}))                                                                    // a thread of the open channel
	d.edited(d.interact(2, slash("ask", "question", "x"), map[string]any{"channel_id": dmID, "guild_id": "", "member": nil, "user": map[string]any{"id": userID}})) // no channel at all
	if c := d.callback(d.interact(2, slash("help"))); !strings.Contains(text0(c), "answers questions") {
		t.Errorf("the channel's language: %s", text0(c))
	}
}

func TestRates(t *testing.T) {
	d := newDouble(t)
	start(t, d, Settings{PerUser: 1}, &scripted{})
	var refused int
	for range 6 {
		id := d.interact(2, slash("ask", "question", "x"))
		if c := d.callback(id); strings.Contains(text0(c), "réessayez dans") {
			refused++
		}
	}
	if refused != 3 {
		t.Errorf("%d of 6 were refused", refused)
	}
}

func TestAutocomplete(t *testing.T) {
	d := newDouble(t)
	start(t, d, Settings{}, &scripted{})
	id := d.interact(4, map[string]any{"id": "1", "name": "dataset", "type": 1, "options": []any{map[string]any{"name": "name", "type": 3, "value": "com", "focused": true}}})
	c := d.callback(id)
	choices, _ := obj(c.body["data"])["choices"].([]any)
	if len(choices) < 5 {
		t.Errorf("%v", c.body)
	}
}

// A connection that breaks while an answer is computed: it is given once, and
// what the gateway repeats is not answered again.
func TestDisconnectAndResume(t *testing.T) {
	d := newDouble(t)
	asker := &scripted{slow: make(chan struct{})}
	start(t, d, Settings{}, asker)
	id := d.interact(2, slash("ask", "question", "dépenses"))
	d.callback(id)
	d.drop(1006)
	for range 200 {
		d.mu.Lock()
		back := d.resumed+d.identify > 1
		d.mu.Unlock()
		if back {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	d.mu.Lock()
	if d.resumed != 1 || d.identify != 1 {
		t.Errorf("resumed %d times, identified %d times", d.resumed, d.identify)
	}
	d.mu.Unlock()
	d.event("INTERACTION_CREATE", map[string]any{"id": id, "application_id": selfID, "type": 2, "token": "t" + id, "guild_id": guildID, "channel_id": textID, "data": slash("ask", "question", "dépenses"), "member": map[string]any{"user": map[string]any{"id": userID}}})
	close(asker.slow)
	d.edited(id)
	time.Sleep(200 * time.Millisecond)
	if n := asker.n.Load(); n != 1 {
		t.Errorf("asked %d times", n)
	}
	if n := d.count(func(c call) bool { return c.method == "PATCH" && strings.Contains(c.path, "/t"+id+"/") }); n != 1 {
		t.Errorf("answered %d times", n)
	}
}

func TestARefusedTokenEndsWithOneError(t *testing.T) {
	for _, code := range []int{4004, 4014} {
		d := newDouble(t)
		d.closing = code
		b, err := New(Parts{Settings: Settings{Token: "bad"}, Asker: &scripted{}, Answers: kept.New(1), Guide: shelf{}, Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		if err := b.Run(t.Context()); !errors.Is(err, ErrRefused) {
			t.Errorf("%d: %v", code, err)
		}
	}
}

// What ends the bot is what Discord says in its own terms, never a text that
// happens to hold a number.
func TestWhichFaultsEndTheBot(t *testing.T) {
	status := func(code int) error {
		return &discordgo.RESTError{Response: &http.Response{StatusCode: code, Status: http.StatusText(code)}, ResponseBody: []byte("4004")}
	}
	for name, c := range map[string]struct {
		err   error
		fatal bool
	}{
		"a wrong token":             {&websocket.CloseError{Code: 4004, Text: "Authentication failed."}, true},
		"an intent not granted":     {fmt.Errorf("open: %w", &websocket.CloseError{Code: 4014}), true},
		"no right to the interface": {status(http.StatusUnauthorized), true},
		"a port of that number":     {&net.OpError{Op: "dial", Net: "tcp", Addr: &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 4004}, Err: syscall.ECONNREFUSED}, false},
		"a broken line":             {&websocket.CloseError{Code: 1006, Text: "4004 bytes were read"}, false},
		"a session that is over":    {&websocket.CloseError{Code: 4009}, false},
		"a gateway that is down":    {status(http.StatusBadGateway), false},
		"a proxy that forbids":      {status(http.StatusForbidden), false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := connecting(c.err); errors.Is(got, ErrRefused) != c.fatal || got == nil {
				t.Errorf("%v", got)
			}
		})
	}
}

// A token that is revoked while the bot runs ends it, with the reason.
func TestARevokedTokenEndsTheBot(t *testing.T) {
	d := newDouble(t)
	b, err := New(Parts{Settings: Settings{Token: "t"}, Asker: &scripted{}, Answers: kept.New(1), Guide: shelf{}, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- b.Run(t.Context()) }()
	d.wait("commands", func(c call) bool { return strings.HasSuffix(c.path, "/commands") })
	d.mu.Lock()
	d.closing = 4004
	d.mu.Unlock()
	d.drop(4004)
	select {
	case err := <-done:
		if !errors.Is(err, ErrRefused) {
			t.Errorf("ended with %v", err)
		}
	case <-time.After(20 * time.Second):
		t.Error("it goes on trying")
	}
}

// The address of a request that failed holds a token that anybody could answer
// with: it is in no log.
func TestLogsHoldNoTokens(t *testing.T) {
	d := newDouble(t)
	var logged syncBuffer
	b, err := New(Parts{Settings: Settings{Token: "t"}, Asker: &scripted{}, Answers: kept.New(1), Guide: shelf{}, Log: slog.New(slog.NewTextHandler(&logged, nil))})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- b.Run(ctx) }()
	d.wait("commands", func(c call) bool { return strings.HasSuffix(c.path, "/commands") })
	var tried atomic.Int64
	d.mu.Lock()
	d.fail = func(c call) (int, string) {
		if strings.Contains(c.path, "/webhooks/") || strings.HasSuffix(c.path, "/callback") && tried.Load() > 1 {
			tried.Add(1)
			panic(http.ErrAbortHandler) // the connection breaks
		}
		return 0, ""
	}
	d.mu.Unlock()
	ids := []string{d.interact(2, slash("ask", "question", "dépenses"))}
	for tried.Load() < 2 {
		time.Sleep(10 * time.Millisecond)
	}
	ids = append(ids, d.interact(2, slash("help")))
	for !strings.Contains(logged.String(), "interaction not answered") {
		time.Sleep(10 * time.Millisecond)
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	for _, id := range ids {
		if strings.Contains(logged.String(), "t"+id) {
			t.Errorf("the token of %s:\n%s", id, logged.String())
		}
	}
	if !strings.Contains(logged.String(), "/…") {
		t.Errorf("no fault was logged with its address:\n%s", logged.String())
	}
}

type syncBuffer struct {
	mu sync.Mutex
	b  strings.Builder
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// What completes a name and what judges an answer are held to the same channels,
// roles and rates as questions.
func TestNoDoorBesideTheRules(t *testing.T) {
	complete := map[string]any{"id": "1", "name": "dataset", "type": 1, "options": []any{map[string]any{"name": "name", "type": 3, "value": "com", "focused": true}}}
	wrong := map[string]any{"custom_id": press{do: doWhy, id: "A"}.String(), "components": []any{}}
	proposed := func(c call) int {
		choices, _ := obj(c.body["data"])["choices"].([]any)
		return len(choices)
	}
	stranger := map[string]any{"member": map[string]any{"user": map[string]any{"id": "8"}, "roles": []string{"1"}}}
	elsewhere := map[string]any{"channel_id": "9"}
	t.Run("channels and roles", func(t *testing.T) {
		d := newDouble(t)
		start(t, d, Settings{Channels: []string{textID}, Roles: []string{"77"}}, &scripted{})
		for name, where := range map[string]map[string]any{"another channel": elsewhere, "without the role": stranger} {
			if n := proposed(d.callback(d.interact(4, complete, where))); n != 0 {
				t.Errorf("%s: %d names", name, n)
			}
			if c := d.callback(d.interact(5, wrong, where)); !strings.Contains(text0(c), "Cigogne") {
				t.Errorf("%s: feedback: %s", name, text0(c))
			}
		}
		if n := proposed(d.callback(d.interact(4, complete))); n == 0 {
			t.Error("who may ask gets no names")
		}
		if c := d.callback(d.interact(5, wrong)); !strings.Contains(text0(c), "plus gardée") {
			t.Errorf("who may ask: %s", text0(c))
		}
	})
	t.Run("rates", func(t *testing.T) {
		d := newDouble(t)
		start(t, d, Settings{PerUser: 1}, &scripted{})
		refused, empty := 0, 0
		for range 6 {
			if c := d.callback(d.interact(5, wrong)); strings.Contains(text0(c), "réessayez dans") {
				refused++
			}
		}
		for range 30 {
			if proposed(d.callback(d.interact(4, complete))) == 0 {
				empty++
			}
		}
		if refused != 3 || empty == 0 || empty == 30 {
			t.Errorf("%d of 6 feedbacks refused, %d of 30 completions empty", refused, empty)
		}
	})
}

func TestTwoHundredAtOnce(t *testing.T) {
	d := newDouble(t)
	asker := &scripted{}
	start(t, d, Settings{}, asker)
	var ids []string
	for i := range 200 {
		ids = append(ids, d.interact(2, slash("ask", "question", fmt.Sprint("question ", i)), map[string]any{"member": map[string]any{"user": map[string]any{"id": fmt.Sprint(i)}}}))
	}
	for _, id := range ids {
		d.edited(id)
	}
	if n := asker.n.Load(); n != 200 {
		t.Errorf("%d questions", n)
	}
}

// What is under way when the bot is stopped is answered first.
func TestStoppingWaits(t *testing.T) {
	d := newDouble(t)
	asker := &scripted{slow: make(chan struct{})}
	b, err := New(Parts{Settings: Settings{Token: "t"}, Asker: asker, Answers: kept.New(10), Guide: shelf{}, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- b.Run(ctx) }()
	d.wait("commands", func(c call) bool { return strings.HasSuffix(c.path, "/commands") })
	id := d.interact(2, slash("ask", "question", "dépenses"))
	d.callback(id)
	cancel()
	select {
	case <-done:
		t.Fatal("it did not wait")
	case <-time.After(200 * time.Millisecond):
	}
	close(asker.slow)
	d.edited(id)
	if err := <-done; err != nil {
		t.Error(err)
	}
}
