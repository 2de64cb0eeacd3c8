package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"cigogne/internal/insight"
)

// Wanted data is voted on, answered and closed with a figure; a producer marks
// what is vital; the report says all of it, in each form and where people talk.
func TestWanted(t *testing.T) {
	c, _ := keeping(t, t.TempDir())
	dir, err := c.dataDir()
	if err != nil {
		t.Fatal(err)
	}
	cigogne(t, dir, "ask", "Combien de bornes incendie à Metz ?")
	figure := figureOf(t, c).AnswerID
	var wanted []insight.Wanted
	read := func() insight.Wanted {
		t.Helper()
		if err := json.Unmarshal([]byte(must(t, dir, "wanted", "--json")), &wanted); err != nil || len(wanted) != 1 {
			t.Fatalf("%v %+v", err, wanted)
		}
		return wanted[0]
	}
	id := read().ID
	must(t, dir, "wanted", id, "--vote")
	must(t, dir, "wanted", id, "--vote")
	must(t, dir, "wanted", id, "--reply", "publié en juin")
	must(t, dir, "wanted", id, "--close", figure)
	if w := read(); w.Votes != 2 || w.Reply != "publié en juin" || w.AnswerID != figure {
		t.Errorf("%+v", w)
	}
	for args, want := range map[string]int{"wanted none --vote": 1, "wanted " + id + " --close none": 1, "wanted " + id: 2, "vital x": 2, "vital nothing-is-called-so because": 1} {
		if _, errs, status := cigogne(t, dir, strings.Fields(args)...); status != want {
			t.Errorf("%s: status %d, %s", args, status, errs)
		}
	}
	var found struct {
		Results []struct {
			ID string `json:"id"`
		} `json:"results"`
	}
	out := must(t, dir, "search", "--json", "population des communes")
	if err := json.Unmarshal([]byte(out), &found); err != nil || len(found.Results) == 0 {
		t.Fatalf("%v %s", err, out)
	}
	must(t, dir, "vital", found.Results[0].ID, "les", "secours", "en", "ont", "besoin")
	said := must(t, dir, "insights")
	for _, want := range []string{"2 votes", "publié en juin", "les secours en ont besoin", figure} {
		if !strings.Contains(said, want) {
			t.Errorf("no %q in\n%s", want, said)
		}
	}
	if page := must(t, dir, "insights", "--format", "html"); !strings.Contains(page, "<h2>") || !strings.Contains(page, "publié en juin") {
		t.Errorf("%s", page)
	}
	if other := must(t, dir, "insights", "--publisher", "personne de ce nom"); strings.Contains(other, "secours") {
		t.Errorf("%s", other)
	}
	posted := make(chan string, 1)
	hook := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var body struct{ Text string }
		_ = json.NewDecoder(r.Body).Decode(&body)
		posted <- body.Text
	}))
	defer hook.Close()
	must(t, dir, "insights", "--webhook", hook.URL, "--allow-private")
	if text := <-posted; !strings.Contains(text, "bornes incendie") {
		t.Errorf("posted %q", text)
	}
}
