package config_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cigogne/internal/config"
	"cigogne/internal/lang"
	"cigogne/internal/texts"
)

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "cigogne.toml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func env(pairs map[string]string) func(string) string {
	return func(name string) string { return pairs[name] }
}

func TestTheEnvironmentGoesOverTheFileOverTheDefaults(t *testing.T) {
	path := write(t, "engine = \"rules\"\n[model]\nurl = \"http://127.0.0.1:8000/v1\"\nname = \"small\"\ntimeout = \"5s\"\nkind = \"vllm\"\nsamples = 2\n")
	c, err := config.Load(path, env(map[string]string{"CIGOGNE_MODEL_NAME": "large", "CIGOGNE_MODEL_KEY": "secret"}))
	if err != nil {
		t.Fatal(err)
	}
	if c.Engine != "rules" || c.Model.Name != "large" || c.Model.Key != "secret" || c.Model.Wait() != 5*time.Second || c.Model.Kind != "vllm" || c.Model.Samples != 2 || c.Embeddings.Set() {
		t.Errorf("%+v", c)
	}
}

func TestNoFileIsNoFault(t *testing.T) {
	t.Chdir(t.TempDir())
	c, err := config.Load("", env(nil))
	if err != nil || c.Engine != "auto" || c.Model.Wait() != 30*time.Second {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestEveryFaultIsNamedAtOnce(t *testing.T) {
	path := write(t, "engin = \"rules\"\nengine = \"magic\"\n[model]\nurl = \"ftp://x\"\nkey = \"in the file\"\n")
	_, err := config.Load(path, env(map[string]string{"CIGOGNE_EMBEDDINGS_TIMEOUT": "soon", "CIGOGNE_MODEL_KEY_FILE": "/none", "CIGOGNE_MODEL_KIND": "other", "CIGOGNE_MODEL_SAMPLES": "many"}))
	var e *config.Error
	if !errors.As(err, &e) {
		t.Fatal(err)
	}
	for _, want := range []string{"unknown key engin", "magic", "ftp://x", "not named", "unknown key model.key", "soon", "KEY_FILE", "MODEL_KIND", "MODEL_SAMPLES"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("no %q in %v", want, err)
		}
	}
}

func TestAnEmbeddingsServerIsSetAsOthersAreAndMore(t *testing.T) {
	path := write(t, "[embeddings]\nurl = \"http://127.0.0.1:8000/v1\"\nname = \"e5\"\nquery_prefix = \"query: \"\nbatch = 8\n")
	c, err := config.Load(path, env(map[string]string{"CIGOGNE_EMBEDDINGS_PASSAGE_PREFIX": "passage: ", "CIGOGNE_EMBEDDINGS_KEY": "secret"}))
	if err != nil {
		t.Fatal(err)
	}
	want := config.Embeddings{QueryPrefix: "query: ", PassagePrefix: "passage: ", Batch: 8, Server: config.Server{URL: "http://127.0.0.1:8000/v1", Name: "e5", Key: "secret"}}
	if c.Embeddings != want {
		t.Errorf("%+v", c.Embeddings)
	}
}

func TestTheMatrixBotIsSet(t *testing.T) {
	path := write(t, "[matrix]\nserver = \"https://matrix.example.org\"\nrooms = [\"!a:b\", \"#c:d\"]\nusers = [\":example.org\"]\nper_room = -1\n")
	c, err := config.Load(path, env(map[string]string{"MATRIX_TOKEN": "t"}))
	if err != nil {
		t.Fatal(err)
	}
	if m := c.Matrix; m.Token != "t" || m.PerUser != 10 || m.PerRoom != 0 || len(m.Rooms) != 2 {
		t.Errorf("%+v", m)
	}
	path = write(t, "[matrix]\nserver = \"matrix.example.org\"\ntoken_file = \"/none\"\nrooms = [\"salon\"]\nusers = [\"alice\"]\nlanguages = { \"!a:b\" = \"de\" }\n")
	_, err = config.Load(path, env(nil))
	if err == nil {
		t.Fatal("taken")
	}
	for _, want := range []string{"matrix.server", "/none", "salon", "alice", "\"de\""} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("no %q in %v", want, err)
		}
	}
}

