package config

import (
	"cmp"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// Trino is the distributed SQL engine that answers over large tables; without URL
// there is none, and the embedded one answers over all.
type Trino struct {
	URL          string `toml:"url" env:"CIGOGNE_TRINO_URL"`           // http://host:8080
	Catalog      string `toml:"catalog" env:"CIGOGNE_TRINO_CATALOG"`   // of the Hive connector; "": hive
	Schema       string `toml:"schema" env:"CIGOGNE_TRINO_SCHEMA"`     // "": cigogne
	From         int    `toml:"from" env:"CIGOGNE_TRINO_FROM"`         // rows from which a table is asked there; 0: 10 million
	Alone        int    `toml:"alone" env:"CIGOGNE_TRINO_ALONE"`       // rows from which the embedded engine does not hold it; 0: it holds all
	Location     string `toml:"location" env:"CIGOGNE_TRINO_LOCATION"` // what Trino calls the folder "trino" of the data directory; not wanted over an object store
	Timeout      string `toml:"timeout" env:"CIGOGNE_TRINO_TIMEOUT"`   // of one query; "": 30s
	User         string `toml:"user" env:"CIGOGNE_TRINO_USER"`         // "": cigogne
	PasswordFile string `toml:"password_file"`                         // over https alone
	Password     string `toml:"-" env:"CIGOGNE_TRINO_PASSWORD"`
}

// What a Trino is taken to be where nothing is said.
const (
	usualTrinoFrom    = 10_000_000
	usualTrinoTimeout = 30 * time.Second
)

// Set tells whether there is one.
func (t Trino) Set() bool { return t.URL != "" }

// Limit is how long one query may take.
func (t Trino) Limit() time.Duration {
	d, err := time.ParseDuration(t.Timeout)
	if err != nil {
		return usualTrinoTimeout
	}
	return d
}

var trinoName = regexp.MustCompile(`^[a-z0-9_]+$`)

// check says what is wrong with the settings, fills the defaults and reads the
// password. Over an object store the files are there, and no folder is named.
func (t *Trino) check(s Store) (faults []string) {
	t.Password, faults = secret("trino.password_file", t.Password, t.PasswordFile)
	if !t.Set() {
		return faults
	}
	t.Catalog, t.Schema, t.User = cmp.Or(t.Catalog, "hive"), cmp.Or(t.Schema, "cigogne"), cmp.Or(t.User, "cigogne")
	t.From = cmp.Or(t.From, usualTrinoFrom)
	if u := address(t.URL, "http", "https"); u == nil || u.User != nil {
		faults = append(faults, "trino.url: an http address, without a name and password in it (CIGOGNE_TRINO_URL)")
	} else if t.Password != "" && u.Scheme != "https" {
		faults = append(faults, "trino.url: a password goes over https alone (CIGOGNE_TRINO_URL)")
	}
	for key, v := range map[string]string{"catalog": t.Catalog, "schema": t.Schema} {
		if !trinoName.MatchString(v) {
			faults = append(faults, fmt.Sprintf("trino.%s %q: small letters, digits and _ (CIGOGNE_TRINO_%s)", key, v, strings.ToUpper(key)))
		}
	}
	if !t.inOrder() {
		faults = append(faults, "trino.from, trino.alone: numbers of rows, alone not below from (CIGOGNE_TRINO_FROM, CIGOGNE_TRINO_ALONE)")
	}
	if !seconds(t.Timeout) {
		faults = append(faults, fmt.Sprintf("trino.timeout %q: not a duration of a second or more, as 30s (CIGOGNE_TRINO_TIMEOUT)", t.Timeout))
	}
	if l, err := url.Parse(t.Location); !s.Set() && (err != nil || l.Scheme == "") {
		faults = append(faults, "trino.location: what Trino calls the folder trino of the data directory, as local:///trino (CIGOGNE_TRINO_LOCATION)")
	}
	return faults
}

// inOrder tells whether the numbers of rows are such, and the greater one is not below.
func (t *Trino) inOrder() bool {
	return t.From >= 0 && (t.Alone == 0 || t.Alone >= t.From)
}
