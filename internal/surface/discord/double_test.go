package discord

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/gorilla/websocket"
)

// double stands in for Discord on this machine: its gateway and its REST
// interface. Every payload is held against the published limits; the first that
// breaks one fails the test.
type double struct {
	t      *testing.T
	server *httptest.Server

	mu       sync.Mutex
	conn     *websocket.Conn
	seq      int
	identify int   // connections made anew
	shard    []int // as the last one said
	resumed  int
	calls    []call
	next     int                                    // message IDs
	fail     func(c call) (status int, body string) // nil: nothing fails
	wake     chan struct{}
	closing  int // code with which the next connection is refused
}

// call is a REST request with its JSON and the names of its files.
type call struct {
	method, path string
	body         map[string]any
	list         []any
	files        map[string]int
	at           time.Time
}

const (
	selfID  = "1000"
	guildID = "2000"
	textID  = "3000"
	dmID    = "3500"
	userID  = "4000"
)

// newDouble points discordgo at a server of ours, for one test at a time.
func newDouble(t *testing.T) *double {
	t.Helper()
	d := &double{t: t, next: 9000, wake: make(chan struct{}, 1000)}
	d.server = httptest.NewServer(d)
	base := d.server.URL + "/api/"
	saved := []string{discordgo.EndpointAPI, discordgo.EndpointGateway, discordgo.EndpointGatewayBot, discordgo.EndpointWebhooks, discordgo.EndpointChannels, discordgo.EndpointUsers, discordgo.EndpointGuilds, discordgo.EndpointApplications}
	set := func(v []string) {
		discordgo.EndpointAPI, discordgo.EndpointGateway, discordgo.EndpointGatewayBot, discordgo.EndpointWebhooks, discordgo.EndpointChannels, discordgo.EndpointUsers, discordgo.EndpointGuilds, discordgo.EndpointApplications = v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7]
	}
	set([]string{base, base + "gateway", base + "gateway/bot", base + "webhooks/", base + "channels/", base + "users/", base + "guilds/", base + "applications"})
	t.Cleanup(func() {
		d.drop(1000)
		d.server.Close()
		set(saved)
	})
	return d
}

func (d *double) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case strings.HasPrefix(r.URL.Path, "/ws"):
		d.gateway(w, r)
		return
	case strings.HasSuffix(r.URL.Path, "/gateway"):
		_ = json.NewEncoder(w).Encode(map[string]any{"url": "ws" + strings.TrimPrefix(d.server.URL, "http") + "/ws/"})
		return
	}
	c := call{method: r.Method, path: strings.TrimPrefix(r.URL.Path, "/api"), files: map[string]int{}, at: time.Now()}
	payload, _ := io.ReadAll(r.Body)
	if kind, params, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); strings.HasPrefix(kind, "multipart/") {
		form := multipart.NewReader(bytes.NewReader(payload), params["boundary"])
		for {
			p, err := form.NextPart()
			if err != nil {
				break
			}
			b, _ := io.ReadAll(p)
			if p.FormName() == "payload_json" {
				payload = b
			} else {
				c.files[p.FileName()] = len(b)
			}
		}
	}
	if len(payload) > 0 && payload[0] == '[' {
		_ = json.Unmarshal(payload, &c.list)
	} else {
		_ = json.Unmarshal(payload, &c.body)
	}
	d.check(c)
	d.mu.Lock()
	fail := d.fail
	d.mu.Unlock()
	if fail != nil {
		if status, body := fail(c); status != 0 {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(status)
			_, _ = w.Write([]byte(body))
			d.record(c)
			return
		}
	}
	d.mu.Lock()
	d.next++
	id := fmt.Sprint(d.next)
	d.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	switch {
	case strings.HasSuffix(c.path, "/commands"):
		_, _ = w.Write([]byte("[]"))
	case strings.HasSuffix(c.path, "/callback"), strings.HasSuffix(c.path, "/typing"):
		w.WriteHeader(http.StatusNoContent)
	case strings.HasSuffix(c.path, "/threads"):
		parts := strings.Split(c.path, "/")
		thread := parts[len(parts)-2]
		_ = json.NewEncoder(w).Encode(map[string]any{"id": thread, "type": 11, "guild_id": guildID, "parent_id": textID, "owner_id": selfID, "name": c.body["name"]})
	case strings.Contains(c.path, "@original"):
		token := strings.Split(c.path, "/")[3]
		_ = json.NewEncoder(w).Encode(map[string]any{"id": "5" + strings.TrimPrefix(token, "t"), "channel_id": textID, "content": ""})
	default:
		_ = json.NewEncoder(w).Encode(map[string]any{"id": id, "channel_id": textID, "content": ""})
	}
	d.record(c)
}

