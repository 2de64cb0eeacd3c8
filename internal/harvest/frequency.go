package harvest

import (
	"regexp"
	"strings"
	"unicode"
)

// frequencies by the words that portals use for them, folded to lower case
// without separators: EU authority, Dublin Core, ISO 19115, CKAN, udata, French.
var frequencies = map[string]string{
	"continuous": "continuous", "continual": "continuous", "cont": "continuous", "updatecont": "continuous", "realtime": "continuous", "tempsréel": "continuous", "tempsreel": "continuous", "encontinu": "continuous", "continue": "continuous",
	"hourly": "hourly", "horaire": "hourly", "bihourly": "hourly", "trihourly": "hourly", "12hrs": "daily", "daily2": "daily", "semidaily": "daily", "threetimesaday": "daily",
	"daily": "daily", "quotidienne": "daily", "quotidien": "daily", "journalière": "daily", "journalier": "daily", "touslesjours": "daily",
	"weekly": "weekly", "hebdomadaire": "weekly",
	"fortnightly": "fortnightly", "fortnighly": "fortnightly", "biweekly": "fortnightly", "bimensuelle": "fortnightly", "bimensuel": "fortnightly",
	"weekly2": "semiweekly", "semiweekly": "semiweekly", "weekly3": "semiweekly", "threetimesaweek": "semiweekly", "weekly5": "daily", "fivetimesaweek": "daily", "workingdays": "daily",
	"monthly2": "semimonthly", "semimonthly": "semimonthly", "monthly3": "semimonthly", "threetimesamonth": "semimonthly",
	"annual3": "threeTimesAYear", "threetimesayear": "threeTimesAYear",
	"monthly": "monthly", "mensuelle": "monthly", "mensuel": "monthly",
	"bimonthly": "bimonthly", "bimestrielle": "bimonthly", "bimestriel": "bimonthly",
	"quarterly": "quarterly", "trimestrielle": "quarterly", "trimestriel": "quarterly",
	"biannual": "biannual", "biannually": "biannual", "biannualy": "biannual", "annual2": "biannual", "semestrielle": "biannual", "semestriel": "biannual", "semiannual": "biannual",
	"annual": "annual", "annually": "annual", "yearly": "annual", "annuelle": "annual", "annuel": "annual",
	"biennial": "biennial", "biennially": "biennial", "bisannuelle": "biennial", "bisannuel": "biennial", "biennale": "biennial",
	"triennial": "triennial", "triennale": "triennial", "quadrennial": "quadrennial", "quinquennial": "quinquennial", "quinquennale": "quinquennial",
	"quadrennale": "quadrennial", "decennial": "decennial", "décennale": "decennial", "bidecennial": "bidecennial", "tridecennial": "tridecennial",
	"irregular": "irregular", "irreg": "irregular", "irrégulière": "irregular", "irregulière": "irregular", "irrégulier": "irregular",
	"asneeded": "asNeeded", "sibesoin": "asNeeded", "aubesoin": "asNeeded", "lorsquenécessaire": "asNeeded",
	"punctual": "punctual", "ponctuelle": "punctual", "ponctuel": "punctual", "once": "punctual",
	"never": "never", "jamais": "never", "notplanned": "notPlanned", "nonplanifiée": "notPlanned",
	"1min": "continuous", "5min": "continuous", "10min": "continuous", "15min": "continuous", "30min": "continuous", "trihrly": "hourly", "dailytwotimes": "daily",
	"chaquejour": "daily", "everyday": "daily", "täglich": "daily", "chaquesemaine": "weekly", "touteslessemaines": "weekly", "everyweek": "weekly", "wöchentlich": "weekly",
	"chaquemois": "monthly", "touslesmois": "monthly", "everymonth": "monthly", "monatlich": "monthly", "chaquetrimestre": "quarterly", "everyquarter": "quarterly", "vierteljährlich": "quarterly",
	"touslessixmois": "biannual", "halbjährlich": "biannual", "chaqueannée": "annual", "touslesans": "annual", "everyyear": "annual", "jährlich": "annual",
	"touslesdeuxans": "biennial", "tousles2ans": "biennial", "everytwoyears": "biennial", "touslescinqans": "quinquennial", "tousles5ans": "quinquennial", "touslesdixans": "decennial", "tousles10ans": "decennial",
	"unregelmäßig": "irregular", "nachbedarf": "asNeeded", "einmalig": "punctual", "aucune": "never", "aucunemiseàjour": "never",
	"unknown": "", "unkn": "", "inconnue": "", "inconnu": "", "unbekannt": "", "other": "", "autre": "", "notspecified": "", "nonrenseigné": "", "nonrenseignée": "", "nonspécifié": "", "nonspécifiée": "", "nondéfinie": "", "n/a": "", "na": "", "none": "", "null": "", "opdatpro": "",
}

// maxLine bounds values that should be a few words.
const maxLine = 300

// Frequency names a declared update frequency in one vocabulary (daily, weekly,
// monthly, quarterly, annual …), whichever the portal uses; what is in none is
// kept as it is, "unknown" is "".
func Frequency(s string) string {
	s = Line(s)
	last := s
	if i := strings.LastIndexAny(s, "/#"); i >= 0 && strings.Contains(s, "://") {
		last = s[i+1:]
	}
	key := strings.Map(func(r rune) rune {
		if r == ' ' || r == '_' || r == '-' {
			return -1
		}
		return r
	}, strings.ToLower(last))
	if known, ok := frequencies[key]; ok {
		return known
	}
	if p := isoPeriod.FindStringSubmatch(last); p != nil {
		said := ""
		for _, part := range parts.FindAllString(p[1], -1) {
			if strings.Trim(part, "T0YMWDHS") != "" {
				said += part
			}
		}
		return durations[said]
	}
	if known := oneOf(s); known != "" {
		return known
	}
	return cut(s, maxLine)
}

// oneOf is the frequency that a phrase names among other words ("mise à jour
// annuelle"), "" where it names none or several.
func oneOf(phrase string) string {
	found := ""
	for _, w := range strings.FieldsFunc(strings.ToLower(phrase), func(r rune) bool { return !unicode.IsLetter(r) }) {
		switch known := frequencies[w]; {
		case known == "" || known == "never" || known == found:
		case found != "":
			return ""
		default:
			found = known
		}
	}
	return found
}

// isoPeriod is a duration as ISO 8601 has it, parts what it is made of.
var (
	isoPeriod = regexp.MustCompile(`(?i)^(?:R\d*/)?P((?:T?\d+(?:\.\d+)?[YMWDHS])+(?:T?\d+[HMS])*)$`)
	parts     = regexp.MustCompile(`T?[\d.]+[YMWDHS]`)
)

var durations = map[string]string{
	"T1S": "continuous", "T1M": "continuous", "T1H": "hourly", "0.33W": "semiweekly", "3.5D": "semiweekly", "0.5W": "semiweekly", "0.5M": "semimonthly", "0.33M": "semimonthly", "4M": "threeTimesAYear", "10Y": "decennial", "4Y": "quadrennial",
	"1D": "daily", "7D": "weekly", "1W": "weekly", "2W": "fortnightly", "14D": "fortnightly", "15D": "fortnightly",
	"1M": "monthly", "2M": "bimonthly", "3M": "quarterly", "6M": "biannual", "1Y": "annual", "12M": "annual", "2Y": "biennial", "3Y": "triennial", "5Y": "quinquennial",
}
