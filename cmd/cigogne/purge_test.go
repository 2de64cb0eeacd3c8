package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What is purged is gone, with the questions that were typed; without a time
// nothing is.
func TestPurge(t *testing.T) {
	dir := t.TempDir()
	a := askJSON(t, dir, "combien d'habitants à Metz ?")
	if a.AnswerID == "" {
		t.Fatal("not kept")
	}
	typed := filepath.Join(dir, historyFile)
	if err := os.WriteFile(typed, []byte("combien ?\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, errs, code := cigogne(t, dir, "purge"); code != 1 || !strings.Contains(errs, "keep_days") {
		t.Errorf("%d %s", code, errs)
	}
	if out, _, _ := cigogne(t, dir, "purge", "--older-than", "3"); !strings.Contains(out, ": 0.") {
		t.Errorf("%s", out)
	}
	if _, _, code := cigogne(t, dir, "answer", a.AnswerID); code != 0 {
		t.Error("a young answer is gone")
	}
	if out, errs, code := cigogne(t, dir, "purge", "--older-than", "0"); code != 0 || !strings.Contains(out, ": 1.") {
		t.Errorf("%s %s", out, errs)
	}
	if _, _, code := cigogne(t, dir, "answer", a.AnswerID); code != 1 {
		t.Error("it is still there")
	}
	if _, err := os.Stat(typed); !os.IsNotExist(err) {
		t.Errorf("what was typed is still there: %v", err)
	}
}
