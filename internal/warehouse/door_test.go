package warehouse

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

var doorTables = Allowed{Tables: []string{"comptes", "lieux"}}

func openDoor(tb testing.TB) *Door {
	tb.Helper()
	door, err := OpenDoor(tb.Context())
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := door.Close(); err != nil {
			tb.Error(err)
		}
	})
	return door
}

// attacks are queries that may not pass, with the rule that refuses each and a
// part of the reason.
var attacks = []struct {
	sql    string
	rule   Rule
	detail string
}{
	// Statements that are no SELECT.
	{"delete from comptes", RuleStatement, "only a SELECT"},
	{"insert into comptes select * from comptes", RuleStatement, "only a SELECT"},
	{"update comptes set montant = 0", RuleStatement, "only a SELECT"},
	{"drop table comptes", RuleStatement, "only a SELECT"},
	{"alter table comptes add column x int", RuleStatement, "only a SELECT"},
	{"create table x as select 1", RuleStatement, "only a SELECT"},
	{"create temp table x as select 1", RuleStatement, "only a SELECT"},
	{"create temp view x as select 1", RuleStatement, "only a SELECT"},
	{"create temp macro f(a) as a", RuleStatement, "only a SELECT"},
	{"create secret s (type s3)", RuleStatement, "only a SELECT"},
	{"copy comptes to '/tmp/x.csv'", RuleStatement, "only a SELECT"},
	{"copy (select 1) to 'g.duckdb' (use_tmp_file false)", RuleStatement, "only a SELECT"},
	{"export database '/tmp/x'", RuleStatement, "only a SELECT"},
	{"import database '/tmp/x'", RuleStatement, "only a SELECT"},
	{"attach '/tmp/other.duckdb'", RuleStatement, "only a SELECT"},
	{"detach comptes", RuleStatement, "only a SELECT"},
	{"use memory", RuleStatement, "only a SELECT"},
	{"set threads = 1", RuleStatement, "only a SELECT"},
	{"set variable x = 1", RuleStatement, "only a SELECT"},
	{"set search_path = 'pg_catalog'", RuleStatement, "only a SELECT"},
	{"reset threads", RuleStatement, "only a SELECT"},
	{"pragma version", RuleStatement, "only a SELECT"},
	{"pragma database_list", RuleStatement, "only a SELECT"},
	{"call enable_logging()", RuleStatement, "only a SELECT"},
	{"install httpfs", RuleStatement, "only a SELECT"},
	{"load httpfs", RuleStatement, "only a SELECT"},
	{"checkpoint", RuleStatement, "only a SELECT"},
	{"vacuum", RuleStatement, "only a SELECT"},
	{"begin transaction", RuleStatement, "only a SELECT"},
	{"explain select 1", RuleStatement, "only a SELECT"},
	{"explain analyze select 1", RuleStatement, "only a SELECT"},
	{"prepare p as select 1", RuleStatement, "only a SELECT"},
	{"execute p", RuleStatement, "only a SELECT"},
	{"with x as (delete from comptes returning *) select * from x", RuleSyntax, "CTE needs a SELECT"},
	{"select * from comptes for update", RuleSyntax, "locking"},
	{"select * into x from comptes", RuleSyntax, "SELECT INTO"},

	// Not exactly one.
	{"", RuleStatement, "0 statements"},
	{"-- nothing", RuleStatement, "0 statements"},
	{"select 1; select 2", RuleStatement, "2 statements"},
	{"select 1; delete from comptes", RuleStatement, "only a SELECT"},
	{"delete from comptes; select 1", RuleStatement, "only a SELECT"},
	{"select 1;; select 2", RuleStatement, "2 statements"},
	{"select 1) limit 1; drop table comptes; select * from (select 1", RuleSyntax, "syntax error"},
	{"select 1 /* ", RuleSyntax, "unterminated"},
	{"select 1\x00; delete from comptes", RuleSyntax, "UTF-8"},
	{"select '\xff'", RuleSyntax, "UTF-8"},
	{"select 10e1000", RuleSyntax, "too large"},
	{"selec 1", RuleSyntax, "syntax error"},

	// Tables that were not given.
	{"select * from personnes", RuleTable, "tables: comptes, lieux"},
	{"select * from '/etc/passwd'", RuleTable, "/etc/passwd"},
	{`select * from "/etc/passwd"`, RuleTable, "/etc/passwd"},
	{"select * from 'comptes.csv'", RuleTable, "comptes.csv"},
	{"select * from 's3://bucket/x.parquet'", RuleTable, "s3://"},
	{"select * from duckdb_settings", RuleTable, "duckdb_settings"},
	{"select * from information_schema.tables", RuleTable, "information_schema.tables"},
	{"select * from pg_catalog.pg_class", RuleTable, "pg_catalog.pg_class"},
	{"select * from sqlite_master", RuleTable, "sqlite_master"},
	{"select * from duckdb_logs", RuleTable, "duckdb_logs"},
	{"select * from temp.comptes", RuleTable, "temp.comptes"},
	{"select * from other.main.comptes", RuleConstruct, "catalog name"},
	{"select * from comptes where exists (from personnes)", RuleTable, "personnes"},
	{"select (select max(x) from personnes)", RuleTable, "personnes"},
	{"select * from comptes order by (select 1 from personnes)", RuleTable, "personnes"},
	{"select * from comptes limit (select count(*) from personnes)", RuleTable, "personnes"},
	{"select * from comptes group by all having (select true from personnes)", RuleTable, "personnes"},
	{"select * from comptes join lieux on (select true from personnes)", RuleTable, "personnes"},
	{"select sum(montant) filter ((select true from personnes)) from comptes", RuleTable, "personnes"},
	{"select sum(montant) over (order by (select 1 from personnes)) from comptes", RuleTable, "personnes"},
	{"select case when (select true from personnes) then 1 end", RuleTable, "personnes"},
	{"select * from (values ((select 1 from personnes)))", RuleTable, "personnes"},
	{"select * from comptes union all select * from personnes", RuleTable, "personnes"},
	{"table personnes", RuleTable, "personnes"},
	{"from personnes", RuleTable, "personnes"},
	{"select * replace ((select 1 from personnes) as montant) from comptes", RuleTable, "personnes"},
	{"pivot personnes on a in ('x') using sum(b)", RuleTable, "personnes"},
	{"select * from unnest((select [1] from personnes))", RuleTable, "personnes"},

	// Names that pretend.
	{"with comptes as (select 1) select * from comptes", RuleTable, "hides the table"},
	{"with COMPTES as (select 1) select * from lieux", RuleTable, "hides the table"},
	{"with duckdb_settings as (select 1) select 1", RuleTable, "names of the system"},
	{"select * from (with secret as (select 1) select * from secret) a, secret", RuleTable, "secret"},
	{"(with secret as (select 1) from secret) union all from secret", RuleTable, "secret"},
	{"with secret as (select * from secret) select * from secret", RuleTable, "secret"},
	{"with a as (select * from b), b as (select 1) select * from a", RuleTable, "table b"},
	{"with \u212aey as (select 1) select * from key", RuleTable, "table key"}, // Kelvin sign
	{"with secret as (select 1) select * from main.secret", RuleTable, "main.secret"},
	{"with recursive r(n) as (select 1 union all select n + 1 from r) select * from r", RuleConstruct, "may not refer to itself"},

	// Table functions.
	{"select * from read_csv('/etc/passwd')", RuleFunction, "read_csv"},
	{"select * from read_csv_auto('/etc/passwd')", RuleFunction, "read_csv_auto"},
	{"select * from read_text('/proc/self/environ')", RuleFunction, "read_text"},
	{"select * from read_blob('generation.duckdb')", RuleFunction, "read_blob"},
	{"select * from read_parquet('*.parquet')", RuleFunction, "read_parquet"},
	{"select * from parquet_metadata('x.parquet')", RuleFunction, "parquet_metadata"},
	{"select * from read_json('http://127.0.0.1/')", RuleFunction, "read_json"},
	{"select * from read_duckdb('x.duckdb')", RuleFunction, "read_duckdb"},
	{"select * from glob('/*')", RuleFunction, "glob"},
	{"select * from sniff_csv('/etc/passwd')", RuleFunction, "sniff_csv"},
	{"select * from query('select 1')", RuleFunction, "query"},
	{"select * from query_table('personnes')", RuleFunction, "query_table"},
	{"select * from json_execute_serialized_sql('{}')", RuleFunction, "json_execute_serialized_sql"},
	{"select * from duckdb_settings()", RuleFunction, "duckdb_settings"},
	{"select * from duckdb_databases()", RuleFunction, "duckdb_databases"},
	{"select * from duckdb_secrets()", RuleFunction, "duckdb_secrets"},
	{"select * from pragma_database_size()", RuleFunction, "pragma_database_size"},
	{"select * from checkpoint()", RuleFunction, "checkpoint"},
	{"select * from enable_logging()", RuleFunction, "enable_logging"},
	{"select * from repeat('x', 1000000000)", RuleFunction, "repeat"},
	{"select * from system.main.range(1)", RuleConstruct, "catalog"},
	{"select * from READ_CSV('/etc/passwd')", RuleFunction, "read_csv"},
	{"select * from main.read_text('/etc/passwd')", RuleFunction, "read_text"},

	// Scalar functions.
	{"select getenv('HOME')", RuleFunction, "getenv"},
	{"select current_setting('temp_directory')", RuleFunction, "current_setting"},
	{"select getvariable('x')", RuleFunction, "getvariable"},
	{"select nextval('s')", RuleFunction, "nextval"},
	{"select pg_sleep(20)", RuleFunction, "pg_sleep"},
	{"select sleep_ms(20000)", RuleFunction, "sleep_ms"},
	{"select write_log('x')", RuleFunction, "write_log"},
	{"select error('x')", RuleFunction, "error"},
	{"select version()", RuleFunction, "version"},
	{"select current_query()", RuleFunction, "current_query"},
	{"select in_search_path('a', 'b')", RuleFunction, "in_search_path"},
	{"select random()", RuleFunction, "random"},
	{"select now()", RuleFunction, "dates as literals"},
	{"select current_date", RuleFunction, "dates as literals"},
	{"select Current_Timestamp", RuleFunction, "dates as literals"},
	{"select current_user", RuleFunction, "current_user"},
	{`select "current_schema"`, RuleFunction, "current_schema"},
	{"select json_serialize_sql('select 1')", RuleFunction, "json_serialize_sql"},
	{"select commune.current_setting() from comptes", RuleFunction, "current_setting"},
	{"select ('temp_directory').current_setting()", RuleFunction, "current_setting"},
	{"select count(*) filter (pg_sleep(1) is null) from comptes", RuleFunction, "pg_sleep"},
	{"select sum(random()) over () from comptes", RuleFunction, "random"},
	{"select read_csv(montant) over () from comptes", RuleFunction, "read_csv"},
	{"select list_transform([1], lambda x: x)", RuleFunction, "list_transform"},
	{"select a -> b from comptes", RuleConstruct, "lambda"},
	{"select [x for x in [1, 2]]", RuleFunction, "list_apply"},

	// Much out of little.
	{"select list_sort(range(50000000))[1]", RuleFunction, "list_sort"},
	{"select len(range(50000000))", RuleFunction, "range"},
	{"select unnest(range(50000000))", RuleFunction, "use it after FROM"},
	{"select md5(repeat('x', 400000000))", RuleFunction, "md5"},
	{"select length(repeat('ab', 500000000))", RuleFunction, "repeat"},
	{"select levenshtein(repeat('a', 60000), repeat('b', 60000))", RuleFunction, "levenshtein"},
	{"select lpad('x', 1000000000, 'y')", RuleSize, "at most 1000"},
	{"select rpad('x', (select 1000000000), 'y')", RuleSize, "at most 1000"},
	{"select format('{:>1000000000}', 1)", RuleFunction, "||"},
	{"select printf('%1000000000d', 1)", RuleFunction, "||"},
	{"select * from range(10000000000)", RuleSize, "at most"},
	{"select * from range(100000 * 100000)", RuleSize, "plain numbers"},
	{"select * from range('10000000000'::bigint)", RuleSize, "plain numbers"},
	{"select * from range(0, cast(10000000000 as bigint))", RuleSize, "plain numbers"},
	{"select * from generate_series(0, 5, cast(1e9 as hugeint))", RuleSize, "plain numbers"},
	{"select * from range((select 10000000000)::date, date '2020-01-01', interval 1 day)", RuleSize, "plain numbers"},
	{"select 1 from comptes group by cube(a,b,c,d,e,f,g)", RuleSize, "grouping sets"},
	{"select " + strings.Repeat("(", 5000) + "1" + strings.Repeat(")", 5000) + strings.Repeat(" ", 7000), RuleSize, "bytes"},
	{"select 1" + strings.Repeat("+1", 400), RuleSize, "nested too deeply"},
	{"select 1" + strings.Repeat("+1", 4000), RuleSize, "depth"},
	{"select 1 in (" + strings.Repeat("1,", 5000) + "1)", RuleSize, "parts"},
	{"select '" + strings.Repeat("x", 2000) + "'", RuleSize, "literal"},
	{"select " + strings.Repeat("(select ", 100) + "1" + strings.Repeat(")", 100), RuleSize, "nested too deeply"},

	// Parts of SQL that no question needs.
	{"describe comptes", RuleConstruct, "DESCRIBE"},
	{"summarize comptes", RuleConstruct, "SUMMARIZE"},
	{"show tables", RuleConstruct, "show"},
	{"show all tables", RuleConstruct, "show"},
	{"from (describe comptes)", RuleConstruct, "show"},
	{"select * from comptes tablesample 10%", RuleConstruct, "sample"},
	{"select * from comptes using sample 10 rows", RuleConstruct, "sample"},
	{"select * from comptes at (version => 1)", RuleConstruct, "at clause"},
	{"select ?", RuleConstruct, "values in the query"},
	{"select $x", RuleConstruct, "values in the query"},
	{"select default", RuleConstruct, "default"},
	{"select * from comptes positional join lieux", RuleConstruct, "positional"},
	{"select 'x'::enum('a', 'b')", RuleConstruct, "unbound"},
	{"select 'comptes'::regclass", RuleConstruct, "unbound"},
	{"select x::struct(a int) from comptes", RuleConstruct, "struct"},
	{"select 'x'::blob", RuleConstruct, "blob"},
	{"select 'x' collate zu", RuleConstruct, "collation"},
	{"pivot comptes on departement using sum(montant)", RuleStatement, "only a SELECT"},
}

