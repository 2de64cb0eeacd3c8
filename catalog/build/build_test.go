package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cigogne/internal/dataset"
)

// pack writes a package of two communes of the region and one outside, as npm
// archives it, and returns what inputs.toml would say of it.
func pack(t *testing.T, dir string, year int, change func(files map[string]any)) vintage {
	t.Helper()
	place := func(code, name, region string, people int) map[string]any {
		return map[string]any{"code": code, "type": current, "nom": name, "region": region, "departement": code[:2], "arrondissement": "541", "population": people + 1, "codesPostaux": []string{"54000"}}
	}
	in := func(code string, people int) map[string]any {
		return map[string]any{"code": code, "siren": "2154" + code, "populationMunicipale": people}
	}
	files := map[string]any{
		"communes.json":        []any{place("54395", "Nancy", grandEst, 100), place("54547", "Vandœuvre", grandEst, 30), place("70001", "Ailleurs", "27", 7)},
		"epci.json":            []any{map[string]any{"code": "245400676", "nom": "Métropole", "type": "METRO", "membres": []any{in("54395", 100), in("54547", 30), in("70001", 7)}}},
		"departements.json":    []any{map[string]any{"code": "54", "nom": "Meurthe-et-Moselle"}},
		"arrondissements.json": []any{map[string]any{"code": "541", "nom": "Épernay", "typeLiaison": 1}},
	}
	if change != nil {
		change(files)
	}
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	for name, v := range files {
		body, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.WriteHeader(&tar.Header{Name: "package/data/" + name, Mode: 0o644, Size: int64(len(body))}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(body); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	v := vintage{Year: year, Version: fmt.Sprint(year), SHA256: fmt.Sprintf("%x", sha256.Sum256(b.Bytes())), Communes: 2, EPCI: 1, Population: 130}
	if year > borrowed {
		v.Population = 132
	}
	if err := os.WriteFile(filepath.Join(dir, v.file()), b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return v
}

// TestPopulationsInForce: those of the members until 2025, those of the
// communes after, and an intercommunality adds up all of its communes.
func TestPopulationsInForce(t *testing.T) {
	in, out := t.TempDir(), t.TempDir()
	h, err := readHistory(in, &inputs{Package: []vintage{pack(t, in, 2025, nil), pack(t, in, 2026, nil)}})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.tables(out); err != nil {
		t.Fatal(err)
	}
	for name, lines := range map[string][]string{
		"communes.csv":          {"2025,54395,Nancy,54,Meurthe-et-Moselle,Arrondissement d'Épernay,245400676,Métropole,54000,215454395,100", "2026,54395,Nancy,54,Meurthe-et-Moselle,Arrondissement d'Épernay,245400676,Métropole,54000,215454395,101"},
		"intercommunalites.csv": {"2025,245400676,Métropole,METRO,3,137", "2026,245400676,Métropole,METRO,3,140"},
	} {
		b, err := os.ReadFile(filepath.Join(out, name))
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range lines {
			if !strings.Contains(string(b), line+"\n") {
				t.Errorf("%s has no line %q:\n%s", name, line, b)
			}
		}
	}
}

// TestOtherInputsStopTheBuild holds what is said of public files that are not
// those the catalogue was made of.
func TestOtherInputsStopTheBuild(t *testing.T) {
	for name, c := range map[string]struct {
		change func(map[string]any)
		edit   func(*vintage)
		says   string
	}{
		"another file":         {edit: func(v *vintage) { v.SHA256 = strings.Repeat("0", 64) }, says: "is not the file the catalogue was made of"},
		"no file":              {edit: func(v *vintage) { v.Version = "0" }, says: "no such file"},
		"fewer communes":       {edit: func(v *vintage) { v.Communes = 3 }, says: "communes: 2, want 3"},
		"another population":   {edit: func(v *vintage) { v.Population = 131 }, says: "population: 130, want 131"},
		"a part is missing":    {change: func(f map[string]any) { delete(f, "epci.json") }, says: "holds no data/epci.json"},
		"a part does not read": {change: func(f map[string]any) { f["epci.json"] = "text" }, says: "read data/epci.json"},
		"nobody's commune":     {change: func(f map[string]any) { f["epci.json"] = []any{} }, says: "has no population in force in 2025"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			v := pack(t, dir, 2025, c.change)
			if c.edit != nil {
				c.edit(&v)
			}
			if _, err := readHistory(dir, &inputs{Package: []vintage{v}}); err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v, want %q", err, c.says)
			}
		})
	}
	if _, err := records(publicFile{Name: "a.csv", Records: 2}, []byte("a,b\n1,2\n"), ','); err == nil || !strings.Contains(err.Error(), "records: 1, want 2") {
		t.Errorf("got %v", err)
	}
	if _, err := readInputs("[[package]]\nyaer = 1"); err == nil || !strings.Contains(err.Error(), "unknown key") {
		t.Errorf("got %v", err)
	}
	if _, err := readInputs(declared); err != nil {
		t.Error(err)
	}
}

// TestEmbeddedFacts holds the facts of the embedded profiles to their Parquet files.
func TestEmbeddedFacts(t *testing.T) {
	profiles, err := filepath.Glob("../data/*.json")
	if err != nil || len(profiles) == 0 {
		t.Fatalf("no profiles: %v", err)
	}
	for _, path := range profiles {
		t.Run(filepath.Base(path), func(t *testing.T) {
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			var held dataset.Table
			if err := json.Unmarshal(b, &held); err != nil {
				t.Fatal(err)
			}
			if err := factsOf(t.Context(), strings.TrimSuffix(path, ".json")+".parquet", &held); err != nil {
				t.Fatal(err)
			}
			again, err := json.Marshal(&held)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(append(again, '\n'), b) {
				t.Error("the profile says other than its table: go run ./catalog/build -facts")
			}
		})
	}
}
