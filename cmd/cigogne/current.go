package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"cigogne/internal/answer"
	"cigogne/internal/assistant"
	"cigogne/internal/kit"
	"cigogne/internal/lang"
	"cigogne/internal/ledger"
	"cigogne/internal/post"
	"cigogne/internal/quality"
	"cigogne/internal/replay"
	"cigogne/internal/surface/httpd"
	"cigogne/internal/workbench"
)

// current answers from the generation in force: when a harvest or a fetch has
// made a new one, another house takes over, and the old one is closed once
// nobody is in it. Conversations begin anew then, once a night.
type current struct {
	*program

	keeper  *keeper                // nil: answers are not kept
	posters map[string]post.Poster // who tells what changed in what is followed, by place
	base    string                 // public address of the site

	stirred atomic.Int64           // questions and moves so far: whether it is quiet
	rates   map[string]*httpd.Rate // that hold over all servers, by name

	mu sync.RWMutex
	in *tenancy
}

// tenancy is a house with those who are in it.
type tenancy struct {
	house      *house
	assistant  *assistant.Assistant
	artist     artist
	guide      *assistant.Guide
	bench      *workbench.Bench
	replayer   *replay.Replayer // nil: answers are not kept
	kits       []*kit.Kit
	quality    sync.Mutex                    // held while publishers are judged
	publishers map[string]*quality.Publisher // by name, nil until one is asked for
	generation string
	guests     sync.WaitGroup
}

// openCurrent opens the generation in force.
func openCurrent(ctx context.Context, p *program) (*current, error) {
	k := openKeeper(ctx, p, p.lasting)
	t, err := move(ctx, p, k)
	if err != nil {
		k.Close()
		return nil, err
	}
	return &current{program: p, keeper: k, in: t}, nil
}

// move builds a house and warms it: its first guest waits for nothing.
func move(ctx context.Context, p *program, k *keeper) (t *tenancy, err error) {
	h := newHouse(p)
	h.keeper = k
	defer func() {
		if err != nil {
			h.Close()
		}
	}()
	t = &tenancy{house: h}
	if gen, err := h.generation(ctx); err == nil && gen != nil { // one that is damaged is looked for again
		t.generation = gen.ID
	}
	if t.assistant, err = h.assistant(ctx, ""); err != nil {
		return nil, err
	}
	settings, err := p.settings()
	if err != nil {
		return nil, err
	}
	if repeats(settings, p.engine) {
		t.assistant.Repeat(rememberedAnswers)
	}
	lib, err := h.library(ctx)
	if err != nil {
		return nil, err
	}
	if t.artist, err = h.artist(ctx); err != nil {
		return nil, err
	}
	t.guide = assistant.NewGuide(lib)
	if _, err := lib.Index(ctx); err != nil {
		return nil, fmt.Errorf("open the index: %w", err)
	}
	if _, err := t.guide.Find(ctx, assistant.Browse{Limit: 1}, lang.French); err != nil {
		return nil, err
	}
	if t.bench, err = h.bench(ctx); err != nil {
		return nil, err
	}
	if t.kits, err = p.kits(); err != nil {
		p.log.ErrorContext(ctx, "a theme kit is left out", "error", err)
	}
	if k != nil {
		if t.replayer, err = h.replayer(ctx, k, true); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// close closes the house once nobody is in it.
func (t *tenancy) close() {
	t.guests.Wait()
	if t.replayer != nil {
		t.replayer.Close()
	}
	t.bench.Close()
	t.house.Close()
}

// Close closes the house in force.
func (c *current) Close() {
	t, leave := c.enter()
	leave()
	t.close()
	c.keeper.Close()
}

func (c *current) enter() (t *tenancy, leave func()) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	c.in.guests.Add(1)
	return c.in, c.in.guests.Done
}

// watch looks for a new generation until ctx ends.
func (c *current) watch(ctx context.Context, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := c.renew(ctx); err != nil {
				c.log.ErrorContext(ctx, "new generation not opened; the one before answers", "error", err)
			}
			if err := c.announce(ctx); err != nil {
				c.log.ErrorContext(ctx, "what is followed not looked at", "error", err)
			}
		}
	}
}

// renew moves to the generation in force where it is another one.
func (c *current) renew(ctx context.Context) error {
	gen, err := newHouse(c.program).generation(ctx)
	if err != nil || gen == nil {
		return err
	}
	c.mu.RLock()
	same := c.in.generation == gen.ID
	c.mu.RUnlock()
	if same {
		return nil
	}
	next, err := move(ctx, c.program, c.keeper)
	if err != nil {
		return err
	}
	c.mu.Lock()
	old := c.in
	c.in = next
	c.mu.Unlock()
	c.stirred.Add(1)
	go old.close()
	return nil
}

