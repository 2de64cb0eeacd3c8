package warehouse

import (
	"errors"
	"regexp"
	"strings"
	"testing"
)

// token matches a string, a quoted identifier, a word or a sign.
var token = regexp.MustCompile(`'(?:[^']|'')*'|"(?:[^"]|"")*"|[\p{L}_][\p{L}\p{N}_$]*|[^\s]`)

// Words that stand before a parenthesis in what DuckDB writes, and are no
// function.
var wordsOfSQL = set(`select from where and or not in as on using over filter when then else values case by distinct
	exists any cast try_cast coalesce grouping sets interval group order partition exclude replace columns except
	union all intersect limit offset having qualify with pivot unpivot for try is between like array decimal within null
	inner left right full semi anti asof join name`)

// FuzzDoor looks at what passes with another pair of eyes: no name before a
// parenthesis is a function that is not listed, and what is read right after
// FROM or JOIN is a table, a common table expression or a listed function.
func FuzzDoor(f *testing.F) {
	for _, a := range attacks {
		f.Add(a.sql)
	}
	for _, c := range legitimate {
		f.Add(c.sql)
	}
	door := openDoor(f)
	f.Fuzz(func(t *testing.T, sql string) {
		checked, err := door.Check(t.Context(), sql, doorTables)
		if err != nil {
			var refusal *Refusal
			if !errors.As(err, &refusal) && !errors.Is(err, ErrInvalid) {
				t.Errorf("%q: %v", sql, err)
			}
			if checked.text != "" {
				t.Errorf("%q: refused, and gave %s", sql, checked)
			}
			return
		}
		calls, reads := namesIn(checked.String())
		for _, name := range calls {
			if !functions[name] && !windowFunctions[name] && !tableFunctions[name] && !wordsOfSQL[name] {
				t.Errorf("%q passed as %q: calls %s", sql, checked, name)
			}
		}
		for _, name := range reads {
			if name != "comptes" && name != "lieux" && !tableFunctions[name] {
				t.Errorf("%q passed as %q: reads %s", sql, checked, name)
			}
		}
	})
}

// namesIn gives the names before a parenthesis, and the names after FROM and
// JOIN that are not those of a WITH clause.
func namesIn(sql string) (calls, reads []string) {
	tokens := token.FindAllString(sql, -1)
	at := func(i int) string {
		if i < 0 || i >= len(tokens) {
			return ""
		}
		return fold(tokens[i])
	}
	name := func(i int) string { return strings.ReplaceAll(strings.Trim(at(i), `"`), `""`, `"`) }
	isName := func(i int) bool { return regexp.MustCompile(`^["\p{L}_]`).MatchString(at(i)) }
	with := map[string]bool{"main": true, "select": true}
	for i := range tokens {
		if !isName(i) || at(i+1) != "(" || at(i-1) == "as" { // AS name(columns)
			if isName(i) && at(i+1) == "as" && at(i+2) == "(" {
				with[name(i)] = true
			}
			continue
		}
		depth, end := 0, i+1
		for ; end < len(tokens); end++ {
			depth += map[string]int{"(": 1, ")": -1}[at(end)]
			if depth == 0 {
				break
			}
		}
		if at(end+1) == "as" && at(end+2) == "(" { // WITH name (columns) AS (
			with[name(i)] = true
			continue
		}
		calls = append(calls, name(i))
	}
	for i := range tokens {
		if (at(i) == "from" && at(i-1) != "distinct" || at(i) == "join") && isName(i+1) && !with[name(i+1)] {
			reads = append(reads, name(i+1))
		}
	}
	return calls, reads
}

// FuzzReply feeds the parent what a broken child might say.
func FuzzReply(f *testing.F) {
	f.Add(`{"columns":[{"name":"a","type":"integer"}],"rows":[[1],[null],[1.5e30]]}`)
	f.Add(`{"columns":[{"name":"a","type":"date"}],"rows":[["2024-02-29T00:00:00Z"]]}`)
	f.Add(`{"columns":[{"name":"a","type":"text"}],"rows":[[true]]}`)
	f.Add(`{"fault":"memory","message":"x"}`)
	f.Add(`{"fault":"?"}`)
	f.Fuzz(func(t *testing.T, data string) {
		result, err := decodeReply([]byte(data))
		if err != nil {
			return
		}
		for _, row := range result.Rows {
			if len(row) != len(result.Columns) {
				t.Errorf("row of %d cells under %d columns", len(row), len(result.Columns))
			}
		}
	})
}
