package matrix

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"maunium.net/go/mautrix/event"

	"cigogne/internal/answer"
)

// double stands in for a homeserver that has a bad day: what a real one does not
// do when asked to.
type double struct {
	t      *testing.T
	server *httptest.Server

	mu    sync.Mutex
	batch int
	next  []map[string]any                                         // events of the room, each of which one sync brings
	fail  func(w http.ResponseWriter, r *http.Request, n int) bool // tells whether it answered; n counts requests of a kind
	count map[string]int
	sent  []map[string]any
}

const (
	botUser = "@cigogne:double.test"
	theRoom = "!room:double.test"
)

func newDouble(t *testing.T) *double {
	d := &double{t: t, count: map[string]int{}}
	d.server = httptest.NewServer(d)
	t.Cleanup(d.server.Close)
	return d
}

// kind of a request: its last telling word.
func kind(path string) string {
	for _, k := range []string{"whoami", "sync", "filter", "joined_members", "/send/", "typing", "account_data", "profile", "/directory/"} {
		if strings.Contains(path, k) {
			return strings.Trim(k, "/")
		}
	}
	return "other"
}

func (d *double) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	k := kind(r.URL.Path)
	body, _ := io.ReadAll(r.Body)
	d.mu.Lock()
	d.count[k]++
	n, fail := d.count[k], d.fail
	d.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	if fail != nil && fail(w, r, n) {
		return
	}
	out := map[string]any{}
	switch k {
	case "whoami":
		out = map[string]any{"user_id": botUser, "device_id": "D"}
	case "filter":
		out["filter_id"] = "1"
	case "joined_members":
		out["joined"] = map[string]any{botUser: map[string]any{}, "@alice:double.test": map[string]any{}}
	case "account_data", "profile":
		if r.Method == http.MethodGet {
			refuse(w, http.StatusNotFound, `{"errcode":"M_NOT_FOUND"}`)
			return
		}
	case "send":
		var m map[string]any
		_ = json.Unmarshal(body, &m)
		d.mu.Lock()
		d.sent = append(d.sent, m)
		out["event_id"] = fmt.Sprint("$sent", len(d.sent))
		d.mu.Unlock()
	case "sync":
		out = d.sync(r)
	}
	_ = json.NewEncoder(w).Encode(out)
}

// sync brings the next event, or waits a little for one.
func (d *double) sync(r *http.Request) map[string]any {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.batch++
	out := map[string]any{"next_batch": fmt.Sprint("s", d.batch)}
	if r.URL.Query().Get("since") != "" && len(d.next) > 0 {
		out["rooms"] = map[string]any{"join": map[string]any{theRoom: map[string]any{"timeline": map[string]any{"events": d.next[:1]}}}}
		d.next = d.next[1:]
		return out
	}
	d.mu.Unlock()
	time.Sleep(20 * time.Millisecond)
	d.mu.Lock()
	return out
}

func refuse(w http.ResponseWriter, status int, body string) {
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}

func (d *double) failing(f func(w http.ResponseWriter, r *http.Request, n int) bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.fail, d.count = f, map[string]int{}
}

// says queues what somebody says.
func (d *double) says(id, text string, more map[string]any) {
	d.mu.Lock()
	defer d.mu.Unlock()
	e := map[string]any{"type": "m.room.message", "event_id": id, "sender": "@alice:double.test", "origin_server_ts": time.Now().UnixMilli(), "content": map[string]any{"msgtype": "m.text", "body": text}}
	for k, v := range more {
		e[k] = v
	}
	d.next = append(d.next, e)
}

func (d *double) bodies() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	var all []string
	for _, m := range d.sent {
		all = append(all, fmt.Sprint(m["body"]))
	}
	return strings.Join(all, "\n")
}

func (d *double) counted(kind string) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.count[kind]
}

