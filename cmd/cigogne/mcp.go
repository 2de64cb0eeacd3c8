package main

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"runtime"
	"runtime/debug"
	"strings"

	"cigogne/internal/answer"
	"cigogne/internal/lang"
	"cigogne/internal/ledger"
	"cigogne/internal/surface/httpd"
	"cigogne/internal/surface/kept"
	"cigogne/internal/surface/mcp"
	"cigogne/internal/surface/queue"
	"cigogne/internal/warehouse"
	"cigogne/internal/workbench"
)

// mcpCommand speaks the Model Context Protocol on standard input and output,
// until the input ends. Nothing else is written there.
func mcpCommand(ctx context.Context, args []string, io stdio) error {
	var o options
	fs := flags("mcp", io)
	o.register(fs)
	base := fs.String("url", "", "public `ADDRESS` of the site that shows the same data directory, for links to answers")
	rest, err := parse(fs, args)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return errUsage
	}
	if u, err := url.Parse(*base); *base != "" && (err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https") {
		return told{fmt.Sprintf(io.lang().Pick("--url %s : ce n'est pas une adresse http.", "--url %s: not an http address."), *base)}
	}
	c, err := openCurrent(ctx, o, io)
	if err != nil {
		return err
	}
	defer c.Close()
	p := agents(c, queue.New(c, queue.Limits{AtOnce: runtime.GOMAXPROCS(0)}), c.answers(), io)
	p.Base = strings.TrimRight(*base, "/")
	server, err := mcp.New(p)
	if err != nil {
		return err
	}
	go c.watch(ctx, renewal)
	return server.Serve(ctx, io.in, io.out)
}

// agents are the parts of the server for agents, but for those of HTTP.
func agents(c *current, line *queue.Queue, answers *kept.Store, io stdio) mcp.Parts {
	return mcp.Parts{
		Asker: line, Answers: answers, Guide: c, Runner: lined{queryLine(), c}, Questions: c.Questions, Lasting: c.keeper != nil,
		Unknown: kept.ErrUnknown, Busy: queue.ErrBusy, Version: version(), Log: logger(io),
	}
}

// answers finds answers in the ledger, and those of this process.
func (c *current) answers() *kept.Store {
	answers := kept.New(keptAnswers)
	if c.keeper != nil {
		answers.Over(c.keeper.led, ledger.ErrUnknown)
	}
	return answers
}

// lined runs the queries of agents in a line of their own: a query may take a
// hundred times as long as a question, and no question waits for one.
type lined struct {
	line *queue.Queue
	c    *current
}

// queryLine is where agents' queries wait: as many run at once as there are
// children for them, and one of each address. Who asks over standard input is
// alone.
func queryLine() *queue.Queue {
	return queue.New(nil, queue.Limits{AtOnce: sqlChildren, Share: 1, Own: 8})
}

func (x lined) Plan(ctx context.Context, raw []byte, l lang.Lang) (a *answer.Answer, err error) {
	err = x.line.Do(ctx, mcp.Sender(ctx), nil, func(ctx context.Context) error {
		t, leave := x.c.enter()
		defer leave()
		a, err = t.bench.Plan(ctx, raw, l)
		return err
	})
	return a, err
}

func (x lined) SQL(ctx context.Context, text string, rows int, l lang.Lang) (out *workbench.Table, err error) {
	err = x.line.Do(ctx, mcp.Sender(ctx), nil, func(ctx context.Context) error {
		t, leave := x.c.enter()
		defer leave()
		out, err = t.bench.SQL(ctx, text, rows, l)
		return err
	})
	return out, err
}

// bench runs queries that others write; SQL in children of this same program.
func (h *house) bench(ctx context.Context) (*workbench.Bench, error) {
	as, err := h.assistant(ctx, "")
	if err != nil {
		return nil, err
	}
	lib, err := h.library()
	if err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this program: %w", err)
	}
	return workbench.New(lib, as, warehouse.NewWorker(sqlChildren, self, "sqlworker")), nil
}

const sqlChildren = 2 // at once: each may hold some 280 MB

// version of this program, as Go recorded it.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}

// agentsOverHTTP is the handler of /mcp.
func agentsOverHTTP(c *current, line *queue.Queue, answers *kept.Store, rate *httpd.Rate, client httpd.Client, base string, io stdio) (*mcp.Server, error) {
	p := agents(c, line, answers, io)
	p.Rate, p.Client, p.Base = rate, client, base
	return mcp.New(p)
}
