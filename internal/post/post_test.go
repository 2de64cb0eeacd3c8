package post_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"cigogne/internal/httpx"
	"cigogne/internal/post"
)

var note = post.Note{Title: "Population de *Metz* ?", Lines: []string{"120 874 → 121 695", "<!channel> @here [x](https://evil.example.org)"}, Address: "https://cigogne.example.org/a/x"}

// taken is a server that notes what it is sent, and answers a status.
func taken(t *testing.T, status int) (address string, got func() (*http.Request, map[string]any)) {
	var r *http.Request
	var body map[string]any
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		b, _ := io.ReadAll(req.Body)
		r, body = req, nil
		if err := json.Unmarshal(b, &body); err != nil {
			t.Errorf("no JSON: %s", b)
		}
		w.WriteHeader(status)
	}))
	t.Cleanup(s.Close)
	return s.URL, func() (*http.Request, map[string]any) { return r, body }
}

func near() *httpx.Client {
	return httpx.New(httpx.Options{Guard: httpx.Guard{AllowPrivate: true}, Attempts: 1})
}

func TestWebhooks(t *testing.T) {
	for _, c := range []struct{ name, path, key string }{{"Mattermost and Slack", "/hooks/secret", "text"}, {"Discord", "/api/webhooks/1/secret", "content"}} {
		t.Run(c.name, func(t *testing.T) {
			address, got := taken(t, http.StatusOK)
			if err := (post.Webhook{Client: near()}).Post(t.Context(), address+c.path, note); err != nil {
				t.Fatal(err)
			}
			_, body := got()
			text, _ := body[c.key].(string)
			if !strings.Contains(text, "120 874 → 121 695") || !strings.HasSuffix(text, "\nhttps://cigogne.example.org/a/x") {
				t.Errorf("sent %q", body)
			}
			for _, obeyed := range []string{"<!", "@here", "](", "*Metz*", "https://evil"} {
				if strings.Contains(text, obeyed) {
					t.Errorf("%q is obeyed in %q", obeyed, text)
				}
			}
		})
	}
	t.Run("what is not seen stays behind", func(t *testing.T) {
		if text := (post.Note{Title: "Me\u200dtz \u202egpj\U000e0041"}).Plain(); text != "Metz gpj" {
			t.Errorf("%q", text)
		}
	})
	t.Run("a long note is cut, its address is not", func(t *testing.T) {
		text := post.Note{Title: strings.Repeat("é", 5000), Address: note.Address}.Plain()
		if len([]rune(text)) > 2000 || !strings.HasSuffix(text, note.Address) {
			t.Errorf("%d characters", len([]rune(text)))
		}
	})
}

func TestEXo(t *testing.T) {
	address, got := taken(t, http.StatusOK)
	exo := post.EXo{Client: near(), Server: address + "/", User: "cigogne", Password: "secret"}
	if err := exo.Post(t.Context(), "42", note); err != nil {
		t.Fatal(err)
	}
	r, body := got()
	user, password, _ := r.BasicAuth()
	title, _ := body["title"].(string)
	if r.URL.Path != "/portal/rest/v1/social/spaces/42/activities" || user != "cigogne" || password != "secret" || !strings.Contains(title, "<li>120 874 → 121 695</li>") || strings.Contains(title, "<!channel>") {
		t.Errorf("%s %s %q", r.URL.Path, user, body)
	}
}

func TestRefusals(t *testing.T) {
	for _, c := range []struct {
		name   string
		status int
		gone   bool
	}{{"a hook that was deleted", http.StatusNotFound, true}, {"no member of the space", http.StatusUnauthorized, true}, {"a bad day", http.StatusBadGateway, false}, {"too much", http.StatusTooManyRequests, false}} {
		t.Run(c.name, func(t *testing.T) {
			address, _ := taken(t, c.status)
			err := (post.Webhook{Client: near()}).Post(t.Context(), address+"/hooks/secret", note)
			if err == nil || errors.Is(err, post.ErrGone) != c.gone || strings.Contains(err.Error(), "secret") {
				t.Errorf("%v", err)
			}
		})
	}
	t.Run("an address of this machine, where that is not allowed", func(t *testing.T) {
		address, got := taken(t, http.StatusOK)
		if err := (post.Webhook{Client: httpx.New(httpx.Options{Attempts: 1})}).Post(t.Context(), address, note); err == nil {
			t.Error("it was sent")
		}
		if r, _ := got(); r != nil {
			t.Error("it came")
		}
	})
	for _, bad := range []string{"", "ftp://x/y", "hooks/secret", "javascript:x"} {
		if post.CheckWebhook(bad) == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}
