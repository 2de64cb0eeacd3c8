package config

import (
	"strconv"
	"strings"
)

// Ledger is how answers are kept.
type Ledger struct {
	URL      string `toml:"url"`       // postgres:// address that several servers share; "": a file in the data directory; CIGOGNE_LEDGER_URL
	URLFile  string `toml:"url_file"`  // file that holds the address, which may hold a password
	KeepDays int    `toml:"keep_days"` // days after which an answer is forgotten; 0: never; CIGOGNE_KEEP_DAYS
}

// check reads the environment's word over the file's.
func (l *Ledger) check(days, address string) (faults []string) {
	if address != "" {
		l.URL = address
	}
	l.URL, faults = secret("ledger.url_file", l.URL, l.URLFile)
	if l.URL != "" && !strings.HasPrefix(l.URL, "postgres://") && !strings.HasPrefix(l.URL, "postgresql://") {
		faults = append(faults, "ledger.url: a postgres:// address (CIGOGNE_LEDGER_URL)")
	}
	if days != "" {
		n, err := strconv.Atoi(days)
		if err != nil {
			n = -1
		}
		l.KeepDays = n
	}
	if l.KeepDays < 0 {
		faults = append(faults, "ledger.keep_days: a number of days, 0 for ever (CIGOGNE_KEEP_DAYS)")
	}
	return faults
}
