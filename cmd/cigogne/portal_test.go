package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"cigogne/catalog"
	"cigogne/internal/answer"
)

// accounts is the publication that the embedded catalogue summarises, small:
// the same columns, with the accounting natures, on another portal.
const accounts = `BGT_ANNEE,BGT_CONTNAT,BGT_CONTNAT_LABEL,BGT_NATURE,BGT_NATURE_LABEL,BGT_FONCTION,BGT_FONCTION_LABEL,BGT_SECTION,BGT_OPBUDG,BGT_CODRD,BGT_MTREAL
2020,902,Enseignement,13172,FEDER,90222,Lycées publics,investissement,réel,recette,1000
2020,902,Enseignement,2313,Constructions,90222,Lycées publics,investissement,réel,dépense,2500
2020,938,Transports,611,Contrats,9383,Transport ferroviaire régional de voyageurs,fonctionnement,réel,dépense,4000
2020,925,Transferts entre les sections,6811,Dotations,925,Transferts entre les sections,fonctionnement,ordre,dépense,9999
`

// testPortal is a CKAN portal with the accounts and some datasets without files.
type testPortal struct {
	*httptest.Server
	down  atomic.Bool // every answer is 503
	lie   atomic.Int64
	short atomic.Bool // three records are given, all are announced
	cut   atomic.Bool // files break off half-way
	html  atomic.Bool // files are error pages
	asked atomic.Int64
	newer atomic.Int64 // edition of the accounts: euros more for the lycées
	fewer atomic.Int64 // layers that it does not publish any more, the last ones
}

