package licences_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"

	"cigogne/internal/licences"
)

func all(t *testing.T) map[string]licences.Text {
	t.Helper()
	list, err := licences.All()
	if err != nil {
		t.Fatal(err)
	}
	m := map[string]licences.Text{}
	for _, x := range list {
		m[x.Module] = x
	}
	return m
}

// Every module that is linked into the program has its licence with it.
func TestEveryModuleIsThere(t *testing.T) {
	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}}{{end}}{{end}}", "cigogne/cmd/cigogne").Output()
	if err != nil {
		t.Skipf("needs the go command and the modules: %v", err)
	}
	have := all(t)
	modules := strings.Split(strings.TrimSpace(string(out)), "\n")
	slices.Sort(modules)
	for _, line := range slices.Compact(modules) {
		module, version, ok := strings.Cut(line, " ")
		if x := have[module]; ok && (x.Version != version || len(x.Text) < 200) {
			t.Errorf("%s %s: there is %q with %d bytes of text; run “go generate ./internal/licences”", module, version, x.Version, len(x.Text))
		}
	}
}

// What may be linked into a program that anybody may use and change.
func TestLicencesAreFree(t *testing.T) {
	free := []string{"MIT", "ISC", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "MPL-2.0", "FTL"}
	for module, x := range all(t) {
		if !slices.Contains(free, x.Name) {
			t.Errorf("%s: licence %q", module, x.Name)
		}
	}
	if all(t)["std"].Name != "BSD-3-Clause" {
		t.Error("Go's own licence is missing")
	}
}
