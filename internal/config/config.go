// Package config reads what a user sets: cigogne.toml over the defaults, the
// environment over the file. Flags, which go over both, are cmd's own affair.
package config

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/BurntSushi/toml"
)

// Engines are the planners a user may choose.
var Engines = []string{"auto", "rules", "model"}

// Config is everything that can be set. The zero value of each field means its
// default.
type Config struct {
	Data       string     `toml:"data"`       // data directory; CIGOGNE_DATA
	Engine     string     `toml:"engine"`     // rules, model or auto; CIGOGNE_ENGINE
	Model      Model      `toml:"model"`      // a chat model that plans; CIGOGNE_MODEL_*
	Embeddings Embeddings `toml:"embeddings"` // a model for search; CIGOGNE_EMBEDDINGS_*
	Discord    Discord    `toml:"discord"`
	Matrix     Matrix     `toml:"matrix"`
	EXo        EXo        `toml:"exo"`
	Ledger     Ledger     `toml:"ledger"`
	Publisher  string     `toml:"publisher"` // who answers for the site, in its legal notice: name, address, director; CIGOGNE_PUBLISHER
	Outlines   string     `toml:"outlines"`  // GeoJSON file of territories, for maps; CIGOGNE_OUTLINES
}

// Discord is the bot; there is none without a token.
type Discord struct {
	TokenFile  string            `toml:"token_file"`  // file that holds the token; DISCORD_TOKEN holds it itself
	Guild      string            `toml:"guild"`       // ID of the one server where commands are registered, at once
	Channels   []string          `toml:"channels"`    // IDs of those where it answers; none: all
	Unkept     []string          `toml:"unkept"`      // IDs of channels of which nothing is written down
	Roles      []string          `toml:"roles"`       // IDs of those who may ask; none: everybody
	Languages  map[string]string `toml:"languages"`   // fr or en, by channel ID
	PerUser    int               `toml:"per_user"`    // questions a minute; 0: 10, -1: as many as they like
	PerChannel int               `toml:"per_channel"` // 0: 60, -1
	Content    bool              `toml:"content"`     // the intent to read messages that mention nobody was granted
	Token      string            `toml:"-"`
}

// Server is an OpenAI-compatible server.
type Server struct {
	URL     string `toml:"url"`      // base URL, as https://api.example.org/v1; …_URL
	Name    string `toml:"name"`     // of the model; …_NAME
	KeyFile string `toml:"key_file"` // file that holds the key; …_KEY_FILE
	Timeout string `toml:"timeout"`  // of one call, as 30s; …_TIMEOUT
	Key     string `toml:"-"`        // the environment's …_KEY, or what KeyFile holds: never in the file itself
}

// Model is a chat server.
type Model struct {
	Server
	Kind    string `toml:"kind"`    // of Kinds, where the address does not tell it; CIGOGNE_MODEL_KIND
	Samples int    `toml:"samples"` // how often a question is put to it, so that replies that agree count more; 0: once; CIGOGNE_MODEL_SAMPLES
}

// Kinds are the kinds of chat servers that take requests in a form of their own.
var Kinds = []string{"openai", "mistral", "albert", "groq", "ollama", "llama.cpp", "vllm"}

// maxSamples bounds how often a question is put to a model.
const maxSamples = 5

// Embeddings is an embeddings server, with how its model wants texts. With some
// servers questions go to a model of another name; with others texts begin by a
// prefix, whose space at the end counts.
type Embeddings struct {
	Server
	QueryName     string `toml:"query_name"`     // of the model for questions, where it is another; …_QUERY_NAME
	QueryPrefix   string `toml:"query_prefix"`   // before questions, as "query: "; …_QUERY_PREFIX
	PassagePrefix string `toml:"passage_prefix"` // before datasets' texts, as "passage: "; …_PASSAGE_PREFIX
	Batch         int    `toml:"batch"`          // texts a request; 0: 64
	MaxText       int    `toml:"max_text"`       // bytes of a text; 0: 2000
}

// Set tells whether there is such a server.
func (s Server) Set() bool { return s.URL != "" }

// Wait is the timeout of a call.
func (s Server) Wait() time.Duration {
	d, err := time.ParseDuration(s.Timeout)
	if err != nil {
		return 30 * time.Second
	}
	return d
}

// Error lists every fault found at once.
type Error struct{ Faults []string }

func (e *Error) Error() string { return "configuration: " + strings.Join(e.Faults, "; ") }

