package ledger

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"

	"cigogne/internal/answer"
	"cigogne/internal/lang"
	"cigogne/internal/texts"
)

// Record is an answer as it was kept.
type Record struct {
	Answer *answer.Answer // its Rows are those of Result; its Run is nil where it cannot be run again
	At     time.Time      // UTC
	Result Result
	Right  *bool // what was said of it; nil: nothing
	Why    string
}

const selectRecord = `SELECT id, a.at, question, lang, kind, engine, elapsed_ms, body, sql, args, rows, row_count, digest, "right", why,
	(SELECT #versions FROM version WHERE answer_id = a.id)
	FROM answer a LEFT JOIN judgement j ON j.answer_id = a.id `

// versions are a record's files as JSON, and as a text to sort by.
func (d *database) versions(statement string) string {
	list, sorted := "json_group_array(json_array(table_id, parquet, annotation))", "group_concat(parquet)"
	if d.postgres {
		list, sorted = "coalesce(json_agg(json_build_array(table_id, parquet, annotation)), '[]')::text", "string_agg(parquet, ',' ORDER BY parquet)"
	}
	return strings.NewReplacer("#versions", list, "#sorted", sorted).Replace(statement)
}

// Record returns what is kept under an ID, or ErrUnknown.
func (l *Ledger) Record(ctx context.Context, id string) (*Record, error) {
	for r, err := range l.records(ctx, "WHERE id = ?", id) {
		return r, err
	}
	return nil, ErrUnknown
}

// Answer returns the answer of an ID, or ErrUnknown. Of a long result it has
// the first rows, and says so.
func (l *Ledger) Answer(ctx context.Context, id string) (*answer.Answer, error) {
	r, err := l.Record(ctx, id)
	if err != nil {
		return nil, err
	}
	a := r.Answer
	if cut := r.Result.Count - len(a.Rows); cut > 0 {
		a.Caveats = append(a.Caveats, texts.Say(a.Lang, "ledger.first_rows_are_kept", "kept", len(a.Rows), "count", r.Result.Count))
	}
	return a, nil
}

// Records reads every answer, those that read the same files one after the
// other. An error comes last.
func (l *Ledger) Records(ctx context.Context) iter.Seq2[*Record, error] {
	return l.records(ctx, "ORDER BY (SELECT #sorted FROM version WHERE answer_id = a.id), a.at, id")
}

func (l *Ledger) records(ctx context.Context, which string, args ...any) iter.Seq2[*Record, error] {
	return func(yield func(*Record, error) bool) {
		rows, err := l.db.QueryContext(ctx, l.db.versions(selectRecord+which), args...)
		if err != nil {
			yield(nil, l.fault(err))
			return
		}
		defer rows.Close()
		for rows.Next() {
			r, err := scan(rows)
			if err != nil {
				err = l.fault(err)
			}
			if !yield(r, err) || err != nil {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(nil, l.fault(err))
		}
	}
}

func scan(rows *sql.Rows) (*Record, error) {
	var a answer.Answer
	var id, question, body, versions string
	var language lang.Lang
	var kind answer.Kind
	var engine string
	var elapsed float64
	var at int64
	var query, args, result, digest, why sql.NullString
	var right sql.NullBool
	r := &Record{Answer: &a}
	err := rows.Scan(&id, &at, &question, &language, &kind, &engine, &elapsed, &body, &query, &args, &result, &r.Result.Count, &digest, &right, &why, &versions)
	if err != nil {
		return nil, err
	}
	err = json.Unmarshal([]byte(body), &a)
	a.AnswerID, a.Question, a.Lang, a.Kind, a.Engine, a.ElapsedMS = id, question, language, kind, engine, elapsed
	r.At, r.Why, r.Result.Digest = time.UnixMilli(at).UTC(), why.String, digest.String
	if right.Valid {
		r.Right = &right.Bool
	}
	if result.Valid && err == nil {
		a.Rows, err = readRows(result.String)
		r.Result.Rows = a.Rows
	}
	if query.Valid && err == nil {
		a.Run, err = runOf(query.String, args.String, versions)
	}
	if err != nil {
		return nil, fmt.Errorf("answer %s: %w", id, errors.Join(errContent, err))
	}
	return r, nil
}

// errContent is a row that holds what this program does not write.
var errContent = errors.New("its content does not read")

func runOf(query, args, versions string) (*answer.Run, error) {
	list, err := readRows(args)
	if err != nil || len(list) != 1 {
		return nil, errors.Join(errContent, err)
	}
	run := &answer.Run{SQL: query, Args: list[0]}
	var tables [][3]string
	if err := json.Unmarshal([]byte(versions), &tables); err != nil {
		return nil, err
	}
	for _, t := range tables {
		run.Tables = append(run.Tables, answer.Version{Table: t[0], Parquet: t[1], Annotation: t[2]})
	}
	return run, nil
}

// Files lists the hashes of all Parquet files that kept answers were made of.
func (l *Ledger) Files(ctx context.Context) ([]string, error) {
	rows, err := l.db.QueryContext(ctx, "SELECT DISTINCT parquet FROM version ORDER BY parquet")
	if err != nil {
		return nil, l.fault(err)
	}
	defer rows.Close()
	var hashes []string
	for rows.Next() {
		var h string
		if err := rows.Scan(&h); err != nil {
			return nil, l.fault(err)
		}
		hashes = append(hashes, h)
	}
	return hashes, l.fault(rows.Err())
}
