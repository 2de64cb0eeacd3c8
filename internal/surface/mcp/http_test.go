package mcp_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"cigogne/internal/surface/httpd"
	"cigogne/internal/surface/mcp"
)

const maxBody = 64 << 10

func over(t *testing.T, change func(*mcp.Parts)) (*httptest.Server, *house) {
	t.Helper()
	s, h := server(t, change)
	web := httptest.NewServer(httpd.Harden(s.Handler(), maxBody, slog.New(slog.DiscardHandler)))
	t.Cleanup(web.Close)
	return web, h
}

// versions are those of the protocol that clients speak.
var versions = []string{"2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28"}

func TestOverHTTP(t *testing.T) {
	web, _ := over(t, nil)
	for _, version := range versions {
		t.Run(version, func(t *testing.T) {
			told := make(chan float64, 10)
			c := sdk.NewClient(&sdk.Implementation{Name: "test", Version: "1"}, &sdk.ClientOptions{
				ProgressNotificationHandler: func(_ context.Context, r *sdk.ProgressNotificationClientRequest) { told <- r.Params.Progress }})
			session, err := c.Connect(t.Context(), &sdk.StreamableClientTransport{Endpoint: web.URL}, &sdk.ClientSessionOptions{ProtocolVersion: version})
			if err != nil {
				t.Fatal(err)
			}
			defer session.Close()
			if spoken := session.InitializeResult().ProtocolVersion; spoken != version {
				t.Errorf("speaks %s", spoken)
			}
			got, err := session.CallTool(t.Context(), &sdk.CallToolParams{Meta: sdk.Meta{"progressToken": "p"}, Name: "ask", Arguments: args{"question": "how many?"}})
			if err != nil || got.IsError {
				t.Fatal(got, err)
			}
			link, _ := got.StructuredContent.(map[string]any)["link"].(string)
			if !strings.HasPrefix(link, web.URL+"/a/") {
				t.Errorf("link %q", link)
			}
			for want := 1.0; want <= 3; want++ {
				if p := <-told; p != want {
					t.Errorf("progress %v, want %v", p, want)
				}
			}
			if list, err := session.ListResources(t.Context(), nil); err != nil || len(list.Resources) != 1 {
				t.Errorf("%v %v", list, err)
			}
		})
	}
}

func TestOverHTTPACancelledCallStopsTheWork(t *testing.T) {
	for _, version := range versions {
		t.Run(version, func(t *testing.T) {
			web, h := over(t, nil)
			c := sdk.NewClient(&sdk.Implementation{Name: "test", Version: "1"}, nil)
			session, err := c.Connect(t.Context(), &sdk.StreamableClientTransport{Endpoint: web.URL}, &sdk.ClientSessionOptions{ProtocolVersion: version})
			if err != nil {
				t.Fatal(err)
			}
			defer session.Close()
			ctx, cancel := context.WithCancel(t.Context())
			go session.CallTool(ctx, &sdk.CallToolParams{Name: "ask", Arguments: args{"question": "wait"}})
			<-h.asked
			cancel()
			if err := <-h.stopped; err == nil {
				t.Error("it goes on")
			}
		})
	}
}

const askWait = `{"jsonrpc":"2.0","id":%s,"method":"tools/call","params":{"name":"ask","arguments":{"question":"wait"}}}`

// Clients that only send a notification, and those that only hang up, both stop
// the work; nobody stops another's.
func TestOverHTTPWhatStopsTheWork(t *testing.T) {
	web, h := over(t, nil)
	ctx, hangUp := context.WithCancel(t.Context())
	for _, x := range []struct {
		ctx         context.Context
		session, id string
	}{{t.Context(), "A", "7"}, {t.Context(), "B", "7"}, {ctx, "", "7"}} {
		go post(x.ctx, web.URL, fmt.Sprintf(askWait, x.id), map[string]string{"Mcp-Session-Id": x.session})
		<-h.asked
	}
	cancelled := `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":%s}}`
	for _, x := range []struct{ session, id string }{{"C", "7"}, {"A", "8"}, {"A", `"7"`}, {"", "7"}} {
		if status, _ := post(t.Context(), web.URL, fmt.Sprintf(cancelled, x.id), map[string]string{"Mcp-Session-Id": x.session}); status != http.StatusAccepted {
			t.Errorf("status %d", status)
		}
	}
	if len(h.stopped) != 0 {
		t.Fatal("another's call was stopped")
	}
	post(t.Context(), web.URL, fmt.Sprintf(cancelled, "7"), map[string]string{"Mcp-Session-Id": "A"})
	<-h.stopped
	hangUp()
	<-h.stopped
	if len(h.stopped) != 0 {
		t.Error("the third was stopped too")
	}
	post(t.Context(), web.URL, fmt.Sprintf(cancelled, "7"), map[string]string{"Mcp-Session-Id": "B"})
	<-h.stopped
}

