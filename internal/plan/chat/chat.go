// Package chat asks a language model for a text, on any server that speaks
// OpenAI's chat completions, with what each of them has of its own: names of
// fields, ways to think, to stream, to end and to fail.
package chat

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/hashicorp/go-retryablehttp"

	"cigogne/internal/trace"
)

// Server is a server and the model to ask.
type Server struct {
	URL     string // base URL, as https://api.example.org/v1
	Model   string
	Key     string
	Kind    Kind          // "": told from the address, else learnt
	Timeout time.Duration // of one call, retries included; 0: 30 s
	Wait    time.Duration // longest wait before a retry; 0: 5 s
}

// Request is what is asked. System is the same from one question to the next, so
// that servers can keep what they made of it.
type Request struct {
	System, User string
	Most         int     // tokens of the reply, thinking left out
	Temperature  float64 // 0: the most likely reply
}

// Reply is a text, its thinking taken away.
type Reply struct {
	Text    string
	Cut     bool // the text may go on
	Usage   Usage
	Elapsed time.Duration
}

// Usage counts the calls that were replied to and their tokens, as the server
// does; estimated from the characters where it does not say.
type Usage struct{ Calls, Prompt, Completion int }

// Add adds another call's.
func (u *Usage) Add(v Usage) {
	u.Calls, u.Prompt, u.Completion = u.Calls+v.Calls, u.Prompt+v.Prompt, u.Completion+v.Completion
}

// Client asks one model. It is safe for concurrent use. Answers that may pass
// (429, 5xx, a lost connection) are asked for again twice, at the pace that the
// server sets.
type Client struct {
	server   Server
	http     *http.Client
	log      *slog.Logger
	features features
	health   health
}

// New returns a client.
func New(s Server, log *slog.Logger) *Client {
	if s.Timeout <= 0 {
		s.Timeout = 30 * time.Second
	}
	s.URL = strings.TrimRight(s.URL, "/")
	s.Kind = kindOf(s)
	retry := retryablehttp.NewClient()
	retry.Logger, retry.RetryMax, retry.RetryWaitMin, retry.RetryWaitMax = nil, 2, 200*time.Millisecond, 5*time.Second
	if s.Wait > 0 {
		retry.RetryWaitMin, retry.RetryWaitMax = min(retry.RetryWaitMin, s.Wait), s.Wait
	}
	longest := retry.RetryWaitMax
	retry.Backoff = func(low, high time.Duration, attempt int, resp *http.Response) time.Duration {
		return min(retryablehttp.DefaultBackoff(low, high, attempt, resp), longest) // a Retry-After of an hour is a refusal
	}
	retry.ErrorHandler = retryablehttp.PassthroughErrorHandler
	return &Client{server: s, http: retry.StandardClient(), log: log}
}

// Model names the model.
func (c *Client) Model() string { return c.server.Model }

// The ways a call fails. Those of the network and of ctx come as they are.
var (
	ErrRefused = errors.New("the model refused")
	ErrThought = errors.New("the model thought without end")
	ErrEmpty   = errors.New("the model's reply is empty")
	ErrLong    = errors.New("the model's reply is too long")
)

// StatusError is a server's refusal of a request.
type StatusError struct {
	Status int
	Detail string // what the server said of it, on one line
}

func (e *StatusError) Error() string {
	return fmt.Sprintf("the model's server says %d: %s", e.Status, e.Detail)
}

// maxTries bounds how often one request is written anew for a server that takes
// other fields.
const maxTries = 6

// Ask asks for a reply. What a server does not take is left out and remembered
// for a while.
func (c *Client) Ask(ctx context.Context, r Request) (_ Reply, err error) {
	ctx, end := trace.Span(ctx, "model", slog.String("model", c.server.Model))
	defer func() { end(err) }()
	ctx, cancel := context.WithTimeout(ctx, c.server.Timeout)
	defer cancel()
	began := time.Now()
	var used Usage
	form := c.form()
	for try := 1; ; try++ {
		reply, err := c.once(ctx, r, form)
		used.Add(reply.Usage)
		if err != nil && try < maxTries {
			if next, why := form.mended(err); why != "" {
				c.log.InfoContext(ctx, "the model's server takes another form of request", "without", why, "error", err)
				c.features.learn(form, next)
				form = next
				continue
			}
		}
		if c.health.note(err) {
			c.log.WarnContext(ctx, "the model fails", "model", c.server.Model, "error", err)
		}
		reply.Usage, reply.Elapsed = used, time.Since(began)
		return reply, err
	}
}

// once sends one request in one form.
func (c *Client) once(ctx context.Context, r Request, f form) (Reply, error) {
	body, err := json.Marshal(f.body(c.server.Model, r))
	if err != nil {
		return Reply{}, fmt.Errorf("write the request: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.server.URL+"/chat/completions", bytes.NewReader(body))
	if err != nil {
		return Reply{}, fmt.Errorf("write the request: %w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "text/event-stream, application/json")
	if c.server.Key != "" {
		req.Header.Set("Authorization", "Bearer "+c.server.Key)
		if strings.HasSuffix(req.URL.Hostname(), ".azure.com") {
			req.Header.Set("Api-Key", c.server.Key)
		}
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return Reply{}, fmt.Errorf("ask the model: %w", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		raw, _ := io.ReadAll(io.LimitReader(resp.Body, maxError))
		return Reply{}, &StatusError{resp.StatusCode, detail(raw)}
	}
	text, err := read(resp.Body)
	if err != nil {
		return Reply{Usage: text.usage(r)}, err
	}
	return text.reply(r)
}
