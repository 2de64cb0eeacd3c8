// Package assistant takes a question and its conversation to an Answer: it is
// the one package that knows the whole path. What it answers from (Library) and
// who plans (Planner) are given to it.
//
// # Places that changed
//
// Tables of territories bear in every row the name of today; a question's former
// names, codes and postcodes reach the tables as synonyms that library writes for
// it from territory.Home(). assistant leads a commune that merged away to the one
// that holds it, tells a change over a merger (lineage.go), and the census that a
// population is of (behind.go, from the annotation's lag). An annotation of
// negative rank answers only where the question speaks of its subject.
package assistant

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"cigogne/internal/answer"
	"cigogne/internal/gloss"
	"cigogne/internal/lang"
	"cigogne/internal/plan"
	"cigogne/internal/plan/rules"
	"cigogne/internal/query"
	"cigogne/internal/search"
	"cigogne/internal/territory"
	"cigogne/internal/texts"
	"cigogne/internal/trace"
	"cigogne/internal/warehouse"
)

// Library is what can be asked: tables with what is known of them, the database
// that holds them, and the search over all datasets, tabular or not.
type Library interface {
	// Candidates lists the tables that may answer, and whether one was given
	// with the question, so that there is no other place to look.
	Candidates(ctx context.Context, question string) (candidates []plan.Candidate, given bool, err error)
	// Search lists datasets by how well they fit the words, best first; what
	// speaks for each is said in the language.
	Search(ctx context.Context, q search.Query, l lang.Lang) ([]answer.Dataset, error)
	// Index is the search index of the catalogue, nil where there is none.
	Index(ctx context.Context) (*search.Index, error)
	// Replaced tells whether another dataset answers in place of this one.
	Replaced(datasetID string) bool
	// Run runs a plan, compiled for the embedded engine, by the engine that is right
	// for its tables.
	Run(ctx context.Context, p *query.Plan, compiled *query.Compiled) (*warehouse.Result, error)
}

// Planner turns a request into an outcome; see plan.Outcome.
type Planner interface {
	Plan(ctx context.Context, req plan.Request) (plan.Outcome, error)
}

// Verified finds questions that people confirmed, nearest first, with plans over
// the candidates.
type Verified interface {
	Nearest(question string, candidates []plan.Candidate, n int) []plan.Verified
}

// Keeper keeps answers, and gives each the ID it is found by.
type Keeper interface {
	Keep(ctx context.Context, a *answer.Answer) error
}

// MaxQuestion is the longest question read, in characters.
const MaxQuestion = 2000

// Assistant answers questions. It is safe for concurrent use.
type Assistant struct {
	library Library
	planner Planner
	engine  string
	log     *slog.Logger
	turns   *conversations
	now     func() time.Time
	sure    *rules.Planner // for questions of our own
	offers  *offers        // what came of planning them

	verified Verified // nil: there are none
	keeper   Keeper   // nil: answers are not kept
	repeats  *repeats // nil: every question is answered anew
	memory   Memory   // nil: conversations are this process's own
}

// New returns an assistant over a library. engine names the planner in answers.
func New(library Library, planner Planner, engine string, log *slog.Logger) *Assistant {
	return &Assistant{library: library, planner: planner, engine: engine, log: log, turns: newConversations(), now: time.Now, sure: rules.New(nil, territory.France), offers: newOffers()}
}

// Guide has the planners shown questions that people confirmed. It is called
// before the first question, and returns as.
func (as *Assistant) Guide(v Verified) *Assistant {
	as.verified = v
	return as
}

// Next has questions of our own planned by another planner than one that is made
// for them: one that has read the tables already. It is called before the first
// question, and returns as.
func (as *Assistant) Next(exact *rules.Planner) *Assistant {
	as.sure = exact
	return as
}

// Keep has every answer kept. It is called before the first question, and
// returns as. An answer that cannot be kept is given all the same, without an ID.
func (as *Assistant) Keep(k Keeper) *Assistant {
	as.keeper = k
	return as
}

// Share has conversations go on wherever the next question comes in. It is called
// before the first question, and returns as.
func (as *Assistant) Share(m Memory) *Assistant {
	as.memory = m
	return as
}

// Run runs a plan over the tables that the question may be asked of; it is how
// a kept plan is held against today's data.
func (as *Assistant) Run(ctx context.Context, candidates []plan.Candidate, p *query.Plan) ([][]any, error) {
	return as.runner(candidates)(ctx, p)
}

