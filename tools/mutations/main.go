// Command mutations damages the sources, one small edit at a time, and tells
// whether the tests of the package at fault notice. An edit that they let pass is
// missed: nothing in the package says what that line is for.
//
//	go run ./tools/mutations [-run PART] [-list FILE]
//
// The edits are in mutations.toml; the tree itself is never written to (go test
// -overlay). An edit whose text is not there any more is reported: it wants to be
// written anew. The exit status is 1 where an edit is missed or out of date.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"

	"github.com/BurntSushi/toml"
)

// mutation is one edit: From, which stands once in File, becomes To.
type mutation struct {
	Name string `toml:"name"`
	File string `toml:"file"` // from the root, with slashes
	From string `toml:"from"`
	To   string `toml:"to"`
	Test string `toml:"test"` // go test -run, where all tests of the package take minutes
}

func main() {
	part := flag.String("run", "", "only the edits whose name holds this")
	list := flag.String("list", "tools/mutations/mutations.toml", "the `file` of edits")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	bad, err := run(ctx, *list, *part)
	if err != nil {
		fmt.Fprintln(os.Stderr, "mutations:", err)
		os.Exit(2)
	}
	if bad > 0 {
		os.Exit(1)
	}
}

// run tries the edits, says what came of each, and returns how many were not caught.
func run(ctx context.Context, list, part string) (bad int, err error) {
	var all struct {
		Mutation []mutation `toml:"mutation"`
	}
	if _, err := toml.DecodeFile(list, &all); err != nil {
		return 0, err
	}
	tried := 0
	for _, m := range all.Mutation {
		if !strings.Contains(m.Name, part) {
			continue
		}
		tried++
		what, err := m.try(ctx)
		if err != nil {
			return bad, fmt.Errorf("%s: %w", m.Name, err)
		}
		if what != caught {
			bad++
		}
		fmt.Printf("%-8s %s (%s)\n", what, m.Name, m.File)
	}
	fmt.Printf("%d of %d caught\n", tried-bad, tried)
	return bad, nil
}

// What came of an edit.
const (
	caught = "caught"
	missed = "missed"
	gone   = "gone"   // its text is not there, or not once
	broken = "broken" // it does not compile: it says nothing of the tests
)

// try runs the tests of the package with the edit in place of the file.
func (m mutation) try(ctx context.Context) (string, error) {
	source, err := os.ReadFile(filepath.FromSlash(m.File))
	if err != nil {
		return "", err
	}
	if bytes.Count(source, []byte(m.From)) != 1 {
		return gone, nil
	}
	dir, err := os.MkdirTemp("", "mutation")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	edited, overlay := filepath.Join(dir, "edited.go"), filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(edited, bytes.Replace(source, []byte(m.From), []byte(m.To), 1), 0o600); err != nil {
		return "", err
	}
	path, err := filepath.Abs(filepath.FromSlash(m.File))
	if err != nil {
		return "", err
	}
	b, err := json.Marshal(map[string]map[string]string{"Replace": {path: edited}})
	if err != nil {
		return "", err
	}
	if err := os.WriteFile(overlay, b, 0o600); err != nil {
		return "", err
	}
	pkg := "./" + filepath.ToSlash(filepath.Dir(m.File))
	if out, err := exec.CommandContext(ctx, "go", "build", "-overlay", overlay, pkg).CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "%s\n", out)
		return broken, ctx.Err()
	}
	args := []string{"test", "-overlay", overlay}
	if m.Test != "" {
		args = append(args, "-run", m.Test)
	}
	if err := exec.CommandContext(ctx, "go", append(args, pkg)...).Run(); err == nil {
		return missed, nil
	}
	return caught, ctx.Err()
}
