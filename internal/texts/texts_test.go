package texts

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
	"github.com/nicksnyder/go-i18n/v2/i18n"

	"cigogne/internal/lang"
)

// messages reads every message of a language: the placeholders of each form, by key.
func messages(t *testing.T, l lang.Lang) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	paths, err := fs.Glob(files, string(l)+"/*.toml")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		b, err := files.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		all, err := i18n.ParseMessageBytes(b, toml.Unmarshal)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		room := strings.TrimSuffix(filepath.Base(path), ".toml")
		for _, m := range all {
			names := map[string]bool{}
			for _, form := range []string{m.Zero, m.One, m.Two, m.Few, m.Many, m.Other} {
				ps, err := cut(form)
				if err != nil {
					t.Errorf("%s: %s: %v", path, m.ID, err)
				}
				for _, p := range ps {
					if p.argument {
						names[p.text] = true
					}
				}
			}
			if m.Other == "" {
				t.Errorf("%s: %s has no text", path, m.ID)
			}
			if m.One != "" {
				names[count] = true // the plural's choice is an argument, shown or not
			}
			out[room+"."+m.ID] = slices.Sorted(maps.Keys(names))
		}
	}
	return out
}

func TestEveryLanguageSaysTheSame(t *testing.T) {
	french := messages(t, lang.French)
	if len(french) == 0 || len(Languages()) < 2 {
		t.Fatal("no message was read")
	}
	for _, l := range Languages() {
		theirs := messages(t, l)
		lacking := 0
		for key, names := range french {
			other, there := theirs[key]
			switch {
			case !there && l != lang.English: // said in French
				lacking++
			case !there:
				t.Errorf("%s has no %s", l, key)
			case !slices.Equal(names, other):
				t.Errorf("%s: %s has arguments %v, in French %v", l, key, other, names)
			}
		}
		t.Logf("%s lacks %d of %d messages", l, lacking, len(french))
		for key := range theirs {
			if _, there := french[key]; !there {
				t.Errorf("%s has %s, French has not", l, key)
			}
		}
	}
}

// use is a key in the code, with the arguments given there.
type use struct {
	at    string
	names []string
	open  bool // arguments that are not written there: a slice
}

