package dataset

import (
	"go/ast"
	"go/parser"
	"go/token"
	"testing"
)

// A role that is declared and has no trait would be computed with, grouped and
// shown as if nothing were known of it.
func TestRolesHaveTraits(t *testing.T) {
	f, err := parser.ParseFile(token.NewFileSet(), "role.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	declared := 0
	ast.Inspect(f, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if id, ok := spec.Type.(*ast.Ident); ok && id.Name == "Role" {
			declared += len(spec.Names)
		}
		return true
	})
	if declared == 0 || declared != len(traits) {
		t.Errorf("%d roles are declared, %d have a trait", declared, len(traits))
	}
}

func TestRoles(t *testing.T) {
	for r, want := range map[Role][3]bool{Year: {true, false, false}, Key: {false, true, false}, FreeText: {false, false, true}, Measure: {}, "unheard of": {}} {
		if got := [3]bool{r.Moment(), r.Label(), r.Aside()}; got != want {
			t.Errorf("%s: moment, label, aside %v, want %v", r, got, want)
		}
	}
}