// Ask answers a question. It always returns an answer a person can read; the
// error is not nil only when ctx ended or the library failed, and the answer
// then says so in the question's language.
func (as *Assistant) Ask(ctx context.Context, q Question) (_ *answer.Answer, err error) {
	start := time.Now()
	ctx, end := trace.Question(ctx, q.Traced())
	defer func() { end(err) }()
	a, repeated, err := as.read(ctx, q, as.before(ctx, q))
	if repeated {
		trace.Note(ctx, slog.Bool("repeated", true))
		return as.finish(ctx, q, start, a), nil
	}
	trace.Note(ctx, slog.String("lang", string(a.Lang)), slog.String("engine", a.Engine), slog.String("kind", string(a.Kind)), slog.Bool("conversation", q.Conversation != ""))
	if why := elsewhere(err, a.Lang); why != "" {
		a.Kind, a.Text, a.Figures, a.Rows = answer.KindRefusal, why, nil, nil
		return as.finish(ctx, q, start, a), nil
	}
	if err != nil {
		as.log.ErrorContext(ctx, "question failed", "id", q.ID, "error", err)
		a.Kind, a.Figures, a.Rows = answer.KindRefusal, nil, nil
		a.Text = apology(err, a.Lang)
		a.ElapsedMS = sinceMS(start)
		return a, err
	}
	return as.finish(ctx, q, start, a), nil
}

// finish has an answer kept.
func (as *Assistant) finish(ctx context.Context, q Question, start time.Time, a *answer.Answer) *answer.Answer {
	a.ElapsedMS = sinceMS(start)
	if !q.Unkept {
		as.keep(ctx, a)
	}
	return a
}

func sinceMS(start time.Time) float64 { return float64(time.Since(start).Microseconds()) / 1000 }

// leave remembers a turn of the question's conversation.
func (as *Assistant) leave(q Question, t turn) {
	if q.left != nil {
		*q.left = &t
	}
	as.turns.put(q.Conversation, t)
}

// asked has an answer speak of the question as it was asked, whatever it was read as.
func asked(a *answer.Answer, s gloss.Said) {
	if s.French == s.Asked() {
		return
	}
	if a.Question == s.French {
		a.Question = s.Asked()
	}
	a.Text, a.Sentence = s.Quoted(a.Text), s.Quoted(a.Sentence)
	for i, w := range a.NotUnderstood {
		a.NotUnderstood[i] = s.Back(w)
	}
	for _, list := range [][]string{a.Choices, a.Assumptions, a.Caveats} {
		for i, x := range list {
			list[i] = s.Whole(s.Quoted(x))
		}
	}
}

func (as *Assistant) keep(ctx context.Context, a *answer.Answer) {
	if as.keeper == nil {
		return
	}
	ctx, end := trace.Span(ctx, "keep")
	err := as.keeper.Keep(ctx, a)
	end(err)
	if err == nil {
		return
	}
	a.AnswerID = ""
	as.log.ErrorContext(ctx, "answer not kept", "error", err)
	if a.Answered() {
		said := texts.Say(a.Lang, "assistant.this_answer_could_not_be_kept")
		a.Caveats = append(a.Caveats, said)
		a.Text += "\n\n⚠ " + said + "."
	}
}

func (as *Assistant) ask(ctx context.Context, q Question, before turn, a *answer.Answer) error {
	q, done, err := as.aside(ctx, q, before, a)
	if done || err != nil {
		return err
	}
	var read string // how words of time were read
	q.Text, read = before.spelledOut(q.Text, as.now(), a.Lang)
	if full, ok := before.completes(q.Text); ok { // "Moselle", to "which Saint-Louis?"
		q.Text = full
	}
	if done, err := as.catalogue(ctx, q.Text, a); done || err != nil {
		if len(a.Choices) > 0 {
			before.choices, before.readings, before.lang = a.Choices, nil, a.Lang
			as.leave(q, before)
		}
		return err
	}
	q.tell(StepSearch)
	whole := q.Text
	var order order
	q.Text, order = inOrder(whole)
	candidates, given, err := as.candidates(ctx, q.Text)
	if err != nil {
		return err
	}
	runs := as.runs(candidates)
	out, done, err := as.planned(ctx, q, whole, order, runs, given, before, a)
	if done || err != nil {
		return err
	}
	if read != "" && out.Plan != nil {
		out.Assumptions = append([]string{read}, out.Assumptions...)
	}
	return as.conclude(ctx, q, runs, given, out, before, a)
}

// aside answers what asks for no data: no question at all, small talk, what goes on
// about the last answer as it stands; else it returns what is left to be asked.
func (as *Assistant) aside(ctx context.Context, q Question, before turn, a *answer.Answer) (_ Question, done bool, err error) {
	if why := Refuse(q.Text, a.Lang); why != "" {
		a.Kind, a.Text = answer.KindRefusal, why
		if len(a.Question) > MaxQuestion {
			a.Question = strings.ToValidUTF8(a.Question[:80], "") + "…"
		}
		a.Question = strings.ToValidUTF8(a.Question, "\uFFFD")
		return q, true, nil
	}
	if why(q.Text, before.last, a) {
		return q, true, nil
	}
	if done, err := as.chat(ctx, q, before, a); done || err != nil {
		return q, done, err
	}
	if rest, wanted := drawn(q.Text); wanted {
		if redraw(rest, before.last, a) {
			return q, true, nil
		}
		q.Text, a.Chart = rest, true
	}
	return q, again(q.Text, before, a), nil
}