// Ask implements the surfaces' Asker.
func (c *current) Ask(ctx context.Context, q assistant.Question) (*answer.Answer, error) {
	t, leave := c.enter()
	defer leave()
	c.stirred.Add(1)
	return t.assistant.Ask(ctx, q)
}

// Replay computes a kept answer again and says what came of it; "" where there
// is nothing to compute, or no ledger.
func (c *current) Replay(ctx context.Context, id string, l lang.Lang) (string, error) {
	t, leave := c.enter()
	defer leave()
	if t.replayer == nil {
		return "", nil
	}
	report, err := t.replayer.Replay(ctx, id)
	if errors.Is(err, ledger.ErrUnknown) || err == nil && report.State == replay.Nothing {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return report.Sentence(l), nil
}

// Describe implements the surfaces' Guide.
func (c *current) Describe(ctx context.Context, key string, l lang.Lang) (*assistant.Description, error) {
	t, leave := c.enter()
	defer leave()
	return t.guide.Describe(ctx, key, l)
}

// Find implements the surfaces' Guide.
func (c *current) Find(ctx context.Context, b assistant.Browse, l lang.Lang) (*assistant.Found, error) {
	t, leave := c.enter()
	defer leave()
	return t.guide.Find(ctx, b, l)
}

// Names implements the surfaces' Guide.
func (c *current) Names(ctx context.Context, beginning string, limit int) ([]string, int, error) {
	t, leave := c.enter()
	defer leave()
	return t.guide.Names(ctx, beginning, limit)
}

// Readings are questions that go on from an answer.
func (c *current) Readings(a *answer.Answer) []string {
	t, leave := c.enter()
	defer leave()
	return t.guide.Readings(a)
}

// Overview tells what there is to ask.
func (c *current) Overview(ctx context.Context) (assistant.Overview, error) {
	t, leave := c.enter()
	defer leave()
	return t.guide.Overview(ctx)
}

// Quality is what a publisher publishes and how fit for use it is, nil where
// nobody has that name. All are judged when one is asked for first: seconds, where
// thousands of records are kept.
func (c *current) Quality(ctx context.Context, name string) (*quality.Publisher, error) {
	t, leave := c.enter()
	defer leave()
	t.quality.Lock()
	defer t.quality.Unlock()
	if t.publishers == nil {
		lib, err := t.house.library(ctx)
		if err != nil {
			return nil, err
		}
		asked, err := askedOf(ctx, c.program)
		if err != nil {
			return nil, err
		}
		sheets, err := c.program.judged(ctx, lib, asked, wanted{})
		if err != nil {
			return nil, err
		}
		t.publishers = map[string]*quality.Publisher{}
		r := quality.Reported(sheets)
		for i := range r.Publishers {
			t.publishers[r.Publishers[i].Name] = &r.Publishers[i]
		}
	}
	return t.publishers[name], nil
}

// Kits are the theme kits. One that cannot be used is left out, and logged.
func (c *current) Kits() []*kit.Kit {
	t, leave := c.enter()
	defer leave()
	return t.kits
}

// Questions are good ones to start with: the annotations' own.
func (c *current) Questions(l lang.Lang) []string {
	t, leave := c.enter()
	defer leave()
	var out []string
	for _, a := range t.house.known().Annotations {
		for _, q := range a.Questions[:min(2, len(a.Questions))] {
			out = append(out, q.In(l))
		}
	}
	return out
}

// SVG draws an answer's chart; chart.ErrNone where it has none.
func (c *current) SVG(a *answer.Answer) ([]byte, error) {
	t, leave := c.enter()
	defer leave()
	return t.artist.SVG(a)
}

// Gist is what an answer's chart shows, in a sentence; "" where it has none.
func (c *current) Gist(a *answer.Answer) string {
	t, leave := c.enter()
	defer leave()
	return t.artist.Gist(a)
}

// Inline draws the same to stand within a page, and for a telephone's width.
func (c *current) Inline(a *answer.Answer) (wide, narrow []byte, err error) {
	t, leave := c.enter()
	defer leave()
	return t.artist.Inline(a)
}

// PNG draws the same as a picture of dots.
func (c *current) PNG(a *answer.Answer) ([]byte, error) {
	t, leave := c.enter()
	defer leave()
	return t.artist.PNG(a)
}