func TestBadDays(t *testing.T) {
	begin := func(t *testing.T, s Settings) (*double, *scripted, chan error) {
		d := newDouble(t)
		s.Server, s.Token = d.server.URL, "token"
		say := &scripted{byID: map[string]*answer.Answer{}, slow: make(chan struct{})}
		_, _, done, _ := start(t, s, say)
		waitFor(t, "the first sync", func() bool { return d.counted("sync") > 1 })
		return d, say, done
	}
	t.Run("a homeserver that says how long to wait, in the body alone, is waited for", func(t *testing.T) {
		d, _, _ := begin(t, Settings{})
		var first, second time.Time
		d.failing(func(w http.ResponseWriter, r *http.Request, n int) bool {
			if kind(r.URL.Path) != "send" {
				return false
			}
			if n == 1 {
				first = time.Now()
				refuse(w, http.StatusTooManyRequests, `{"errcode":"M_LIMIT_EXCEEDED","retry_after_ms":900}`)
				return true
			}
			second = time.Now()
			return false
		})
		d.says("$1", "combien ?", nil)
		waitFor(t, "the answer", func() bool { return strings.Contains(d.bodies(), "496") })
		if waited := second.Sub(first); waited < 900*time.Millisecond {
			t.Errorf("tried again after %v", waited)
		}
	})
	t.Run("a homeserver that fails, hangs up and talks no JSON is asked again", func(t *testing.T) {
		d, _, _ := begin(t, Settings{})
		d.failing(func(w http.ResponseWriter, r *http.Request, n int) bool {
			if kind(r.URL.Path) != "sync" || n > 3 {
				return false
			}
			switch n {
			case 1:
				refuse(w, http.StatusInternalServerError, `oops`)
			case 2:
				if c, _, err := http.NewResponseController(w).Hijack(); err == nil {
					_ = c.Close()
				}
			case 3:
				refuse(w, http.StatusOK, `<html>`)
			}
			return true
		})
		d.says("$1", "combien ?", nil)
		waitFor(t, "the answer", func() bool { return strings.Contains(d.bodies(), "496") })
	})
	t.Run("a token that is not known any more ends it with a clear error", func(t *testing.T) {
		d, _, done := begin(t, Settings{})
		d.failing(func(w http.ResponseWriter, r *http.Request, _ int) bool {
			refuse(w, http.StatusUnauthorized, `{"errcode":"M_UNKNOWN_TOKEN","error":"Invalid access token passed.","soft_logout":false}`)
			return true
		})
		select {
		case err := <-done:
			if !errors.Is(err, ErrRefused) {
				t.Errorf("ended by %v", err)
			}
			done <- err
		case <-time.After(20 * time.Second):
			t.Fatal("it goes on")
		}
	})
	t.Run("what is repeated, old, ours, a notice or a correction is not answered", func(t *testing.T) {
		d, say, _ := begin(t, Settings{})
		d.says("$1", "une fois", nil)
		d.says("$1", "une fois", nil)
		d.says("$2", "vieux", map[string]any{"unsigned": map[string]any{"age": 3_600_000}})
		d.says("$3", "moi", map[string]any{"sender": botUser})
		d.says("$4", "robot", map[string]any{"content": map[string]any{"msgtype": "m.notice", "body": "robot"}})
		d.says("$5", "* corrigé", map[string]any{"content": map[string]any{"msgtype": "m.text", "body": "* corrigé", "m.relates_to": map[string]any{"rel_type": "m.replace", "event_id": "$1"}, "m.new_content": map[string]any{"msgtype": "m.text", "body": "corrigé"}}})
		d.says("$6", "abîmé", map[string]any{"content": "pas un objet"})
		d.says("$7", "le dernier", nil)
		waitFor(t, "the last", func() bool { return has(say.questions(), "le dernier") })
		if got := strings.Join(say.questions(), ", "); strings.Count(got, "une fois") != 1 || strings.Count(got, ",") != 1 {
			t.Errorf("asked %s", got)
		}
	})
	t.Run("too many questions are told when to come back", func(t *testing.T) {
		d, say, _ := begin(t, Settings{PerUser: 1})
		for i := range 5 {
			d.says(fmt.Sprint("$q", i), fmt.Sprint("question ", i), nil)
		}
		waitFor(t, "the word", func() bool { return strings.Contains(d.bodies(), "réessayez dans") })
		if n := len(say.questions()); n != leastBurst {
			t.Errorf("%d were asked", n)
		}
	})
	t.Run("a room that is not open is told so", func(t *testing.T) {
		d, say, _ := begin(t, Settings{Rooms: []string{"!other:double.test"}})
		d.says("$1", "combien ?", nil)
		waitFor(t, "the word", func() bool { return strings.Contains(d.bodies(), "ne répond pas dans ce salon") })
		if len(say.questions()) != 0 {
			t.Errorf("asked %q", say.questions())
		}
	})
	t.Run("a server that is never there is waited for, until told to stop", func(t *testing.T) {
		d := newDouble(t)
		d.failing(func(w http.ResponseWriter, _ *http.Request, _ int) bool {
			refuse(w, http.StatusBadRequest, `{"errcode":"M_UNKNOWN"}`)
			return true
		})
		_, stop, done, _ := start(t, Settings{Server: d.server.URL, Token: "x"}, &scripted{byID: map[string]*answer.Answer{}})
		waitFor(t, "attempts", func() bool { return d.counted("whoami") > 3 })
		stop()
		if err := <-done; err != nil {
			t.Errorf("ended by %v", err)
		}
	})
}

