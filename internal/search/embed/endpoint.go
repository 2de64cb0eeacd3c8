package embed

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	openai "github.com/sashabaranov/go-openai"

	"cigogne/internal/lang"
)

// EndpointConfig says how to reach an OpenAI-compatible embeddings server.
type EndpointConfig struct {
	BaseURL       string // up to and with /v1
	Key           string // may be empty
	Model         string
	QueryModel    string       // for questions, where a server tells them by the model's name; empty: Model
	QueryPrefix   string       // what the model wants before a question ("query: "); empty: nothing
	PassagePrefix string       // what it wants before a text to be found ("passage: ")
	Batch         int          // texts a request; 0: 64
	MaxText       int          // bytes of a text sent; 0: 2000
	Cache         string       // file that keeps vectors by content; empty: none is kept
	HTTP          *http.Client // nil: http.DefaultClient
	Log           *slog.Logger // of how far a run is; nil: silence

	Timeout      time.Duration // of a request with datasets' texts; 0: a minute
	QueryTimeout time.Duration // of a question, for somebody waits; 0: 5 s
	Rest         time.Duration // for how long a server that failed a question is not asked another; 0: 30 s
}

// withDefaults fills what was left at zero.
func (c EndpointConfig) withDefaults() EndpointConfig {
	c.Batch = cmp.Or(max(0, c.Batch), 64)
	c.MaxText = cmp.Or(max(0, c.MaxText), 2000)
	c.QueryModel = cmp.Or(c.QueryModel, c.Model)
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	c.Timeout = cmp.Or(c.Timeout, time.Minute)
	c.QueryTimeout = cmp.Or(c.QueryTimeout, 5*time.Second)
	c.Rest = cmp.Or(c.Rest, 30*time.Second)
	return c
}

// Endpoint embeds through a server. Texts embedded once are kept in the cache
// file, batch by batch: a run that was cut goes on where it stopped, and an
// unchanged text is never sent twice.
type Endpoint struct {
	c      EndpointConfig
	client *openai.Client
	retry  time.Duration // before the second try; doubled each time

	mu   sync.Mutex
	wake time.Time // until then the server rests
}

// errRest says that the server failed a moment ago and is left alone.
var errRest = errors.New("embeddings server failed a moment ago")

// NewEndpoint prepares an endpoint; nothing is sent yet.
func NewEndpoint(c EndpointConfig) (*Endpoint, error) {
	if c.BaseURL == "" || c.Model == "" {
		return nil, errors.New("an embeddings server needs an address and a model")
	}
	c = c.withDefaults()
	oc := openai.DefaultConfig(c.Key)
	oc.BaseURL = strings.TrimRight(c.BaseURL, "/")
	if c.HTTP != nil {
		oc.HTTPClient = c.HTTP
	}
	return &Endpoint{c: c, client: openai.NewClientWithConfig(oc), retry: 500 * time.Millisecond}, nil
}

// Name identifies the model and how texts are given to it, not the server that
// happens to run it.
func (e *Endpoint) Name() string {
	h := sha256.Sum256(fmt.Appendf(nil, "%s\x00%s\x00%s\x00%d", e.c.QueryModel, e.c.QueryPrefix, e.c.PassagePrefix, e.c.MaxText))
	return fmt.Sprintf("%s-%x", e.c.Model, h[:4])
}

// Query embeds a question. Somebody waits for it, so the server is asked once;
// one that fails is not asked again for a while.
func (e *Endpoint) Query(ctx context.Context, text string) ([]float32, error) {
	e.mu.Lock()
	resting := time.Now().Before(e.wake)
	e.mu.Unlock()
	if resting {
		return nil, errRest
	}
	bounded, cancel := context.WithTimeout(ctx, e.c.QueryTimeout)
	defer cancel()
	vs, err := e.sendOnce(bounded, e.c.QueryModel, []string{e.c.QueryPrefix + e.clip(text)})
	if err != nil {
		if ctx.Err() == nil {
			e.mu.Lock()
			e.wake = time.Now().Add(e.c.Rest)
			e.mu.Unlock()
		}
		return nil, err
	}
	return vs[0], nil
}

