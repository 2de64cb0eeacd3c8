package main

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Whatever is damaged or missing, a question is answered with a word about it,
// harvesting and fetching mend what can be had again and say so, and after that
// the harvested tables answer as before.
func TestDamageIsToldAndMended(t *testing.T) {
	const question = "Combien la Région a-t-elle dépensé pour les lycées publics en 2020 ?"
	objects := func(t *testing.T, data string, harm func(path string, size int64) error) {
		err := filepath.WalkDir(filepath.Join(data, "objects"), func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			info, err := e.Info()
			if err != nil {
				return err
			}
			return harm(path, info.Size())
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		harm     func(t *testing.T, data string)
		embedded bool // the embedded catalogue answers meanwhile
		repairs  string
	}{
		"all objects missing": {func(t *testing.T, data string) {
			if err := os.RemoveAll(filepath.Join(data, "objects")); err != nil {
				t.Fatal(err)
			}
		}, true, "1 table abîmée ou manquante a été réparée"},
		"every object cut": {func(t *testing.T, data string) {
			objects(t, data, func(path string, size int64) error { return os.Truncate(path, size/2) })
		}, true, "1 table abîmée ou manquante a été réparée"},
		"a byte of a table is another one": {func(t *testing.T, data string) {
			objects(t, data, func(path string, size int64) error {
				b, err := os.ReadFile(path)
				if err != nil || !strings.HasPrefix(string(b), "PAR1") {
					return err
				}
				b[len(b)/2] ^= 1
				return os.WriteFile(path, b, 0o600)
			})
		}, false, "1 table abîmée ou manquante a été réparée"},
		"the database cut": {func(t *testing.T, data string) {
			found, err := filepath.Glob(filepath.Join(data, "generations", "*", "warehouse.duckdb"))
			if err != nil || len(found) == 0 {
				t.Fatal(err)
			}
			for _, path := range found {
				if err := os.Truncate(path, 100_000); err != nil {
					t.Fatal(err)
				}
			}
		}, false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			p, data := newPortal(t, 5), filepath.Join(t.TempDir(), "data")
			must(t, data, "harvest", p.URL, "--allow-private")
			must(t, data, "fetch", "--allow-private")
			objects(t, data, func(path string, _ int64) error { return os.Chmod(path, 0o600) })
			c.harm(t, data)
			out, errs, status := cigogne(t, data, "ask", question)
			if told := strings.Contains(errs, "catalogue embarqué"); status != 0 || told != c.embedded || strings.Contains(out, "Région d'essai") == c.embedded {
				t.Errorf("asked: status %d, told %t\n%s%s", status, told, out, errs)
			}
			if _, errs, status := cigogne(t, data, "harvest", p.URL, "--allow-private"); status != 0 || !strings.Contains(errs, "cigogne fetch") {
				t.Errorf("harvest: status %d, %q", status, errs)
			}
			if _, errs, status := cigogne(t, data, "fetch", "--allow-private"); status != 0 || !strings.Contains(errs, c.repairs) {
				t.Errorf("fetch: status %d, %q", status, errs)
			}
			out, errs, _ = cigogne(t, data, "ask", question)
			if !strings.Contains(out, "Région d'essai") || errs != "" {
				t.Errorf("after: %s%s", out, errs)
			}
			if _, errs, _ := cigogne(t, data, "harvest", p.URL, "--allow-private"); strings.Contains(errs, "abîm") {
				t.Errorf("all is well, and harvest says %q", errs)
			}
		})
	}
}

// A portal whose kept catalogue is damaged stops neither the others nor fetch,
// and harvesting it again mends it.
func TestADamagedPortalStopsNoOther(t *testing.T) {
	one, two, data := newPortal(t, 3), newPortal(t, 9), filepath.Join(t.TempDir(), "data")
	must(t, data, "harvest", one.URL, "--allow-private")
	before := map[string]bool{}
	objects, err := filepath.Glob(filepath.Join(data, "objects", "*", "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range objects {
		before[path] = true
	}
	must(t, data, "harvest", two.URL, "--allow-private")
	must(t, data, "fetch", "--allow-private")
	for path := range before {
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
	if _, errs, status := cigogne(t, data, "fetch", "--allow-private"); status != 0 || !strings.Contains(errs, "cigogne harvest "+one.URL) {
		t.Errorf("fetch: %d %s", status, errs)
	}
	if _, errs, status := cigogne(t, data, "harvest", two.URL, "--allow-private"); status != 0 || !strings.Contains(errs, "cigogne harvest "+one.URL) {
		t.Errorf("harvest of the other: %d %s", status, errs)
	}
	if _, errs, status := cigogne(t, data, "harvest", one.URL, "--allow-private"); status != 0 || strings.Contains(errs, "abîmé") {
		t.Errorf("harvest: %d %s", status, errs)
	}
	if _, errs, _ := cigogne(t, data, "ask", "Combien d'habitants à Metz en 2025 ?"); errs != "" {
		t.Errorf("asked: %s", errs)
	}
}

// A disk that fills while files are fetched is told as such, and what was there
// still answers.
func TestAFullDiskIsToldInOneSentence(t *testing.T) {
	p, data := newPortal(t, 3), disk(t, "900")
	must(t, data, "harvest", p.URL, "--allow-private")
	_, errs, status := cigogne(t, data, "fetch", "--allow-private")
	if status != 1 || !strings.Contains(errs, "plus de place sur le disque") || strings.Contains(errs, "No space left") || strings.Contains(errs, "inattendue") {
		t.Errorf("status %d: %s", status, errs)
	}
	must(t, data, "ask", "Combien d'habitants à Metz en 2025 ?")
}

// A machine whose folder for temporary files cannot be written answers all the same.
func TestAskingNeedsNoTemporaryFolder(t *testing.T) {
	t.Setenv("TMPDIR", filepath.Join(t.TempDir(), "none"))
	if a := askJSON(t, filepath.Join(t.TempDir(), "none"), "Combien d'habitants à Metz en 2025 ?"); !a.Answered() {
		t.Errorf("%s", a.Text)
	}
}

func TestWhatIsNotSeenReachesNoTerminal(t *testing.T) {
	const hidden = "a\u202eb\u200dc\U000E0041d\u009be\x1bf"
	if got := clean(hidden); got != "abcd e f" {
		t.Errorf("clean: %q", got)
	}
	var out strings.Builder
	if err := printJSON(&out, map[string]string{"title": hidden + "é\U0001F9A2"}); err != nil {
		t.Fatal(err)
	}
	var back map[string]string
	if err := json.Unmarshal([]byte(out.String()), &back); err != nil || back["title"] != hidden+"é\U0001F9A2" {
		t.Errorf("read back as %q, %v", back["title"], err)
	}
	if s := out.String(); strings.ContainsAny(s, "\u202e\u200d\U000E0041\u009b\x1b") || !strings.Contains(s, "é\U0001F9A2") {
		t.Errorf("printed %q", s)
	}
}
