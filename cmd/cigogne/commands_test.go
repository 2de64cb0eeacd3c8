package main

import (
	"bytes"
	"flag"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

var update = flag.Bool("update", false, "write docs/commands.md anew")

func inLanguage(locale string) *program {
	return newProgram(options{}, stdio{in: strings.NewReader(""), out: io.Discard, err: io.Discard, env: func(name string) string {
		if name == "LANG" {
			return locale
		}
		return ""
	}})
}

// docs/commands.md is made of the commands: a flag that is added is in it.
func TestCommandsAreDocumented(t *testing.T) {
	root := inLanguage("en").root()
	root.InitDefaultHelpCmd()
	var b bytes.Buffer
	b.WriteString("# Commands\n\nMade from the program by `go test ./cmd/cigogne -run TestCommandsAreDocumented -update`.\n\n")
	for _, c := range append([]*cobra.Command{root}, root.Commands()...) {
		if c.Hidden {
			continue
		}
		c.DisableAutoGenTag = true
		if err := doc.GenMarkdownCustom(c, &b, func(name string) string { return "#" + strings.TrimSuffix(strings.ReplaceAll(name, "_", "-"), ".md") }); err != nil {
			t.Fatal(err)
		}
	}
	made := regexp.MustCompile(`(?m)^### SEE ALSO\n(?:\n|\*.*\n)*`).ReplaceAllString(b.String(), "")
	const path = "../../docs/commands.md"
	if *update {
		if err := os.WriteFile(path, []byte(made), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(kept) != made {
		t.Errorf("%s is not what the commands say: run this test with -update", path)
	}
}

func TestCommandsAreCompleteInEachLanguage(t *testing.T) {
	for _, locale := range []string{"fr_FR.UTF-8", "en_GB.UTF-8"} {
		t.Run(locale, func(t *testing.T) {
			root := inLanguage(locale).root()
			var all []string
			for _, c := range root.Commands() {
				all = append(all, c.Name())
				if !c.Hidden && (c.Short == "" || strings.HasPrefix(c.Short, "cli.")) {
					t.Errorf("%s says nothing of itself: %q", c.Name(), c.Short)
				}
			}
			for _, name := range []string{"ask", "mcp", "verify", "completion"} {
				if !slices.Contains(all, name) {
					t.Errorf("no command %s among %v", name, all)
				}
			}
		})
	}
}