// planned reads a question, less the order of its rows, over the tables that may
// answer; done where it went on from the turn before and is answered.
func (as *Assistant) planned(ctx context.Context, q Question, whole string, order order, runs *runs, given bool, before turn, a *answer.Answer) (out plan.Outcome, done bool, err error) {
	req := plan.Request{Question: q.Text, Lang: a.Lang, Candidates: runs.candidates, Given: given, Previous: before.turn, Run: runs.rows}
	if as.verified != nil {
		req.Verified = as.verified.Nearest(q.Text, runs.candidates, 3)
	}
	q.tell(StepPlan)
	if before.ofTwo(q.Text) { // "laquelle est la plus peuplée ?" is of the two just given
		if done, err := as.goOn(ctx, q, runs.candidates, before, a); done || err != nil {
			return out, done, err
		}
	}
	out, chosen := before.chosen(q.Text)
	if !chosen {
		if out, req.Question, err = as.readAmong(ctx, req, before, a.Lang); err != nil {
			return out, false, fmt.Errorf("plan: %w", err)
		}
	}
	if err := runs.failed(out); err != nil {
		return out, false, err
	}
	if out.Plan == nil && !chosen {
		if done, err := as.goOn(ctx, q, runs.candidates, before, a); done || err != nil {
			return out, done, err
		}
	}
	out.Plan = before.share(out, q.Text, a.Lang)
	if order == unordered || out.Plan == nil {
		return out, false, nil
	}
	if p := order.of(out); p != nil {
		out.Plan = p
		return out, false, nil
	}
	req.Question = whole
	out, err = as.planOf(ctx, req)
	return out, false, err
}

// planOf plans a question as it stands.
func (as *Assistant) planOf(ctx context.Context, req plan.Request) (plan.Outcome, error) {
	out, err := as.plan(ctx, req)
	if err != nil {
		return out, fmt.Errorf("plan: %w", err)
	}
	return out, nil
}

// readAmong plans a question, and once more where it is about what was just listed;
// it returns the question that was planned last.
func (as *Assistant) readAmong(ctx context.Context, req plan.Request, before turn, l lang.Lang) (plan.Outcome, string, error) {
	out, err := as.plan(ctx, req)
	if err != nil {
		return out, req.Question, err
	}
	if text, ok := before.among(req.Question, out, l.Reads()); ok {
		req.Question = text
		out, err = as.plan(ctx, req)
	}
	return out, req.Question, err
}

// conclude runs what was planned, or says what is asked back or declined.
func (as *Assistant) conclude(ctx context.Context, q Question, runs *runs, given bool, out plan.Outcome, before turn, a *answer.Answer) error {
	a.NotUnderstood = out.NotUnderstood
	if out.Engine != "" {
		a.Engine = out.Engine
	}
	if out.Tokens > 0 {
		a.Model = &answer.Model{Tokens: out.Tokens, ElapsedMS: float64(out.Asking.Microseconds()) / 1000}
	}
	switch {
	case out.Plan != nil:
		q.tell(StepQuery)
		answering, end := trace.Span(ctx, "answer")
		answered, err := as.run(answering, runs, out, a)
		end(err)
		if err != nil {
			return err
		}
		if answered {
			as.leave(q, turn{lang: a.Lang, last: a, out: out, earlier: before.out, shared: before.shared && out.Plan.Derived != nil, turn: &plan.Turn{Question: q.Text, Reading: out.Reading, Plan: out.Plan}})
		}
		return nil
	case out.Ask != "":
		a.Kind, a.Text, a.Choices = answer.KindClarify, out.Ask, out.Choices
		a.Sentence = a.Text
		for _, c := range out.Choices {
			a.Text += "\n- " + c
		}
		before.choices, before.readings, before.lang = out.Choices, out.Readings, a.Lang
		as.leave(q, before)
		return nil
	}
	if done, err := as.sought(ctx, q.Text, given || len(out.NotUnderstood) == 0, a); done || err != nil {
		return err
	}
	a.Kind, a.Text = answer.KindRefusal, out.Refusal
	if future(q.Text) {
		a.Text, a.NotUnderstood = texts.Say(a.Lang, "talk.no_forecast"), nil
	}
	if !given {
		return as.near(ctx, q.Text, a)
	}
	return nil
}

// plan plans a question; where the conversation does not explain it, as one that
// stands alone: a subject does not stick.
func (as *Assistant) plan(ctx context.Context, req plan.Request) (_ plan.Outcome, err error) {
	ctx, end := trace.Span(ctx, "plan")
	defer func() { end(err) }()
	out, err := as.planner.Plan(ctx, req)
	if err != nil || req.Previous == nil || !fresh(req.Question, out) {
		return out, err
	}
	alone := req
	alone.Previous = nil
	other, err := as.planner.Plan(ctx, alone)
	if err != nil || other.Plan == nil && other.Ask == "" || out.Ask != "" && other.Plan == nil {
		return out, err
	}
	return other, nil
}
