package config_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cigogne/internal/config"
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
