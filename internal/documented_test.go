package internal_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Each defence that docs/security.md tells of is held by a test, which it names; one
// that ends in … is a family of tests.
func TestSecurityNamesItsTests(t *testing.T) {
	page, err := os.ReadFile("../docs/security.md")
	if err != nil {
		t.Fatal(err)
	}
	var tests strings.Builder
	err = filepath.WalkDir("..", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		b, err := os.ReadFile(path)
		tests.Write(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile("`(?:Test|Fuzz)[A-Za-z0-9]+…?`").FindAllString(string(page), -1)
	for _, name := range named {
		name = strings.Trim(name, "`")
		want := "\nfunc " + strings.TrimSuffix(name, "…")
		if !strings.HasSuffix(name, "…") {
			want += "("
		}
		if !strings.Contains(tests.String(), want) {
			t.Errorf("docs/security.md names %s, which is not there", name)
		}
	}
	if len(named) == 0 {
		t.Error("docs/security.md names no test")
	}
}
