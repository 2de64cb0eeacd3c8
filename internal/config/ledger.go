package config

import "strings"

// Ledger is how answers are kept.
type Ledger struct {
	URL      string `toml:"url" env:"CIGOGNE_LEDGER_URL" private:"yes"` // postgres:// address that several servers share; "": a file in the data directory
	URLFile  string `toml:"url_file"`                                   // file that holds the address, which may hold a password
	KeepDays int    `toml:"keep_days" env:"CIGOGNE_KEEP_DAYS"`          // days after which an answer is forgotten; 0: never
}

// check says what is wrong with the settings, and reads the address.
func (l *Ledger) check() (faults []string) {
	l.URL, faults = secret("ledger.url_file", l.URL, l.URLFile)
	if l.URL != "" && !strings.HasPrefix(l.URL, "postgres://") && !strings.HasPrefix(l.URL, "postgresql://") {
		faults = append(faults, "ledger.url: a postgres:// address (CIGOGNE_LEDGER_URL)")
	}
	if l.KeepDays < 0 {
		faults = append(faults, "ledger.keep_days: a number of days, 0 for ever (CIGOGNE_KEEP_DAYS)")
	}
	return faults
}
