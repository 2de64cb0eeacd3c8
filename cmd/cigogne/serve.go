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

	"cigogne/internal/answer/chart"
	"cigogne/internal/config"
	"cigogne/internal/lang"
	"cigogne/internal/surface/api"
	"cigogne/internal/surface/httpd"
	"cigogne/internal/surface/kept"
	"cigogne/internal/surface/queue"
	"cigogne/internal/surface/web"
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
}

func serveCommand(ctx context.Context, args []string, io stdio) error {
	var o options
	var sv serving
	fs := flags("serve", io)
	o.register(fs)
	fs.StringVar(&sv.addr, "addr", "127.0.0.1:8080", "`HOST:PORT` to listen on")
	fs.StringVar(&sv.base, "url", "", "public `ADDRESS` of the site, as https://data.example.org (default: each request's own)")
	fs.IntVar(&sv.rate, "rate", 60, "questions a minute from one address; 0: as many as it likes")
	fs.StringVar(&sv.proxies, "proxy", "", "`NETWORKS` of reverse proxies to believe, as 10.0.0.0/8,127.0.0.1/32")
	rest, err := parse(fs, args)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return errUsage
	}
	// A site's answers have addresses that last: it has a data directory. Where
	// there can be none, they last as long as the process.
	if dir, err := dataDir(o, io); err == nil {
		_ = os.MkdirAll(dir, 0o755)
	}
	c, err := openCurrent(ctx, o, io)
	if err != nil {
		return err
	}
	defer c.Close()
	line, answers := newLine(c), c.answers()
	handler, err := siteOver(c, line, answers, sv, io)
	if err != nil {
		return err
	}
	settings, err := config.Load(o.config, io.env)
	if err != nil {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", sv.addr)
	if err != nil {
		return told{fmt.Sprintf(io.lang().Pick("Impossible d'écouter sur %s : l'adresse est prise ou n'est pas à cette machine.", "Cannot listen on %s: the address is taken or is not this machine's."), sv.addr)}
	}
	fmt.Fprintf(io.err, io.lang().Pick("Cigogne répond sur http://%s ; Ctrl+C l'arrête.\n", "Cigogne answers at http://%s; Ctrl+C stops it.\n"), listener.Addr())
	go c.watch(ctx, renewal)
	if settings.Discord.Token != "" {
		bot, err := c.bot(settings.Discord, line, answers, sv.base, io)
		if err != nil {
			return err
		}
		done := make(chan struct{})
		go func() { // without the bot, the site goes on
			defer close(done)
			if err := botFault(bot.Run(ctx), io.lang()); err != nil {
				fmt.Fprintln(io.err, err)
			}
		}()
		defer func() { <-done }()
	}
	return httpd.Serve(ctx, listener, handler, logger(io))
}

// site is everything that serve answers over HTTP, with a line of its own.
func site(c *current, sv serving, io stdio) (http.Handler, error) {
	return siteOver(c, newLine(c), c.answers(), sv, io)
}

// newLine is where questions wait for their turn.
func newLine(c *current) *queue.Queue {
	return queue.New(c, queue.Limits{AtOnce: 2 * runtime.GOMAXPROCS(0)})
}

// siteOver is pages, programs and agents, over a line and answers that they share.
func siteOver(c *current, asker *queue.Queue, answers *kept.Store, sv serving, io stdio) (http.Handler, error) {
	client, err := sv.client(io.lang())
	if err != nil {
		return nil, err
	}
	log := logger(io)
	rate := httpd.NewRate(sv.rate)
	drawings, err := newHouse(c.o, io).artist()
	if err != nil {
		return nil, err
	}
	pages, err := web.New(web.Parts{
		Asker: asker, Answers: answers, Guide: c, Questions: c.Questions, Replay: c.Replay, Chart: drawings.SVG, Narrow: drawings.Narrow, Picture: chart.Card,
		Unknown: kept.ErrUnknown, Busy: queue.ErrBusy, Rate: rate, Client: client, Base: strings.TrimRight(sv.base, "/"), Log: log,
	})
	if err != nil {
		return nil, err
	}
	programs := api.New(api.Parts{Asker: asker, Answers: answers, Guide: c, Base: strings.TrimRight(sv.base, "/"), Unknown: kept.ErrUnknown, Busy: queue.ErrBusy, Rate: rate, Client: client, Log: log})
	agents, err := agentsOverHTTP(c, asker, answers, rate, client, strings.TrimRight(sv.base, "/"), io)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = w.Write([]byte("ok\n"))
	})
	// Pages and searches cost little, but not nothing: each address may make
	// many times as many requests as it may ask questions.
	all := httpd.NewRate(pagesPerQuestion * sv.rate)
	mux.Handle("/api/", httpd.Limit(programs, all, client))
	mux.Handle("/v1/", httpd.Limit(programs, all, client))
	mux.Handle("/mcp", httpd.Limit(agents.Handler(), all, client))
	mux.Handle("/", httpd.Limit(pages, all, client))
	return httpd.Harden(mux, maxBody, log), nil
}

// client reads the networks of proxies and the public address.
func (sv serving) client(l lang.Lang) (httpd.Client, error) {
	var c httpd.Client
	if u, err := url.Parse(sv.base); sv.base != "" && (err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https") {
		return c, told{fmt.Sprintf(l.Pick("--url %s : ce n'est pas une adresse http.", "--url %s: not an http address."), sv.base)}
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
		return c, told{fmt.Sprintf(l.Pick("--proxy %s : ce ne sont pas des réseaux, comme 10.0.0.0/8.", "--proxy %s: not networks, as 10.0.0.0/8."), sv.proxies)}
	}
	return c, nil
}
