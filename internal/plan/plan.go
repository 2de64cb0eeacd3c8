// Package plan turns a question into a typed query plan. The two planners below
// it, rules (built in) and model (any OpenAI-compatible model), answer with the
// same Outcome.
package plan

import (
	"context"
	"slices"
	"strings"
	"time"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/query"
)

// Candidate is a table that may answer, with all that is known of it.
type Candidate struct {
	Dataset    *dataset.Dataset
	Table      *dataset.Table
	Annotation *dataset.Annotation // nil where nobody wrote one
	Joins      []query.Join        // what gives Table the columns of other tables; a plan takes those that it names (query.With)
	Beside     bool                // it answers nothing itself: others may be joined to it
	Score      float64             // of the search that found it, 0..1; 0 when it was not searched for
}

// Name is the short title of the candidate in the language, on one line.
func (c Candidate) Name(l lang.Lang) string {
	return strings.Join(strings.Fields(c.name(l)), " ")
}

// Asked are the candidates that answer by themselves.
func Asked(candidates []Candidate) []Candidate {
	return slices.DeleteFunc(slices.Clone(candidates), func(c Candidate) bool { return c.Beside })
}

func (c Candidate) name(l lang.Lang) string {
	if c.Annotation != nil && c.Annotation.Title.In(l) != "" {
		return c.Annotation.Title.In(l)
	}
	if c.Dataset != nil && c.Dataset.Title != "" {
		return c.Dataset.Title
	}
	return c.Table.Title
}

// Runner runs a plan and returns its rows, so that a planner can look at what
// the data holds before it settles on a reading.
type Runner func(ctx context.Context, p *query.Plan) ([][]any, error)

// Request is a question with where to look for its answer.
type Request struct {
	Question   string
	Lang       lang.Lang
	Candidates []Candidate
	Given      bool       // the table was given with the question: there is no other place to look
	Previous   *Turn      // what was answered before in this conversation; nil at its start
	Verified   []Verified // like questions that people confirmed, nearest first
	Run        Runner     // nil: plans are written without looking
}

// Verified is a question with a plan that people confirmed.
type Verified struct {
	Question string      `json:"question"`
	Plan     *query.Plan `json:"plan"`
}

// Turn is what a conversation remembers of an answered question: enough for
// "et en 2019 ?" to be understood.
type Turn struct {
	Question string
	Reading  any // the planner's own understanding of it
	Plan     *query.Plan
}

// Outcome is what a planner makes of a question. Exactly one of Plan, Ask and
// Refusal is set.
type Outcome struct {
	Plan      *query.Plan
	Candidate Candidate
	Reading   any // to be kept in the conversation's Turn

	Label       string   // what the headline figure is, in the question's language
	Assumptions []string // what was taken for granted, shown with the figure
	Caveats     []string // what misleads in these figures
	Claim       string   // the cell that the question holds comes first of a ranking, "" none: it is answered by yes or no
	NoTrend     bool     // figures of several years are not to be compared or added up
	Partial     bool     // the table lacks some of the rows that are asked for

	Ask      string    // a question back …
	Choices  []string  // … with whole questions to choose from
	Readings []Outcome // what each choice stands for, where it is settled already; else empty

	Refusal       string   // why there is no figure, and what is near
	NotUnderstood []string // words of the question that found no place

	Engine string        // rules or model: whose plan it is; "" the planner's that was asked
	Tokens int           // of the model, for this question
	Asking time.Duration // of the model

	Score float64 // how well the question is accounted for; compares outcomes of one request only
}