func TestDoorRefuses(t *testing.T) {
	door := openDoor(t)
	for _, a := range attacks {
		t.Run(a.sql[:min(len(a.sql), 60)], func(t *testing.T) {
			passed, err := door.Check(t.Context(), a.sql, doorTables)
			var refusal *Refusal
			if !errors.As(err, &refusal) {
				t.Fatalf("passed as %q, %v", passed, err)
			}
			if refusal.Rule != a.rule || !strings.Contains(refusal.Detail, a.detail) {
				t.Errorf("refused for %v, want %s … %s", refusal, a.rule, a.detail)
			}
			if passed.text != "" {
				t.Errorf("gave text %q", passed)
			}
		})
	}
	if len(attacks) < 80 {
		t.Errorf("%d attacks", len(attacks))
	}
}

// Every name on a list is one of DuckDB's, so that no list allows a function
// which a table or an extension might bring.
func TestDoorLists(t *testing.T) {
	db := openBoth(t, 1, Limits{})["file"]
	got, err := db.Query(t.Context(), "select distinct function_name from duckdb_functions() where internal")
	if err != nil {
		t.Fatal(err)
	}
	known := make(map[string]bool)
	for _, row := range got.Rows {
		known[row[0].(string)] = true
	}
	for _, list := range []map[string]bool{functions, windowFunctions, tableFunctions} {
		for name := range list {
			if !known[name] {
				t.Errorf("function %s does not exist", name)
			}
		}
	}
}

