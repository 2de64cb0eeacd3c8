package warehouse

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Door decides whether SQL that a model or an agent wrote may run. It has
// DuckDB's own parser read the text, in a database of its own that holds
// nothing, and walks the tree: what is not on a list is refused. It is safe
// for concurrent use.
//
// A pass is a statement about intent, not about cost: a short innocent query
// may still ask for more memory than there is. What passed runs in a Worker.
type Door struct{ db *DB }

// Checked is SQL that passed a Door.
type Checked struct {
	text   string
	tables []string
}

// String gives the SQL.
func (c Checked) String() string { return c.text }

// Tables lists the tables that the query reads, as Allowed names them, in
// alphabetical order.
func (c Checked) Tables() []string { return c.tables }

// Allowed says what a query may read.
type Allowed struct {
	Tables []string // names in SQL
}

// Rule is why SQL was refused, for whoever has to write it anew.
type Rule string

// The closed list of rules.
const (
	RuleSyntax    Rule = "syntax"    // DuckDB cannot read it
	RuleStatement Rule = "statement" // not exactly one SELECT
	RuleTable     Rule = "table"     // reads a table that is not allowed
	RuleFunction  Rule = "function"  // calls a function that is not allowed
	RuleConstruct Rule = "construct" // uses a part of SQL that is not allowed
	RuleSize      Rule = "size"      // too long, too deep, too many parts
)

// Refusal is the error of a query that may not run.
type Refusal struct {
	Rule   Rule
	Detail string // what was found and what to write instead, in English
}

func (r *Refusal) Error() string { return fmt.Sprintf("refused (%s): %s", r.Rule, r.Detail) }

func refuse(rule Rule, format string, args ...any) error {
	return &Refusal{Rule: rule, Detail: fmt.Sprintf(format, args...)}
}

// Bounds on what is read, far above what a question needs.
const (
	maxText    = 16 << 10 // bytes of a query
	maxLiteral = 1000     // bytes of a string in it
	maxNodes   = 4000     // parts of its tree
	maxDepth   = 150      // nesting of its tree
	maxSets    = 64       // grouping sets of ROLLUP, CUBE, GROUPING SETS
)

// OpenDoor starts a parser.
func OpenDoor(ctx context.Context) (*Door, error) {
	db, err := OpenTables(ctx, nil, Limits{Threads: 1, MemoryMB: 64})
	if err != nil {
		return nil, fmt.Errorf("open door: %w", err)
	}
	return &Door{db: db}, nil
}

// Close stops the parser.
func (d *Door) Close() error { return d.db.Close() }

// Check returns the SQL to run in place of text: DuckDB's own writing of the
// tree that was checked, which it reads as that tree again. A *Refusal says
// that the query may not run, and why.
func (d *Door) Check(ctx context.Context, text string, allowed Allowed) (Checked, error) {
	asked, tables, err := d.read(ctx, text, allowed)
	if err != nil {
		return Checked{}, err
	}
	printable(asked)
	written, err := d.print(ctx, asked)
	if err != nil {
		return Checked{}, err
	}
	if err := d.readsAs(ctx, written, asked, allowed); err != nil {
		return Checked{}, err
	}
	return Checked{written, tables}, nil
}

// readsAs holds what was written for a tree against that tree: it may run only where
// it passes the same checks and says the same. It is a *Refusal where it does not.
func (d *Door) readsAs(ctx context.Context, written string, asked node, allowed Allowed) error {
	reread, err := d.parse(ctx, written)
	if err != nil {
		return fmt.Errorf("read back: %w", err)
	}
	if _, err := check(reread, allowed); err != nil {
		return fmt.Errorf("read back: %w", err)
	}
	if !same(asked, reread) {
		return refuse(RuleConstruct, "DuckDB does not write this query as it read it; write it in a simpler form")
	}
	return nil
}

// Tree returns the tree of text as DuckDB's parser gives it, in JSON, once it
// passed the same checks as Check's. It is for reading a query, never for
// running it. A *Refusal says why there is none.
func (d *Door) Tree(ctx context.Context, text string, tables []string) ([]byte, error) {
	asked, _, err := d.read(ctx, text, Allowed{Tables: tables})
	if err != nil {
		return nil, err
	}
	tree, err := json.Marshal(asked)
	if err != nil {
		return nil, fmt.Errorf("encode tree: %w", err)
	}
	return tree, nil
}

// read parses and checks a text, and gives the tables that it reads.
func (d *Door) read(ctx context.Context, text string, allowed Allowed) (node, []string, error) {
	if len(text) > maxText {
		return nil, nil, refuse(RuleSize, "the query has %d bytes; at most %d are read", len(text), maxText)
	}
	if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		return nil, nil, refuse(RuleSyntax, "the query is not plain UTF-8 text")
	}
	asked, err := d.parse(ctx, text)
	if err != nil {
		return nil, nil, err
	}
	tables, err := check(asked, allowed)
	return asked, tables, err
}

// parse gives the tree of the one statement of text.
func (d *Door) parse(ctx context.Context, text string) (node, error) {
	// Defaults are written out, so that every part has to be known.
	serialized, err := d.scalar(ctx, `select json_serialize_sql(?::varchar,
		skip_default := false, skip_empty := false, skip_null := false)::varchar`, text)
	if err != nil {
		return nil, fmt.Errorf("parse query: %w", err)
	}
	var tree struct {
		Error      bool   `json:"error"`
		Type       string `json:"error_type"`
		Message    string `json:"error_message"`
		Statements []node `json:"statements"`
	}
	decoder := json.NewDecoder(strings.NewReader(serialized))
	decoder.UseNumber()
	if err := decoder.Decode(&tree); err != nil {
		// DuckDB writes infinity as no JSON reader reads it.
		return nil, refuse(RuleSyntax, "a number of the query is too large")
	}
	switch {
	case tree.Error && strings.HasPrefix(tree.Message, "Only SELECT statements"):
		return nil, refuse(RuleStatement, "only a SELECT may run")
	case tree.Error && tree.Type == "parser" && strings.HasPrefix(tree.Message, "Max"):
		return nil, refuse(RuleSize, "%s", tree.Message)
	case tree.Error:
		return nil, refuse(RuleSyntax, "%s", tree.Message)
	case len(tree.Statements) != 1:
		return nil, refuse(RuleStatement, "%d statements; write exactly one SELECT", len(tree.Statements))
	}
	return tree.Statements[0], nil
}

// print writes a tree as SQL.
func (d *Door) print(ctx context.Context, statement node) (string, error) {
	tree, err := json.Marshal(map[string]any{"error": false, "statements": []any{statement}})
	if err != nil {
		return "", fmt.Errorf("encode tree: %w", err)
	}
	written, err := d.scalar(ctx, "select json_deserialize_sql(?::json)", string(tree))
	if err != nil {
		return "", fmt.Errorf("print query: %w", err)
	}
	return written, nil
}

// scalar asks the parser's database for one text.
func (d *Door) scalar(ctx context.Context, query, arg string) (string, error) {
	result, err := d.db.Query(ctx, query, arg)
	if err != nil {
		return "", err
	}
	if len(result.Rows) != 1 {
		return "", errors.New("result larger than a query may be")
	}
	answer, ok := result.Rows[0][0].(string)
	if !ok {
		return "", errors.New("no text")
	}
	return answer, nil
}
