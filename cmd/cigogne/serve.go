package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"runtime"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"cigogne/internal/answer/chart"
	"cigogne/internal/lang"
	"cigogne/internal/store"
	"cigogne/internal/surface"
	"cigogne/internal/surface/api"
	"cigogne/internal/surface/feed"
	"cigogne/internal/surface/httpd"
	"cigogne/internal/surface/kept"
	"cigogne/internal/surface/queue"
	"cigogne/internal/surface/web"
	"cigogne/internal/texts"
)

const (
	maxBody          = 256 << 10 // bytes of a request: a long conversation of a chat front end
	keptAnswers      = 2000
	pagesPerQuestion = 20
	renewal          = 30 * time.Second // how soon a new generation is answered from
)

// serving is what `serve` is told.
type serving struct {
	addr    string
	base    string // public address
	rate    int    // questions a minute and address
	proxies string // networks whose X-Forwarded-… is believed
	nightly string // hour of the nightly refresh; "": none
	private bool   // which may reach private addresses
	metrics string // address for Prometheus; "": none
}

func serveCommand(p *program) *cobra.Command {
	var sv serving
	c := p.command("serve", "", nothing, func(ctx context.Context, _ []string) error { return serveSite(ctx, p, sv) })
	c.Example = p.say("cli.example_serve")
	c.Flags().StringVar(&sv.addr, "addr", "127.0.0.1:8080", p.say("cli.flag_addr"))
	c.Flags().StringVar(&sv.base, "url", "", p.say("cli.flag_url"))
	c.Flags().IntVar(&sv.rate, "rate", 60, p.say("cli.flag_rate"))
	c.Flags().StringVar(&sv.proxies, "proxy", "", p.say("cli.flag_proxy"))
	c.Flags().StringVar(&sv.nightly, "nightly", "", p.say("cli.flag_nightly"))
	c.Flags().BoolVar(&sv.private, "allow-private", false, p.say("cli.flag_private"))
	c.Flags().StringVar(&sv.metrics, "metrics", "", p.say("cli.flag_metrics"))
	return c
}

