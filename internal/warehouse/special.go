package warehouse

import (
	"encoding/json"
	"strings"
)

// special checks what the names in an object refer to.
func (c *checker) special(n node, family, kind string, s scope) error {
	switch family {
	case "table function":
		if err := callable(n, tableFunctions, "table function"); err != nil {
			return err
		}
		return rangeBounded(n)
	case "type":
		if id := text(n["id"]); !types[id] {
			return refuse(RuleConstruct, "type %s is not allowed", strings.ToLower(id))
		}
	case "value":
		return literal(n["value"])
	case "relation":
		switch kind {
		case "BASE_TABLE":
			return c.table(n, s)
		case "JOIN":
			if !joinTypes[text(n["join_type"])] || !joinForms[text(n["ref_type"])] {
				return refuse(RuleConstruct, "%s %s join is not allowed",
					strings.ToLower(text(n["ref_type"])), strings.ToLower(text(n["join_type"])))
			}
		}
	case "query":
		if sets, _ := n["group_sets"].([]any); len(sets) > maxSets {
			return refuse(RuleSize, "%d grouping sets; at most %d are allowed", len(sets), maxSets)
		}
	case "expression":
		return expressionNames(n, kind)
	}
	return nil
}

func (c *checker) table(n node, s scope) error {
	name, schema := fold(text(n["table_name"])), fold(text(n["schema_name"]))
	if schema == "" && s[name] {
		return nil
	}
	if (schema == "" || schema == "main") && c.tables[name] {
		c.read[name] = true
		return nil
	}
	if schema != "" {
		name = schema + "." + name
	}
	return refuse(RuleTable, "table %s is not allowed; tables: %s", name, strings.Join(c.names, ", "))
}

func expressionNames(n node, kind string) error {
	switch kind {
	case "FUNCTION":
		if err := callable(n, functions, "function"); err != nil {
			return err
		}
		return paddingBounded(n)
	case "WINDOW":
		return callable(n, windowFunctions, "window function")
	case "OPERATOR":
		if operator := text(n["type"]); !operators[operator] {
			return refuse(RuleConstruct, "operator %s is not allowed", strings.ToLower(operator))
		}
	case "COLUMN_REF":
		// Without a table's name, DuckDB takes these for functions.
		names, _ := n["column_names"].([]any)
		if len(names) == 1 && clockAndSession[fold(text(names[0]))] {
			return refuse(RuleFunction, "%s is not allowed; write dates as literals, and a column of that name as table.column", text(names[0]))
		}
	case "COLLATE":
		if collation := fold(text(n["collation"])); !collations[collation] {
			return refuse(RuleConstruct, "collation %s is not allowed", collation)
		}
	}
	return nil
}

// callable checks the name of a call against a list.
func callable(n node, list map[string]bool, what string) error {
	name, schema := fold(text(n["function_name"])), fold(text(n["schema"]))
	if schema != "" && schema != "main" {
		return refuse(RuleFunction, "%s %s.%s is not allowed; write %s(%s, …)", what, schema, name, name, schema)
	}
	if !list[name] {
		return refuse(RuleFunction, "%s %s is not allowed%s", what, name, hint(functionHints, name))
	}
	return nil
}

// paddingBounded refuses to pad to a length that is not written out.
func paddingBounded(n node) error {
	name := fold(text(n["function_name"]))
	if name != "lpad" && name != "rpad" {
		return nil
	}
	if args, _ := n["children"].([]any); len(args) == 3 {
		length, _ := args[1].(node)
		value, _ := length["value"].(node)
		number, _ := value["value"].(json.Number)
		if size, err := number.Int64(); err == nil && size <= maxLiteral {
			return nil
		}
	}
	return refuse(RuleSize, "%s: write the length as a number, at most %d", name, maxLiteral)
}

// maxRange bounds the numbers that a series may start from and run to.
const maxRange = 1_000_000

// rangeBounded refuses a series whose bounds are not written out, or are large.
func rangeBounded(n node) error {
	name := fold(text(n["function_name"]))
	if name == "unnest" {
		return nil
	}
	args, _ := n["children"].([]any)
	for _, arg := range args {
		arg, _ := arg.(node)
		switch value, _ := arg["value"].(node); {
		case datable(arg):
		case arg["class"] == "FUNCTION" && strings.HasPrefix(text(arg["function_name"]), "to_"): // an interval
		case arg["class"] != "CONSTANT":
			return refuse(RuleSize, "%s: write the bounds as plain numbers, dates and intervals", name)
		default:
			number, _ := value["value"].(json.Number)
			if bound, err := number.Int64(); err != nil || bound < -maxRange || bound > maxRange {
				return refuse(RuleSize, "%s: bounds may be at most %d", name, maxRange)
			}
		}
	}
	return nil
}

// datable tells whether a bound is a date that is written out. A number that is
// cast would be a bound that nobody looked at.
func datable(arg node) bool {
	child, _ := arg["child"].(node)
	kind, _ := arg["cast_type"].(node)
	return arg["class"] == "CAST" && child["class"] == "CONSTANT" && (text(kind["id"]) == "DATE" || strings.HasPrefix(text(kind["id"]), "TIMESTAMP"))
}

