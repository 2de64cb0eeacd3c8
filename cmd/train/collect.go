package main

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"sort"
	"sync"
	"time"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/library"
	"cigogne/internal/plan"
	"cigogne/internal/plan/ground"
	"cigogne/internal/plan/judge"
	"cigogne/internal/plan/lift"
	"cigogne/internal/plan/model"
	"cigogne/internal/plan/propose"
	"cigogne/internal/plan/rules"
	"cigogne/internal/query"
	"cigogne/internal/table"
	"cigogne/internal/territory"
	"cigogne/internal/warehouse"
)

// option is a plan of a question as the fit sees it.
type option struct {
	Shared  []int32 // groups of features that other plans of the question share
	Own     []weighed
	Result  []int32 // groups of features of the result's shape
	Right   bool
	Gold    bool   // the plan of the question's own SQL, or the same
	Corrupt bool   // a right plan with one thing changed: learnt from, never proposed
	Edit    string // what was changed, of propose's kinds
	Against bool   // a contradiction: never shown, whatever speaks for it
	Written bool   // by a model
	Near    []near // of what a model wrote: the plans one change away
	Answer  string // tells results apart
	Rows    int
	Plan    string // JSON, for those who look
}

// near is a plan one change away from another, before it is run.
type near struct {
	Kind   string // of change
	Shared []int32
	Own    []weighed
}

type weighed struct {
	Feature int32
	Value   float32
}

// example is a question with its plans.
type example struct {
	ID, Text, Set, Group, Kind string
	Groups                     [][]int32 // features of each group
	Vote                       string    // the answer of the older planner, "" where it has none
	Asked                      bool      // a model was
	Options                    []option
}

// collector grounds questions, lists their plans, runs them and notes which are
// right. Features get numbers as they come.
type collector struct {
	vectors ground.Vectors
	replies *replies // of a model, nil where none is learnt from
	mu      sync.Mutex
	ids     map[string]int32
	names   []string
}

func (c *collector) id(name string) int32 {
	c.mu.Lock()
	defer c.mu.Unlock()
	if i, ok := c.ids[name]; ok {
		return i
	}
	i := int32(len(c.names))
	c.ids[name] = i
	c.names = append(c.names, name)
	return i
}

// collect makes the examples of the questions, table by table, in the order of
// the questions.
func (c *collector) collect(ctx context.Context, questions []question) ([]example, error) {
	byTable := map[string][]int{}
	var paths []string
	for i, q := range questions {
		if len(byTable[q.Path]) == 0 {
			paths = append(paths, q.Path)
		}
		byTable[q.Path] = append(byTable[q.Path], i)
	}
	sort.Strings(paths)
	out := make([]example, len(questions))
	work := make(chan string)
	errs := make(chan error, runtime.NumCPU())
	var wg sync.WaitGroup
	for range runtime.NumCPU() {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for path := range work {
				if err := c.table(ctx, path, questions, byTable[path], out); err != nil {
					errs <- fmt.Errorf("%s: %w", path, err)
					for range work {
					}
					return
				}
			}
		}()
	}
	for _, p := range paths {
		work <- p
	}
	close(work)
	wg.Wait()
	select {
	case err := <-errs:
		return nil, err
	default:
		return out, nil
	}
}