func (d *double) record(c call) {
	d.mu.Lock()
	d.calls = append(d.calls, c)
	d.mu.Unlock()
	select {
	case d.wake <- struct{}{}:
	default:
	}
}

// wait returns the first call from the n-th on that fits, or fails the test.
func (d *double) wait(what string, fits func(call) bool) call {
	d.t.Helper()
	deadline := time.After(10 * time.Second)
	for {
		d.mu.Lock()
		for _, c := range d.calls {
			if fits(c) {
				d.mu.Unlock()
				return c
			}
		}
		d.mu.Unlock()
		select {
		case <-d.wake:
		case <-deadline:
			d.t.Fatalf("no call: %s; there were %s", what, d.said())
		}
	}
}

func (d *double) said() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	var out []string
	for _, c := range d.calls {
		out = append(out, c.method+" "+c.path)
	}
	return strings.Join(out, ", ")
}

func (d *double) count(fits func(call) bool) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	n := 0
	for _, c := range d.calls {
		if fits(c) {
			n++
		}
	}
	return n
}

// gateway speaks the websocket's side: HELLO, IDENTIFY or RESUME, heartbeats.
func (d *double) gateway(w http.ResponseWriter, r *http.Request) {
	up := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	conn, err := up.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	defer conn.Close()
	if err := conn.WriteJSON(map[string]any{"op": 10, "d": map[string]any{"heartbeat_interval": 1000}}); err != nil {
		return
	}
	for {
		var in struct {
			Op int
			D  json.RawMessage
		}
		if err := conn.ReadJSON(&in); err != nil {
			return
		}
		switch in.Op {
		case 1:
			d.write(conn, map[string]any{"op": 11})
		case 2, 6:
			d.mu.Lock()
			code := d.closing
			d.mu.Unlock()
			if code != 0 {
				_ = conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, "refused"), time.Now().Add(time.Second))
				return
			}
			if in.Op == 6 {
				d.mu.Lock()
				d.resumed++
				d.conn = conn
				d.mu.Unlock()
				d.event("RESUMED", map[string]any{})
				continue
			}
			var said struct{ Shard []int }
			_ = json.Unmarshal(in.D, &said)
			d.mu.Lock()
			d.identify++
			d.shard = said.Shard
			d.conn = conn
			d.mu.Unlock()
			d.event("READY", map[string]any{"v": 9, "session_id": "s", "user": map[string]any{"id": selfID, "username": "cigogne", "bot": true}, "guilds": []any{}})
			d.event("GUILD_CREATE", map[string]any{"id": guildID, "name": "g", "channels": []any{map[string]any{"id": textID, "type": 0, "guild_id": guildID}}, "threads": []any{map[string]any{"id": "7000", "type": 11, "guild_id": guildID, "parent_id": textID, "owner_id": selfID}}})
		}
	}
}

func (d *double) write(conn *websocket.Conn, v any) {
	d.mu.Lock()
	defer d.mu.Unlock()
	_ = conn.WriteJSON(v)
}

// event sends a dispatch to the bot.
func (d *double) event(kind string, data any) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.seq++
	if d.conn != nil {
		_ = d.conn.WriteJSON(map[string]any{"op": 0, "t": kind, "s": d.seq, "d": data})
	}
}

// drop closes the connection as a network does.
func (d *double) drop(code int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.conn != nil {
		_ = d.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, ""), time.Now().Add(time.Second))
		_ = d.conn.Close()
		d.conn = nil
	}
}