// uses are the keys that the code says. A key that is made up of parts ends
// with a point there: texts.Say(l, "store."+reason).
func uses(t *testing.T) (whole, begun map[string][]use) {
	t.Helper()
	whole, begun = map[string][]use{}, map[string][]use{}
	set := token.NewFileSet()
	for _, root := range []string{"..", "../../cmd"} {
		err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
			if err == nil && filepath.Ext(path) == ".html" && !strings.Contains(path, "testdata") {
				return inTemplate(path, whole)
			}
			if err != nil || e.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
				return err
			}
			f, err := parser.ParseFile(set, path, nil, 0)
			if err != nil {
				return err
			}
			ast.Inspect(f, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok || !says(call) {
					return true
				}
				key, u := call.Args[keyAt(call)], use{at: set.Position(call.Pos()).String(), open: call.Ellipsis.IsValid()}
				for i := keyAt(call) + 1; i < len(call.Args); i += 2 {
					if name, ok := literal(call.Args[i]); ok {
						u.names = append(u.names, name)
					} else {
						u.open = true
					}
				}
				if k, ok := literal(key); ok {
					whole[k] = append(whole[k], u)
				} else if k, ok := beginning(key); ok {
					begun[k] = append(begun[k], u)
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return whole, begun
}

// says tells whether a call is texts.Say, or a method named say that hands on to
// it: the key is the first argument then.
func says(call *ast.CallExpr) bool {
	s, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || s.Sel.Name != "Say" && s.Sel.Name != "SayOr" && s.Sel.Name != "say" || len(call.Args) <= keyAt(call) {
		return false
	}
	x, ok := s.X.(*ast.Ident)
	return s.Sel.Name == "say" || ok && x.Name == "texts"
}

func keyAt(call *ast.CallExpr) int {
	if s, ok := call.Fun.(*ast.SelectorExpr); ok && s.Sel.Name != "say" {
		return 1
	}
	return 0
}

// beginning is the literal that a key put together begins with.
func beginning(e ast.Expr) (string, bool) {
	for {
		sum, ok := e.(*ast.BinaryExpr)
		if !ok {
			return literal(e)
		}
		e = sum.X
	}
}

// keyOf finds the keys that a template says: {{t "page.ask"}}, {{say .Lang "page.ask"}}.
var keyOf = regexp.MustCompile(`\b(t|count|say \S+) "([a-z0-9_.]+)"`)

func inTemplate(path string, whole map[string][]use) error {
	b, err := os.ReadFile(path)
	for _, m := range keyOf.FindAllSubmatch(b, -1) {
		u := use{at: path}
		if string(m[1]) == "count" { // {{count "page.count_rows" .Rows}}
			u.names = []string{count}
		}
		whole[string(m[2])] = append(whole[string(m[2])], u)
	}
	return err
}

func literal(e ast.Expr) (string, bool) {
	b, ok := e.(*ast.BasicLit)
	if !ok || b.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(b.Value)
	return s, err == nil
}

func TestEveryKeyInTheCodeIsThereAndGivenItsArguments(t *testing.T) {
	all := messages(t, lang.French)
	whole, begun := uses(t)
	if len(whole) == 0 {
		t.Fatal("no key was found in the code")
	}
	for key, us := range whole {
		for _, u := range us {
			names, there := all[key]
			if !there {
				t.Errorf("%s: there is no message %s", u.at, key)
				continue
			}
			for _, n := range names {
				if !u.open && !slices.Contains(u.names, n) {
					t.Errorf("%s: %s is not given %q", u.at, key, n)
				}
			}
			for _, n := range u.names {
				if !slices.Contains(names, n) {
					t.Errorf("%s: %s does not say %q", u.at, key, n)
				}
			}
		}
	}
	for key := range all {
		if _, used := whole[key]; used {
			continue
		}
		used := false
		for start := range begun {
			used = used || strings.HasPrefix(key, start)
		}
		if !used {
			t.Errorf("nobody says %s: delete it", key)
		}
	}
}

func TestSay(t *testing.T) {
	for _, c := range []struct {
		name string
		l    lang.Lang
		key  string
		args []any
		want string
	}{
		{"named argument", lang.French, "cli.no_file", []any{"path", "a.csv"}, "Le fichier a.csv n'existe pas."},
		{"an argument that looks like one is not read again", lang.English, "cli.no_file", []any{"path", "{path}"}, "There is no file {path}."},
		{"what a language lacks is said in French", lang.German, "ledger.held", []any{"path", "r.db"}, Say(lang.French, "ledger.held", "path", "r.db")},
		{"no such key", lang.English, "cli.nonesuch", nil, "cli.nonesuch"},
		{"no such room", lang.English, "nowhere.x", nil, "nowhere.x"},
		{"an argument that is missing shows the key", lang.English, "cli.no_file", nil, "cli.no_file"},
		{"plural: zero is singular in French", lang.French, "cli.rows", []any{"n", 0}, "0 ligne"},
		{"plural: zero is plural in English", lang.English, "cli.rows", []any{"n", 0}, "0 rows"},
		{"plural: one", lang.English, "cli.rows", []any{"n", 1}, "1 row"},
		{"whole numbers are grouped", lang.French, "cli.rows", []any{"n", int64(12345)}, "12\u202f345 lignes"},
		{"a million has a form of its own in French", lang.French, "cli.rows", []any{"n", 1_000_000}, "1\u202f000\u202f000 lignes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Say(c.l, c.key, c.args...); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

func FuzzMessage(f *testing.F) {
	for _, s := range []string{"a {b} c", "{{", "{", "{}", "}{", "é{é}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		ps, err := cut(s)
		if err != nil {
			return
		}
		values := map[string]string{}
		for _, p := range ps {
			if p.argument {
				values[p.text] = "{" + p.text + "}"
			}
		}
		got, err := ps.Execute(values)
		if err != nil || got != strings.ReplaceAll(s, "{{", "{") && !strings.Contains(s, "{{") {
			t.Fatalf("%q became %q, %v", s, got, err)
		}
	})
}