func (c *collector) table(ctx context.Context, path string, questions []question, at []int, out []example) error {
	reader, err := table.NewReader()
	if err != nil {
		return err
	}
	defer reader.Close()
	lib, err := library.OpenFile(ctx, reader, path, library.Known{}, warehouse.Limits{Rows: maxRows})
	if err != nil {
		return err
	}
	defer lib.Close()
	candidates, _, err := lib.Candidates(ctx, "")
	if err != nil {
		return err
	}
	t := ground.NewTable(plan.Candidate{Table: candidates[0].Table}, c.vectors)
	older := rules.New(c.vectors, territory.France)
	door, err := warehouse.OpenDoor(ctx)
	if err != nil {
		return err
	}
	defer door.Close()
	results := map[string]*outcome{}
	run := func(p *query.Plan) *outcome {
		p = query.Settle(p, func(string) *dataset.Table { return candidates[0].Table })
		compiled, err := query.Compile(p, func(string) *dataset.Table { return candidates[0].Table })
		if err != nil {
			return &outcome{failed: true}
		}
		k := fmt.Sprintf("%s%q", compiled.SQL, compiled.Args)
		if o := results[k]; o != nil {
			return o
		}
		o := &outcome{}
		if res, err := lib.Query(ctx, []string{"given"}, compiled.SQL, compiled.Args...); err != nil {
			o.failed = true
		} else {
			o.rows = res.Rows
			sum := sha256.Sum256([]byte(fmt.Sprint(res.Rows, res.Truncated)))
			o.hash = string(sum[:12])
			o.aspects = judge.ResultAspects(res.Rows)
		}
		results[k] = o
		return o
	}
	for _, i := range at {
		req := plan.Request{Question: questions[i].Question.Question, Lang: rules.Languages(questions[i].Question.Question, lang.French), Candidates: candidates, Given: true,
			Run: func(_ context.Context, p *query.Plan) ([][]any, error) {
				if o := run(p); !o.failed {
					return o.rows, nil
				}
				return nil, errors.New("does not run")
			}}
		voted, err := older.Plan(ctx, req)
		if err != nil {
			voted = plan.Outcome{}
		}
		own, err := lifted(ctx, door, &questions[i], candidates[0].Table, req.Run)
		if err != nil {
			return err
		}
		written, err := c.written(ctx, door, questions[i].ID, req)
		if err != nil {
			return err
		}
		if out[i], err = c.example(&questions[i], t, voted.Plan, own, written, run); err != nil {
			return err
		}
		out[i].Asked = c.replies.has(questions[i].ID)
	}
	return nil
}

// written is the plan that a model writes for a question, nil where it writes
// none that can be read.
func (c *collector) written(ctx context.Context, door lift.Parser, id string, req plan.Request) (*query.Plan, error) {
	if c.replies == nil {
		return nil, nil
	}
	p := model.NewProposer(c.replies.to(id), door, slog.New(slog.DiscardHandler))
	p.Today = func() time.Time { return time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC) } // prompts that any day makes alike
	asked, err := p.Propose(ctx, req)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, nil
	}
	return asked.Proposals[0].Plan, nil
}

// maxRows is how many rows of a result are looked at: no question of the sets
// has more for an answer.
const maxRows = 250

// lifted is the plan of a question's own SQL, nil where it has none or no plan
// says it.
func lifted(ctx context.Context, door lift.Parser, q *question, t *dataset.Table, run plan.Runner) (*query.Plan, error) {
	if q.SQL == "" {
		return nil, nil
	}
	p, err := lift.New(door, run).Lift(ctx, q.SQL, []lift.Table{{Table: t, Name: q.Name, Columns: q.Columns}})
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, nil // most say why: a join, a construct that no plan has
	}
	return p, nil
}

// alike tells whether two plans are one but for labels and equals kept.
func alike(a, b *query.Plan) bool {
	plain := func(p *query.Plan) string {
		c := *p
		c.Ties, c.Measures = false, append([]query.Measure(nil), p.Measures...)
		for i := range c.Measures {
			c.Measures[i].Label = ""
		}
		text, err := json.Marshal(c)
		if err != nil {
			return ""
		}
		return string(text)
	}
	return plain(a) == plain(b)
}

// maxCorrupted is how many right plans of a question are corrupted.
const maxCorrupted = 1

type outcome struct {
	failed  bool
	rows    [][]any
	hash    string
	aspects []string
}

