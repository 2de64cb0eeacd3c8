package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Each thing that can be wrong is found by its name, with how to mend it.
func TestDoctor(t *testing.T) {
	models := func(status int, body string, date time.Time) string {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Date", date.UTC().Format(http.TimeFormat))
			w.WriteHeader(status)
			fmt.Fprint(w, body)
		}))
		t.Cleanup(s.Close)
		return s.URL
	}
	gone := httptest.NewServer(nil)
	gone.Close()
	now := time.Now()
	for name, c := range map[string]struct {
		harm func(t *testing.T, data string, p *testPortal)
		env  map[string]string
		args []string
		want []string // check:state, and what its mending says
	}{
		"all is well": {want: []string{"config:ok:", "data:ok:", "disk:ok:", "ledger:ok:", "harvest:ok:", "scratch:ok:", "portal:ok:", "model:ok:", "clock:ok:"}},
		"a harvest that is damaged": {harm: func(t *testing.T, data string, _ *testPortal) {
			if err := os.RemoveAll(filepath.Join(data, "objects")); err != nil {
				t.Fatal(err)
			}
		}, want: []string{"harvest:fault:cigogne harvest", "harvest:fault:cigogne fetch"}},
		"a database that was cut": {harm: func(t *testing.T, data string, _ *testPortal) {
			found, _ := filepath.Glob(filepath.Join(data, "generations", "*", "warehouse.duckdb"))
			for _, path := range found {
				os.Chmod(path, 0o600)
				if err := os.Truncate(path, 50_000); err != nil {
					t.Fatal(err)
				}
			}
		}, want: []string{"harvest:fault:cigogne fetch"}},
		"a format that is no number": {harm: func(t *testing.T, data string, _ *testPortal) {
			if err := os.WriteFile(filepath.Join(data, "format"), []byte("deux\n"), 0o600); err != nil {
				t.Fatal(err)
			}
		}, want: []string{"data:fault:/format"}},
		"a newest generation that was cut": {harm: func(t *testing.T, data string, _ *testPortal) {
			found, _ := filepath.Glob(filepath.Join(data, "generations", "*", "generation.json"))
			os.Chmod(found[len(found)-1], 0o600)
			if err := os.Truncate(found[len(found)-1], 100); err != nil {
				t.Fatal(err)
			}
		}, want: []string{"harvest:fault:cigogne restore"}},
		"a file where the index was": {harm: func(t *testing.T, data string, _ *testPortal) {
			found, _ := filepath.Glob(filepath.Join(data, "generations", "*", "search.index"))
			index := found[len(found)-1]
			if err := os.RemoveAll(index); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(index, []byte("index\n"), 0o600); err != nil {
				t.Fatal(err)
			}
		}, want: []string{"harvest:warning:cigogne harvest"}},
		"a ledger that is none": {harm: func(t *testing.T, data string, _ *testPortal) {
			if err := os.WriteFile(filepath.Join(data, "ledger.db"), []byte(strings.Repeat("no database ", 1000)), 0o600); err != nil {
				t.Fatal(err)
			}
		}, want: []string{"ledger:fault:cigogne restore"}},
		"a portal that is down":       {harm: func(_ *testing.T, _ string, p *testPortal) { p.Close() }, want: []string{"portal:fault:navigateur"}},
		"a network that is not asked": {harm: func(_ *testing.T, _ string, p *testPortal) { p.Close() }, args: []string{"--offline"}, want: []string{"network:skipped:", "harvest:ok:"}},
		"a model that is not there":   {env: map[string]string{"CIGOGNE_MODEL_URL": gone.URL, "CIGOGNE_MODEL_NAME": "m"}, want: []string{"model:fault:démarrez"}},
		"a key that is refused":       {env: map[string]string{"CIGOGNE_MODEL_URL": models(401, "", now), "CIGOGNE_MODEL_NAME": "m"}, want: []string{"model:fault:clé"}},
		"a model of another name":     {env: map[string]string{"CIGOGNE_MODEL_URL": models(200, `{"data":[{"id":"other"}]}`, now), "CIGOGNE_MODEL_NAME": "mistral"}, want: []string{"model:warning:nommez"}},
		"a model that is there":       {env: map[string]string{"CIGOGNE_MODEL_URL": models(200, `{"data":[{"id":"mistral"}]}`, now), "CIGOGNE_MODEL_NAME": "mistral"}, want: []string{"model:ok:", "clock:ok:"}},
		"a clock that is wrong":       {env: map[string]string{"CIGOGNE_EMBEDDINGS_URL": models(200, `e`, now.Add(time.Hour)), "CIGOGNE_EMBEDDINGS_NAME": "e"}, want: []string{"clock:fault:timedatectl"}},
		"settings that cannot be":     {env: map[string]string{"CIGOGNE_ENGINE": "magic"}, want: []string{"config:fault:cigogne.toml"}},
	} {
		t.Run(name, func(t *testing.T) {
			p, data := newPortal(t, 3), filepath.Join(t.TempDir(), "data")
			must(t, data, "harvest", p.URL, "--allow-private")
			must(t, data, "fetch", "--allow-private")
			must(t, data, "ask", "Combien d'habitants à Metz ?")
			if c.harm != nil {
				c.harm(t, data, p)
			}
			env := map[string]string{"CIGOGNE_DATA": data, "LANG": "fr_FR.UTF-8"}
			for k, v := range c.env {
				env[k] = v
			}
			var out, errs strings.Builder
			status := run(context.Background(), append([]string{"doctor", "--json", "--allow-private", "--data", data}, c.args...), stdio{out: &out, err: &errs, env: func(k string) string { return env[k] }})
			var found []symptom
			if err := json.Unmarshal([]byte(out.String()), &found); err != nil {
				t.Fatalf("%v\n%s%s", err, out.String(), errs.String())
			}
			faults := 0
			for _, s := range found {
				if s.State == broken {
					faults++
				}
				if s.Said == "" || s.Mend == "" && (s.State == broken || s.State == ailing) {
					t.Errorf("%+v says too little", s)
				}
			}
			if status != min(faults, 1) {
				t.Errorf("status %d with %d faults: %s", status, faults, errs.String())
			}
			for _, w := range c.want {
				parts := strings.SplitN(w, ":", 3)
				seen := false
				for _, s := range found {
					seen = seen || s.Check == parts[0] && string(s.State) == parts[1] && strings.Contains(s.Mend, parts[2])
				}
				if !seen {
					t.Errorf("no %s in\n%+v", w, found)
				}
			}
		})
	}
}
