package httpd

import (
	"math"
	"net/http"
	"slices"
	"strconv"
	"time"

	"golang.org/x/text/language"

	"cigogne/internal/lang"
)

var languages = language.NewMatcher(tags(lang.Spoken))

func tags(all []lang.Lang) []language.Tag {
	out := make([]language.Tag, len(all))
	for i, l := range all {
		out[i] = language.Make(string(l))
	}
	return out
}

// Language is the one a client reads: ?lang= over Accept-Language, French where
// neither tells.
func Language(r *http.Request) lang.Lang {
	if l, ok := Chosen(r); ok {
		return l
	}
	tags, _, err := language.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	if err != nil {
		return lang.Spoken[0]
	}
	if _, i, sure := languages.Match(tags...); sure > language.No {
		return lang.Spoken[i]
	}
	return lang.Spoken[0]
}

// Chosen is the language of ?lang=, or a form's, where it names one we speak.
func Chosen(r *http.Request) (lang.Lang, bool) {
	if l := lang.Lang(r.FormValue("lang")); slices.Contains(lang.Spoken, l) {
		return l, true
	}
	return "", false
}

// RetryAfter says when to try again.
func RetryAfter(w http.ResponseWriter, wait time.Duration) {
	w.Header().Set("Retry-After", strconv.Itoa(max(1, int(math.Ceil(wait.Seconds())))))
}
