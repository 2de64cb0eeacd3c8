package main

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
)

// TestAgentsMoveToANewGeneration has one connected agent query the embedded
// tables, then, without connecting anew, those of a harvest that came in.
func TestAgentsMoveToANewGeneration(t *testing.T) {
	p, data := newPortal(t, 5), filepath.Join(t.TempDir(), "data")
	std := stdio{out: discard{}, err: discard{}, env: func(string) string { return "" }}
	c, err := openCurrent(t.Context(), options{data: data}, std)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	handler, err := site(c, serving{}, std)
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(handler)
	defer web.Close()
	agent, err := sdk.NewClient(&sdk.Implementation{Name: "test", Version: "1"}, nil).Connect(t.Context(), &sdk.StreamableClientTransport{Endpoint: web.URL + "/mcp", HTTPClient: &http.Client{}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer agent.Close()
	call := func(tool string, args map[string]any) (data map[string]any, text string, failed bool) {
		t.Helper()
		got, err := agent.CallTool(t.Context(), &sdk.CallToolParams{Name: tool, Arguments: args})
		if err != nil {
			t.Fatal(err)
		}
		data, _ = got.StructuredContent.(map[string]any)
		return data, got.Content[0].(*sdk.TextContent).Text, got.IsError
	}
	// table describes the accounts, and asks them for what was spent on lycées.
	spent := func(id string) float64 {
		t.Helper()
		d, text, failed := call("describe_dataset", map[string]any{"id": id})
		if failed || len(d["tables"].([]any)) != 1 {
			t.Fatal(text)
		}
		name := d["tables"].([]any)[0].(map[string]any)["name"].(string)
		got, text, failed := call("run_query", map[string]any{"sql": `select sum("BGT_MTREAL")::double from "` + name + `" where "BGT_CODRD" = 'dépense' and "BGT_FONCTION_LABEL" = 'Lycées publics' and "BGT_ANNEE" = 2020`})
		if failed {
			t.Fatal(text)
		}
		if got["sources"].([]any)[0].(map[string]any)["dataset_id"] != d["id"] {
			t.Errorf("sources %v", got["sources"])
		}
		v, _ := got["rows"].([]any)[0].([]any)[0].(float64)
		return v
	}
	embedded := spent("embedded-comptes-region")
	must(t, data, "harvest", p.URL, "--allow-private")
	must(t, data, "fetch", "--allow-private")
	if err := c.renew(t.Context()); err != nil {
		t.Fatal(err)
	}
	harvested := spent("acc")
	if embedded < 400e6 || harvested <= 0 || harvested > 10_000 {
		t.Errorf("embedded %v, harvested %v", embedded, harvested)
	}
	if _, text, failed := call("run_query", map[string]any{"sql": "select count(*) from embedded_comptes_region"}); !failed || !strings.Contains(text, "describe_dataset") {
		t.Errorf("the table that stepped aside is still read: %s", text)
	}
}
