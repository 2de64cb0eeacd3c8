package config

import "strconv"

// Ledger is how answers are kept.
type Ledger struct {
	KeepDays int `toml:"keep_days"` // days after which an answer is forgotten; 0: never; CIGOGNE_KEEP_DAYS
}

// check reads the environment's word over the file's.
func (l *Ledger) check(days string) []string {
	if days != "" {
		n, err := strconv.Atoi(days)
		if err != nil {
			n = -1
		}
		l.KeepDays = n
	}
	if l.KeepDays < 0 {
		return []string{"ledger.keep_days: a number of days, 0 for ever (CIGOGNE_KEEP_DAYS)"}
	}
	return nil
}
