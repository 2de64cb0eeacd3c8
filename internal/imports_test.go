// Package internal_test holds the house's rules as tests: who may import whom.
package internal_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// left lists, for each room, the rooms it may import besides those open to all
// (dataset, lang, territory, texts, trace). docs/architecture.md draws them.
var left = map[string][]string{
	"dataset":   {},
	"lang":      {},
	"territory": {},
	"texts":     {},
	"trace":     {},
	"scratch":   {},
	"licences":  {},
	"gloss":     {},
	"glossary":  {},
	"httpx":     {},
	"outline":   {},
	"harvest":   {"httpx", "harvest"},
	"fetch":     {"httpx"},
	"table":     {},
	"store":     {},
	"search":    {"search"},
	"query":     {},
	"warehouse": {"query"}, // the names that columns have elsewhere
	"plan":      {"plan", "query"},
	"verified":  {"plan", "query"},
	"answer":    {"outline", "query", "answer"},
	"assistant": {"answer", "plan", "query", "warehouse", "search"},
	"library":   {"answer", "plan", "query", "search", "store", "table", "warehouse"},
	"refresh":   {"fetch", "harvest", "library", "outline", "search", "store", "table", "warehouse"},
	"ledger":    {"answer", "query"},
	"insight":   {"answer", "ledger", "search"},
	"quality":   {"table"},
	"replay":    {"answer", "ledger", "plan", "query", "warehouse"},
	"workbench": {"answer", "assistant", "plan", "query", "warehouse"},                                                             // for queries that others write: the same path as Ask's, begun later
	"surface":   {"answer", "assistant", "brief", "discover", "kit", "ledger", "quality", "query", "workbench", "surface", "post"}, // query: the schema of a plan for those who write one
	"kit":       {},
	"paper":     {},
	"discover":  {"answer"},
	"brief":     {"answer", "kit"},
	"post":      {"httpx"},
	"watch":     {"answer", "ledger", "plan", "post", "replay"},
	"config":    {},
}

// fences say which rooms alone may import a library, and why.
var fences = map[string]struct {
	rooms []string
	why   string
}{
	"github.com/duckdb/":                 {[]string{"warehouse", "table"}, "SQL runs behind one door"},
	"github.com/philippgille/chromem-go": {[]string{"search"}, "vectors are search's own affair"},
	"github.com/bwmarrin/discordgo":      {[]string{"surface"}, "platforms stay at the edge"},
	"github.com/coreos/go-oidc/v3":       {[]string{"surface"}, "who is let in is the edge's affair"},
	"maunium.net/go/mautrix":             {[]string{"surface"}, "platforms stay at the edge"},
	"github.com/modelcontextprotocol/":   {[]string{"surface"}, "protocols stay at the edge"},
	"github.com/sashabaranov/go-openai":  {[]string{"search", "plan"}, "a model plans or embeds, nothing else"},
	"github.com/go-analyze/charts":       {[]string{"answer"}, "a picture is drawn in one place"},
	"modernc.org/sqlite":                 {[]string{"ledger"}, "one file, one owner"},
	"github.com/minio/minio-go":          {[]string{"store"}, "one object store, one owner"},
	"github.com/johannesboyne/gofakes3":  {[]string{"store"}, "a store for tests"},
	"github.com/trinodb/":                {[]string{"warehouse"}, "SQL runs behind one door"},
	"github.com/jackc/pgx":               {[]string{"ledger"}, "one database, one owner"},
	"go.opentelemetry.io/":               {[]string{"trace"}, "spans are begun in one place"},
	"github.com/nicksnyder/go-i18n":      {[]string{"texts"}, "sentences are in one place"},
	"github.com/spf13/":                  {nil, "the command line is cmd's"},
	"os/exec":                            {[]string{"warehouse", "paper"}, "only the SQL worker and the browser that prints are other processes"},
}

var open = []string{"dataset", "gloss", "glossary", "lang", "territory", "texts", "trace", "scratch"}

func TestRoomsImportOnlyRoomsToTheirLeft(t *testing.T) {
	each(t, func(t *testing.T, path, room string, imports []string) {
		allowed, known := left[room]
		if !known {
			t.Errorf("%s: room %q is not in the plan of the house: add it to left and to docs/architecture.md", path, room)
			return
		}
		for _, imp := range imports {
			rest, ours := strings.CutPrefix(imp, "cigogne/internal/")
			if !ours {
				if strings.HasPrefix(imp, "cigogne/") && !(imp == "cigogne/prompts" && room == "plan") {
					t.Errorf("%s imports %s: only cmd may", path, imp)
				}
				continue
			}
			other, _, _ := strings.Cut(rest, "/")
			if !slices.Contains(open, other) && !slices.Contains(allowed, other) && other != room {
				t.Errorf("%s (%s) imports %s, which is not to its left", path, room, other)
			}
		}
	})
}

func TestLibrariesStayBehindTheirFences(t *testing.T) {
	each(t, func(t *testing.T, path, room string, imports []string) {
		for _, imp := range imports {
			for lib, f := range fences {
				if strings.HasPrefix(imp, lib) && !slices.Contains(f.rooms, room) {
					t.Errorf("%s imports %s: %s, so only %v may", path, imp, f.why, f.rooms)
				}
			}
		}
	})
}

func TestEveryPackageSaysWhatItIs(t *testing.T) {
	documented, seen := map[string]bool{}, map[string]bool{}
	walk(t, func(path string) {
		dir := filepath.Dir(path)
		seen[dir] = true
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.PackageClauseOnly|parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		if f.Doc != nil && len(f.Doc.Text()) > 20 {
			documented[dir] = true
		}
	})
	for dir := range seen {
		if !documented[dir] {
			t.Errorf("package %s has no doc comment", dir)
		}
	}
}

// each calls check for every source file below internal, tests left out.
func each(t *testing.T, check func(t *testing.T, path, room string, imports []string)) {
	n := 0
	walk(t, func(path string) {
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		var imports []string
		for _, spec := range f.Imports {
			imp, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			imports = append(imports, imp)
		}
		room, _, _ := strings.Cut(filepath.ToSlash(path), "/")
		check(t, path, room, imports)
		n++
	})
	if n < 30 {
		t.Fatalf("only %d files were looked at", n)
	}
}

func walk(t *testing.T, visit func(path string)) {
	t.Helper()
	err := filepath.WalkDir(".", func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.IsDir() && e.Name() == "testdata" {
			return fs.SkipDir
		}
		if !e.IsDir() && strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") {
			visit(path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