func TestEverySettingIsDocumented(t *testing.T) {
	all, err := config.Settings(write(t, "engine = \"rules\"\n[matrix]\nserver = \"https://matrix.example.org\"\nusers = [\":example.org\"]\n"),
		env(map[string]string{"CIGOGNE_KEEP_DAYS": "90", "MATRIX_TOKEN": "hush", "CIGOGNE_LEDGER_URL": "postgres://u:hush@db/x"}))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]config.Setting{
		"engine":           {Key: "engine", Env: "CIGOGNE_ENGINE", Value: "rules", From: config.File},
		"matrix_users":     {Key: "matrix.users", Value: ":example.org", From: config.File},
		"matrix_token":     {Env: "MATRIX_TOKEN", Value: config.Hidden, From: config.Environment, Secret: true},
		"ledger_keep_days": {Key: "ledger.keep_days", Env: "CIGOGNE_KEEP_DAYS", Value: "90", From: config.Environment},
		"ledger_url":       {Key: "ledger.url", Env: "CIGOGNE_LEDGER_URL", Value: config.Hidden, From: config.Environment},
		"model_url":        {Key: "model.url", Env: "CIGOGNE_MODEL_URL", From: config.Default},
	}
	for _, s := range all {
		for _, l := range []lang.Lang{lang.French, lang.English} {
			if key := "config." + s.Name(); texts.Say(l, key) == key {
				t.Errorf("nothing says in %s what %s is for", l, key)
			}
		}
		if w, ok := want[s.Name()]; ok && s != w {
			t.Errorf("%+v, want %+v", s, w)
		}
		delete(want, s.Name())
	}
	if len(want) > 0 {
		t.Errorf("not listed: %v", want)
	}
}

func TestStaffAndReports(t *testing.T) {
	for text, want := range map[string]string{
		"[staff]\nissuer = \"http://login.example.org\"\n":                                        "https address",
		"[staff]\nissuer = \"https://login.example.org\"\nclient = \"cigogne\"\n":                 "secret_file",
		"[staff]\nissuer = \"https://login.example.org\"\nemails = [\"somebody\"]\n":              "@example.org",
		"[report]\nexo = \"data\"\n":                                                              "EXO_SERVER",
		"[staff]\nissuer = \"http://127.0.0.1:9\"\nclient = \"c\"\nemails = [\"@example.org\"]\n": "",
	} {
		_, err := config.Load(write(t, text), env(map[string]string{"CIGOGNE_STAFF_SECRET": map[bool]string{true: "s"}[want == ""]}))
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

func TestTrinoIsSet(t *testing.T) {
	c, err := config.Load(write(t, "[trino]\nurl = \"http://127.0.0.1:8080\"\nlocation = \"local:///trino\"\nfrom = 1000\nalone = 5000\ntimeout = \"5s\"\n"), env(nil))
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Trino; got.Catalog != "hive" || got.Schema != "cigogne" || got.User != "cigogne" || got.Limit() != 5*time.Second {
		t.Errorf("%+v", got)
	}
	for text, want := range map[string]string{
		"url = \"trino:8080\"\nlocation = \"local:///trino\"":                                 "trino.url",
		"url = \"http://me:you@trino\"\nlocation = \"local:///trino\"":                        "trino.url",
		"url = \"http://trino:8080\"":                                                         "trino.location",
		"url = \"http://trino:8080\"\nlocation = \"s3://a/trino\"\ncatalog = \"a; b\"":        "trino.catalog",
		"url = \"http://trino:8080\"\nlocation = \"s3://a/trino\"\nalone = 5":                 "trino.alone",
		"url = \"http://trino:8080\"\nlocation = \"s3://a/trino\"\ntimeout = \"soon\"":        "trino.timeout",
		"url = \"http://trino:8080\"\nlocation = \"s3://a/trino\"\npassword_file = \"/none\"": "trino.password_file",
		"url = \"http://trino:8080\"\nlocation = \"s3://a\"\n[store]\nurl = \"s3://bucket\"":  "",
		"from = 3": "",
	} {
		_, err := config.Load(write(t, "[trino]\n"+text+"\n"), env(nil))
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
	if _, err := config.Load(write(t, "[trino]\nurl = \"http://trino\"\nlocation = \"s3://a\"\n"), env(map[string]string{"CIGOGNE_TRINO_PASSWORD": "p"})); err == nil {
		t.Error("a password over http")
	}
}
