package config

import (
	"fmt"
	"net/url"
	"strings"
)

// Staff is who may see the pages of the team that runs the service: those whom an
// OpenID Connect provider knows. There are none without an issuer.
type Staff struct {
	Issuer     string   `toml:"issuer" env:"CIGOGNE_STAFF_ISSUER"`           // address of the provider, as https://login.example.org/realms/staff
	Client     string   `toml:"client" env:"CIGOGNE_STAFF_CLIENT"`           // what it knows this site as
	SecretFile string   `toml:"secret_file" env:"CIGOGNE_STAFF_SECRET_FILE"` // file that holds the client's secret
	Emails     []string `toml:"emails" env:"CIGOGNE_STAFF_EMAILS"`           // of those who may: "name@example.org", "@example.org" for all of one
	Groups     []string `toml:"groups" env:"CIGOGNE_STAFF_GROUPS"`           // of the claim "groups"
	Secret     string   `toml:"-" env:"CIGOGNE_STAFF_SECRET"`
}

// Set tells whether there are such pages.
func (s Staff) Set() bool { return s.Issuer != "" }

// check says what is wrong with the settings, and reads the secret.
func (s *Staff) check() (faults []string) {
	s.Secret, faults = secret("staff.secret_file", s.Secret, s.SecretFile)
	if !s.Set() {
		return faults
	}
	if u, err := url.Parse(s.Issuer); err != nil || u.Scheme != "https" && !local(u) || u.Host == "" {
		faults = append(faults, fmt.Sprintf("staff.issuer %q: an https address (CIGOGNE_STAFF_ISSUER)", s.Issuer))
	}
	if s.Client == "" || s.Secret == "" {
		faults = append(faults, "staff: client and secret_file are needed (CIGOGNE_STAFF_CLIENT, CIGOGNE_STAFF_SECRET)")
	}
	if len(s.Emails)+len(s.Groups) == 0 {
		faults = append(faults, "staff: emails or groups say who may see the pages (CIGOGNE_STAFF_EMAILS, CIGOGNE_STAFF_GROUPS)")
	}
	for _, e := range s.Emails {
		if !strings.Contains(e, "@") || strings.HasSuffix(e, "@") {
			faults = append(faults, fmt.Sprintf("staff.emails %q: name@example.org, or @example.org", e))
		}
	}
	return faults
}

// local tells whether an address is of this machine, where a trial may do without TLS.
func local(u *url.URL) bool {
	return u.Scheme == "http" && (u.Hostname() == "127.0.0.1" || u.Hostname() == "localhost" || u.Hostname() == "::1")
}

// Report is where a report on the month before is posted, on its first day.
type Report struct {
	WebhookFile string `toml:"webhook_file" env:"CIGOGNE_REPORT_WEBHOOK_FILE"` // file that holds the address of a webhook
	EXo         string `toml:"exo" env:"CIGOGNE_REPORT_EXO"`                   // space of the eXo Platform
	Webhook     string `toml:"-" env:"CIGOGNE_REPORT_WEBHOOK"`
}

// Set tells whether a report is posted.
func (r Report) Set() bool { return r.Webhook != "" || r.EXo != "" }

func (r *Report) check(x EXo) (faults []string) {
	r.Webhook, faults = secret("report.webhook_file", r.Webhook, r.WebhookFile)
	if r.Webhook != "" && address(r.Webhook, "http", "https") == nil {
		faults = append(faults, "report.webhook_file: not an http address (CIGOGNE_REPORT_WEBHOOK)")
	}
	if r.EXo != "" && x.Server == "" {
		faults = append(faults, "report.exo: no eXo Platform is set (EXO_SERVER)")
	}
	return faults
}