func post(ctx context.Context, url, body string, header map[string]string) (status int, text string) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		return 0, err.Error()
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json, text/event-stream")
	for k, v := range header {
		if k == "Host" {
			r.Host = v
		} else if v != "" {
			r.Header.Set(k, v)
		}
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, err.Error()
	}
	defer res.Body.Close()
	b, _ := io.ReadAll(res.Body)
	return res.StatusCode, string(b)
}

const list = `{"jsonrpc":"2.0","id":1,"method":"tools/list"}`

func TestOverHTTPWhoMayCall(t *testing.T) {
	web, _ := over(t, func(p *mcp.Parts) { p.Base = "https://data.example" })
	for name, c := range map[string]struct {
		body   string
		header map[string]string
		status int
	}{
		"a program":                       {list, nil, 200},
		"the site's own page":             {list, map[string]string{"Origin": web.URL}, 200},
		"the site's page behind a proxy":  {list, map[string]string{"Origin": "https://data.example", "Host": "data.example"}, 200},
		"another site's page":             {list, map[string]string{"Origin": "https://evil.example"}, 403},
		"another site's, by its own word": {list, map[string]string{"Sec-Fetch-Site": "cross-site"}, 403},
		"no origin at all":                {list, map[string]string{"Origin": "null"}, 403},
		"a name that was bound anew":      {list, map[string]string{"Host": "evil.example", "Origin": "http://evil.example"}, 403},
		"another name":                    {list, map[string]string{"Host": "evil.example"}, 403},
		"a version that does not exist":   {list, map[string]string{"Mcp-Protocol-Version": "1999-01-01"}, 400},
		"another type":                    {list, map[string]string{"Content-Type": "text/plain"}, 415},
		"no JSON":                         {"{", nil, 400},
		"nothing":                         {"", nil, 400},
		"too much":                        {strings.Repeat(" ", maxBody) + list, nil, 413},
	} {
		t.Run(name, func(t *testing.T) {
			if status, text := post(t.Context(), web.URL, c.body, c.header); status != c.status {
				t.Errorf("status %d, want %d: %s", status, c.status, text)
			}
		})
	}
	for _, method := range []string{http.MethodGet, http.MethodDelete} {
		r, err := http.NewRequestWithContext(t.Context(), method, web.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Accept", "text/event-stream")
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != http.StatusMethodNotAllowed {
			t.Errorf("%s: status %d", method, res.StatusCode)
		}
	}
}

func TestOverHTTPQuestionsAreCounted(t *testing.T) {
	web, _ := over(t, func(p *mcp.Parts) { p.Rate = httpd.NewRate(1) })
	ask := `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":%q,"arguments":%s}}`
	refused := 0
	for i := range 12 {
		body := fmt.Sprintf(ask, "ask", `{"question":"how many?"}`)
		if i%2 == 1 {
			body = fmt.Sprintf(ask, "run_query", `{"sql":"select 1","limit":1}`)
		}
		status, text := post(t.Context(), web.URL, body, nil)
		_, data, _ := strings.Cut(text, "data: ")
		var m struct {
			Result struct {
				IsError bool
				Content []struct{ Text string }
			}
		}
		if err := json.Unmarshal([]byte(data), &m); err != nil || status != http.StatusOK {
			t.Fatalf("%d %v %s", status, err, text)
		}
		if m.Result.IsError {
			refused++
			if !strings.Contains(m.Result.Content[0].Text, "then call again") {
				t.Errorf("said %q", m.Result.Content[0].Text)
			}
		}
	}
	if refused != 7 { // a burst of five passes
		t.Errorf("%d of 12 refused, want 7", refused)
	}
	if status, _ := post(t.Context(), web.URL, list, nil); status != http.StatusOK {
		t.Errorf("what costs nothing is refused: %d", status)
	}
}
