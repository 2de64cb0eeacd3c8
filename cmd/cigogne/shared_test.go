package main

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cigogne/internal/answer"
	"cigogne/internal/assistant"
	"cigogne/tools/servers"
)

// machine is one of several: what is set there, and its data directory.
type machine struct {
	data string
	env  map[string]string
}

// overBucket is a machine over a folder of an object store.
func overBucket(t *testing.T, at servers.Objects, prefix string) machine {
	t.Helper()
	place := at.Place(prefix)
	return machine{filepath.Join(t.TempDir(), "data"), map[string]string{
		"LANG": "fr_FR.UTF-8", "CIGOGNE_STORE_URL": place.URL, "CIGOGNE_STORE_ENDPOINT": place.Endpoint,
		"AWS_ACCESS_KEY_ID": place.AccessKey, "AWS_SECRET_ACCESS_KEY": place.SecretKey,
	}}
}

// run runs a command there.
func (m machine) run(t *testing.T, args ...string) (out, errs string, status int) {
	t.Helper()
	var o, e bytes.Buffer
	status = run(t.Context(), append(args, "--data", m.data), stdio{in: strings.NewReader(""), out: &o, err: &e, env: func(k string) string { return m.env[k] }})
	return o.String(), e.String(), status
}

func (m machine) must(t *testing.T, args ...string) string {
	t.Helper()
	out, errs, status := m.run(t, args...)
	if status != 0 {
		t.Fatalf("cigogne %v: status %d\n%s%s", args, status, out, errs)
	}
	return out
}

func (m machine) ask(t *testing.T, question string) answer.Answer {
	t.Helper()
	out, errs, _ := m.run(t, "ask", "--json", question)
	var a answer.Answer
	if err := json.Unmarshal([]byte(out), &a); err != nil {
		t.Fatalf("%s: %v\n%s%s", question, err, out, errs)
	}
	return a
}

// site is a site's house there.
func (m machine) site(t *testing.T) (c *current, logged *bytes.Buffer) {
	t.Helper()
	logged = &bytes.Buffer{}
	c, err := openCurrent(t.Context(), newProgram(options{data: m.data, engine: "rules", lasting: true}, stdio{out: io.Discard, err: logged, env: func(k string) string { return m.env[k] }}))
	if err != nil {
		t.Fatal(err)
	}
	c.keeper.retry = 0
	t.Cleanup(c.Close)
	return c, logged
}

// One server harvests into the object store, another answers from it, also while
// the store is away; what is to be written then says why it is not.
func TestServersOverAnObjectStore(t *testing.T) {
	at := servers.Fake(t)
	p := newPortal(t, 3)
	writer, reader := overBucket(t, at, "region"), overBucket(t, at, "region")
	writer.must(t, "harvest", p.URL, "--allow-private")
	writer.must(t, "fetch", "--allow-private")
	const question = "Combien la Région a-t-elle dépensé pour les lycées publics en 2020 ?"
	if a := reader.ask(t, question); len(a.Figures) == 0 || a.Figures[0].Value != 2500 {
		t.Fatalf("the other server says %s", a.Text)
	}
	site, logged := reader.site(t)
	asked := func() string {
		t.Helper()
		a, err := site.Ask(t.Context(), assistant.Question{Text: question})
		if err != nil || len(a.Figures) == 0 || a.Figures[0].Value != 2500 || a.AnswerID == "" {
			t.Fatalf("%v %+v", err, a)
		}
		return a.AnswerID
	}
	asked()

	at.Stop()
	asked()
	for range 2 {
		if err := site.renew(t.Context()); err != nil {
			t.Errorf("a store that is away stops the site: %v", err)
		}
	}
	if n := strings.Count(logged.String(), "the object store is away"); n != 1 {
		t.Errorf("said %d times:\n%s", n, logged)
	}
	if _, errs, status := writer.run(t, "harvest", p.URL, "--allow-private"); status != 1 || !strings.Contains(errs, "s3://lake/region") {
		t.Errorf("%d %s", status, errs)
	}
	if _, errs, status := overBucket(t, at, "region").run(t, "ask", question); status != 1 || !strings.Contains(errs, "s3://lake/region") {
		t.Errorf("a server that never saw the data answers from elsewhere: %d %s", status, errs)
	}
	if out, _, status := reader.run(t, "doctor", "--offline"); status == 0 || !strings.Contains(out, "s3://lake/region") {
		t.Errorf("doctor: %s", out)
	}

	at.Again(t)
	before := site.in.generation
	writer.must(t, "harvest", p.URL, "--allow-private")
	if err := site.renew(t.Context()); err != nil || site.in.generation == before {
		t.Errorf("it stays at %s: %v", before, err)
	}
	if !strings.Contains(logged.String(), "the object store is back") {
		t.Errorf("%s", logged)
	}
	asked()
}

// A kept answer is computed again on files that only the object store still has.
func TestReplayFetchesFiles(t *testing.T) {
	at := servers.Fake(t)
	p := newPortal(t, 3)
	m := overBucket(t, at, "")
	m.must(t, "harvest", p.URL, "--allow-private")
	m.must(t, "fetch", "--allow-private")
	a := m.ask(t, "Combien la Région a-t-elle dépensé pour les lycées publics en 2020 ?")
	if a.AnswerID == "" {
		t.Fatal("not kept")
	}
	file := parquetOf(t, m.data)
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	m.must(t, "replay", a.AnswerID)
}
