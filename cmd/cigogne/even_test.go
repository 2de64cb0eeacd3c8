package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cigogne/internal/assistant"
	"cigogne/tools/servers"
)

// overLedger is a machine over a ledger that others share.
func overLedger(t *testing.T, address string) machine {
	t.Helper()
	return machine{t.TempDir(), map[string]string{"LANG": "fr_FR.UTF-8", "CIGOGNE_LEDGER_URL": address}}
}

// talks are the conversations of the question sets: turns in the order they are asked.
func talks(t *testing.T) (all [][]string) {
	t.Helper()
	all = [][]string{
		{"How many inhabitants in Metz in 2025?", "and Nancy?", "and in 2019?"},
		{"Combien d'habitants à Saint-Louis ?", "1", "et en 2019 ?"},
	}
	root := cmp.Or(os.Getenv("CIGOGNE_SHARED"), filepath.Join("..", "..", "..", "shared"))
	for _, file := range []string{filepath.Join("testdata", "people.jsonl"), filepath.Join(root, "eval", "dialogues_dev.jsonl")} {
		text, err := os.ReadFile(file)
		if err != nil {
			continue // not part of the project
		}
		at := map[string]int{}
		for line := range bytes.Lines(text) {
			var q struct{ Question, Conversation string }
			if err := json.Unmarshal(line, &q); err != nil {
				t.Fatal(err)
			}
			if q.Conversation == "" {
				continue
			}
			if _, known := at[q.Conversation]; !known {
				at[q.Conversation] = len(all)
				all = append(all, nil)
			}
			all[at[q.Conversation]] = append(all[at[q.Conversation]], q.Question)
		}
	}
	return all
}

// A conversation whose turns come in at one server after the other is answered as at
// one, word for word; PostgreSQL away, each goes on with what it has.
func TestConversationsGoFromServerToServer(t *testing.T) {
	address, stop, again := servers.Postgres(t)
	alone, _ := machine{t.TempDir(), map[string]string{"LANG": "fr_FR.UTF-8"}}.site(t)
	var sites []*current
	for range 3 {
		c, _ := overLedger(t, address).site(t)
		sites = append(sites, c)
	}
	n := 0
	for i, talk := range talks(t) {
		for j, text := range talk {
			name := fmt.Sprint("api:", i)
			want, err := alone.Ask(t.Context(), assistant.Question{Text: text, Conversation: name})
			if err != nil {
				t.Fatal(err)
			}
			got, err := sites[n%len(sites)].Ask(t.Context(), assistant.Question{Text: text, Conversation: name})
			if err != nil {
				t.Fatal(err)
			}
			n++
			if got.Kind != want.Kind || got.Text != want.Text || got.Sentence != want.Sentence {
				t.Errorf("%q, turn %d of %q:\n%s\nat one server:\n%s", text, j+1, talk, got.Text, want.Text)
			}
			if j > 0 {
				n += i % 2 // now and then a server is left out
			}
		}
	}
	ask := func(c *current, text string) string {
		t.Helper()
		a, err := c.Ask(t.Context(), assistant.Question{Text: text, Conversation: "api:away"})
		if err != nil {
			t.Fatal(err)
		}
		return a.Sentence
	}
	ask(sites[0], "Combien d'habitants à Metz en 2025 ?")
	stop()
	if s := ask(sites[0], "Et Nancy ?"); !strings.Contains(s, "Nancy") {
		t.Errorf("away, it goes on with %s", s)
	}
	again()
}

// A page of a conversation is the same at every server.
func TestPagesGoFromServerToServer(t *testing.T) {
	address, _, _ := servers.Postgres(t)
	var sites []*httptest.Server
	for range 2 {
		c, _ := overLedger(t, address).site(t)
		handler, err := site(c, serving{rate: 0})
		if err != nil {
			t.Fatal(err)
		}
		s := httptest.NewServer(handler)
		t.Cleanup(s.Close)
		sites = append(sites, s)
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	conversation := ""
	for i, text := range []string{"Combien d'habitants à Metz en 2025 ?", "Et Nancy ?"} {
		resp, err := client.PostForm(sites[i].URL+"/", url.Values{"question": {text}, "conversation": {conversation}})
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		place := resp.Header.Get("Location")
		if resp.StatusCode != http.StatusSeeOther {
			t.Fatal(resp.Status, place)
		}
		at, err := url.Parse(place)
		if err != nil {
			t.Fatal(err)
		}
		conversation = filepath.Base(at.Path)
	}
	for _, s := range sites {
		resp, err := client.Get(s.URL + "/c/" + conversation)
		if err != nil {
			t.Fatal(err)
		}
		var page bytes.Buffer
		_, _ = page.ReadFrom(resp.Body)
		_ = resp.Body.Close()
		for _, want := range []string{"Metz en 2025", "Et Nancy"} {
			if !strings.Contains(page.String(), want) {
				t.Errorf("%q is not on the page", want)
			}
		}
	}
}
