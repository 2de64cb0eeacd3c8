package main

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// npm finds a program of an npm package, or skips the test visibly. Its folder
// may be named by CIGOGNE_NPM; node must be recent enough to run it.
func npm(t *testing.T, program, pkg string) string {
	t.Helper()
	for _, dir := range []string{os.Getenv("CIGOGNE_NPM"), "../../node_modules", "/usr/lib/node_modules", "/usr/local/lib/node_modules"} {
		path := filepath.Join(dir, ".bin", program)
		if _, err := os.Stat(path); dir == "" || err != nil {
			continue
		}
		if out, err := exec.CommandContext(t.Context(), path, "--help").CombinedOutput(); err != nil {
			t.Skipf("%s does not start (node 22 or newer?): the protocol was not checked with it: %.300s", program, out)
		}
		return path
	}
	t.Skipf("%s is not installed (npm install --no-save %s, or CIGOGNE_NPM=its node_modules): the protocol was not checked with it", program, pkg)
	return ""
}

// TestMCPInspector has the protocol's own inspector call the server, as a child
// and over HTTP.
func TestMCPInspector(t *testing.T) {
	inspector := npm(t, "mcp-inspector", "@modelcontextprotocol/inspector")
	program := filepath.Join(t.TempDir(), "cigogne")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(self, program); err != nil { // testscript.Main tells by the name what to be
		t.Fatal(err)
	}
	site := served(t, serving{})
	for way, target := range map[string][]string{
		"stdio": {program, "mcp", "--data", filepath.Join(t.TempDir(), "none")},
		"http":  {"--transport", "http", site + "/mcp"},
	} {
		for name, c := range map[string]struct {
			args []string
			want string
		}{
			"tools":    {[]string{"--strict", "--method", "tools/list"}, `"name": "run_query"`},
			"ask":      {[]string{"--method", "tools/call", "--tool-name", "ask", "--tool-arg", "question=Combien d'habitants à Metz en 2026 ?"}, "122"},
			"sql":      {[]string{"--method", "tools/call", "--tool-name", "run_query", "--tool-arg", "sql=select 20 + 1 as n"}, "21"},
			"list":     {[]string{"--method", "resources/list"}, "cigogne://dataset/embedded-communes"},
			"template": {[]string{"--method", "resources/templates/list"}, "cigogne://dataset/{id}"},
			"read":     {[]string{"--method", "resources/read", "--uri", "cigogne://dataset/embedded-communes"}, "embedded_communes"},
			"prompts":  {[]string{"--method", "prompts/list"}, "question_grand_est"},
		} {
			t.Run(way+"/"+name, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				call := exec.CommandContext(ctx, inspector, slices.Concat([]string{"--cli"}, target, c.args)...)
				var said strings.Builder
				call.Stderr = &said
				out, err := call.Output()
				if err != nil || !json.Valid(out) || !strings.Contains(string(out), c.want) {
					t.Fatalf("%v\n%s\n%s", err, said.String(), out)
				}
				if name == "tools" && said.Len() > 0 { // --strict: what some clients would not take
					t.Errorf("of the schemas it says\n%s", said.String())
				}
			})
		}
	}
}

// fixtures are the conformance suite's scenarios that call tools, resources or
// prompts of its own reference server, or want what this server does not offer:
// sampling, elicitation, subscriptions.
var fixtures = []string{"tools-call-", "elicitation-", "resources-read-", "resources-templates-read", "resources-subscribe", "resources-unsubscribe", "prompts-get-"}

// TestMCPConformance runs the protocol's conformance suite over HTTP.
func TestMCPConformance(t *testing.T) {
	suite := npm(t, "conformance", "@modelcontextprotocol/conformance")
	site := served(t, serving{})
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	call := exec.CommandContext(ctx, suite, "server", "--url", site+"/mcp")
	call.Dir = t.TempDir()
	out, _ := call.CombinedOutput() // it fails by its fixtures; the summary tells which
	passed := 0
	for _, m := range regexp.MustCompile(`(?m)^(\S+) ([a-z0-9-]+): (\d+) passed, (\d+) failed`).FindAllStringSubmatch(string(out), -1) {
		switch {
		case slices.ContainsFunc(fixtures, func(f string) bool { return strings.HasPrefix(m[2], f) }):
		case m[4] != "0":
			t.Errorf("%s: %s failed", m[2], m[4])
		default:
			passed++
			t.Logf("%s: %s passed", m[2], m[3])
		}
	}
	if passed < 9 {
		t.Errorf("only %d scenarios passed\n%s", passed, out)
	}
}
