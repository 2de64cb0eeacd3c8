package warehouse

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// node is an object of DuckDB's tree of a statement.
type node = map[string]any

// scope holds the names of the common table expressions in sight, folded.
type scope map[string]bool

// checker walks one tree.
type checker struct {
	tables map[string]bool // allowed, folded
	names  []string        // the same, as given
	read   map[string]bool // of them, those that the statement reads
	nodes  int
	depth  int
}

// check refuses a statement unless everything in it is on a list, and gives the
// tables that it reads.
func check(statement node, allowed Allowed) ([]string, error) {
	c := &checker{tables: make(map[string]bool), names: allowed.Tables, read: make(map[string]bool)}
	for _, t := range allowed.Tables {
		c.tables[fold(t)] = true
	}
	if err := c.visit(statement, "statement", nil); err != nil {
		return nil, err
	}
	var read []string
	for _, t := range allowed.Tables {
		if c.read[fold(t)] {
			read = append(read, t)
		}
	}
	slices.Sort(read)
	return slices.Compact(read), nil
}

// fold makes an identifier comparable as DuckDB compares them: A to Z only.
// A full Unicode folding would take a Kelvin sign for a K, and so let one name
// pass for another.
func fold(name string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, name)
}

// visit walks an object, a list of them (of lists), or nothing.
func (c *checker) visit(v any, family string, s scope) error {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		for _, item := range v {
			if err := c.visit(item, family, s); err != nil {
				return err
			}
		}
		return nil
	case node:
		c.depth++
		defer func() { c.depth-- }()
		return c.object(v, family, s)
	}
	return refuse(RuleConstruct, "%s of an unknown form", family)
}

func (c *checker) object(n node, family string, s scope) error {
	if c.nodes++; c.nodes > maxNodes {
		return refuse(RuleSize, "more than %d parts; write a shorter query", maxNodes)
	}
	if c.depth > maxDepth {
		return refuse(RuleSize, "nested too deeply; write a flatter query")
	}
	kind := text(n[kindKey[family]])
	shape, known := shapes[family][kind]
	if !known {
		return refuse(RuleConstruct, "%s is not allowed%s", readable(family, kind), hint(constructHints, kind))
	}
	if err := c.special(n, family, kind, s); err != nil {
		return err
	}
	if family == "query" {
		var err error
		if s, err = c.expressions(n["cte_map"], s); err != nil {
			return err
		}
	}
	for _, key := range slices.Sorted(maps.Keys(n)) {
		part, known := shape[key]
		var err error
		switch {
		case !known, part == none && !empty(n[key]), part == plain && !flat(n[key]):
			err = refuse(RuleConstruct, "%s of %s is not allowed%s", strings.ReplaceAll(key, "_", " "),
				readable(family, kind), hint(constructHints, key))
		case part != none && part != plain && part != scoped:
			err = c.visit(n[key], part, s)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// expressions checks the WITH clause of a query and gives the scope of the
// rest of it. Each body sees the ones before it, never itself: there is no
// recursion, and a name used outside its query is not in sight.
func (c *checker) expressions(v any, outer scope) (scope, error) {
	clause, ok := v.(node)
	list, isList := clause["map"].([]any)
	if !ok || !isList || len(clause) != 1 {
		return nil, refuse(RuleConstruct, "WITH clause of an unknown form")
	}
	s := outer
	for _, item := range list {
		entry, _ := item.(node)
		name := fold(text(entry["key"]))
		if c.tables[name] {
			return nil, refuse(RuleTable, "WITH %s hides the table %s; give it another name", name, name)
		}
		for _, prefix := range systemPrefixes {
			if strings.HasPrefix(name, prefix) {
				return nil, refuse(RuleTable, "WITH %s: names of the system are not allowed", name)
			}
		}
		if err := c.visit(entry, "with", s); err != nil {
			return nil, err
		}
		inner := maps.Clone(s)
		if inner == nil {
			inner = scope{}
		}
		inner[name] = true
		s = inner
	}
	return s, nil
}

// empty tells whether a part says nothing.
func empty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case bool:
		return !v
	case string:
		return v == ""
	case []any:
		return len(v) == 0
	}
	return false
}

// flat tells whether a part holds only names, numbers and flags.
func flat(v any) bool {
	switch v := v.(type) {
	case nil, bool, string, json.Number:
		return true
	case []any:
		return !slices.ContainsFunc(v, func(item any) bool { return !flat(item) })
	case node: // a number of 128 bits
		return len(v) == 2 && flat(v["upper"]) && flat(v["lower"])
	}
	return false
}

// text is v where it is a string.
func text(v any) string {
	s, _ := v.(string)
	return s
}
