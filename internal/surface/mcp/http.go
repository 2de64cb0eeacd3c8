package mcp

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"cigogne/internal/surface/httpd"
)

// caller is who called.
type caller struct {
	addr netip.Addr      // over HTTP, else zero
	base string          // address that it called, over HTTP
	live context.Context // ends when it goes away or cancels the call
}

type callerKey struct{}

// callerOf is nil where the server was connected by other means (a test's).
func callerOf(ctx context.Context) *caller {
	c, _ := ctx.Value(callerKey{}).(*caller)
	return c
}

// Sender names who made the call that ctx is of, for sharing out what there is:
// its network address, "" where it has none.
func Sender(ctx context.Context) string {
	c := callerOf(ctx)
	if c == nil || !c.addr.IsValid() {
		return ""
	}
	return httpd.Site(c.addr).String()
}

const sessionHeader = "Mcp-Session-Id"

// Handler answers the protocol's HTTP transport, at one address. There are no
// sessions to keep: each request stands alone. A client gets a session ID all
// the same, by which it can cancel what it called. Bodies are bounded by whoever
// stands before it; see httpd.Harden.
func (s *Server) Handler() http.Handler {
	protocol := sdk.NewStreamableHTTPHandler(func(*http.Request) *sdk.Server { return s.sdk }, &sdk.StreamableHTTPOptions{
		Stateless:                    true,
		DisableLocalhostProtection:   true, // done in own: it would turn away the site's own proxy
		PropagateRequestCancellation: true,
	})
	origins := http.NewCrossOriginProtection()
	if s.Base != "" {
		_ = origins.AddTrustedOrigin(s.Base) // an address that is no origin trusts nobody
	}
	origins.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "Forbidden: pages of other sites may not call this server.", http.StatusForbidden)
	}))
	calls := newCalls()
	return origins.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.own(r) {
			http.Error(w, "Forbidden: this server is not known by that name; behind a proxy, tell it its address with --url.", http.StatusForbidden)
			return
		}
		httpd.Patience(w, answerTime)
		body, err := io.ReadAll(r.Body)
		if err != nil {
			var large *http.MaxBytesError
			if errors.As(err, &large) {
				http.Error(w, "Request too large.", http.StatusRequestEntityTooLarge)
				return
			}
			http.Error(w, "The request did not arrive whole.", http.StatusBadRequest)
			return
		}
		m := messageOf(body)
		if m.Method == "initialize" {
			w.Header().Set(sessionHeader, rand.Text())
		}
		live, done := calls.begin(r.Context(), r.Header.Get(sessionHeader), m)
		defer done()
		r = r.WithContext(context.WithValue(live, callerKey{}, &caller{addr: s.Client.Address(r), base: s.Client.Base(r), live: live}))
		r.Body = io.NopCloser(bytes.NewReader(body))
		protocol.ServeHTTP(w, r)
	}))
}

// own tells whether a request was made to a name of this server. One that
// reached a loopback address by another name was sent there by a page whose
// name resolves to this machine (DNS rebinding).
func (s *Server) own(r *http.Request) bool {
	local, _ := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	if local == nil || !loopback(local.String()) || loopback(r.Host) {
		return true
	}
	u, err := url.Parse(s.Base)
	return err == nil && s.Base != "" && strings.EqualFold(u.Host, r.Host)
}

func loopback(hostport string) bool {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = strings.Trim(hostport, "[]")
	}
	if strings.EqualFold(host, "localhost") {
		return true
	}
	a, err := netip.ParseAddr(host)
	return err == nil && a.Unmap().IsLoopback()
}

// message is what has to be known of a JSON-RPC message.
type message struct {
	ID     json.RawMessage `json:"id"`
	Method string          `json:"method"`
	Params struct {
		RequestID json.RawMessage `json:"requestId"`
	} `json:"params"`
}

// messageOf is zero for what is no single message.
func messageOf(body []byte) message {
	var m message
	if json.Unmarshal(body, &m) != nil {
		return message{}
	}
	return m
}

// calls are those being answered, by session and request: as many as there are
// open requests.
type calls struct {
	mu  sync.Mutex
	end map[string]context.CancelFunc
}

func newCalls() *calls { return &calls{end: map[string]context.CancelFunc{}} }

// begin gives the context of a call, which ends when its client says so; done is
// called when it was answered. A message that cancels another call does.
func (c *calls) begin(ctx context.Context, session string, m message) (live context.Context, done func()) {
	live, cancel := context.WithCancel(ctx)
	if session == "" {
		return live, cancel
	}
	key := func(id json.RawMessage) string { return session + "\x00" + string(id) }
	c.mu.Lock()
	defer c.mu.Unlock()
	if m.Method == "notifications/cancelled" && len(m.Params.RequestID) > 0 {
		if end := c.end[key(m.Params.RequestID)]; end != nil {
			end()
		}
	}
	if len(m.ID) == 0 || c.end[key(m.ID)] != nil {
		return live, cancel
	}
	k := key(m.ID)
	c.end[k] = cancel
	return live, func() {
		cancel()
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.end, k)
	}
}
