package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"github.com/spf13/cobra"

	"cigogne/catalog"
	"cigogne/internal/answer"
	"cigogne/internal/assistant"
	"cigogne/internal/lang"
	"cigogne/internal/ledger"
	"cigogne/internal/plan"
	"cigogne/internal/texts"
	"cigogne/internal/verified"
)

// bookFile holds the verified questions of a data directory.
const bookFile = "verified.jsonl"

// book reads the verified questions: of one file, or where path is "" the
// embedded ones and the data directory's.
func (h *house) book(path string) ([]verified.Entry, error) {
	if path != "" {
		return readBook(path)
	}
	b, err := catalog.Verified()
	if err != nil {
		return nil, err
	}
	entries, err := verified.Read(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	dir, err := h.dataDir()
	if err != nil { // a machine without a home has the embedded ones
		return entries, nil
	}
	own, err := readBook(filepath.Join(dir, bookFile))
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return append(own, entries...), err
}

func readBook(path string) ([]verified.Entry, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return verified.Read(f)
}

// verdict is what became of a verified question, as `verify --json` prints it.
type verdict struct {
	Question string   `json:"question"`
	State    string   `json:"state"` // same, plan (another plan, the same figures), figures, unanswered, data (the confirmed plan gives other figures), gone (no table)
	Was      *float64 `json:"was,omitempty"`
	Now      *float64 `json:"now,omitempty"`
}

// verifying is what `verify` is told besides what to add.
type verifying struct {
	json bool
	book string // file of verified questions; "": the embedded ones and the data directory's
	add  bool
}

func verifyCommand(p *program) *cobra.Command {
	var how verifying
	c := p.command("verify", p.say("cli.takes_verify"), nil, func(ctx context.Context, args []string) error {
		return verify(ctx, p, how, args)
	})
	c.Args = func(_ *cobra.Command, args []string) error {
		if how.add == (len(args) == 0) {
			return errUsage
		}
		return nil
	}
	c.Flags().BoolVar(&how.json, "json", false, p.say("cli.flag_json_lines"))
	c.Flags().StringVar(&how.book, "book", "", p.say("cli.flag_book"))
	c.Flags().BoolVar(&how.add, "add", false, p.say("cli.flag_add"))
	_ = c.MarkFlagFilename("book", "jsonl")
	return c
}

func verify(ctx context.Context, p *program, how verifying, questions []string) error {
	h := newHouse(p)
	defer h.Close()
	as, err := h.assistant(ctx, "")
	if err != nil {
		return err
	}
	candidates := h.lib.Tables()
	if how.add {
		return p.addVerified(ctx, as, candidates, how.book, questions)
	}
	entries, err := h.book(how.book)
	if err != nil {
		return err
	}
	l := p.lang()
	changed := 0
	for _, e := range entries {
		v, err := check(ctx, as, candidates, e)
		if err != nil {
			return err
		}
		if v.State != "same" && v.State != "plan" {
			changed++
		}
		if how.json {
			if err := json.NewEncoder(p.out).Encode(v); err != nil {
				return err
			}
		} else if v.State != "same" {
			fmt.Fprintf(p.out, "%s : %s%s\n", clean(e.Question), p.say("cli.verified_"+v.State), figures(v, p))
		}
	}
	if !how.json {
		fmt.Fprintln(p.out, texts.Say(l, "cli.verified_questions_changed", "number", len(entries), "changed", changed))
	}
	if changed > 0 {
		return told{texts.Say(l, "cli.verified_answers_have_changed_read")}
	}
	return nil
}

// addVerified confirms questions in a book, the data directory's unless a path is given.
func (p *program) addVerified(ctx context.Context, as *assistant.Assistant, candidates []plan.Candidate, path string, questions []string) error {
	if path == "" {
		dir, err := p.dataDir()
		if err != nil {
			return err
		}
		path = filepath.Join(dir, bookFile)
	}
	led, err := openLedger(ctx, p)
	if err != nil && !errors.Is(err, errNoLedger) {
		return err
	}
	if led != nil {
		defer led.Close()
	}
	return confirm(ctx, as, candidates, path, questions, led, p)
}

// check asks a verified question again, and runs its confirmed plan.
func check(ctx context.Context, as *assistant.Assistant, candidates []plan.Candidate, e verified.Entry) (verdict, error) {
	v := verdict{Question: e.Question, Was: e.Value}
	p, ok := e.On(candidates)
	if !ok {
		v.State = "gone"
		return v, nil
	}
	rows, err := as.Run(ctx, candidates, p)
	if err != nil {
		return v, fmt.Errorf("run the plan of %q: %w", e.Question, err)
	}
	if verified.Digest(rows) != e.Result {
		v.State = "data"
		if len(rows) == 1 && len(rows[0]) > 0 {
			if x, ok := rows[0][len(rows[0])-1].(float64); ok {
				v.Now = &x
			}
		}
		return v, nil
	}
	a, err := as.Ask(ctx, assistant.Question{Text: e.Question})
	switch {
	case err != nil:
		return v, err
	case !a.Answered():
		v.State = "unanswered"
	case verified.Digest(a.Rows) != e.Result:
		v.State = "figures"
		if len(a.Figures) > 0 {
			v.Now = &a.Figures[0].Value
		}
	default:
		v.State = "same"
		was, err1 := json.Marshal(p)
		now, err2 := json.Marshal(a.Plan)
		if err := errors.Join(err1, err2); err != nil {
			return v, err
		}
		if !bytes.Equal(was, now) {
			v.State = "plan"
		}
	}
	return v, nil
}

// confirm writes the plan and the figures of each question into the book: of
// its answer now, or of the kept answer whose ID was given.
func confirm(ctx context.Context, as *assistant.Assistant, candidates []plan.Candidate, path string, questions []string, led *ledger.Ledger, p *program) error {
	var lines bytes.Buffer
	for _, q := range questions {
		e, err := confirmed(ctx, as, candidates, q, led, p)
		if err != nil {
			return err
		}
		b, err := json.Marshal(e)
		if err != nil {
			return err
		}
		lines.Write(append(b, '\n'))
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(lines.Bytes()) // one write: two programs do not mix their lines
	return cmp.Or(err, f.Close())
}

// confirmed is what the book holds of a question, or of the kept answer of an ID,
// as it is answered alone today.
func confirmed(ctx context.Context, as *assistant.Assistant, candidates []plan.Candidate, q string, led *ledger.Ledger, p *program) (verified.Entry, error) {
	kept, err := keptAnswer(ctx, led, q, p)
	if err != nil {
		return verified.Entry{}, err
	}
	if kept != nil {
		q = kept.Question
	}
	a, err := as.Ask(ctx, assistant.Question{Text: q})
	if err != nil {
		return verified.Entry{}, err
	}
	if kept != nil && kept.Answered() && (!a.Answered() || verified.Digest(kept.Rows) != verified.Digest(a.Rows)) { // it followed another question, or the data changed
		return verified.Entry{}, told{p.say("cli.asked_alone_today_does_not_give", "question", lang.Cut(clean(q), 80))}
	}
	if !a.Answered() || a.Plan == nil {
		return verified.Entry{}, told{p.say("cli.has_no_figure_to_confirm", "question", lang.Cut(clean(q), 80))}
	}
	e := verified.Entry{Question: q, Plan: a.Plan, Result: verified.Digest(a.Rows), Confirmed: time.Now().UTC().Format(time.DateOnly)}
	for _, c := range candidates {
		if c.Table.ID == a.Plan.Table && c.Annotation != nil {
			e.Annotation = c.Annotation.ID
		}
	}
	if a.Kind == answer.KindFigure && len(a.Figures) > 0 {
		e.Value = &a.Figures[0].Value
	}
	return e, nil
}

var isAnswerID = regexp.MustCompile(`^[A-Z2-7]{16}$`)

// keptAnswer returns the answer kept under an ID; nil where the text is no ID.
func keptAnswer(ctx context.Context, led *ledger.Ledger, id string, p *program) (*answer.Answer, error) {
	if !isAnswerID.MatchString(id) {
		return nil, nil
	}
	if led == nil {
		return nil, unknown(id, p)
	}
	r, err := led.Record(ctx, id)
	switch {
	case errors.Is(err, ledger.ErrUnknown):
		return nil, unknown(id, p)
	case err != nil:
		return nil, err
	case r.Right != nil && !*r.Right:
		return nil, told{p.say("cli.answer_was_judged_wrong_it_is", "id", id)}
	case len(r.Answer.Rows) != r.Result.Count: // an answer with so many rows is no one's to confirm
		return nil, told{p.say("cli.answer_is_too_long_to_be", "id", id)}
	}
	return r.Answer, nil
}

// figures shows the two headline figures where both are known.
func figures(v verdict, p *program) string {
	if v.Was == nil || v.Now == nil {
		return ""
	}
	l := p.lang()
	return " (" + lang.FormatNumber(*v.Was, -1, l) + " → " + lang.FormatNumber(*v.Now, -1, l) + ")"
}