func TestNames(t *testing.T) {
	b, err := New(Parts{Settings: Settings{Server: "https://example.org"}})
	if err != nil {
		t.Fatal(err)
	}
	b.client.UserID, b.name = "@cigogne:example.org", "La Cigogne"
	for _, c := range []struct{ body, rest string }{
		{"cigogne: combien ?", "combien ?"},
		{"@cigogne:example.org combien ?", "combien ?"},
		{"La Cigogne, combien ?", "combien ?"},
		{"!cigogne combien ?", "combien ?"},
		{"cigogne", ""},
		{"cigognes blanches en Alsace", "cigognes blanches en Alsace"},
		{"la cigogneau", "la cigogneau"},
		{"combien de cigogne ?", "combien de cigogne ?"},
	} {
		if rest := b.without(c.body); rest != c.rest {
			t.Errorf("%q leaves %q, not %q", c.body, rest, c.rest)
		}
	}
}

func TestReactions(t *testing.T) {
	for _, c := range []struct {
		key, does string
		choice    int
	}{{"👍", "right", 0}, {"👍🏽", "right", 0}, {"✔️", "right", 0}, {"👎", "wrong", 0}, {"1️⃣", "choose", 1}, {"0️⃣", "", 0}, {"🦩", "", 0}, {"", "", 0}, {"100", "", 0}} {
		if does, n := meaning(c.key); does != c.does || n != c.choice {
			t.Errorf("%q means %q %d", c.key, does, n)
		}
	}
}

func TestDataIsNoMarkup(t *testing.T) {
	for _, text := range []string{"<script>alert(1)</script>", `[x](javascript:alert(1))`, "<img src=x onerror=y>", "![x](https://example.org/t.png)<b onclick=z>"} {
		if got := html(text); strings.Contains(got, "<script") || strings.Contains(got, "javascript:") || strings.Contains(got, "<b") || strings.Contains(got, "<img src=x") {
			t.Errorf("%s became %s", text, got)
		}
	}
}

// Whatever a homeserver relays of others ends at most in a question.
func FuzzEvents(f *testing.F) {
	for _, s := range []string{
		`{"type":"m.room.message","event_id":"$1","sender":"@a:b","content":{"msgtype":"m.text","body":"combien ?"}}`,
		`{"type":"m.reaction","event_id":"$1","sender":"@a:b","content":{"m.relates_to":{"rel_type":"m.annotation","event_id":"$2","key":"👍"}}}`,
		`{"type":"m.room.message","content":{"msgtype":"m.text","body":7,"m.relates_to":[]}}`,
		`{"type":"m.room.encrypted","content":null}`,
	} {
		f.Add(s)
	}
	b, err := New(Parts{Settings: Settings{Server: "https://example.org"}})
	if err != nil {
		f.Fatal(err)
	}
	// The shift is not open: nothing is begun.
	b.client.UserID = botUser
	f.Fuzz(func(_ *testing.T, s string) {
		var e event.Event
		if json.Unmarshal([]byte(s), &e) == nil {
			b.event(&e)
			b.placeOf(&e)
			meaning(s)
			b.without(s)
		}
	})
}
