package main

import (
	"archive/tar"
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What was backed up while a site answered is put back elsewhere, byte for byte:
// the harvested tables answer, and kept answers are found and computed again.
func TestBackupAndRestore(t *testing.T) {
	p, dir := newPortal(t, 3), t.TempDir()
	data, file := filepath.Join(dir, "data"), filepath.Join(dir, "backup.tar")
	must(t, data, "harvest", p.URL, "--allow-private")
	must(t, data, "fetch", "--allow-private")
	const question = "Combien la Région a-t-elle dépensé pour les lycées publics en 2020 ?"
	site, _ := keeping(t, data)
	kept := figureOf(t, site)
	must(t, data, "backup", file)
	after := figureOf(t, site) // the ledger went on
	p.Close()
	fresh := filepath.Join(dir, "elsewhere", "data")
	must(t, fresh, "restore", file)
	if a := askJSON(t, fresh, question); len(a.Figures) == 0 || a.Figures[0].Value != 2500 {
		t.Errorf("%s", a.Text)
	}
	must(t, fresh, "answer", kept.AnswerID)
	must(t, fresh, "replay", kept.AnswerID)
	if _, _, status := cigogne(t, fresh, "answer", after.AnswerID); status == 0 {
		t.Error("an answer of after the backup is in it")
	}
	if out, _, status := cigogne(t, fresh, "doctor", "--offline"); status != 0 {
		t.Errorf("doctor:\n%s", out)
	}
	if _, errs, status := cigogne(t, fresh, "restore", file); status != 1 || !strings.Contains(errs, "n'est pas vide") {
		t.Errorf("over what is there: %d %s", status, errs)
	}
}

// A file that is no whole backup, or would write elsewhere, changes nothing.
func TestRestoreTakesNoOtherFile(t *testing.T) {
	p, dir := newPortal(t, 3), t.TempDir()
	data, file := filepath.Join(dir, "data"), filepath.Join(dir, "backup.tar")
	must(t, data, "harvest", p.URL, "--allow-private")
	must(t, data, "backup", file)
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	archive := func(name string, kind byte, link string) []byte {
		var b bytes.Buffer
		w := tar.NewWriter(&b)
		if err := w.WriteHeader(&tar.Header{Name: name, Typeflag: kind, Linkname: link, Size: 0, Mode: 0o644}); err != nil {
			t.Fatal(err)
		}
		w.Close()
		return b.Bytes()
	}
	flipped := bytes.Clone(whole)
	if i := bytes.Index(flipped, []byte("Comptes administratifs")); i > 0 {
		flipped[i] ^= 1
	} else {
		t.Fatal("the datasets are not in the backup")
	}
	for name, content := range map[string][]byte{
		"cut": whole[:len(whole)/2], "a byte is another": flipped, "none": []byte("hello"), "empty": nil,
		"a path upwards": archive("../evil", tar.TypeReg, ""), "an absolute path": archive("/etc/evil", tar.TypeReg, ""), "a link": archive("format", tar.TypeSymlink, "/etc/passwd"), "another file": archive("cigogne.toml", tar.TypeReg, ""),
		"upwards in a known folder": archive("generations/00000001/..", tar.TypeReg, ""),
	} {
		t.Run(name, func(t *testing.T) {
			bad, target := filepath.Join(t.TempDir(), "bad.tar"), filepath.Join(t.TempDir(), "target")
			if err := os.WriteFile(bad, content, 0o600); err != nil {
				t.Fatal(err)
			}
			_, errs, status := cigogne(t, target, "restore", bad)
			if _, err := os.Stat(target); err == nil || status != 1 || !strings.Contains(errs, "sauvegarde") {
				t.Errorf("status %d, %s; there: %t", status, errs, err == nil)
			}
			if left, _ := filepath.Glob(filepath.Join(filepath.Dir(target), ".restore-*")); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}
