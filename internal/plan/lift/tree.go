package lift

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
)

// statement is a SELECT as DuckDB's json_serialize_sql writes it.
type statement struct {
	Node *selection `json:"node"`
}

type selection struct {
	Type       string     `json:"type"`
	Modifiers  []modifier `json:"modifiers"`
	Select     []*expr    `json:"select_list"`
	From       *relation  `json:"from_table"`
	Where      *expr      `json:"where_clause"`
	Groups     []*expr    `json:"group_expressions"`
	Sets       [][]int    `json:"group_sets"`
	Aggregates string     `json:"aggregate_handling"`
	Having     *expr      `json:"having"`
	Qualify    *expr      `json:"qualify"`
	With       struct {
		Map []json.RawMessage `json:"map"`
	} `json:"cte_map"`
}

type relation struct {
	Type     string     `json:"type"`
	Table    string     `json:"table_name"`
	Subquery *statement `json:"subquery"`
}

type modifier struct {
	Type   string  `json:"type"`
	Orders []order `json:"orders"`
	Limit  *expr   `json:"limit"`
	Offset *expr   `json:"offset"`
	On     []*expr `json:"distinct_on_targets"`
}

type order struct {
	Type string `json:"type"`
	Expr *expr  `json:"expression"`
}

// expr is any expression: Class tells which fields it has.
type expr struct {
	Class string `json:"class"`
	Type  string `json:"type"`
	Alias string `json:"alias"`

	Names []string `json:"column_names"` // COLUMN_REF
	Value *literal `json:"value"`        // CONSTANT

	Left     *expr   `json:"left"` // COMPARISON
	Right    *expr   `json:"right"`
	Children []*expr `json:"children"` // CONJUNCTION, OPERATOR, FUNCTION, WINDOW
	Child    *expr   `json:"child"`    // CAST, SUBQUERY
	Input    *expr   `json:"input"`    // BETWEEN
	Lower    *expr   `json:"lower"`
	Upper    *expr   `json:"upper"`

	Function string   `json:"function_name"`
	Distinct bool     `json:"distinct"`
	Filter   *expr    `json:"filter"`
	OrderBys modifier `json:"order_bys"`

	Checks []branch `json:"case_checks"` // CASE
	Else   *expr    `json:"else_expr"`

	To kind `json:"cast_type"` // CAST

	Subquery     *statement `json:"subquery"`
	SubqueryType string     `json:"subquery_type"` // SCALAR, ANY, EXISTS
	Comparison   string     `json:"comparison_type"`

	Partitions   []*expr         `json:"partitions"` // WINDOW
	WindowOrders []order         `json:"orders"`
	WindowFilter *expr           `json:"filter_expr"`
	Exclude      json.RawMessage `json:"exclude_list"` // STAR
	Replace      json.RawMessage `json:"replace_list"`
	Columns      bool            `json:"columns"`
}

type branch struct {
	When *expr `json:"when_expr"`
	Then *expr `json:"then_expr"`
}

type kind struct {
	ID   string `json:"id"`
	Info *struct {
		Scale int `json:"scale"`
	} `json:"type_info"`
}

type literal struct {
	Type  kind            `json:"type"`
	Null  bool            `json:"is_null"`
	Value json.RawMessage `json:"value"`
}

// scalar reads a literal as a string, int64 or float64; nil where it is null or
// of another type.
func (l *literal) scalar() any {
	if l == nil || l.Null {
		return nil
	}
	var text string
	if json.Unmarshal(l.Value, &text) == nil {
		return text
	}
	n, err := strconv.ParseInt(string(l.Value), 10, 64)
	if l.Type.ID == "DECIMAL" && l.Type.Info != nil && err == nil {
		return float64(n) / math.Pow10(l.Type.Info.Scale)
	}
	if err == nil {
		return n
	}
	if f, err := strconv.ParseFloat(string(l.Value), 64); err == nil {
		return f
	}
	return nil
}

// call tells whether an expression calls one of the functions.
func (e *expr) call(names ...string) bool {
	if e == nil || e.Class != "FUNCTION" {
		return false
	}
	for _, n := range names {
		if strings.EqualFold(e.Function, n) {
			return true
		}
	}
	return false
}

// constant folds an expression without columns into a string, int64, float64 or
// bool; ok is false where it is none.
func (e *expr) constant() (v any, ok bool) {
	switch {
	case e == nil:
	case e.Class == "CONSTANT":
		v = e.Value.scalar()
		return v, v != nil
	case e.Class == "CAST":
		v, ok = e.Child.constant()
		if s, isText := v.(string); isText && e.To.ID == "BOOLEAN" {
			return s == "t" || s == "true", true
		}
		return v, ok
	case e.call("lower", "upper", "trim", "strip_accents", "strptime", "try_strptime") && len(e.Children) > 0:
		return e.Children[0].constant()
	case e.call("make_date") && len(e.Children) == 3:
		return madeDate(e.Children)
	case e.call("-") && len(e.Children) == 1:
		v, ok = e.Children[0].constant()
		if n, isNumber := number(v); ok && isNumber {
			return -n, true
		}
	}
	return nil, false
}

func madeDate(parts []*expr) (any, bool) {
	var n [3]int
	for i, p := range parts {
		v, ok := p.constant()
		f, isNumber := number(v)
		if !ok || !isNumber {
			return nil, false
		}
		n[i] = int(f)
	}
	return day(n[0], n[1], n[2]), true
}

// number reads a constant as a number, also where it is written as a text.
func number(v any) (float64, bool) {
	switch x := v.(type) {
	case int64:
		return float64(x), true
	case float64:
		return x, true
	case string:
		f, err := strconv.ParseFloat(strings.TrimSpace(x), 64)
		return f, err == nil && !math.IsInf(f, 0) && !math.IsNaN(f)
	}
	return 0, false
}
