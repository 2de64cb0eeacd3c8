// Package post sends short messages to where people talk, without being asked:
// incoming webhooks in the shape of Mattermost, Slack and Discord, and the
// activity stream of an eXo space. What is sent pings nobody.
package post

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode"

	"cigogne/internal/httpx"
)

// Note is a message.
type Note struct {
	Title   string
	Lines   []string // plain text
	Address string   // of a page that says more; "": none
}

// Poster sends notes to addresses of one kind.
type Poster interface {
	Post(ctx context.Context, address string, n Note) error
}

// ErrGone is wrapped by what a Poster returns where an address takes no note,
// now or ever: a hook that was deleted, a space that we are no member of.
var ErrGone = errors.New("the address takes no messages any more")

// Webhook posts to incoming webhooks. Client is where requests go through.
type Webhook struct{ Client *httpx.Client }

// CheckWebhook tells whether an address may be a webhook's.
func CheckWebhook(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return errors.New("not an http address")
	}
	return nil
}

// discordHooks is where Discord's webhooks are; it takes another shape than the rest.
const discordHooks = "/api/webhooks/"

const (
	maxText = 1900 // characters: Discord takes 2,000, the others more
	timeout = 30 * time.Second
)

// Post implements Poster.
func (w Webhook) Post(ctx context.Context, address string, n Note) error {
	if err := CheckWebhook(address); err != nil {
		return fmt.Errorf("%w: %w", ErrGone, err)
	}
	payload := map[string]any{"text": n.Plain(), "username": "Cigogne"}
	if strings.Contains(address, discordHooks) {
		payload = map[string]any{"content": n.Plain(), "allowed_mentions": map[string]any{"parse": []string{}}}
	}
	return send(ctx, w.Client, address, payload, nil)
}

// Plain is the note as a text that no chat reads as markup or as a mention.
func (n Note) Plain() string {
	lines := append([]string{harmless(n.Title)}, nil...)
	for _, l := range n.Lines {
		lines = append(lines, "• "+harmless(l))
	}
	text := strings.Join(lines, "\n")
	if r := []rune(text); len(r) > maxText-len(n.Address) {
		text = string(r[:max(0, maxText-len(n.Address)-1)]) + "…"
	}
	if n.Address != "" {
		text += "\n" + n.Address
	}
	return text
}

// harmless is a text without what a chat obeys: names that are called, links and
// styles, marks that turn the direction of writing or are not seen.
func harmless(s string) string {
	s = strings.Map(func(r rune) rune {
		if r != '\n' && unicode.In(r, unicode.Cc, unicode.Cf) {
			return -1
		}
		return r
	}, s)
	return strings.NewReplacer("@", "@\u200b", "<", "‹", ">", "›", "`", "'", "*", "∗", "_", "\\_", "://", ":\u200b//", "[", "(", "]", ")", "\n", " ").Replace(s)
}

// send makes one attempt: whoever is told of a failure tries again later.
func send(ctx context.Context, client *httpx.Client, address string, payload any, dress func(*http.Request)) error {
	body, err := json.Marshal(payload)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("%w: not an address", ErrGone)
	}
	req.Header.Set("Content-Type", "application/json")
	if dress != nil {
		dress(req)
	}
	resp, err := client.Do(req)
	var refused *httpx.Error
	switch {
	case errors.As(err, &refused) && gone(refused.Status):
		return fmt.Errorf("%w: status %d", ErrGone, refused.Status)
	case errors.As(err, &refused):
		return fmt.Errorf("post to %s: %s, status %d", req.URL.Host, refused.Reason, refused.Status) // the address is a secret
	case err != nil:
		return fmt.Errorf("post to %s: %w", req.URL.Host, ctx.Err())
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 64<<10))
	return resp.Body.Close()
}

// gone tells the statuses that no later attempt changes.
func gone(status int) bool {
	switch status {
	case http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusGone:
		return true
	}
	return false
}
