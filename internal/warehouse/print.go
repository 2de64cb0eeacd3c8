package warehouse

import (
	"encoding/json"
	"reflect"
)

// printable rewrites, in place, what DuckDB would not write as it read it:
//   - a CROSS JOIN b RIGHT JOIN c is written with a comma, which binds less
//     tightly, so that it would come to mean another join: it becomes an inner
//     join on true;
//   - 1e5 is written 100000.0, a decimal: it is cast to a double;
//   - IS TRUE compares with a constant, which is read back as a cast.
func printable(v any) {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			printable(item)
		}
	case node:
		for _, item := range v {
			printable(item)
		}
		switch {
		case v["type"] == "JOIN" && v["ref_type"] == "CROSS":
			v["ref_type"] = "REGULAR"
			v["condition"] = cast("t", "BOOLEAN")
		case v["class"] == "CONSTANT":
			constant, _ := v["value"].(node)
			kind, _ := constant["type"].(node)
			switch value := constant["value"].(type) {
			case bool:
				replace(v, cast(map[bool]string{true: "t", false: "f"}[value], "BOOLEAN"))
			case json.Number:
				if kind["id"] == "DOUBLE" {
					replace(v, cast(value.String(), "DOUBLE"))
				}
			}
		}
	}
}

// cast is the tree of CAST('value' AS kind).
func cast(value, kind string) node {
	return node{
		"class": "CAST", "type": "OPERATOR_CAST", "alias": "", "query_location": json.Number("0"), "try_cast": false,
		"cast_type": node{"id": kind, "type_info": nil},
		"child": node{
			"class": "CONSTANT", "type": "VALUE_CONSTANT", "alias": "", "query_location": json.Number("0"),
			"value": node{"type": node{"id": "VARCHAR", "type_info": nil}, "is_null": false, "value": value},
		},
	}
}

// replace makes n the node other, under the same alias.
func replace(n, other node) {
	alias := n["alias"]
	clear(n)
	for key, value := range other {
		n[key] = value
	}
	n["alias"] = alias
}

// same tells whether two trees say the same: they may differ in where in the
// text a part stands, and in the SELECT that DuckDB writes around VALUES.
func same(a, b any) bool {
	switch a := a.(type) {
	case []any:
		b, ok := b.([]any)
		if !ok || len(a) != len(b) {
			return false
		}
		for i := range a {
			if !same(a[i], b[i]) {
				return false
			}
		}
		return true
	case node:
		b, ok := b.(node)
		if !ok {
			return false
		}
		if a["type"] == "EXPRESSION_LIST" && b["type"] == "SUBQUERY" {
			b = unwrapped(b)
		}
		if len(a) != len(b) {
			return false
		}
		for key, value := range a {
			other, ok := b[key]
			if !ok || key != "query_location" && !same(value, other) {
				return false
			}
		}
		return true
	}
	return reflect.DeepEqual(a, b)
}

// unwrapped is the VALUES inside (SELECT * FROM (VALUES …)), or n itself where
// n is anything else.
func unwrapped(n node) node {
	statement, _ := n["subquery"].(node)
	query, _ := statement["node"].(node)
	values, _ := query["from_table"].(node)
	list, _ := query["select_list"].([]any)
	clause, _ := query["cte_map"].(node)
	if values["type"] != "EXPRESSION_LIST" || len(list) != 1 || query["type"] != "SELECT_NODE" ||
		!empty(clause["map"]) || !empty(n["column_name_alias"]) || !empty(n["sample"]) {
		return n
	}
	for key, value := range query {
		switch key {
		case "type", "cte_map", "select_list", "from_table", "aggregate_handling":
		default:
			if !empty(value) {
				return n
			}
		}
	}
	star, _ := list[0].(node)
	for key, value := range star {
		switch key {
		case "class", "type", "query_location":
		default:
			if star["class"] != "STAR" || !empty(value) {
				return n
			}
		}
	}
	return values
}
