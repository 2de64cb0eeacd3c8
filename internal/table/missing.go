package table

import (
	"strings"
)

// missing are the marks of a value that is not there. They mean it only in a
// column that otherwise holds numbers or dates.
var missing = map[string]bool{
	":": true, "-": true, "--": true, "---": true, "–": true, "—": true, "−": true, ".": true, "..": true, "...": true, "…": true, "?": true, "/": true, "//": true, "///": true, "*": true,
	"ns": true, "n.s.": true, "n.s": true, "nd": true, "n.d.": true, "n.d": true, "n/d": true, "nc": true, "n.c.": true, "n.c": true, "nr": true, "n.r.": true,
	"s": true, "ss": true, "secret": true, "x": true, "na": true, "n.a.": true, "n.a": true, "n/a": true, "#n/a": true, "nan": true, "null": true, "none": true, "nil": true, "\\n": true,
	"tbd": true, "tba": true, "unknown": true, "inconnu": true, "non disponible": true, "non renseigné": true, "so": true, "s.o.": true, "#div/0!": true, "#value!": true, "#valeur!": true, "#ref!": true,
}

// startsMissing are the bytes these marks begin with.
var startsMissing = func() (b [256]bool) {
	for m := range missing {
		b[m[0]] = true
		b[strings.ToUpper(m[:1])[0]] = true
	}
	return b
}()

func isMissing(s string) bool {
	if s[0] == ':' && len(s) > 2 && len(s) < 6 && s[1] == ' ' { // ": c", what is not published and why
		return strings.Trim(s[2:], "abcdefghijklmnopqrstuvwxyz") == ""
	}
	if len(s) > 16 || !startsMissing[s[0]] || len(s) > 5 && !strings.ContainsRune("nNuUiIsS#", rune(s[0])) {
		return false
	}
	return missing[s] || missing[strings.ToLower(s)]
}
