package matrix

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // the homeserver's own protocol
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"
)

// homeserver is a real Synapse on this machine.
type homeserver struct {
	t      *testing.T
	url    string
	secret string
}

// startSynapse starts one, by the Python that CIGOGNE_TEST_SYNAPSE names.
func startSynapse(t *testing.T) *homeserver {
	t.Helper()
	python := os.Getenv("CIGOGNE_TEST_SYNAPSE")
	if python == "" {
		t.Skip("CIGOGNE_TEST_SYNAPSE names no Python that has matrix-synapse: no real homeserver was talked to")
	}
	dir := t.TempDir()
	config := filepath.Join(dir, "hs.yaml")
	run := func(args ...string) *exec.Cmd {
		c := exec.Command(python, append([]string{"-m", "synapse.app.homeserver", "--config-path", config}, args...)...)
		c.Dir = dir
		return c
	}
	if out, err := run("--server-name", "test.local", "--generate-config", "--report-stats=no").CombinedOutput(); err != nil {
		t.Fatalf("synapse writes no configuration: %v %s", err, out)
	}
	b, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	h := &homeserver{t: t, secret: regexp.MustCompile(`registration_shared_secret: "([^"]*)"`).FindStringSubmatch(string(b))[1]}
	port := freePort(t)
	h.url = fmt.Sprintf("http://127.0.0.1:%d", port)
	text := regexp.MustCompile(`(?s)listeners:.*?\n(\w)`).ReplaceAllString(string(b), fmt.Sprintf("listeners:\n  - port: %d\n    type: http\n    bind_addresses: ['127.0.0.1']\n    resources:\n      - names: [client, media]\n$1", port))
	text = regexp.MustCompile(`(?s)trusted_key_servers:.*?\n(\w|$|#)`).ReplaceAllString(text, "trusted_key_servers: []\n$1")
	text += "\nrc_message: {per_second: 1000, burst_count: 1000}\nrc_joins: {local: {per_second: 1000, burst_count: 1000}}\nrc_invites: {per_room: {per_second: 1000, burst_count: 1000}, per_user: {per_second: 1000, burst_count: 1000}, per_issuer: {per_second: 1000, burst_count: 1000}}\n"
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	server := run()
	var log bytes.Buffer
	server.Stdout, server.Stderr = &log, &log
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = server.Process.Kill()
		_ = server.Wait()
	})
	for range 600 {
		if r, err := http.Get(h.url + "/_matrix/client/versions"); err == nil {
			_ = r.Body.Close()
			return h
		}
		time.Sleep(200 * time.Millisecond)
	}
	t.Fatalf("synapse does not start: %s", log.String())
	return nil
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// account registers somebody.
func (h *homeserver) account(name string) *person {
	h.t.Helper()
	var nonce struct{ Nonce string }
	r, err := http.Get(h.url + "/_synapse/admin/v1/register")
	if err != nil {
		h.t.Fatal(err)
	}
	_ = json.NewDecoder(r.Body).Decode(&nonce)
	_ = r.Body.Close()
	mac := hmac.New(sha1.New, []byte(h.secret))
	_, _ = fmt.Fprintf(mac, "%s\x00%s\x00password\x00notadmin", nonce.Nonce, name)
	body, _ := json.Marshal(map[string]any{"nonce": nonce.Nonce, "username": name, "password": "password", "admin": false, "mac": hex.EncodeToString(mac.Sum(nil))})
	r, err = http.Post(h.url+"/_synapse/admin/v1/register", "application/json", bytes.NewReader(body))
	if err != nil {
		h.t.Fatal(err)
	}
	answer, _ := io.ReadAll(r.Body)
	_ = r.Body.Close()
	var who struct {
		Token string    `json:"access_token"`
		ID    id.UserID `json:"user_id"`
	}
	if err := json.Unmarshal(answer, &who); err != nil || who.Token == "" {
		h.t.Fatalf("no account: %s", answer)
	}
	c, err := mautrix.NewClient(h.url, who.ID, who.Token)
	if err != nil {
		h.t.Fatal(err)
	}
	return &person{h.t, c}
}

// person is somebody with a client.
type person struct {
	t *testing.T
	*mautrix.Client
}

// room makes one and invites others.
func (p *person) room(encrypted bool, others ...id.UserID) id.RoomID {
	p.t.Helper()
	req := &mautrix.ReqCreateRoom{Invite: others, Preset: "private_chat"}
	if encrypted {
		req.InitialState = []*event.Event{{Type: event.StateEncryption, Content: event.Content{Parsed: &event.EncryptionEventContent{Algorithm: id.AlgorithmMegolmV1}}}}
	}
	r, err := p.CreateRoom(context.Background(), req)
	if err != nil {
		p.t.Fatal(err)
	}
	return r.RoomID
}

// says sends a text, as rel where that is not nil.
func (p *person) says(room id.RoomID, text string, rel *event.RelatesTo, mentions ...id.UserID) id.EventID {
	p.t.Helper()
	r, err := p.SendMessageEvent(context.Background(), room, event.EventMessage, &event.MessageEventContent{MsgType: event.MsgText, Body: text, RelatesTo: rel, Mentions: &event.Mentions{UserIDs: mentions}})
	if err != nil {
		p.t.Fatal(err)
	}
	return r.EventID
}

// sees waits for an event of somebody in a room that fits.
func (p *person) sees(room id.RoomID, from id.UserID, what string, fits func(e *event.Event, m *event.MessageEventContent) bool) *event.Event {
	p.t.Helper()
	var all []string
	for range 150 {
		page, err := p.Messages(context.Background(), room, "", "", mautrix.DirectionBackward, nil, 100)
		if err == nil {
			all = all[:0]
			for _, e := range page.Chunk {
				if e.Sender != from || e.Type.Type != "m.room.message" {
					continue
				}
				e.Type = event.EventMessage
				if e.Content.ParseRaw(e.Type) != nil {
					continue
				}
				m := e.Content.AsMessage()
				all = append(all, string(m.MsgType)+" "+m.Body)
				if fits(e, m) {
					return e
				}
			}
		}
		time.Sleep(100 * time.Millisecond)
	}
	p.t.Fatalf("%s: not seen among\n%s", what, strings.Join(all, "\n---\n"))
	return nil
}

func holds(text string) func(*event.Event, *event.MessageEventContent) bool {
	return func(_ *event.Event, m *event.MessageEventContent) bool { return strings.Contains(m.Body, text) }
}
