package warehouse

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func hash(tb testing.TB, path string) string {
	tb.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		tb.Fatal(err)
	}
	return fmt.Sprintf("%x", sha256.Sum256(data))
}

// The lock alone, tried with statements that no door let through, on a
// connection of the engine. OPEN and SECRET stand for files that exist and
// could be read, OUT for one that could be written, OWN for the database.
func TestSandbox(t *testing.T) {
	dir := t.TempDir()
	secret, out := filepath.Join(dir, "secret.txt"), filepath.Join(dir, "out.csv")
	if err := os.WriteFile(secret, []byte("a;b\n1;2\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	from := sources(t, 100)
	own := filepath.Join(dir, "generation.duckdb")
	if err := Build(t.Context(), own, from); err != nil {
		t.Fatal(err)
	}
	other := filepath.Join(dir, "other.duckdb")
	if err := Build(t.Context(), other, from); err != nil {
		t.Fatal(err)
	}
	// Root writes to a file of mode 0444: here only the lock protects it.
	before := hash(t, own)

	const disabled, locked, readOnly = "has been disabled by configuration", "configuration has been locked", "read-only mode"
	attacks := []struct{ sql, file, tables string }{ // the errors expected of each kind of database
		{"from read_csv('SECRET')", disabled, disabled},
		{"from read_text('SECRET')", disabled, disabled},
		{"from read_blob('SECRET')", disabled, disabled},
		{"from 'SECRET'", "does not exist", "does not exist"},
		{"from glob('/*')", disabled, disabled},
		{"from sniff_csv('SECRET')", disabled, disabled},
		{"from read_text('/proc/self/environ')", disabled, disabled},
		{"from read_text('DIR/../DIR/secret.txt')", disabled, disabled},
		{"from read_parquet('PARQUET')", disabled, disabled},
		{"from parquet_metadata('PARQUET')", disabled, disabled},
		{"from query('from read_text(''SECRET'')')", disabled, disabled},
		{"from read_blob('OWN')", disabled, disabled},
		{"from read_duckdb('OWN')", "disabled", "disabled"},
		{"from read_blob('OWN.wal')", disabled, disabled},
		{"attach 'OWN' as x", "disabled", "disabled"},
		{"attach 'OTHER' as x", "disabled", "disabled"},
		{"copy (select 1) to 'OWN' (use_tmp_file false)", disabled, disabled},
		{"copy (select 1) to 'OWN' (use_tmp_file true)", disabled, disabled},
		{"copy (select 1) to 'OWN' (format parquet, use_tmp_file false)", disabled, disabled},
		{"copy (select 1) to 'OUT'", disabled, disabled},
		{"copy (select 1) to 'OWN.wal' (use_tmp_file false)", disabled, disabled},
		{"copy comptes from 'SECRET'", "", disabled},
		{"export database 'DIR/export'", "disabled", "disabled"},
		{"import database 'DIR'", "disabled", "disabled"},
		{"install httpfs", "disabled", "disabled"},
		{"load httpfs", "disabled", "disabled"},
		{"load 'SECRET'", "disabled", "disabled"},
		{"from 'http://127.0.0.1:1/x.csv'", disabled, disabled},
		{"create secret s (type s3)", "", ""},
		{"from duckdb_secrets()", "", ""},
		{"set enable_external_access = true", locked, locked},
		{"set disabled_filesystems = ''", locked, locked},
		{"set lock_configuration = false", locked, locked},
		{"set memory_limit = '10GB'", locked, locked},
		{"set threads = 64", locked, locked},
		{"set temp_directory = 'DIR'", locked, locked},
		{"set allowed_paths = ['SECRET']", locked, locked},
		{"set allowed_directories = ['DIR']", locked, locked},
		{"set autoload_known_extensions = true", locked, locked},
		{"set file_search_path = 'DIR'", locked, locked},
		{"set log_query_path = 'OUT'", locked, locked},
		{"pragma profiling_output = 'OUT'", locked, locked},
		{"reset lock_configuration", locked, locked},
		{"create table x as select 1", readOnly, "-"},
		{"insert into lieux select * from lieux", readOnly, "-"},
		{"delete from comptes", readOnly, "-"},
		{"drop table comptes", readOnly, "-"},
		{"select getenv('HOME')", "does not exist", "does not exist"},
	}
	for kind, database := range map[string]Database{"file": {File: own}, "tables": {Tables: from}} {
		db, err := database.Open(t.Context(), Limits{})
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		for _, a := range attacks {
			want := map[string]string{"file": a.file, "tables": a.tables}[kind]
			if want == "-" {
				continue // a database in memory is writable; only a SELECT comes so far
			}
			sql := strings.NewReplacer("SECRET", secret, "OUT", out, "OWN", own, "OTHER", other, "DIR", dir,
				"PARQUET", from[0].Parquet).Replace(a.sql)
			t.Run(kind+" "+a.sql, func(t *testing.T) {
				err := db.exec(t.Context(), sql)
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("error = %v, want … %s", err, want)
				}
			})
		}
		got, err := db.Query(t.Context(), "select count(*) from comptes")
		if err != nil || got.Rows[0][0] != int64(100) {
			t.Errorf("%s afterwards: %v, %v", kind, got, err)
		}
	}
	if hash(t, own) != before {
		t.Error("the database file changed")
	}
	left, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(left) != 3 {
		t.Errorf("files = %v", left)
	}
}

// The same statements do harm without the lock: the test above would notice.
func TestSandboxMatters(t *testing.T) {
	own := filepath.Join(t.TempDir(), "generation.duckdb")
	if err := Build(t.Context(), own, sources(t, 100)); err != nil {
		t.Fatal(err)
	}
	before := hash(t, own)
	address, err := fileAddress(own, Limits{}.WithDefaults())
	if err != nil {
		t.Fatal(err)
	}
	db, err := open(address, Limits{}.WithDefaults())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.exec(t.Context(), "set enable_external_access=false; set lock_configuration=true"); err != nil {
		t.Fatal(err)
	}
	err = db.exec(t.Context(), fmt.Sprintf("copy (select 1) to '%s' (use_tmp_file false)", own))
	if os.Geteuid() != 0 {
		if err == nil {
			t.Error("a file of mode 0444 was written by someone who is not root")
		}
		return
	}
	if err != nil || hash(t, own) == before {
		t.Errorf("the known hole is closed (%v): disabled_filesystems may no longer be needed", err)
	}
}