// Load reads the file, "" for ./cigogne.toml where there is one, and the
// environment. Errors are *Error.
func Load(path string, env func(string) string) (Config, error) {
	var c Config
	var faults []string
	named := path != ""
	if !named {
		path = "cigogne.toml"
	}
	meta, err := toml.DecodeFile(path, &c)
	switch {
	case errors.Is(err, fs.ErrNotExist) && !named:
	case err != nil:
		faults = append(faults, fmt.Sprintf("%s: %v", path, err))
	default:
		for _, k := range meta.Undecoded() {
			faults = append(faults, fmt.Sprintf("%s: unknown key %s", path, k))
		}
	}
	over := func(field *string, name string) {
		if v := env(name); v != "" {
			*field = v
		}
	}
	over(&c.Data, "CIGOGNE_DATA")
	over(&c.Engine, "CIGOGNE_ENGINE")
	over(&c.Outlines, "CIGOGNE_OUTLINES")
	over(&c.Publisher, "CIGOGNE_PUBLISHER")
	for prefix, s := range map[string]*Server{"CIGOGNE_MODEL": &c.Model.Server, "CIGOGNE_EMBEDDINGS": &c.Embeddings.Server} {
		over(&s.URL, prefix+"_URL")
		over(&s.Name, prefix+"_NAME")
		over(&s.KeyFile, prefix+"_KEY_FILE")
		over(&s.Timeout, prefix+"_TIMEOUT")
		over(&s.Key, prefix+"_KEY")
		faults = append(faults, s.check(prefix)...)
	}
	over(&c.Model.Kind, "CIGOGNE_MODEL_KIND")
	if v := env("CIGOGNE_MODEL_SAMPLES"); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil {
			n = -1
		}
		c.Model.Samples = n
	}
	faults = append(faults, c.Model.checkForm()...)
	over(&c.Embeddings.QueryName, "CIGOGNE_EMBEDDINGS_QUERY_NAME")
	over(&c.Embeddings.QueryPrefix, "CIGOGNE_EMBEDDINGS_QUERY_PREFIX")
	over(&c.Embeddings.PassagePrefix, "CIGOGNE_EMBEDDINGS_PASSAGE_PREFIX")
	if c.Embeddings.Batch < 0 || c.Embeddings.MaxText < 0 {
		faults = append(faults, "embeddings: batch and max_text are not below 0")
	}
	over(&c.Discord.Token, "DISCORD_TOKEN")
	faults = append(faults, c.Discord.check()...)
	over(&c.Matrix.Server, "MATRIX_SERVER")
	over(&c.Matrix.Token, "MATRIX_TOKEN")
	faults = append(faults, c.Matrix.check()...)
	over(&c.EXo.Server, "EXO_SERVER")
	over(&c.EXo.User, "EXO_USER")
	over(&c.EXo.Password, "EXO_PASSWORD")
	faults = append(faults, c.EXo.check()...)
	faults = append(faults, c.Ledger.check(env("CIGOGNE_KEEP_DAYS"), env("CIGOGNE_LEDGER_URL"))...)
	if c.Engine == "" {
		c.Engine = "auto"
	}
	if !slices.Contains(Engines, c.Engine) {
		faults = append(faults, fmt.Sprintf("engine %q: one of %s", c.Engine, strings.Join(Engines, ", ")))
	}
	if c.Engine == "model" && !c.Model.Set() {
		faults = append(faults, "engine model: no model server is set (CIGOGNE_MODEL_URL)")
	}
	if len(faults) > 0 {
		slices.Sort(faults)
		return c, &Error{faults}
	}
	return c, nil
}

// check says what is wrong with the bot's settings, reads its token and fills
// its defaults.
func (d *Discord) check() (faults []string) {
	d.Token, faults = secret("discord.token_file", d.Token, d.TokenFile)
	id := func(name, v string) {
		if v == "" || strings.Trim(v, "0123456789") != "" {
			faults = append(faults, fmt.Sprintf("discord.%s %q: not an ID (digits)", name, v))
		}
	}
	if d.Guild != "" {
		id("guild", d.Guild)
	}
	for _, c := range d.Channels {
		id("channels", c)
	}
	for _, c := range d.Unkept {
		id("unkept", c)
	}
	for _, r := range d.Roles {
		id("roles", r)
	}
	for c, l := range d.Languages {
		id("languages", c)
		if l != "fr" && l != "en" {
			faults = append(faults, fmt.Sprintf("discord.languages %q: fr or en", l))
		}
	}
	bound(&d.PerUser, usualPerUser)
	bound(&d.PerChannel, usualPerRoom)
	return faults
}

// checkForm says what is wrong with how a model is to be asked.
func (m *Model) checkForm() (faults []string) {
	if m.Kind != "" && !slices.Contains(Kinds, m.Kind) {
		faults = append(faults, fmt.Sprintf("CIGOGNE_MODEL_KIND %q: one of %s", m.Kind, strings.Join(Kinds, ", ")))
	}
	if m.Samples < 0 || m.Samples > maxSamples {
		faults = append(faults, fmt.Sprintf("CIGOGNE_MODEL_SAMPLES: a number up to %d", maxSamples))
	}
	return faults
}

// check says what is wrong with a server's settings, and reads its key file.
func (s *Server) check(name string) (faults []string) {
	if s.URL != "" {
		u, err := url.Parse(s.URL)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
			faults = append(faults, fmt.Sprintf("%s_URL %q: not an http address", name, s.URL))
		}
		if s.Name == "" {
			faults = append(faults, name+"_NAME: the model is not named")
		}
	}
	if s.Timeout != "" {
		if d, err := time.ParseDuration(s.Timeout); err != nil || d <= 0 {
			faults = append(faults, fmt.Sprintf("%s_TIMEOUT %q: not a duration, as 30s", name, s.Timeout))
		}
	}
	key, bad := secret(name+"_KEY_FILE", s.Key, s.KeyFile)
	s.Key = key
	return append(faults, bad...)
}