// What passes gives the rows that the text asks for, as computed by DuckDB
// from the text itself.
func TestDoorPasses(t *testing.T) {
	door := openDoor(t)
	db := openBoth(t, 2000, Limits{})["file"]
	for _, c := range legitimate {
		t.Run(c.sql, func(t *testing.T) {
			text, err := door.Check(t.Context(), c.sql, doorTables)
			if err != nil {
				t.Fatal(err)
			}
			got, err := db.Query(t.Context(), text.String())
			if err != nil {
				t.Fatalf("%s: %v", text, err)
			}
			if c.want != "" && fmt.Sprint(got.Rows) != c.want {
				t.Errorf("rows = %v, want %s", got.Rows, c.want)
			}
			direct, err := db.Query(t.Context(), strings.TrimSuffix(c.sql, ";"))
			if err != nil {
				t.Fatal(err)
			}
			if fmt.Sprint(got.Rows, got.Columns) != fmt.Sprint(direct.Rows, direct.Columns) {
				t.Errorf("through the door %v, directly %v\n%s", got, direct, text)
			}
			if len(got.Rows) == 0 {
				t.Error("no rows: proves nothing")
			}
			again, err := door.Check(t.Context(), text.String(), doorTables)
			if err != nil {
				t.Errorf("checked text does not pass again: %v", err)
			} else if _, err := db.Query(t.Context(), again.String()); err != nil {
				t.Error(err)
			}
		})
	}
	if len(legitimate) < 40 {
		t.Errorf("%d queries", len(legitimate))
	}
}

