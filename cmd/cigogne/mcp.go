package main

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"strings"

	"github.com/spf13/cobra"

	"cigogne/internal/answer"
	"cigogne/internal/lang"
	"cigogne/internal/surface"
	"cigogne/internal/surface/httpd"
	"cigogne/internal/surface/kept"
	"cigogne/internal/surface/mcp"
	"cigogne/internal/surface/queue"
	"cigogne/internal/warehouse"
	"cigogne/internal/workbench"
)

func mcpCommand(p *program) *cobra.Command {
	var base string
	c := p.command("mcp", "", nothing, func(ctx context.Context, _ []string) error { return answerAgents(ctx, p, base) })
	c.Flags().StringVar(&base, "url", "", p.say("cli.flag_links"))
	return c
}

// answerAgents speaks the Model Context Protocol on standard input and output,
// until the input ends. Nothing else is written there.
func answerAgents(ctx context.Context, p *program, base string) error {
	if _, err := (serving{base: base}).client(p.lang()); err != nil {
		return err
	}
	c, err := openCurrent(ctx, p)
	if err != nil {
		return err
	}
	defer c.Close()
	parts := agents(c, queue.New(c, queue.Limits{AtOnce: runtime.GOMAXPROCS(0)}), c.answers())
	parts.Base = strings.TrimRight(base, "/")
	server, err := mcp.New(parts)
	if err != nil {
		return err
	}
	go c.watch(ctx, renewal)
	return server.Serve(ctx, p.in, p.out)
}

// agents are the parts of the server for agents, but for those of HTTP.
func agents(c *current, line surface.Asker, answers *kept.Store) mcp.Parts {
	return mcp.Parts{
		Asker: line, Answers: answers, Guide: c, Runner: lined{queryLine(), c}, Questions: c.Questions,
		Version: version(), Log: c.log,
	}
}

// answers finds answers in the ledger, and those of this process.
func (c *current) answers() *kept.Store {
	answers := kept.New(keptAnswers)
	if c.keeper != nil {
		answers.Over(c.keeper)
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
	lib, err := h.library(ctx)
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

// agentsOverHTTP is the handler of /mcp.
func agentsOverHTTP(c *current, line surface.Asker, answers *kept.Store, rate *httpd.Rate, client httpd.Client, base string) (*mcp.Server, error) {
	p := agents(c, line, answers)
	p.Rate, p.Client, p.Base = rate, client, base
	return mcp.New(p)
}
