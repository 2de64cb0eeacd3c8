package main

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	catalogue "cigogne/internal/harvest"
	"cigogne/internal/harvest/portal"
	"cigogne/internal/httpx"
	"cigogne/internal/refresh"
	"cigogne/internal/store"
)

// portalAt is where a portal is looked for, and its kind where that is known.
type portalAt struct{ url, kind string }

// portalsAtOnce is how many portals are read side by side. Each server has its
// own pace, whichever of them it belongs to.
const portalsAtOnce = 4

// collectSooner is by how many per cent the heap may grow before garbage is
// collected while portals are harvested.
const collectSooner = 40

// harvests are several portals being harvested: they are read side by side, each
// within its time limit, and kept as they come.
type harvests struct {
	p      *program
	how    harvesting
	run    refresh.Harvest
	client *httpx.Client
	dir    string // of the data
	bar    *progress
	models embedders

	mu  sync.Mutex
	far []catalogue.Report // how far each is
}

// read is a portal that was read, or why it was not.
type read struct {
	portalAt
	start   time.Time
	source  portal.Portal
	shelf   *httpx.Shelf
	reading *refresh.Reading
	err     error
}

// harvestEach harvests portals. One that fails keeps no other from it; of one
// that is asked for alone, the error is returned as it came.
func harvestEach(ctx context.Context, p *program, how harvesting, places []portalAt) error {
	house := newHouse(p)
	defer house.Close()
	h, err := newHarvests(ctx, p, house, how, len(places))
	if err != nil {
		return err
	}
	if err := h.run.Free(ctx); err != nil {
		return err
	}
	// A catalogue goes by in garbage: collected sooner, 100,000 datasets take a third less.
	defer debug.SetGCPercent(debug.SetGCPercent(collectSooner))
	h.bar = p.begin(h.title(places))
	defer h.bar.end()
	h.client = p.client(how.private, h.bar.say)
	came := h.start(ctx, places)
	failed := 0
	for left := len(places); left > 0; {
		ready := next(came)
		if left -= len(ready); left == 0 {
			h.bar.turn(p.say("cli.indexing"))
		}
		for i, err := range h.keep(ctx, ready) {
			if err == nil {
				continue
			}
			if len(places) == 1 || ctx.Err() != nil {
				return err
			}
			failed++
			h.bar.say(fmt.Sprintf("%s : %s", clean(ready[i].url), sentence(err, p.lang())))
		}
	}
	if failed > 0 {
		return told{p.say("cli.portals_failed", "n", failed, "of", len(places))}
	}
	return nil
}

func newHarvests(ctx context.Context, p *program, house *house, how harvesting, n int) (*harvests, error) {
	c, err := house.embedded()
	if err != nil {
		return nil, err
	}
	st, err := house.store(store.Write)
	if err != nil {
		return nil, err
	}
	house.upToDate(ctx, st)
	e, err := house.embedders()
	if err != nil {
		return nil, err
	}
	dir, err := p.dataDir()
	return &harvests{
		p: p, how: how, dir: dir, far: make([]catalogue.Report, n), models: e,
		run: refresh.Harvest{Store: st, Embedded: c.Datasets, Index: e.options(c.Annotations, p.log)},
	}, err
}

func (h *harvests) title(places []portalAt) string {
	if len(places) == 1 {
		return h.p.say("cli.harvesting", "url", clean(places[0].url))
	}
	return h.p.say("cli.harvesting_portals", "n", len(places))
}

// start reads the portals; each comes once, read or failed.
func (h *harvests) start(ctx context.Context, places []portalAt) <-chan read {
	came := make(chan read, len(places))
	turn := make(chan struct{}, portalsAtOnce)
	for i, at := range places {
		go func() {
			turn <- struct{}{}
			defer func() { <-turn }()
			came <- h.read(ctx, i, at)
		}()
	}
	return came
}

// next waits for a portal, and takes those that have come besides.
func next(came <-chan read) []read {
	ready := []read{<-came}
	for {
		select {
		case r := <-came:
			ready = append(ready, r)
		default:
			return ready
		}
	}
}

// read finds the portal at a place and reads it, within the time allowed. The
// pages it gives are kept on a shelf: those that have not changed are not sent
// again, and a run that was cut short goes on.
func (h *harvests) read(ctx context.Context, i int, at portalAt) read {
	r := read{portalAt: at, start: time.Now(), shelf: httpx.NewShelf(pagesOf(h.dir, at.url))}
	if r.shelf.Resumed() {
		h.bar.say(h.p.say("cli.resumed", "url", clean(at.url)))
	}
	limited, cancel := context.WithTimeout(ctx, h.how.limit)
	defer cancel()
	r.source, r.err = portal.Detect(limited, h.client.With(r.shelf), at.url, at.kind)
	if r.err == nil {
		r.reading, r.err = h.run.Read(limited, r.source, func(far catalogue.Report) { h.tell(i, far) })
	}
	if r.err != nil && limited.Err() != nil && ctx.Err() == nil {
		r.err = errors.Join(told{h.p.say("cli.portal_too_slow", "url", clean(at.url), "limit", h.how.limit.String())}, limited.Err())
	}
	return r
}

// tell shows how far all of them are together.
func (h *harvests) tell(i int, far catalogue.Report) {
	h.mu.Lock()
	h.far[i] = far
	done, all := 0, 0
	for _, r := range h.far {
		done += r.Datasets
		if r.Declared <= 0 {
			all = -1
		}
		if all >= 0 {
			all += r.Declared
		}
	}
	h.mu.Unlock()
	h.bar.at(done, all)
}

// keep keeps what was read, and prints it. The errors are in the order of the
// portals.
func (h *harvests) keep(ctx context.Context, ready []read) []error {
	failed := make([]error, len(ready))
	var readings []*refresh.Reading
	for _, r := range ready {
		if r.reading != nil {
			defer r.reading.Close()
			readings = append(readings, r.reading)
		}
	}
	var outcomes []refresh.Outcome
	var err error
	if len(readings) > 0 {
		outcomes, err = h.run.Keep(ctx, readings...)
	}
	for i, r := range ready {
		if failed[i] = r.err; r.reading == nil {
			h.settle(ctx, r, refresh.HarvestReport{}, r.err)
			continue
		}
		o := outcomes[0]
		outcomes = outcomes[1:]
		if o.Err == nil {
			o.Err = err
		}
		h.settle(ctx, r, o.HarvestReport, o.Err)
		if failed[i] = o.Err; o.Err == nil {
			failed[i] = r.tell(h.p, h.how, o.HarvestReport, h.models.remark(h.p.lang()))
		}
	}
	return failed
}

func (h *harvests) settle(ctx context.Context, r read, report refresh.HarvestReport, err error) {
	if kept := settle(r.shelf, report, err); kept != nil {
		h.p.log.WarnContext(ctx, "pages not put away", "error", kept)
	}
}
