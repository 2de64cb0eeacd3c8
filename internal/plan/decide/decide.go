package decide

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	lru "github.com/hashicorp/golang-lru/v2"

	"cigogne/internal/dataset"
	"cigogne/internal/plan"
	"cigogne/internal/plan/ground"
	"cigogne/internal/plan/judge"
	"cigogne/internal/plan/model"
	"cigogne/internal/plan/propose"
	"cigogne/internal/query"
)

// Reader is another planner: it answers over annotated tables, and what it makes
// of the others counts as a vote.
type Reader interface {
	Plan(ctx context.Context, req plan.Request) (plan.Outcome, error)
}

// Planner plans over tables that nobody annotated. It is safe for concurrent use.
type Planner struct {
	older   Reader                       // answers over annotated tables
	voter   Reader                       // reads the others too, without a model
	model   Proposer                     // nil: none is asked
	weights func() (*judge.Judge, error) // read when a table wants them
	vectors ground.Vectors
	tables  *lru.Cache[string, *ground.Table]
}

// Proposer asks a language model for plans.
type Proposer interface {
	Propose(ctx context.Context, req plan.Request) (*model.Asked, error)
}

const maxTables = 256 // that are kept indexed

// New returns a planner. older answers over annotated tables; vectors may be nil.
func New(older Reader, weights func() (*judge.Judge, error), vectors ground.Vectors) (*Planner, error) {
	tables, err := lru.New[string, *ground.Table](maxTables)
	if err != nil {
		return nil, err
	}
	return &Planner{older: older, voter: older, weights: weights, vectors: vectors, tables: tables}, nil
}

// Ask has a model asked where the planner is not sure, and another reader, which
// may ask it too, answer over annotated tables. It is called before the first
// question, and returns pl.
func (pl *Planner) Ask(older Reader, m Proposer) *Planner {
	pl.older, pl.model = older, m
	return pl
}

// Plan answers over annotated tables as the older planner does, and over the
// others by what the judge has learnt. Its outcome follows plan.Outcome; the
// error is that of req.Run or ctx alone.
func (pl *Planner) Plan(ctx context.Context, req plan.Request) (plan.Outcome, error) {
	noted, bare := apart(req.Candidates)
	if len(bare) == 0 || req.Run == nil || req.Previous != nil && req.Previous.Reading != nil {
		return pl.older.Plan(ctx, req)
	}
	var first plan.Outcome
	if len(noted) > 0 {
		over := req
		over.Candidates = noted
		out, err := pl.older.Plan(ctx, over)
		if err != nil || len(out.NotUnderstood) == 0 && (out.Plan != nil || out.Ask != "") {
			return out, err
		}
		first = out
	}
	out, err := pl.learnt(ctx, req, bare)
	if err == nil && first.Refusal != "" && out.Plan == nil {
		return first, nil
	}
	return out, err
}

// apart tells annotated tables from the others.
func apart(all []plan.Candidate) (noted, bare []plan.Candidate) {
	for _, c := range all {
		if c.Annotation != nil {
			noted = append(noted, c)
		} else {
			bare = append(bare, c)
		}
	}
	return noted, bare
}

// learnt answers over tables that nobody annotated.
func (pl *Planner) learnt(ctx context.Context, req plan.Request, bare []plan.Candidate) (plan.Outcome, error) {
	j, err := pl.weights()
	if err != nil {
		return plan.Outcome{}, fmt.Errorf("read the judge's weights: %w", err)
	}
	q, err := ground.Read(req.Question, req.Lang.Reads(), pl.vectors)
	if err != nil {
		return plan.Outcome{}, fmt.Errorf("read the question: %w", err)
	}
	if len(q.Tokens) == 0 {
		return pl.older.Plan(ctx, req)
	}
	var all []*reading
	for _, g := range pl.likeliest(q, bare) {
		r, err := pl.read(ctx, req, g, j)
		if err != nil {
			return plan.Outcome{}, err
		}
		all = append(all, r)
	}
	several := req.Given && len(bare) > 1
	if several {
		all = called(q, all, j)
	}
	best := likeliestOf(all)
	if best != nil && pl.model != nil && best.believed < j.Sure(req.Given, req.Lang) {
		if err := pl.ask(ctx, req, best, j); err != nil {
			return plan.Outcome{}, err
		}
	}
	if several {
		if out, ok := between(req, all, best, j); ok {
			return out, nil
		}
	}
	return decide(req, best, j), nil
}

// maxRead is how many tables are read in full: of those a search found, the ones
// that the words fit best.
const maxRead = 3

// likeliest grounds the question on each table and keeps those whose words it has.
func (pl *Planner) likeliest(q *ground.Question, bare []plan.Candidate) []*ground.Ground {
	var all []*ground.Ground
	for _, c := range bare {
		all = append(all, ground.On(q, pl.table(c)))
	}
	slices.SortStableFunc(all, func(a, b *ground.Ground) int {
		return cmp.Compare(b.Known()+b.Table.Score+float64(calls(q, b.Table.Table.Part)), a.Known()+a.Table.Score+float64(calls(q, a.Table.Table.Part)))
	})
	return all[:min(len(all), maxRead)]
}

