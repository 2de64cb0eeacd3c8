package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
)

// TestAgentsMoveToANewGeneration has one connected agent query the embedded
// tables, then, without connecting anew, those of a harvest that came in.
func TestAgentsMoveToANewGeneration(t *testing.T) {
	p, data := newPortal(t, 5), filepath.Join(t.TempDir(), "data")
	std := stdio{out: io.Discard, err: io.Discard, env: func(string) string { return "" }}
	c, err := openCurrent(t.Context(), newProgram(options{data: data}, std))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	handler, err := site(c, serving{})
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

// An agent whose queries fill every place that it can have holds up neither a
// person's question nor another agent's query.
func TestOneAgentStarvesNobody(t *testing.T) {
	std := stdio{out: io.Discard, err: io.Discard, env: func(string) string { return "" }}
	c, err := openCurrent(t.Context(), newProgram(options{data: filepath.Join(t.TempDir(), "data")}, std))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	handler, err := site(c, serving{})
	if err != nil {
		t.Fatal(err)
	}
	var arrived, ended atomic.Int64
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Slow") != "" {
			arrived.Add(1)
			defer ended.Add(1)
		}
		handler.ServeHTTP(w, r)
	}))
	defer web.Close()
	run := func(ctx context.Context, from net.IP, slow, sql string) (*http.Response, error) {
		body := `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"run_query","arguments":{"sql":"` + sql + `"}}}`
		req, err := http.NewRequestWithContext(ctx, "POST", web.URL+"/mcp", strings.NewReader(body))
		if err != nil {
			return nil, err
		}
		for k, v := range map[string]string{"Content-Type": "application/json", "Accept": "application/json, text/event-stream", "X-Slow": slow} {
			req.Header.Set(k, v)
		}
		dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: from}}
		return (&http.Client{Transport: &http.Transport{DialContext: dialer.DialContext, DisableKeepAlives: true}}).Do(req)
	}
	ctx, stop := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	defer wg.Wait()
	defer stop()
	many := int64(2*runtime.GOMAXPROCS(0) + 2) // more than there are places for questions
	for range many {
		wg.Go(func() {
			if res, err := run(ctx, net.IPv4(127, 0, 0, 1), "yes", "select count(*) from embedded_communes a, embedded_communes b, embedded_communes c"); err == nil {
				res.Body.Close()
			}
		})
	}
	for arrived.Load() < many {
		time.Sleep(time.Millisecond)
	}
	time.Sleep(200 * time.Millisecond) // let them take what they can take
	res, err := http.Post(web.URL+"/api/v1/ask", "application/json", strings.NewReader(`{"question":"Combien d'habitants à Metz en 2025 ?"}`))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	said, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK || !strings.Contains(string(said), `"figure"`) {
		t.Errorf("the question: %s, %v: %.200s", res.Status, err, said)
	}
	if runtime.GOOS == "linux" { // elsewhere 127.0.0.2 is no address of this machine
		res, err := run(t.Context(), net.IPv4(127, 0, 0, 2), "", "select 6*7")
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		if said, err := io.ReadAll(res.Body); err != nil || !strings.Contains(string(said), "42") {
			t.Errorf("another agent: %s %v", said, err)
		}
	}
	if ended.Load() > 0 {
		t.Errorf("%d of the slow queries had ended: they were waited for", ended.Load())
	}
}