// check holds a payload against what the platform documents.
func (d *double) check(c call) {
	bad := func(format string, args ...any) {
		d.t.Errorf("%s %s: "+format, append([]any{c.method, c.path}, args...)...)
	}
	for _, x := range c.list {
		d.checkCommand(x.(map[string]any), bad)
	}
	total := 0
	for _, n := range c.files {
		total += n
	}
	if total > 10<<20 {
		bad("files of %d bytes", total)
	}
	if len(c.files) > 10 {
		bad("%d files", len(c.files))
	}
	body := c.body
	if kind, ok := body["type"].(float64); ok && strings.HasSuffix(c.path, "/callback") {
		data, _ := body["data"].(map[string]any)
		switch kind {
		case 9: // a form
			if n := length(str(data["title"])); n < 1 || n > 45 {
				bad("a title of %d", n)
			}
		case 8:
			if list, _ := data["choices"].([]any); len(list) > 25 {
				bad("%d choices", len(list))
			}
			return
		}
		body = data
	}
	if body == nil {
		return
	}
	if strings.HasSuffix(c.path, "/threads") {
		if n := length(str(body["name"])); n < 1 || n > 100 {
			bad("a thread's name of %d", n)
		}
		return
	}
	if n := length(str(body["content"])); n > 2000 {
		bad("a content of %d", n)
	}
	speaks := str(body["content"]) != ""
	if list, ok := body["embeds"].([]any); ok {
		sum := 0
		for _, x := range list {
			e := x.(map[string]any)
			speaks = true
			for field, most := range map[string]int{"title": 256, "description": 4096} {
				n := length(str(e[field]))
				sum += n
				if n > most {
					bad("%s of %d", field, n)
				}
			}
			if u := str(e["url"]); u != "" && !strings.HasPrefix(u, "http") {
				bad("an address %q", u)
			}
			fields, _ := e["fields"].([]any)
			if len(fields) > 25 {
				bad("%d fields", len(fields))
			}
			for _, f := range fields {
				name, value := length(str(f.(map[string]any)["name"])), length(str(f.(map[string]any)["value"]))
				if name < 1 || name > 256 || value < 1 || value > 1024 {
					bad("a field of %d and %d", name, value)
				}
				sum += name + value
			}
			if foot, ok := e["footer"].(map[string]any); ok {
				sum += length(str(foot["text"]))
			}
		}
		if sum > 6000 {
			bad("embeds of %d", sum)
		}
	}
	if speaks {
		am, ok := body["allowed_mentions"].(map[string]any)
		if !ok {
			bad("mentions are not switched off")
		} else if parse, ok := am["parse"].([]any); !ok || len(parse) > 0 {
			bad("mentions may fire: %v", am)
		}
	}
	rows, _ := body["components"].([]any)
	if len(rows) > 5 {
		bad("%d rows", len(rows))
	}
	for _, r := range rows {
		items, _ := r.(map[string]any)["components"].([]any)
		if len(items) < 1 || len(items) > 5 {
			bad("%d components in a row", len(items))
		}
		for _, x := range items {
			it := x.(map[string]any)
			if n := length(str(it["custom_id"])); n > 100 || n == 0 && str(it["url"]) == "" {
				bad("a custom ID of %d", n)
			}
			switch it["type"].(float64) {
			case 2:
				if n := length(str(it["label"])); n < 1 || n > 80 {
					bad("a label of %d", n)
				}
			case 3:
				options, _ := it["options"].([]any)
				if len(options) < 1 || len(options) > 25 {
					bad("%d options", len(options))
				}
				for _, o := range options {
					for _, k := range []string{"label", "value", "description"} {
						if n := length(str(o.(map[string]any)[k])); n < 1 || n > 100 {
							bad("an option's %s of %d", k, n)
						}
					}
				}
			case 4:
				if n := length(str(it["label"])); n < 1 || n > 45 {
					bad("an input's label of %d", n)
				}
			}
		}
	}
}

var commandName = regexp.MustCompile(`^[-_\p{L}\p{N}]{1,32}$`)

func (d *double) checkCommand(c map[string]any, bad func(string, ...any)) {
	names := []string{str(c["name"])}
	texts := []string{str(c["description"])}
	for _, v := range obj(c["name_localizations"]) {
		names = append(names, str(v))
	}
	for _, v := range obj(c["description_localizations"]) {
		texts = append(texts, str(v))
	}
	for _, n := range names {
		if !commandName.MatchString(n) || strings.ToLower(n) != n {
			bad("a command's name %q", n)
		}
	}
	for _, x := range texts {
		if n := length(x); n < 1 || n > 100 {
			bad("a description of %d: %s", n, x)
		}
	}
	options, _ := c["options"].([]any)
	required := true
	for _, o := range options {
		m := o.(map[string]any)
		if r, _ := m["required"].(bool); r && !required {
			bad("a required option after one that is not")
		} else {
			required = r
		}
		d.checkCommand(m, bad)
	}
}

func str(v any) string         { s, _ := v.(string); return s }
func obj(v any) map[string]any { m, _ := v.(map[string]any); return m }
