package query_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"

	"cigogne/internal/dataset"
	"cigogne/internal/query"
	"cigogne/internal/texts"
)

// constants are the values of a string type's constants in plan.go.
func constants(t *testing.T, typ string) []string {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), "plan.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	ast.Inspect(f, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if id, ok := spec.Type.(*ast.Ident); !ok || id.Name != typ {
			return true
		}
		for _, v := range spec.Values {
			if lit, ok := v.(*ast.BasicLit); ok {
				s, err := strconv.Unquote(lit.Value)
				if err != nil {
					t.Fatal(err)
				}
				out = append(out, s)
			}
		}
		return true
	})
	return out
}

func text[T ~string](terms []T) []string {
	var out []string
	for _, x := range terms {
		out = append(out, string(x))
	}
	return out
}

func TestListsHaveEveryTerm(t *testing.T) {
	for typ, list := range map[string][]string{"Agg": text(query.Aggs), "As": text(query.Readings), "Op": text(query.Ops), "DerivedOp": text(query.DerivedOps)} {
		if declared := constants(t, typ); len(declared) == 0 || !slices.Equal(declared, list) {
			t.Errorf("%s: the list has %v, declared are %v", typ, list, declared)
		}
	}
}

var figures = &dataset.Table{ID: "t", Rows: 3, Columns: []dataset.Column{
	{Name: "name", Type: dataset.Text, Distinct: 3}, {Name: "n", Type: dataset.Integer, Role: dataset.Measure, Distinct: 3}, {Name: "day", Type: dataset.Date, Distinct: 3},
}}

// A term that is added is written as SQL and explained in words, in each
// language, or this fails.
func TestEveryTermIsCompiledAndExplained(t *testing.T) {
	plans := map[string]*query.Plan{}
	for _, a := range query.Aggs {
		plans["agg "+string(a)] = &query.Plan{Table: "t", Measures: []query.Measure{{Agg: a, Column: "n"}}}
	}
	for _, op := range query.Ops {
		f := query.Filter{Column: "n", Op: op, Values: []any{1.0}}
		switch op {
		case query.Between:
			f.Values = []any{1.0, 2.0}
		case query.Null, query.NotNull:
			f.Values = nil
		case query.Contains, query.Starts:
			f = query.Filter{Column: "name", Op: op, Values: []any{"a"}}
		}
		plans["op "+string(op)] = &query.Plan{Table: "t", Measures: []query.Measure{{Agg: query.Count}}, Where: []query.Filter{f}}
	}
	for _, as := range query.Readings {
		column := map[bool]string{true: "day", false: "name"}[as == query.AsMonth]
		plans["as "+string(as)] = &query.Plan{Table: "t", Measures: []query.Measure{{Agg: query.Max, Column: column, As: as}}}
	}
	for _, d := range query.DerivedOps {
		p := &query.Plan{Table: "t", Measures: []query.Measure{{Agg: query.Sum, Column: "n"}, {Agg: query.Max, Column: "n"}}, Derived: &query.Derived{Op: d, Of: 1, Over: 2}}
		switch d {
		case query.Verdict:
			p.Derived.Says = []string{"more", "less", "the same"}
		case query.ShareOfTotal:
			p.Derived.Over, p.Measures, p.GroupBy = 0, p.Measures[:1], []string{"name"}
		}
		plans["derived "+string(d)] = p
	}
	for name, p := range plans {
		t.Run(name, func(t *testing.T) {
			c, err := query.Compile(p, func(string) *dataset.Table { return figures })
			if err != nil || c.Text == "" {
				t.Fatalf("not compiled: %v", err)
			}
			for _, l := range texts.Languages() {
				said := query.Explain(p, func(_, column string) string { return column }, l)
				if said == "" || strings.Contains(said, "query.") {
					t.Errorf("%s: explained as %q", l, said)
				}
			}
		})
	}
}
