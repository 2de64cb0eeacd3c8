package main

import (
	"encoding/csv"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
)

// What was declined comes back as wanted data, in each form, and nothing personal
// with it.
func TestInsights(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	if _, errs, status := cigogne(t, data, "insights"); status != 1 || !strings.Contains(errs, "Aucune question") {
		t.Errorf("without a ledger: %d %s", status, errs)
	}
	c, _ := keeping(t, t.TempDir())
	dir, err := c.dataDir()
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range []string{"Combien de bornes incendie à Metz ?", "Nombre de bornes incendie à Metz, je suis au 06 12 34 56 78 ?", "=1+1;=2 piscines couvertes à Nancy", "Combien d'habitants à Metz en 2025 ?"} {
		cigogne(t, dir, "ask", q)
	}
	figureOf(t, c)
	said := must(t, dir, "insights")
	for _, want := range []string{"Données voulues", "bornes incendie", "2 fois", "Jeux de données interrogés", "Communes du Grand Est"} {
		if !strings.Contains(said, want) {
			t.Errorf("no %q in\n%s", want, said)
		}
	}
	if strings.Contains(said, "12 34 56") {
		t.Errorf("a telephone number:\n%s", said)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(must(t, dir, "insights", "--format", "csv"), "\ufeff"))).ReadAll()
	if err != nil || len(rows) < 3 || rows[1][1] != "2" || strings.HasPrefix(rows[2][0], "=") {
		t.Errorf("%v\n%v", err, rows)
	}
	var r insights
	if err := json.Unmarshal([]byte(must(t, dir, "insights", "--format", "json", "--days", "0")), &r); err != nil || r.Asked < 4 || r.Answered < 2 || len(r.Wanted) < 2 {
		t.Errorf("%v %+v", err, r.Report)
	}
	if _, _, status := cigogne(t, dir, "insights", "--format", "xml"); status != 2 {
		t.Errorf("another form: status %d", status)
	}
}
