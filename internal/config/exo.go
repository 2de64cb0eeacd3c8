package config

import (
	"fmt"
)

// EXo is an eXo Platform in whose spaces' activity streams changes are told.
type EXo struct {
	Server       string `toml:"server" env:"EXO_SERVER"` // base URL, as https://community.example.org
	User         string `toml:"user" env:"EXO_USER"`     // who posts, a member of the spaces
	PasswordFile string `toml:"password_file"`           // file that holds the password; EXO_PASSWORD holds it itself
	Password     string `toml:"-" env:"EXO_PASSWORD"`
}

// check says what is wrong with the settings, and reads the password.
func (x *EXo) check() (faults []string) {
	x.Password, faults = secret("exo.password_file", x.Password, x.PasswordFile)
	if x.Server == "" {
		return faults
	}
	if address(x.Server, "http", "https") == nil {
		faults = append(faults, fmt.Sprintf("exo.server %q: not an http address (EXO_SERVER)", x.Server))
	}
	if x.User == "" || x.Password == "" {
		faults = append(faults, "exo: user and password_file are needed (EXO_USER, EXO_PASSWORD)")
	}
	return faults
}
