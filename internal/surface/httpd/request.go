package httpd

import (
	"math"
	"net/http"
	"strconv"
	"time"

	"golang.org/x/text/language"

	"cigogne/internal/lang"
)

var languages = language.NewMatcher([]language.Tag{language.French, language.English})

// Language is the one a client reads: ?lang= over Accept-Language, French where
// neither tells.
func Language(r *http.Request) lang.Lang {
	if l, ok := Chosen(r); ok {
		return l
	}
	tags, _, err := language.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	if err != nil {
		return lang.French
	}
	if _, i, sure := languages.Match(tags...); i == 1 && sure > language.No {
		return lang.English
	}
	return lang.French
}

// Chosen is the language of ?lang=, or a form's, where it names one we speak.
func Chosen(r *http.Request) (lang.Lang, bool) {
	switch l := lang.Lang(r.FormValue("lang")); l {
	case lang.French, lang.English:
		return l, true
	}
	return "", false
}

// RetryAfter says when to try again.
func RetryAfter(w http.ResponseWriter, wait time.Duration) {
	w.Header().Set("Retry-After", strconv.Itoa(max(1, int(math.Ceil(wait.Seconds())))))
}
