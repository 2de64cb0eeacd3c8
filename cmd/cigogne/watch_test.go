package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// A figure is followed by a webhook, listed without its secret, and not told of
// while nothing changes.
func TestWatch(t *testing.T) {
	told := 0
	hook := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { told++ }))
	defer hook.Close()
	dir := t.TempDir()
	out, errs, code := cigogne(t, dir, "ask", "--json", "combien d'habitants à Metz ?")
	if code != 0 {
		t.Fatal(errs)
	}
	var a struct {
		ID string `json:"answer_id"`
	}
	if err := json.Unmarshal([]byte(out), &a); err != nil || a.ID == "" {
		t.Fatalf("%v %s", err, out)
	}
	if out, errs, code := cigogne(t, dir, "watch", a.ID, "--webhook", hook.URL+"/hooks/secret", "--allow-private"); code != 0 || !strings.Contains(out, "Suivi") {
		t.Fatalf("%s %s", out, errs)
	}
	out, _, _ = cigogne(t, dir, "watch")
	if !strings.Contains(out, a.ID) || strings.Contains(out, "secret") {
		t.Errorf("listed %s", out)
	}
	if _, errs, code := cigogne(t, dir, "watch", "--now", "--allow-private"); code != 0 || told != 0 {
		t.Errorf("told %d times, %s", told, errs)
	}
	for _, bad := range [][]string{{"watch", a.ID}, {"watch", "--webhook", "x"}, {"watch", a.ID, "--webhook", "javascript:x"}, {"watch", a.ID, "--webhook", hook.URL, "--exo", "1"}} {
		if _, _, code := cigogne(t, dir, bad...); code != 2 {
			t.Errorf("%q gives %d", bad, code)
		}
	}
	if _, errs, code := cigogne(t, dir, "watch", "nothing-has-this-name", "--webhook", hook.URL); code != 1 || !strings.Contains(errs, "nothing-has-this-name") {
		t.Errorf("%d %s", code, errs)
	}
	if _, errs, code := cigogne(t, dir, "watch", "--remove", strings.Fields(out)[0]); code != 0 {
		t.Error(errs)
	}
	if out, _, _ := cigogne(t, dir, "watch"); !strings.Contains(out, "Rien n'est suivi") {
		t.Errorf("still %s", out)
	}
}