// literal bounds a value in the text.
func literal(v any) error {
	if s, ok := v.(string); ok && len(s) > maxLiteral {
		return refuse(RuleSize, "a literal of %d bytes; at most %d are allowed", len(s), maxLiteral)
	}
	return nil
}

// set is a list of names written as words.
func set(lists ...string) map[string]bool {
	m := make(map[string]bool)
	for _, words := range lists {
		for _, w := range strings.Fields(words) {
			m[w] = true
		}
	}
	return m
}

// The lists. A function is here when it reads nothing but its arguments, gives
// the same result every day, and cannot make much out of little on its own
// (repeat, range and format with a free width are not here).
const (
	aggregates = `count count_star count_if countif sum avg mean min max median mode stddev stddev_samp stddev_pop
		variance var_samp var_pop quantile quantile_cont quantile_disc mad corr covar_pop covar_samp regr_slope
		regr_intercept regr_r2 regr_count regr_avgx regr_avgy product fsum kahan_sum sumkahan favg skewness kurtosis
		bool_and bool_or string_agg group_concat listagg any_value first last arg_min arg_max argmin argmax
		min_by max_by list array_agg geomean geometric_mean weighted_avg wavg`
	windows = `row_number rank dense_rank rank_dense percent_rank cume_dist ntile lag lead first_value last_value nth_value`
	symbols = `+ - * / // % ^ ** || & | << >> ~ @ ~~ !~~ ~~* !~~* ~~~ like_escape not_like_escape ilike_escape not_ilike_escape`
	numeric = `abs ceil ceiling floor round round_even roundbankers trunc sign sqrt cbrt exp ln log log2 log10 pow power mod fmod fdiv
		greatest least nullif isnan isinf isfinite pi add subtract multiply divide even
		sin cos tan asin acos atan atan2 radians degrees`
	texts = `lower upper lcase ucase trim ltrim rtrim length len strlen char_length character_length left right
		substring substr replace concat concat_ws contains starts_with prefix suffix ends_with position strpos instr
		strip_accents nfc_normalize reverse split_part split string_split str_split string_to_array lpad rpad translate ascii chr
		regexp_matches regexp_full_match regexp_extract regexp_replace string_split_regex regexp_escape`
	dates = `date_part datepart date_trunc datetrunc date_diff datediff date_sub datesub date_add make_date
		make_timestamp last_day days_in_month strftime strptime try_strptime monthname dayname year month day quarter week
		weekofyear yearweek isoyear isodow weekday dayofweek dayofmonth dayofyear decade century hour minute second
		epoch to_years to_quarters to_months to_weeks to_days to_hours to_minutes to_seconds`
	lists = `unnest list_value array_length list_contains array_contains list_has row struct_pack typeof`
)

var (
	functions       = set(aggregates, symbols, numeric, texts, dates, lists)
	windowFunctions = set(aggregates, windows)
	tableFunctions  = set(`range generate_series unnest`)

	operators = set(`COMPARE_IN COMPARE_NOT_IN OPERATOR_NOT OPERATOR_IS_NULL OPERATOR_IS_NOT_NULL OPERATOR_COALESCE
		OPERATOR_NULLIF OPERATOR_TRY GROUPING_FUNCTION ARRAY_EXTRACT ARRAY_SLICE STRUCT_EXTRACT`)
	joinTypes  = set(`INNER LEFT RIGHT OUTER SEMI ANTI`)
	joinForms  = set(`REGULAR NATURAL CROSS ASOF`)
	collations = set(`noaccent nocase nfc fr en de icu_noaccent noaccent.nocase nocase.noaccent`)

	clockAndSession = set(`current_date current_time current_timestamp localtime localtimestamp current_user
		current_role current_schema current_catalog current_database session_user user`)
)

// types are those that a value may be written in or cast to.
var types = func() map[string]bool {
	m := set(`NULL BOOLEAN TINYINT SMALLINT INTEGER BIGINT HUGEINT UTINYINT USMALLINT UINTEGER UBIGINT UHUGEINT
		FLOAT DOUBLE DECIMAL VARCHAR DATE TIME TIMESTAMP TIMESTAMP_S TIMESTAMP_MS TIMESTAMP_NS INTERVAL LIST`)
	m["TIMESTAMP WITH TIME ZONE"] = true
	return m
}()

// functionHints say what to write instead, in the dialects models mix up.
var functionHints = func() map[string]string {
	m := map[string]string{
		"range":           " on its own; use it after FROM",
		"generate_series": " on its own; use it after FROM",
		"format":          "; concatenate with ||",
		"printf":          "; concatenate with ||",
		"to_char":         "; write strftime(date, '%Y-%m')",
		"date_format":     "; write strftime(date, '%Y-%m')",
		"to_date":         "; write strptime(text, '%d/%m/%Y') or text::date",
		"nvl":             "; write coalesce",
		"isnull":          "; write coalesce, or x IS NULL",
		"charindex":       "; write position(part IN text)",
	}
	for _, name := range strings.Fields("now today age getdate curdate get_current_timestamp transaction_timestamp") {
		m[name] = "; write dates as literals"
	}
	return m
}()
