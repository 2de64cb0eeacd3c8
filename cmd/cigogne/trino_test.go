package main

import (
	"crypto/rand"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cigogne/internal/answer"
	"cigogne/tools/servers"
)

const spent = "Combien la Région a-t-elle dépensé pour les lycées publics en 2020 ?"

// with is the machine with more settings.
func (m machine) with(settings ...string) machine {
	env := maps.Clone(m.env)
	for i := 0; i < len(settings); i += 2 {
		env[settings[i]] = settings[i+1]
	}
	return machine{m.data, env}
}

func saysOf(a answer.Answer) string {
	return strings.Join(append(append(a.Assumptions, a.Caveats...), a.Text), "\n")
}

// While the distributed engine is away, the embedded one answers for what it holds
// and says so; what the other one alone holds is declined.
func TestTrinoIsAway(t *testing.T) {
	p := newPortal(t, 3)
	plain := machine{t.TempDir(), map[string]string{"LANG": "fr_FR.UTF-8"}}
	m := plain.with("CIGOGNE_TRINO_URL", "http://127.0.0.1:1", "CIGOGNE_TRINO_FROM", "1", "CIGOGNE_TRINO_LOCATION", "local:///trino")
	m.must(t, "harvest", p.URL, "--allow-private")
	if _, errs, status := m.run(t, "fetch", "--allow-private"); status != 0 || !strings.Contains(errs, "Trino ne prend pas") {
		t.Errorf("%d %s", status, errs)
	}
	if a := m.ask(t, spent); len(a.Figures) == 0 || a.Figures[0].Value != 2500 || !strings.Contains(saysOf(a), "Trino, le moteur réparti, ne répond pas") {
		t.Errorf("%s", saysOf(a))
	}
	if a := m.with("CIGOGNE_TRINO_FROM", "100").ask(t, spent); len(a.Figures) == 0 || strings.Contains(saysOf(a), "Trino") {
		t.Errorf("a small table: %s", saysOf(a))
	}
	if _, errs, status := plain.run(t, "trino"); status != 1 || !strings.Contains(errs, "[trino] url") {
		t.Errorf("%d %s", status, errs)
	}
	if _, errs, status := m.run(t, "trino"); status != 1 || !strings.Contains(errs, "Trino ne prend pas") {
		t.Errorf("%d %s", status, errs)
	}
	if out, _, _ := m.run(t, "doctor", "--allow-private"); !strings.Contains(out, "✗ Trino : http://127.0.0.1:1 ne répond pas") {
		t.Errorf("%s", out)
	}
	alone := m.with("CIGOGNE_TRINO_ALONE", "1")
	alone.must(t, "fetch", "--allow-private") // nothing is new, and the tables are laid out anew
	if a := alone.ask(t, spent); a.Answered() || !strings.Contains(a.Text, "trop grande pour être tenue ici") {
		t.Errorf("%s", saysOf(a))
	}
	alone.must(t, "dataset", "comptes-test")
	plain.must(t, "fetch", "--allow-private")
	if a := plain.ask(t, spent); len(a.Figures) == 0 || a.Figures[0].Value != 2500 {
		t.Errorf("without the setting: %s", saysOf(a))
	}
}

// A real Trino answers over the store's own files: new ones are registered by fetch,
// and what it answered is computed again by the embedded engine.
func TestTrinoAnswers(t *testing.T) {
	lake := servers.Trino(t)
	name := "test_" + strings.ToLower(rand.Text())
	data := filepath.Join(lake.Dir, name)
	t.Cleanup(func() { _ = os.RemoveAll(data) })
	p := newPortal(t, 3)
	m := machine{data, map[string]string{"LANG": "fr_FR.UTF-8", "CIGOGNE_TRINO_URL": lake.URL, "CIGOGNE_TRINO_CATALOG": "lake",
		"CIGOGNE_TRINO_SCHEMA": name, "CIGOGNE_TRINO_FROM": "1", "CIGOGNE_TRINO_LOCATION": "local:///" + name + "/trino"}}
	m.must(t, "harvest", p.URL, "--allow-private")
	m.must(t, "fetch", "--allow-private")
	answers := func(t *testing.T, m machine, want float64) answer.Answer {
		t.Helper()
		a := m.ask(t, spent)
		if len(a.Figures) == 0 || a.Figures[0].Value != want || !strings.Contains(saysOf(a), "Calculé par Trino") || !strings.Contains(a.SQL, `FROM "t_comptes_test_`) {
			t.Errorf("%s\n%s", saysOf(a), a.SQL)
		}
		return a
	}
	a := answers(t, m, 2500)
	m.must(t, "replay", a.AnswerID)
	if out := m.must(t, "trino"); !strings.Contains(out, "chez Trino : 1, dont nouvelles : 0") {
		t.Error(out)
	}
	if out, _, _ := m.run(t, "doctor", "--allow-private"); !strings.Contains(out, "✓ Trino : "+lake.URL+" répond") {
		t.Error(out)
	}
	if out, _, _ := m.with("CIGOGNE_TRINO_CATALOG", "nowhere").run(t, "doctor", "--allow-private"); !strings.Contains(out, "sans catalogue nowhere") {
		t.Error(out)
	}
	p.newer.Store(1000)
	m.must(t, "fetch", "--allow-private")
	answers(t, m, 3500)
	m.must(t, "replay", a.AnswerID)
	alone := m.with("CIGOGNE_TRINO_ALONE", "1")
	alone.must(t, "fetch", "--allow-private")
	b := answers(t, alone, 3500)
	if out := alone.must(t, "replay", b.AnswerID); strings.Contains(out, "✗") {
		t.Error(out)
	}
}
