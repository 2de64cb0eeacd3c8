// Package config reads what a user sets: cigogne.toml over the defaults, the
// environment over the file. Flags, which go over both, are cmd's own affair.
package config

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/BurntSushi/toml"
)

// Engines are the planners a user may choose.
var Engines = []string{"auto", "rules", "model"}

// Config is everything that can be set. The zero value of each field means its
// default.
type Config struct {
	Data       string     `toml:"data" env:"CIGOGNE_DATA"`             // data directory
	Engine     string     `toml:"engine" env:"CIGOGNE_ENGINE"`         // rules, model or auto
	Model      Model      `toml:"model" env:"CIGOGNE_MODEL"`           // a chat model that plans
	Embeddings Embeddings `toml:"embeddings" env:"CIGOGNE_EMBEDDINGS"` // a model for search
	Discord    Discord    `toml:"discord"`
	Matrix     Matrix     `toml:"matrix"`
	EXo        EXo        `toml:"exo"`
	Ledger     Ledger     `toml:"ledger"`
	Store      Store      `toml:"store"`
	Trino      Trino      `toml:"trino"`
	Staff      Staff      `toml:"staff"`
	Report     Report     `toml:"report"`
	Trace      Trace      `toml:"trace"`
	Publisher  string     `toml:"publisher" env:"CIGOGNE_PUBLISHER"` // who answers for the site, in its legal notice: name, address, director
	Outlines   string     `toml:"outlines" env:"CIGOGNE_OUTLINES"`   // GeoJSON file of territories, for maps
}

// Discord is the bot; there is none without a token.
type Discord struct {
	TokenFile  string            `toml:"token_file"`                          // file that holds the token; DISCORD_TOKEN holds it itself
	Guild      string            `toml:"guild"`                               // ID of the one server where commands are registered, at once
	Channels   []string          `toml:"channels"`                            // IDs of those where it answers; none: all
	Unkept     []string          `toml:"unkept"`                              // IDs of channels of which nothing is written down
	Roles      []string          `toml:"roles"`                               // IDs of those who may ask; none: everybody
	Languages  map[string]string `toml:"languages"`                           // fr or en, by channel ID
	PerUser    int               `toml:"per_user"`                            // questions a minute; 0: 10, -1: as many as they like
	PerChannel int               `toml:"per_channel"`                         // 0: 60, -1
	Shard      int               `toml:"shard" env:"CIGOGNE_DISCORD_SHARD"`   // which of the shards this server is, from 0
	Shards     int               `toml:"shards" env:"CIGOGNE_DISCORD_SHARDS"` // servers that the account is spread over; 0: one
	Content    bool              `toml:"content"`                             // the intent to read messages that mention nobody was granted
	Token      string            `toml:"-" env:"DISCORD_TOKEN"`
}

// Server is an OpenAI-compatible server.
type Server struct {
	URL     string `toml:"url" env:"_URL"`           // base URL, as https://api.example.org/v1
	Name    string `toml:"name" env:"_NAME"`         // of the model
	KeyFile string `toml:"key_file" env:"_KEY_FILE"` // file that holds the key
	Timeout string `toml:"timeout" env:"_TIMEOUT"`   // of one call, as 30s
	Key     string `toml:"-" env:"_KEY"`             // the environment's …_KEY, or what KeyFile holds: never in the file itself
}

// Model is a chat server.
type Model struct {
	Server
	Kind    string `toml:"kind" env:"_KIND"`       // of Kinds, where the address does not tell it
	Samples int    `toml:"samples" env:"_SAMPLES"` // how often a question is put to it, so that replies that agree count more; 0: once
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
	QueryName     string `toml:"query_name" env:"_QUERY_NAME"`         // of the model for questions, where it is another
	QueryPrefix   string `toml:"query_prefix" env:"_QUERY_PREFIX"`     // before questions, as "query: "
	PassagePrefix string `toml:"passage_prefix" env:"_PASSAGE_PREFIX"` // before datasets' texts, as "passage: "
	Batch         int    `toml:"batch"`                                // texts a request; 0: 64
	MaxText       int    `toml:"max_text"`                             // bytes of a text; 0: 2000
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
	asked := path != ""
	path = named(path)
	meta, err := toml.DecodeFile(path, &c)
	switch {
	case errors.Is(err, fs.ErrNotExist) && !asked:
	case err != nil:
		faults = append(faults, fmt.Sprintf("%s: %v", path, err))
	default:
		for _, k := range meta.Undecoded() {
			faults = append(faults, fmt.Sprintf("%s: unknown key %s", path, k))
		}
	}
	faults = append(faults, c.fromEnvironment(env)...)
	faults = append(faults, c.Model.Server.check("CIGOGNE_MODEL")...)
	faults = append(faults, c.Embeddings.Server.check("CIGOGNE_EMBEDDINGS")...)
	faults = append(faults, c.Model.checkForm()...)
	if c.Embeddings.Batch < 0 || c.Embeddings.MaxText < 0 {
		faults = append(faults, "embeddings: batch and max_text are not below 0")
	}
	faults = append(faults, c.Discord.check()...)
	faults = append(faults, c.Matrix.check()...)
	faults = append(faults, c.EXo.check()...)
	faults = append(faults, c.Ledger.check()...)
	faults = append(faults, c.Store.check()...)
	faults = append(faults, c.Trino.check(c.Store)...)
	faults = append(faults, c.Staff.check()...)
	faults = append(faults, c.Report.check(c.EXo)...)
	faults = append(faults, c.Trace.check()...)
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
	if d.Shard < 0 || d.Shards < 0 || d.Shard >= max(1, d.Shards) {
		faults = append(faults, fmt.Sprintf("discord.shard %d of %d: from 0, below discord.shards (CIGOGNE_DISCORD_SHARD)", d.Shard, d.Shards))
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