// What is written for a query may run only where it is read as that query again.
func TestDoorComparesWhatItWrites(t *testing.T) {
	door := openDoor(t)
	const asked = "select montant from comptes where annee = 2020 order by montant limit 3"
	tree, _, err := door.read(t.Context(), asked, doorTables)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		written string
		refused bool
	}{
		"the same":           {asked, false},
		"the same, set wide": {"SELECT montant\n  FROM comptes WHERE (annee = 2020) ORDER BY montant LIMIT 3", false},
		"another column":     {"select annee from comptes where annee = 2020 order by montant limit 3", true},
		"another table":      {"select montant from lieux where annee = 2020 order by montant limit 3", true},
		"another bound":      {"select montant from comptes where annee >= 2020 order by montant limit 3", true},
		"another value":      {"select montant from comptes where annee = 2021 order by montant limit 3", true},
		"the other way":      {"select montant from comptes where annee = 2020 order by montant desc limit 3", true},
		"no limit":           {"select montant from comptes where annee = 2020 order by montant", true},
		"one column more":    {"select montant, annee from comptes where annee = 2020 order by montant limit 3", true},
		"one condition less": {"select montant from comptes order by montant limit 3", true},
		"what may not run":   {"select montant from secrets where annee = 2020 order by montant limit 3", true},
	} {
		t.Run(name, func(t *testing.T) {
			var refusal *Refusal
			err := door.readsAs(t.Context(), c.written, tree, doorTables)
			if errors.As(err, &refusal) != c.refused || err != nil && !c.refused {
				t.Errorf("%s: %v", c.written, err)
			}
		})
	}
}

func TestCheckedNamesTheTablesItReads(t *testing.T) {
	door := openDoor(t)
	for _, c := range []struct{ sql, want string }{
		{"select 1", ""},
		{"select count(*) from COMPTES", "comptes"},
		{"select * from main.lieux a join comptes b on true", "comptes,lieux"},
		{"with x as (select 1 as n from lieux) select * from x", "lieux"},
		{"select (select max(montant) from comptes) from (select 1 union all select 2)", "comptes"},
	} {
		checked, err := door.Check(t.Context(), c.sql, doorTables)
		if err != nil {
			t.Errorf("%s: %v", c.sql, err)
			continue
		}
		if got := strings.Join(checked.Tables(), ","); got != c.want {
			t.Errorf("%s reads %q, want %q", c.sql, got, c.want)
		}
	}
}
