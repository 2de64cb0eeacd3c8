package config

import (
	"fmt"
	"time"
)

// Store is the object store that several servers share; without URL there is none,
// and the data directory holds all.
type Store struct {
	URL           string `toml:"url" env:"CIGOGNE_STORE_URL"`           // s3://bucket/prefix
	Endpoint      string `toml:"endpoint" env:"CIGOGNE_STORE_ENDPOINT"` // https://host of the store; "": Amazon's
	Region        string `toml:"region" env:"CIGOGNE_STORE_REGION"`     // "": us-east-1
	Style         string `toml:"style" env:"CIGOGNE_STORE_STYLE"`       // path or virtual: where the bucket's name stands; "": path, but with Amazon
	Every         string `toml:"every" env:"CIGOGNE_STORE_EVERY"`       // how often a site looks for a new generation; "": 30s
	AccessKeyFile string `toml:"access_key_file"`
	SecretKeyFile string `toml:"secret_key_file"`
	AccessKey     string `toml:"-" env:"AWS_ACCESS_KEY_ID"` // the environment's, or what the file holds; none: the machine's own role
	SecretKey     string `toml:"-" env:"AWS_SECRET_ACCESS_KEY"`
}

// Styles are where the bucket's name may stand in an address.
var Styles = []string{"path", "virtual"}

const usualEvery = 30 * time.Second

// Set tells whether there is one.
func (s Store) Set() bool { return s.URL != "" }

// Looks is how often a site looks for a new generation.
func (s Store) Looks() time.Duration {
	d, err := time.ParseDuration(s.Every)
	if err != nil {
		return usualEvery
	}
	return d
}

// check says what is wrong with the settings, and reads the keys.
func (s *Store) check() (faults []string) {
	if u := address(s.URL, "s3"); s.URL != "" && (u == nil || u.User != nil) {
		faults = append(faults, "store.url: an address as s3://bucket/prefix (CIGOGNE_STORE_URL)")
	}
	if s.Endpoint != "" && address(s.Endpoint, "http", "https") == nil {
		faults = append(faults, fmt.Sprintf("store.endpoint %q: not an http address (CIGOGNE_STORE_ENDPOINT)", s.Endpoint))
	}
	if s.Style != "" && s.Style != Styles[0] && s.Style != Styles[1] {
		faults = append(faults, fmt.Sprintf("store.style %q: path or virtual (CIGOGNE_STORE_STYLE)", s.Style))
	}
	if !seconds(s.Every) {
		faults = append(faults, fmt.Sprintf("store.every %q: not a duration of a second or more, as 30s (CIGOGNE_STORE_EVERY)", s.Every))
	}
	var bad []string
	s.AccessKey, bad = secret("store.access_key_file", s.AccessKey, s.AccessKeyFile)
	faults = append(faults, bad...)
	s.SecretKey, bad = secret("store.secret_key_file", s.SecretKey, s.SecretKeyFile)
	return append(faults, bad...)
}
