package terminal_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"cigogne/internal/lang"
	"cigogne/internal/surface/terminal"
)

func completer(out *bytes.Buffer) *terminal.Completer {
	return &terminal.Completer{Out: out, Load: func() []string {
		return append(terminal.Commands(lang.French), "Strasbourg", "Saint-Dié-des-Vosges", "Saint-Louis", "Épinal", "Metz", "Meurthe-et-Moselle", "communes-grand-est", "Combien d'habitants à Metz ?", "json\x1b[2J")
	}}
}

func TestTabCompletes(t *testing.T) {
	for typed, want := range map[string]string{
		"combien d'habitants à Stras":  "combien d'habitants à Strasbourg ",
		"combien d'habitants à epi":    "combien d'habitants à Épinal ",
		"population de saint d":        "population de Saint-Dié-des-Vosges ",
		"population de Saint":          "population de Saint-",
		"/s":                           "/sql",
		"/":                            "/",
		"comm":                         "communes-grand-est ",
		"combien d'habitants à":        "Combien d'habitants à Metz ?",
		"la question combien d'hab":    "la question combien d'hab", // whole questions begin a line
		"zzz":                          "zzz",
		"":                             "",
		"Metz ":                        "Metz ",
		"combien d'habitants en Meurt": "combien d'habitants en Meurthe-et-Moselle ",
	} {
		line, pos, ok := completer(nil).Complete(typed, len(typed), '\t')
		if !ok || line != want || pos != len(want) {
			t.Errorf("%q becomes %q at %d, want %q", typed, line, pos, want)
		}
	}
	line, pos, _ := completer(nil).Complete("à Stras en 2020", len("à Stras"), '\t')
	if line != "à Strasbourg en 2020" || pos != len("à Strasbourg") {
		t.Errorf("in the middle: %q at %d", line, pos)
	}
	if _, _, ok := completer(nil).Complete("à Stras", 8, 'x'); ok {
		t.Error("a letter completes")
	}
}

func TestTabTwiceListsWhatFits(t *testing.T) {
	var out bytes.Buffer
	c := completer(&out)
	line, pos, _ := c.Complete("Saint", 5, '\t')
	if out.Len() > 0 {
		t.Fatalf("the first Tab lists %q", &out)
	}
	c.Complete(line, pos, '\t')
	if got := out.String(); got != "Saint-Dié-des-Vosges  Saint-Louis\n" {
		t.Errorf("listed %q", got)
	}
}

func FuzzComplete(f *testing.F) {
	f.Add("combien d'habitants à Stras", 27)
	f.Add("/s\xff", 2)
	f.Fuzz(func(t *testing.T, line string, pos int) {
		if !utf8.ValidString(line) || pos < 0 || pos > len(line) || !utf8.ValidString(line[:pos]) {
			t.Skip() // a terminal gives neither
		}
		got, at, _ := completer(&bytes.Buffer{}).Complete(line, pos, '\t')
		if at < 0 || at > len(got) || !utf8.ValidString(got[:at]) || !strings.HasSuffix(got, line[pos:]) {
			t.Fatalf("%q at %d becomes %q at %d", line, pos, got, at)
		}
	})
}

func TestHistoryLasts(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history")
	h := terminal.OpenHistory(path, lang.French)
	for _, line := range []string{"Combien d'habitants à Metz ?", "Combien d'habitants à Metz ?", "", "et à Nancy ?\x1b[2J", "écrire à jean.dupont@exemple.fr ou 06 12 34 56 78", strings.Repeat("x", 5000)} {
		h.Add(line)
	}
	if h.Len() != 3 || h.At(0) != "écrire à jean.dupont@exemple.fr ou 06 12 34 56 78" {
		t.Errorf("%d lines, the last %q", h.Len(), h.At(0))
	}
	again := terminal.OpenHistory(path, lang.French)
	if again.Len() != 3 || again.At(1) != "et à Nancy ?[2J" || again.At(2) != "Combien d'habitants à Metz ?" {
		t.Errorf("%d lines: %q", again.Len(), again.At(1))
	}
	if strings.Contains(again.At(0), "jean") || strings.Contains(again.At(0), "12 34") {
		t.Errorf("personal: %q", again.At(0))
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v %v", info.Mode(), err)
	}
}

func TestHistoryIsBounded(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history")
	var b strings.Builder
	for i := range 3000 {
		fmt.Fprintln(&b, "question", i)
	}
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	h := terminal.OpenHistory(path, lang.French)
	if h.Len() != 500 || h.At(0) != "question 2999" {
		t.Errorf("%d lines, the last %q", h.Len(), h.At(0))
	}
	if b, err := os.ReadFile(path); err != nil || bytes.Count(b, []byte("\n")) != 500 {
		t.Errorf("the file has %d lines", bytes.Count(b, []byte("\n")))
	}
}

func TestHistoryWithoutAFile(t *testing.T) {
	for _, path := range []string{"", "/nowhere/at/all/history"} {
		h := terminal.OpenHistory(path, lang.French)
		h.Add("une question")
		if h.Len() != 1 {
			t.Errorf("%q: %d lines", path, h.Len())
		}
	}
}