// Passages embeds datasets' texts: title, keywords and description as one.
func (e *Endpoint) Passages(ctx context.Context, texts []Passage) (_ [][]float32, err error) {
	cache, err := openCache(e.c.Cache, e.Name())
	if err != nil {
		return nil, err
	}
	defer func() {
		if e := cache.Close(); err == nil {
			err = e
		}
	}()
	out := make([][]float32, len(texts))
	var todo []int
	inputs := make([]string, len(texts))
	for i, t := range texts {
		inputs[i] = e.c.PassagePrefix + e.clip(t.String())
		if out[i] = cache.get(inputs[i]); out[i] == nil {
			todo = append(todo, i)
		}
	}
	for len(todo) > 0 {
		batch := todo[:min(e.c.Batch, len(todo))]
		todo = todo[len(batch):]
		send := make([]string, len(batch))
		for k, i := range batch {
			send[k] = inputs[i]
		}
		vs, err := e.send(ctx, e.c.Model, send)
		if err != nil {
			return nil, fmt.Errorf("embed texts (%d left): %w", len(todo)+len(batch), err)
		}
		if err := cache.put(send, vs); err != nil {
			return nil, err
		}
		for k, i := range batch {
			out[i] = vs[k]
		}
		e.c.Log.InfoContext(ctx, "texts embedded", "model", e.c.Model, "left", len(todo))
	}
	return out, nil
}

// String is the passage as one text.
func (p Passage) String() string {
	var b strings.Builder
	b.WriteString(p.Title)
	if len(p.Keywords) > 0 {
		b.WriteString(". " + strings.Join(p.Keywords, ", "))
	}
	if p.Text != "" {
		b.WriteString(". " + p.Text)
	}
	return b.String()
}

func (e *Endpoint) clip(s string) string {
	return lang.CutBytes(strings.ToValidUTF8(s, ""), e.c.MaxText)
}

const tries = 4

// send asks for one batch; a server that is busy or stumbles is asked again.
func (e *Endpoint) send(ctx context.Context, model string, texts []string) ([][]float32, error) {
	wait := e.retry
	for n := 1; ; n++ {
		bounded, cancel := context.WithTimeout(ctx, e.c.Timeout)
		vs, err := e.sendOnce(bounded, model, texts)
		cancel()
		if err == nil || n == tries || !temporary(err) {
			return vs, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(wait):
			wait *= 2
		}
	}
}

var errAnswer = errors.New("embeddings server gave an answer that does not fit")

func (e *Endpoint) sendOnce(ctx context.Context, model string, texts []string) ([][]float32, error) {
	r, err := e.client.CreateEmbeddings(ctx, openai.EmbeddingRequestStrings{Input: texts, Model: openai.EmbeddingModel(model)})
	if err != nil {
		return nil, fmt.Errorf("ask embeddings server: %w", err)
	}
	out := make([][]float32, len(texts))
	dims := 0
	for _, d := range r.Data {
		if d.Index < 0 || d.Index >= len(out) || out[d.Index] != nil || len(d.Embedding) == 0 || dims != 0 && len(d.Embedding) != dims {
			return nil, errAnswer
		}
		dims = len(d.Embedding)
		unit(d.Embedding)
		out[d.Index] = d.Embedding
	}
	for _, v := range out {
		if v == nil {
			return nil, errAnswer
		}
	}
	return out, nil
}

// temporary tells whether asking again may help.
func temporary(err error) bool {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return false
	}
	var api *openai.APIError
	if errors.As(err, &api) {
		return api.HTTPStatusCode == http.StatusTooManyRequests || api.HTTPStatusCode >= 500
	}
	var req *openai.RequestError
	if errors.As(err, &req) {
		return req.HTTPStatusCode == http.StatusTooManyRequests || req.HTTPStatusCode >= 500 || req.HTTPStatusCode == 0
	}
	return false
}
