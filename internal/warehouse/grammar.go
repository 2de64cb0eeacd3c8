package warehouse

import "strings"

// What follows is the part of DuckDB's grammar that a query may use, as the
// shapes of the objects its parser gives. A shape names every field of an
// object, and what the field holds: the name of a family of shapes to walk on
// with, or one of these. An object or a field that is not here is refused.
const (
	plain  = "plain"  // names, numbers, flags: nothing to walk into
	none   = "none"   // must be empty
	scoped = "scoped" // the WITH clause, walked before the rest
)

type shape map[string]string

// kindKey is the field that tells the shapes of a family apart.
var kindKey = map[string]string{
	"expression": "class", "table function": "class",
	"query": "type", "relation": "type", "modifier": "type", "order": "type", "type parameter": "type",
}

// with adds what every object of a family has.
func (s shape) with(fields ...string) shape {
	for _, f := range fields {
		s[f] = plain
	}
	return s
}

func expression(s shape) shape { return s.with("class", "type", "alias", "query_location") }

func relation(s shape) shape {
	s["sample"] = none
	return s.with("type", "alias", "query_location")
}

func query(s shape) shape {
	s["modifiers"], s["cte_map"] = "modifier", scoped
	return s.with("type")
}

func typeParameter(s shape) shape {
	s["alias"], s["extension_info"] = none, none
	return s.with("type")
}

var function = expression(shape{
	"function_name": plain, "schema": plain, "catalog": none, "children": "expression", "filter": "expression",
	"order_bys": "modifier", "distinct": plain, "is_operator": plain, "export_state": none,
})

var order = shape{"type": plain, "null_order": plain, "expression": "expression"}

var shapes = map[string]map[string]shape{
	"statement": {"": {"node": "query", "named_param_map": none}},
	"query": {
		"SELECT_NODE": query(shape{
			"select_list": "expression", "from_table": "relation", "where_clause": "expression",
			"group_expressions": "expression", "group_sets": plain, "aggregate_handling": plain,
			"having": "expression", "qualify": "expression", "sample": none,
		}),
		"SET_OPERATION_NODE": query(shape{"setop_type": plain, "setop_all": plain, "left": "query", "right": "query"}),
	},
	"with":      {"": {"key": plain, "value": "with body"}},
	"with body": {"": {"aliases": plain, "query": "statement", "materialized": plain, "key_targets": none}},
	"modifier": {
		"ORDER_MODIFIER":         {"type": plain, "orders": "order"},
		"LIMIT_MODIFIER":         {"type": plain, "limit": "expression", "offset": "expression"},
		"LIMIT_PERCENT_MODIFIER": {"type": plain, "limit": "expression", "offset": "expression"},
		"DISTINCT_MODIFIER":      {"type": plain, "distinct_on_targets": "expression"},
	},
	"order": {"ORDER_DEFAULT": order, "ASCENDING": order, "DESCENDING": order},
	"relation": {
		"EMPTY": relation(shape{}),
		"BASE_TABLE": relation(shape{"table_name": plain, "schema_name": plain, "catalog_name": none,
			"column_name_alias": plain, "at_clause": none}),
		"SUBQUERY":        relation(shape{"subquery": "statement", "column_name_alias": plain}),
		"EXPRESSION_LIST": relation(shape{"values": "expression", "expected_names": plain, "expected_types": none}),
		"TABLE_FUNCTION": relation(shape{"function": "table function", "column_name_alias": plain,
			"with_ordinality": plain}),
		"JOIN": relation(shape{"left": "relation", "right": "relation", "condition": "expression", "join_type": plain,
			"ref_type": plain, "using_columns": plain, "delim_flipped": none, "duplicate_eliminated_columns": none}),
		"PIVOT": relation(shape{"source": "relation", "aggregates": "expression", "unpivot_names": plain,
			"pivots": "pivot", "groups": plain, "column_name_alias": plain, "include_nulls": plain}),
	},
	"table function": {"FUNCTION": function},
	"pivot":          {"": {"pivot_expressions": "expression", "unpivot_names": plain, "entries": "pivot entry", "pivot_enum": none}},
	"pivot entry":    {"": {"values": "value", "star_expr": "expression", "alias": plain}},
	"expression": {
		"BETWEEN":              expression(shape{"input": "expression", "lower": "expression", "upper": "expression"}),
		"CASE":                 expression(shape{"case_checks": "branch", "else_expr": "expression"}),
		"CAST":                 expression(shape{"child": "expression", "cast_type": "type", "try_cast": plain}),
		"COLLATE":              expression(shape{"child": "expression", "collation": plain}),
		"COLUMN_REF":           expression(shape{"column_names": plain}),
		"COMPARISON":           expression(shape{"left": "expression", "right": "expression"}),
		"CONJUNCTION":          expression(shape{"children": "expression"}),
		"CONSTANT":             expression(shape{"value": "value"}),
		"FUNCTION":             function,
		"OPERATOR":             expression(shape{"children": "expression"}),
		"POSITIONAL_REFERENCE": expression(shape{"index": plain}),
		"STAR": expression(shape{"relation_name": plain, "exclude_list": plain, "replace_list": "replacement",
			"columns": plain, "expr": "expression", "qualified_exclude_list": none, "rename_list": none}),
		"SUBQUERY": expression(shape{"subquery_type": plain, "subquery": "statement", "child": "expression",
			"comparison_type": plain, "sample": none, "column_name_alias": plain}),
		"WINDOW": expression(shape{
			"function_name": plain, "schema": plain, "catalog": none, "children": "expression",
			"partitions": "expression", "orders": "order", "start": plain, "end": plain, "start_expr": "expression",
			"end_expr": "expression", "offset_expr": "expression", "default_expr": "expression", "ignore_nulls": plain,
			"filter_expr": "expression", "exclude_clause": plain, "distinct": plain, "arg_orders": "order",
		}),
	},
	"branch":      {"": {"when_expr": "expression", "then_expr": "expression"}},
	"replacement": {"": {"key": plain, "value": "expression"}},
	"value":       {"": {"type": "type", "is_null": plain, "value": plain}},
	"type":        {"": {"id": plain, "type_info": "type parameter"}},
	"type parameter": {
		"DECIMAL_TYPE_INFO": typeParameter(shape{"width": plain, "scale": plain}),
		"LIST_TYPE_INFO":    typeParameter(shape{"child_type": "type"}),
	},
}

// Names that DuckDB's own catalogue begins with.
var systemPrefixes = []string{"duckdb_", "pg_", "sqlite_", "pragma_", "information_schema"}

// readable names a part of SQL as its writer knows it.
func readable(family, kind string) string {
	kind = strings.ToLower(strings.ReplaceAll(strings.TrimSuffix(strings.TrimSuffix(kind, "_NODE"), "_REF"), "_", " "))
	return strings.TrimSpace(kind + " " + family)
}

var constructHints = map[string]string{
	"RECURSIVE_CTE_NODE": ": WITH may not refer to itself",
	"SHOW_REF":           ": the columns are those that were given, DESCRIBE and SUMMARIZE tell no more",
	"LAMBDA":             ": use unnest and a subquery",
	"named_param_map":    ": write values in the query",
}

func hint(hints map[string]string, name string) string { return hints[name] }