func newPortal(t *testing.T, others int) *testPortal {
	p := &testPortal{}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.asked.Add(1)
		switch {
		case p.down.Load():
			http.Error(w, "down", http.StatusServiceUnavailable)
		case r.URL.Path == "/api/3/action/package_search":
			p.search(w, r, others)
		case r.URL.Path == "/files/accounts.csv" && p.html.Load():
			w.Header().Set("Content-Type", "text/html")
			fmt.Fprint(w, "<!DOCTYPE html><html><body>Maintenance</body></html>")
		case r.URL.Path == "/files/accounts.csv" && p.cut.Load():
			w.Header().Set("Content-Length", strconv.Itoa(len(accounts)))
			fmt.Fprint(w, accounts[:len(accounts)/2])
		case r.URL.Path == "/files/accounts.csv":
			w.Header().Set("Content-Type", "text/csv")
			fmt.Fprint(w, strings.ReplaceAll(accounts, "2500", fmt.Sprint(2500+p.newer.Load())))
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(p.Close)
	return p
}

func (p *testPortal) search(w http.ResponseWriter, r *http.Request, others int) {
	all := []map[string]any{{
		"id": "acc", "name": "comptes-test", "title": "Comptes administratifs (portail d'essai)", "notes": "Comptes.", "license_id": "lov2", "license_title": "Licence Ouverte 2.0",
		"organization": map[string]any{"title": "Région d'essai"}, "metadata_modified": "2021-07-09T10:00:00",
		"resources": []map[string]any{{"id": "res", "name": "accounts.csv", "format": "CSV", "url": p.URL + "/files/accounts.csv"}},
	}}
	for i := range others - int(p.fewer.Load()) {
		all = append(all, map[string]any{"id": fmt.Sprint("d", i), "name": fmt.Sprint("couche-", i), "title": fmt.Sprint("Couche de carte ", i), "notes": "Une carte.", "resources": []any{}})
	}
	start, _ := strconv.Atoi(r.URL.Query().Get("start"))
	rows, _ := strconv.Atoi(r.URL.Query().Get("rows"))
	announced := len(all) + int(p.lie.Load())
	if p.short.Load() {
		all = all[:3]
	}
	page := all[min(start, len(all)):min(start+max(rows, 0), len(all))]
	json.NewEncoder(w).Encode(map[string]any{"success": true, "result": map[string]any{"count": announced, "results": page}})
}

// cigogne runs a command and returns what it printed and its status.
func cigogne(t *testing.T, data string, args ...string) (out, errs string, status int) {
	t.Helper()
	var o, e bytes.Buffer
	env := map[string]string{"CIGOGNE_DATA": data, "LANG": "fr_FR.UTF-8"}
	status = run(t.Context(), args, stdio{in: strings.NewReader(""), out: &o, err: &e, env: func(k string) string { return env[k] }})
	return o.String(), e.String(), status
}

func askJSON(t *testing.T, data, question string) answer.Answer {
	t.Helper()
	out, errs, _ := cigogne(t, data, "ask", "--json", question)
	var a answer.Answer
	if err := json.Unmarshal([]byte(out), &a); err != nil {
		t.Fatalf("%s: %v\n%s%s", question, err, out, errs)
	}
	return a
}

func must(t *testing.T, data string, args ...string) string {
	t.Helper()
	out, errs, status := cigogne(t, data, args...)
	if status != 0 {
		t.Fatalf("cigogne %v: status %d\n%s%s", args, status, out, errs)
	}
	return out
}

func TestHarvestedTablesAnswerInPlaceOfTheEmbedded(t *testing.T) {
	p, data := newPortal(t, 5), filepath.Join(t.TempDir(), "data")
	const q = "Combien la Région a-t-elle dépensé pour les lycées publics en 2020 ?"
	if a := askJSON(t, data, q); a.Figures[0].Value != 496779162 {
		t.Fatalf("embedded: %v", a.Figures)
	}
	if out := must(t, data, "harvest", p.URL, "--allow-private"); !strings.HasPrefix(out, "6 jeux de données") {
		t.Errorf("harvest said %q", out)
	}
	if a := askJSON(t, data, q); a.Figures[0].Value != 496779162 {
		t.Fatalf("harvested, not fetched: %v", a.Figures)
	}
	must(t, data, "fetch", "--allow-private")
	a := askJSON(t, data, q)
	if a.Figures[0].Value != 2500 || a.Sources[0].DatasetID != "acc" || a.Sources[0].SHA256 == "" || a.Sources[0].Retrieved == "" {
		t.Errorf("harvested: %v from %+v", a.Figures, a.Sources)
	}
	if a := askJSON(t, data, "Combien de recettes du FEDER en 2020 ?"); len(a.Figures) == 0 || a.Figures[0].Value != 1000 {
		t.Errorf("a column that only the full publication has: %+v", a)
	}
	if a := askJSON(t, data, "Population de Metz en 2021"); a.Figures[0].Value != 116581 {
		t.Errorf("the other embedded tables still answer: %+v", a.Figures)
	}
	if out := must(t, data, "search", "comptes administratifs"); strings.Contains(out, "résumé par fonction") {
		t.Errorf("the embedded dataset did not step aside:\n%s", out)
	}
	embedded, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	// One embedded table is replaced by the harvested one.
	if out := must(t, data, "status", "--json"); !strings.Contains(out, fmt.Sprintf(`"datasets":6,"tables":%d`, len(embedded.Tables))) || !strings.Contains(out, p.URL) {
		t.Errorf("status %s", out)
	}
	if out := must(t, data, "fetch", "--allow-private"); !strings.Contains(out, "1 inchangées") {
		t.Errorf("second fetch said %q", out)
	}
	if out := must(t, data, "harvest", p.URL, "--allow-private", "--json"); !strings.HasPrefix(out, `{"datasets":6,"type":"ckan","portal":"http`) {
		t.Errorf("harvest --json prints %q", out)
	}
	if out := must(t, data, "fetch", "--allow-private", "--json"); !strings.HasPrefix(out, `{"tables":1,"new":0,"unchanged":1,`) {
		t.Errorf("fetch --json prints %q", out)
	}
}

func TestABadDayLosesNothing(t *testing.T) {
	p, data := newPortal(t, 3), filepath.Join(t.TempDir(), "data")
	must(t, data, "harvest", p.URL, "--allow-private")
	must(t, data, "fetch", "--allow-private")
	const q = "Combien de recettes du FEDER en 2020 ?"

	t.Run("a portal that lies about its count", func(t *testing.T) {
		for _, lie := range []int64{-2, 500} {
			p.lie.Store(lie)
			if out, errs, status := cigogne(t, data, "harvest", p.URL, "--allow-private"); !strings.HasPrefix(out, "4 jeux de données") || status != 1 || !strings.Contains(errs, "compte") {
				t.Errorf("count off by %d: status %d, %q %q", lie, status, out, errs)
			}
		}
		p.lie.Store(0)
		more, kept := newPortal(t, 40), filepath.Join(t.TempDir(), "data")
		must(t, kept, "harvest", more.URL, "--allow-private")
		more.short.Store(true)
		if _, errs, status := cigogne(t, kept, "harvest", more.URL, "--allow-private"); status != 1 || !strings.Contains(errs, "41 déjà là") {
			t.Errorf("three of 41: status %d, %q", status, errs)
		}
		if out := must(t, kept, "status"); !strings.HasPrefix(out, "41 ") {
			t.Errorf("what was kept is lost: %q", out)
		}
	})
	for name, c := range map[string]struct {
		set  *atomic.Bool
		args []string
		says string
	}{
		"portal down":       {&p.down, []string{"harvest", p.URL, "--allow-private"}, ""},
		"file cut half-way": {&p.cut, []string{"fetch", "--allow-private"}, ""},
		"error page":        {&p.html, []string{"fetch", "--allow-private"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if testing.Short() && name != "error page" {
				t.Skip("waits between attempts")
			}
			c.set.Store(true)
			defer c.set.Store(false)
			_, errs, status := cigogne(t, data, c.args...)
			if status != 1 || strings.TrimSpace(errs) == "" || strings.Contains(errs, "goroutine") {
				t.Errorf("status %d, said %q", status, errs)
			}
			if a := askJSON(t, data, q); len(a.Figures) == 0 || a.Figures[0].Value != 1000 {
				t.Errorf("what was stored is lost: %+v", a)
			}
		})
	}
	t.Run("private addresses are refused unless asked for", func(t *testing.T) {
		before := p.asked.Load()
		_, errs, status := cigogne(t, data, "harvest", p.URL)
		if status != 1 || !strings.Contains(errs, "--allow-private") || p.asked.Load() != before {
			t.Errorf("status %d, said %q", status, errs)
		}
	})
	t.Run("a directory that cannot be written", func(t *testing.T) {
		if os.Getuid() == 0 {
			t.Skip("root writes anywhere")
		}
		dir := t.TempDir()
		os.Chmod(dir, 0o500)
		_, errs, status := cigogne(t, filepath.Join(dir, "data"), "harvest", p.URL, "--allow-private")
		if status != 1 || !strings.Contains(errs, "--data") {
			t.Errorf("status %d, said %q", status, errs)
		}
	})
}

// TestTrialPortal harvests the whole trial portal, real records, in both of its
// dialects and with faults; it needs the shared folder beside the project.
// Files that can be made again are no reason to stop: the database is made of
// the tables' own files, the index of the datasets, and a damaged manifest
// gives way to the one before.
func TestDamagedFilesStopNothing(t *testing.T) {
	p, data := newPortal(t, 5), filepath.Join(t.TempDir(), "data")
	must(t, data, "harvest", p.URL, "--allow-private")
	must(t, data, "fetch", "--allow-private")
	for _, name := range []string{"warehouse.duckdb", "search.index/list", "search.index/[0-9a-f]*", "generation.json"} {
		t.Run(name, func(t *testing.T) {
			found, err := filepath.Glob(filepath.Join(data, "generations", "*", name))
			if err != nil || len(found) == 0 {
				t.Fatalf("%v, %v", found, err)
			}
			if err := os.Truncate(found[len(found)-1], 100); err != nil {
				t.Fatal(err)
			}
			if name != "generation.json" { // the tables go with it, the embedded ones answer
				if a := askJSON(t, data, "Combien la Région a-t-elle dépensé pour les lycées publics en 2020 ?"); len(a.Figures) == 0 || a.Figures[0].Value != 2500 {
					t.Errorf("figures %v: %s", a.Figures, a.Text)
				}
			}
			must(t, data, "search", "comptes")
			must(t, data, "harvest", p.URL, "--allow-private")
			must(t, data, "fetch", "--allow-private")
			// Beside an embedded table, the harvested one answers from its file.
			if a := askJSON(t, data, "dépenses par habitant pour les lycées publics en 2020"); len(a.Figures) == 0 || a.Figures[0].Value > 0.001 {
				t.Errorf("figures %v: %s", a.Figures, a.Text)
			}
		})
	}
}

func TestTrialPortal(t *testing.T) {
	shared := os.Getenv("CIGOGNE_SHARED")
	if shared == "" {
		shared = filepath.Join("..", "..", "..", "shared")
	}
	script := filepath.Join(shared, "portal", "serve.py")
	if _, err := os.Stat(script); err != nil {
		t.Skipf("no trial portal at %s", script)
	}
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("no python3")
	}
	url := serve(t, python, script)
	for name, address := range map[string]string{"ckan": url, "d4c": url + "/data4citizen/d4c/api/datasets/2.0/search/start=0&rows=1000"} {
		t.Run(name, func(t *testing.T) {
			data := filepath.Join(t.TempDir(), "data")
			if out := must(t, data, "harvest", address, "--allow-private"); !strings.HasPrefix(out, "7\u202f487 ") {
				t.Errorf("harvest said %q", out)
			}
			must(t, data, "fetch", "--allow-private")
			if a := askJSON(t, data, "combien de recettes du FEDER en 2020 ?"); len(a.Figures) == 0 || a.Figures[0].Value != 121984719 {
				t.Errorf("%+v", a)
			}
		})
	}
}

// serve starts the trial portal and returns its address.
func serve(t *testing.T, python, script string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), python, append([]string{script}, args...)...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	line := make([]byte, 200)
	n, err := out.Read(line)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(line[:n]))
}