func (pl *Planner) table(c plan.Candidate) *ground.Table {
	k := c.Table.ID + "\x00" + c.Table.SHA256 + "\x00" + c.Table.Title
	if len(c.Joins) > 0 {
		k += "\x00joined"
	}
	if t, ok := pl.tables.Get(k); ok && t.Table == c.Table {
		return t
	}
	t := ground.NewTable(c, pl.vectors)
	pl.tables.Add(k, t)
	return t
}

// weighed is a plan with what the judge makes of it.
type weighed struct {
	plan    *query.Plan
	aspects []string
	own     []judge.Feature
	score   float64
	rows    [][]any
	answer  string // tells results apart
}

// answer is plans that give the same result.
type answer struct {
	best *weighed
	prob float64
}

// reading is what a question may mean over one table.
type reading struct {
	g        *ground.Ground
	r        *judge.Reader
	ran      []*weighed
	votes    []string // the answers that other readers found
	held     *held    // what a model wrote, nil where none was asked or had an answer
	tokens   int      // of the model
	answers  []answer // likeliest first
	top      float64  // the score of the first's best plan
	believed float64  // that the first is right
	trust    []judge.Feature
}

// read lists the plans, runs the likeliest, and judges what they give.
func (pl *Planner) read(ctx context.Context, req plan.Request, g *ground.Ground, j *judge.Judge) (*reading, error) {
	r := &reading{g: g, r: judge.NewReader(g)}
	var list []*weighed
	for _, p := range propose.Plans(g) {
		if !r.r.Contradicts(p) {
			list = append(list, weigh(r.r, p, j))
		}
	}
	slices.SortStableFunc(list, descending)
	for _, w := range list[:min(len(list), judge.Tried)] {
		if _, err := r.try(ctx, req, w, j); err != nil {
			return nil, err
		}
	}
	one := req
	one.Candidates, one.Given = []plan.Candidate{g.Table.Candidate}, true
	other, err := pl.voter.Plan(ctx, one)
	if err != nil {
		return nil, err
	}
	if other.Plan != nil && !r.r.Contradicts(other.Plan) {
		if err := r.vote(ctx, req, other.Plan, j); err != nil {
			return nil, err
		}
	}
	r.rank(j)
	return r, nil
}

// ask adds what a model proposes over the table of a reading. A model that fails
// leaves the reading as it is; it has been logged where it was asked.
func (pl *Planner) ask(ctx context.Context, req plan.Request, r *reading, j *judge.Judge) error {
	req.Candidates = []plan.Candidate{r.g.Table.Candidate}
	asked, err := pl.model.Propose(ctx, req)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		return nil
	}
	r.tokens = asked.Usage.Prompt + asked.Usage.Completion
	for _, p := range asked.Proposals {
		if p.Plan == nil {
			continue
		}
		if err := r.hold(ctx, req, p.Plan, j); err != nil {
			return err
		}
	}
	if r.held != nil {
		r.votes = append(r.votes, r.held.answer)
		r.rank(j)
	}
	return nil
}

// vote adds the plan of another reader, and counts its answer.
func (r *reading) vote(ctx context.Context, req plan.Request, p *query.Plan, j *judge.Judge) error {
	w := weigh(r.r, p, j)
	ok, err := r.try(ctx, req, w, j)
	if ok {
		r.votes = append(r.votes, w.answer)
	}
	return err
}

// try runs a plan and has the judge look at what it gives; false where it does
// not hold together.
func (r *reading) try(ctx context.Context, req plan.Request, w *weighed, j *judge.Judge) (bool, error) {
	ok, err := run(ctx, req, r.g, w)
	if !ok || err != nil || r.r.Belied(w.plan, w.rows) != "" {
		return false, err
	}
	w.aspects = append(w.aspects, judge.ResultAspects(w.rows)...)
	w.score = j.Second.Score(r.r, w.aspects, w.own)
	r.ran = append(r.ran, w)
	return true, nil
}

func descending(a, b *weighed) int { return cmp.Compare(b.score, a.score) }

func weigh(r *judge.Reader, p *query.Plan, j *judge.Judge) *weighed {
	aspects, own := r.Features(p)
	return &weighed{plan: p, aspects: aspects, own: own, score: j.First.Score(r, aspects, own)}
}

// run runs a plan; false where it does not hold together.
func run(ctx context.Context, req plan.Request, g *ground.Ground, w *weighed) (bool, error) {
	t := g.Table.Table
	if query.Validate(w.plan, func(id string) *dataset.Table {
		if id == t.ID {
			return t
		}
		return nil
	}) != nil {
		return false, nil
	}
	rows, err := req.Run(ctx, w.plan)
	if err != nil {
		if ctx.Err() != nil {
			return false, ctx.Err()
		}
		return false, nil // a plan that fails is no reading; the others go on
	}
	w.rows, w.answer = rows, fmt.Sprint(rows[:min(len(rows), 1000)])
	return true, nil
}
