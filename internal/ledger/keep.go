package ledger

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"cigogne/internal/answer"
	"cigogne/internal/lang"
)

// Keep writes an answer under a new ID, which it writes into it. The answer
// itself is not changed otherwise: what is personal in the question is left out
// of what is written only. Once Keep returns, the disk has it: neither
// the end of the process nor a power cut loses it.
func (l *Ledger) Keep(ctx context.Context, a *answer.Answer) error {
	e, err := entryOf(a)
	if err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	e.id = rand.Text()[:16] // 80 bits
	if err := l.write(ctx, func(ctx context.Context) error { return l.insert(ctx, a, e) }); err != nil {
		return err
	}
	a.AnswerID = e.id
	return nil
}

const (
	insertAnswer  = `INSERT INTO answer (id, at, question, lang, kind, engine, elapsed_ms, body, sql, args, rows, row_count, digest) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)`
	insertVersion = `INSERT INTO version (answer_id, table_id, parquet, annotation) VALUES (?,?,?,?)`
)

func (l *Ledger) insert(ctx context.Context, a *answer.Answer, e entry) error {
	tx, err := l.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, l.db.say(insertAnswer), e.id, l.now().UnixMilli(), l.db.storable(e.question), a.Lang, a.Kind, a.Engine, a.ElapsedMS, e.body, e.sql, e.args, e.rows, e.count, e.digest); err != nil {
		return err
	}
	for _, v := range e.tables {
		if _, err := tx.ExecContext(ctx, l.db.say(insertVersion), e.id, v.Table, v.Parquet, v.Annotation); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// entry is an answer as it is written.
type entry struct {
	id, question, body      string
	sql, args, rows, digest sql.NullString
	count                   int
	tables                  []answer.Version
}

func entryOf(a *answer.Answer) (entry, error) {
	e := entry{question: Scrub(a.Question, a.Lang)}
	p := privacy(a.Question, a.Lang)
	body := *a
	body.ID, body.AnswerID, body.Question, body.Rows, body.Run = "", "", "", nil, nil // the asker's own ID could tell who it is
	if !a.Answered() {
		p.hide(&body)
	}
	text, err := json.Marshal(body)
	if err != nil {
		return e, err
	}
	e.body, _ = p.remove(string(text))
	if a.Run == nil || !a.Answered() {
		return e, nil
	}
	r := resultOf(a.Rows)
	rows, err := writeRows(r.Rows)
	if err != nil {
		return e, err
	}
	args, err := writeRows([][]any{a.Run.Args})
	if err != nil {
		return e, err
	}
	var held [3]bool
	rows, held[0] = p.remove(rows)
	args, held[1] = p.remove(args)
	query, inQuery := p.remove(a.Run.SQL)
	held[2] = inQuery
	e.rows, e.count = sql.NullString{String: rows, Valid: true}, r.Count
	e.digest = sql.NullString{String: r.Digest, Valid: r.Digest != ""}
	if held != [3]bool{} {
		return e, nil // without what was personal in it, the query is another one
	}
	e.sql, e.args = sql.NullString{String: query, Valid: true}, sql.NullString{String: args, Valid: true}
	e.tables = a.Run.Tables
	return e, nil
}

// private is what is personal in a question.
type private struct {
	said  []*regexp.Regexp
	words map[string]bool
	lang  lang.Lang
	mark  []string
}

func privacy(question string, l lang.Lang) private {
	p := private{words: map[string]bool{}, lang: l}
	for _, s := range personal(question) {
		said := question[s.start:s.end]
		for _, form := range []string{said, folded(said).text} { // as it was written, and as it reads
			quoted, err := json.Marshal(form)
			if err != nil || !utf8.ValidString(form) {
				continue
			}
			p.said = append(p.said, regexp.MustCompile("(?i)"+regexp.QuoteMeta(strings.Trim(string(quoted), `"`))))
			p.mark = append(p.mark, s.kind.mark(l))
		}
		for _, w := range lang.Words(said) {
			if s.kind != address || len(w.Fold) > 3 || strings.Trim(w.Fold, "0123456789") == "" { // de, la and des are nobody's
				p.words[w.Fold] = true
			}
		}
	}
	return p
}

// remove takes what is personal out of JSON or SQL, and tells whether there was any.
func (p private) remove(text string) (string, bool) {
	found := false
	for i, r := range p.said {
		found = found || r.MatchString(text)
		text = r.ReplaceAllLiteralString(text, p.mark[i])
	}
	return text, found
}

// hide takes it out of what an answer without figures says back, word for word;
// such an answer may quote an earlier question, too.
func (p private) hide(a *answer.Answer) {
	words := func(s string) string {
		if len(p.words) == 0 {
			return s
		}
		var b strings.Builder
		at := 0
		for _, w := range lang.Words(s) {
			if p.words[w.Fold] {
				b.WriteString(s[at:w.Start] + "…")
				at = w.End
			}
		}
		return b.String() + s[at:]
	}
	if a.Kind != answer.KindDatasets {
		a.Text, a.Sentence = Scrub(a.Text, p.lang), Scrub(a.Sentence, p.lang)
	}
	a.Text, a.Sentence = words(a.Text), words(a.Sentence)
	each := func(list []string) []string {
		var out []string
		for _, s := range list {
			out = append(out, words(Scrub(s, p.lang)))
		}
		return out
	}
	a.Choices, a.NotUnderstood = each(a.Choices), each(a.NotUnderstood)
}

// Judge notes whether an answer is right, and why; the last word counts.
func (l *Ledger) Judge(ctx context.Context, id string, right bool, why string) error {
	return l.write(ctx, func(ctx context.Context) error {
		done, err := l.db.ExecContext(ctx, `INSERT INTO judgement (answer_id, "right", why, at) SELECT id, CAST(? AS BOOLEAN), CAST(? AS TEXT), CAST(? AS BIGINT) FROM answer WHERE id = ?
			ON CONFLICT (answer_id) DO UPDATE SET "right" = excluded."right", why = excluded.why, at = excluded.at`, right, l.db.storable(Scrub(why, lang.French)), l.now().UnixMilli(), id)
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			return errors.Join(ErrUnknown, err)
		}
		return nil
	})
}