func serveSite(ctx context.Context, p *program, sv serving) error {
	// A site's answers have addresses that last: it has a data directory. Where
	// there can be none, they last as long as the process.
	p.lasting = true
	if dir, err := p.dataDir(); err == nil {
		_ = os.MkdirAll(dir, 0o755)
	}
	if st, err := p.store(store.Write); err == nil { // else what opens it next says why
		h := newHouse(p)
		h.upToDate(ctx, st)
		h.Close()
	}
	c, err := openCurrent(ctx, p)
	if err != nil {
		return err
	}
	defer c.Close()
	night, err := newNightly(p, sv.nightly, sv.private)
	if err != nil {
		return err
	}
	queued, answers := newLine(c), c.answers()
	m := newMetrics(c, queued.Waiting)
	line := measured{queued, m, c.keeper != nil}
	handler, err := siteOver(c, line, answers, sv)
	if err != nil {
		return err
	}
	settings, err := p.settings()
	if err != nil {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", sv.addr)
	if err != nil {
		return told{p.say("cli.cannot_listen_on_address_is_taken", "addr", sv.addr)}
	}
	fmt.Fprintln(p.err, p.say("cli.cigogne_answers_at_http_ctrl_c", "addr", listener.Addr()))
	if sv.metrics != "" {
		if err := m.serve(ctx, sv.metrics, c); err != nil {
			return err
		}
	}
	if night != nil {
		rested := make(chan struct{})
		go func() {
			defer close(rested)
			c.keeps(ctx, "nightly refresh", night.schedule)
		}()
		defer func() { <-rested }()
	}
	if month := newMonthly(p, settings, strings.TrimRight(sv.base, "/"), sv.private); month != nil {
		go c.keeps(ctx, "monthly report", month.schedule)
	}
	rest, err := c.startBots(ctx, settings, line, answers, sv.base, sv.private)
	if err != nil {
		return err
	}
	defer rest()
	renewed := renewal
	if settings.Store.Set() {
		renewed = settings.Store.Looks()
	}
	go c.watch(ctx, renewed)
	go c.rest(ctx, restAfter)
	c.evens(ctx)
	go c.forget(ctx, settings.Ledger.KeepDays)
	return httpd.Serve(ctx, listener, handler, p.log)
}

// keeps does what is to be done time and again, and logs why it no longer is.
func (c *current) keeps(ctx context.Context, what string, schedule func(context.Context) error) {
	if err := schedule(ctx); err != nil {
		c.log.ErrorContext(ctx, what, "error", err)
	}
}

// newLine is where questions wait for their turn.
func newLine(c *current) *queue.Queue {
	return queue.New(c, queue.Limits{AtOnce: 2 * runtime.GOMAXPROCS(0)})
}

// siteOver is pages, programs and agents, over a line and answers that they share.
func siteOver(c *current, asker surface.Asker, answers *kept.Store, sv serving) (http.Handler, error) {
	client, err := sv.client(c.lang())
	if err != nil {
		return nil, err
	}
	rate := c.even("ask", httpd.NewRate(sv.rate))
	path, err := discovery()
	if err != nil {
		return nil, err
	}
	settings, err := c.settings()
	if err != nil {
		return nil, err
	}
	base := strings.TrimRight(sv.base, "/")
	parts := web.Parts{
		Asker: asker, Answers: answers, Guide: c, Questions: c.Questions, Overview: c.Overview, Kits: c.Kits, Quality: c.Quality, Brief: newBriefs(c, answers).of, Paper: printing(), Discover: path, Publisher: settings.Publisher, Gist: c.Gist, Replay: c.Replay, Chart: c.SVG, Inline: c.Inline, PNG: c.PNG, Picture: chart.Card,
		Rate: rate, Client: client, Days: c.keepDays(), Base: base, Log: c.log,
		Gate: c.staffOnly(settings.Staff, atBase(base, client)),
	}
	if c.keeper != nil && c.keeper.shared {
		parts.Threads = c.keeper
	}
	if c.keeper != nil {
		d := &desk{c: c}
		parts.Wanted, parts.Vote, parts.Report = d.wanted, d.vote, d.report
	} else {
		parts.Gate = nil
	}
	pages, err := web.New(parts)
	if err != nil {
		return nil, err
	}
	programs := api.New(api.Parts{Asker: asker, Answers: answers, Guide: c, Base: base, Rate: rate, Client: client, Log: c.log})
	agents, err := agentsOverHTTP(c, asker, answers, rate, client, base)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = w.Write([]byte("ok\n"))
	})
	mux.HandleFunc("GET /readyz", c.ready)
	// Pages and searches cost little, but not nothing: each address may make
	// many times as many requests as it may ask questions.
	all := c.even("page", httpd.NewRate(pagesPerQuestion*sv.rate))
	mux.Handle("/api/", httpd.Limit(programs, all, client))
	mux.Handle("/v1/", httpd.Limit(programs, all, client))
	mux.Handle("/mcp", httpd.Limit(agents.Handler(), all, client))
	feeds := httpd.Limit(feed.New(feed.Parts{Answers: answers, Guide: c, Moved: c.moved, Client: client, Base: base, Log: c.log}), all, client)
	for _, path := range []string{"GET /feed.atom", "GET /a/{id}/feed.atom", "GET /dataset/{id}/feed.atom"} {
		mux.Handle(path, feeds)
	}
	mux.Handle("/", httpd.Limit(pages, all, client))
	return httpd.Harden(mux, maxBody, c.log), nil
}

// ready tells who spreads requests over several sites whether this one takes
// them: it answers, and keeps what it answers.
func (c *current) ready(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	if c.keeper != nil {
		if _, err := c.keeper.writable(r.Context()); err != nil {
			w.WriteHeader(http.StatusServiceUnavailable)
			_, _ = fmt.Fprintln(w, sentence(err, httpd.Language(r)))
			return
		}
	}
	_, _ = fmt.Fprintln(w, "ok")
}

// client reads the networks of proxies and the public address.
func (sv serving) client(l lang.Lang) (httpd.Client, error) {
	var c httpd.Client
	if u, err := url.Parse(sv.base); sv.base != "" && (err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https") {
		return c, told{texts.Say(l, "cli.url_not_http_address", "base", sv.base)}
	}
	var bad error
	for _, s := range strings.FieldsFunc(sv.proxies, func(r rune) bool { return r == ',' || r == ' ' }) {
		p, err := netip.ParsePrefix(s)
		if err != nil {
			if a, e := netip.ParseAddr(s); e == nil {
				p, err = a.Prefix(a.BitLen())
			}
		}
		bad = errors.Join(bad, err)
		c.Proxies = append(c.Proxies, p)
	}
	if bad != nil {
		return c, told{texts.Say(l, "cli.proxy_not_networks_as_10_0", "proxies", sv.proxies)}
	}
	return c, nil
}