// example is a question with the plans that are listed for it, what a voter and a
// model made of it, and right plans with one thing changed.
func (c *collector) example(q *question, t *ground.Table, voted, meant, written *query.Plan, run func(*query.Plan) *outcome) (example, error) {
	read, err := ground.Read(q.Question.Question, rules.Languages(q.Question.Question, lang.French), c.vectors)
	if err != nil {
		return example{}, err
	}
	g := ground.On(read, t)
	m := &making{collector: c, question: q, reader: judge.NewReader(g), meant: meant, run: run, groups: map[string]int32{},
		example: example{ID: q.ID, Text: q.Question.Question, Set: q.set, Group: q.group, Kind: q.Kind}}
	plans := propose.Plans(g)
	if voted != nil && !m.reader.Contradicts(voted) {
		voted.Table = "given"
		plans = append(plans, voted)
		if o := run(voted); !o.failed {
			m.example.Vote = o.hash
		}
	}
	for _, p := range plans {
		if m.reader.Contradicts(p) {
			continue
		}
		if _, err := m.add(p, false, ""); err != nil {
			return m.example, err
		}
	}
	if meant != nil { // listed or not, it is what was meant
		if x, err := m.add(meant, true, ""); err != nil {
			return m.example, err
		} else if x != nil && x.Right {
			x.Gold = true
			m.rights = append([]*query.Plan{meant}, m.rights...)
		}
	}
	if written != nil {
		if x, err := m.add(written, true, ""); err != nil {
			return m.example, err
		} else if x != nil {
			x.Written, x.Near = true, m.near(propose.Near(g, written))
		}
	}
	for _, p := range m.rights[:min(len(m.rights), maxCorrupted)] {
		for _, bad := range propose.Near(g, p) {
			if _, err := m.add(bad.Plan, true, bad.Kind); err != nil {
				return m.example, err
			}
		}
	}
	return m.example, nil
}

// making is an example while its plans are run and weighed.
type making struct {
	*collector
	question *question
	reader   *judge.Reader
	meant    *query.Plan
	run      func(*query.Plan) *outcome
	example  example
	groups   map[string]int32 // by aspect
	rights   []*query.Plan
}

// group is the number of the features of an aspect, which plans share.
func (m *making) group(aspect string) int32 {
	if i, ok := m.groups[aspect]; ok {
		return i
	}
	var ids []int32
	for _, f := range m.reader.Aspect(aspect) {
		ids = append(ids, m.id(f.Name))
	}
	m.example.Groups = append(m.example.Groups, ids)
	m.groups[aspect] = int32(len(m.example.Groups) - 1)
	return m.groups[aspect]
}

// weigh numbers what speaks for and against a plan before it is run.
func (m *making) weigh(p *query.Plan) (shared []int32, own []weighed) {
	aspects, features := m.reader.Features(p)
	for _, a := range aspects {
		shared = append(shared, m.group(a))
	}
	for _, f := range features {
		own = append(own, weighed{m.id(f.Name), float32(f.Value)})
	}
	return shared, own
}

// add runs a plan and adds it as an option, which it returns; nil where it fails
// or its rows belie it.
func (m *making) add(p *query.Plan, corrupt bool, edit string) (*option, error) {
	o := m.run(p)
	if o.failed || m.reader.Belied(p, o.rows) != "" {
		return nil, nil
	}
	text, err := json.Marshal(p)
	if err != nil {
		return nil, err
	}
	x := option{Right: m.question.right(o.rows, len(p.Columns)), Against: m.reader.Contradicts(p), Corrupt: corrupt, Edit: edit, Answer: o.hash, Rows: len(o.rows), Plan: string(text)}
	if x.Right && !corrupt {
		m.rights = append(m.rights, p)
		x.Gold = m.meant != nil && alike(p, m.meant)
	}
	x.Shared, x.Own = m.weigh(p)
	for _, a := range o.aspects {
		x.Result = append(x.Result, m.group(a))
	}
	m.example.Options = append(m.example.Options, x)
	return &m.example.Options[len(m.example.Options)-1], nil
}

// near are the plans one change away that the question does not contradict.
func (m *making) near(list []propose.Edit) []near {
	var out []near
	for _, n := range list {
		if m.reader.Contradicts(n.Plan) {
			continue
		}
		x := near{Kind: n.Kind}
		x.Shared, x.Own = m.weigh(n.Plan)
		out = append(out, x)
	}
	return out
}
