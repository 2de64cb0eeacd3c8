package harvest

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Object is a JSON object of which nothing is taken for granted: portals give
// numbers for texts, texts for lists, and objects of translations for either.
type Object map[string]any

// ParseObject decodes a JSON object; numbers keep their digits.
func ParseObject(raw []byte) (Object, error) {
	var o Object
	err := Decode(raw, &o)
	return o, err
}

// Decode decodes JSON as portals write it; numbers keep their digits. What other
// languages' printers let slip (NaN, line breaks within texts, a last comma) is
// read for what it means.
func Decode(raw []byte, into any) error {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	err := dec.Decode(into)
	var syntax *json.SyntaxError
	if !errors.As(err, &syntax) {
		return err
	}
	dec = json.NewDecoder(bytes.NewReader(mended(raw)))
	dec.UseNumber()
	if dec.Decode(into) == nil {
		return nil
	}
	return err
}

// Text returns the first of the keys that holds a text, trimmed; "" where none does.
func (o Object) Text(keys ...string) string {
	for _, k := range keys {
		if s := Text(o[k]); s != "" {
			return s
		}
	}
	return ""
}

// Object returns the object under the key, nil where there is none.
func (o Object) Object(key string) Object {
	switch v := o[key].(type) {
	case map[string]any:
		return v
	case string: // JSON in a string
		if inner, err := ParseObject([]byte(v)); err == nil {
			return inner
		}
	}
	return nil
}

// List returns the list under the key: of one where the value stands alone, of
// none where there is no value. A list of a language is taken in its language.
func (o Object) List(key string) []any {
	switch v := o[key].(type) {
	case []any:
		return v
	case nil:
		return nil
	case map[string]any:
		if l := numbered(v); l != nil {
			return l
		}
		if inner, ok := v[bestLanguage(v)].([]any); ok {
			return inner
		}
		return []any{v}
	case string:
		if strings.HasPrefix(strings.TrimSpace(v), "[") {
			dec := json.NewDecoder(strings.NewReader(v))
			dec.UseNumber()
			var l []any
			if dec.Decode(&l) == nil {
				return l
			}
		}
		if strings.HasPrefix(strings.TrimSpace(v), "{") {
			if inner := o.Object(key); inner != nil {
				return []any{map[string]any(inner)}
			}
		}
		return []any{v}
	default:
		return []any{v}
	}
}

// numbered is a list that PHP has printed as an object, since it had a gap:
// {"0": …, "2": …}; nil where it is none.
func numbered(o map[string]any) []any {
	if len(o) == 0 {
		return nil
	}
	keys := make([]int, 0, len(o))
	for k := range o {
		n, err := strconv.Atoi(k)
		if err != nil || n < 0 {
			return nil
		}
		keys = append(keys, n)
	}
	slices.Sort(keys)
	out := make([]any, len(keys))
	for i, n := range keys {
		out[i] = o[strconv.Itoa(n)]
	}
	return out
}

// Text is the text of a JSON value, trimmed: of translations the French one, of
// a list the first. Booleans and null have none.
func Text(v any) string {
	switch v := v.(type) {
	case string:
		s := Clean(v)
		if strings.HasPrefix(s, `{"`) { // translations in a string
			if o, err := ParseObject([]byte(s)); err == nil {
				if t := translation(o); t != "" {
					return t
				}
			}
		}
		return s
	case json.Number:
		return v.String()
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case map[string]any:
		if t := translation(v); t != "" {
			return t
		}
		return Text(said(v))
	case []any:
		return textOf(v)
	}
	return ""
}

// textOf is the text of a list: its first, or its French one where each says its
// language.
func textOf(list []any) string {
	best, rank := "", math.MaxInt
	for _, e := range list {
		r := 0
		if o, ok := e.(map[string]any); ok {
			if l := Object(o).Text("@language", "language", "lang", "xml:lang"); l != "" {
				r = languageRank(l)
			}
		}
		if r < rank {
			if s := Text(e); s != "" {
				best, rank = s, r
			}
		}
	}
	return best
}

// said is what an object says that stands for a text: beside its language or type
// ({"@value": …}, {"lang": "fr", "content": …}), or as the name of a thing.
func said(o map[string]any) any {
	for _, k := range []string{"@value", "content", "value", "text", "#text", "prefLabel", "label", "title", "display_name", "name"} {
		if v := o[k]; v != nil && v != "" {
			return v
		}
	}
	return nil
}

// translation is the text of an object of texts by language, "" where it is none.
func translation(o map[string]any) string {
	k := bestLanguage(o)
	if k == "" {
		return ""
	}
	switch v := o[k].(type) {
	case string:
		return Clean(v)
	case []any:
		return textOf(v)
	}
	return ""
}

// bestLanguage is the key of an object by language that is read: French, none,
// English, else the first by its name that holds anything; "" where the keys
// are no languages.
func bestLanguage(o map[string]any) string {
	best, rank, known := "", math.MaxInt, false
	for k, v := range o {
		if !isLanguage.MatchString(k) {
			return ""
		}
		known = known || spoken.MatchString(k)
		if v == nil || v == "" {
			continue
		}
		if r := languageRank(k); r < rank || r == rank && k < best {
			best, rank = k, r
		}
	}
	if !known {
		return ""
	}
	return best
}

// isLanguage are keys that may name a language: "fr", "fre", "fr-FR",
// GeoNetwork's "langfre" with what stands beside it, and what stands for none.
// spoken are those that can be nothing else: "id" and "no" can.
var (
	isLanguage = regexp.MustCompile(`^(?:(?:lang)?[a-z]{2,3}(?:[-_][A-Za-z]{2,4})?|default|und|none|@none|key|link|)$`)
	spoken     = regexp.MustCompile(`^(?:(?:lang)?(?:fr|fre|fra|en|eng|de|ger|deu|it|ita|es|spa|nl|dut|nld|pt|por|lb|ltz|ca|cat|eu|br|oc|pl|el|sv|da|fi|cs|hu|ro|sk|sl|hr|bg|et|lv|lt|mt|ga)(?:[-_][A-Za-z]{2,4})?|default|und|@none)$`)
)

// languageRank orders languages as they are read.
func languageRank(name string) int {
	name = strings.ToLower(name[strings.LastIndexByte(name, '/')+1:]) // of an address of a vocabulary
	name = strings.TrimPrefix(name, "lang")
	switch {
	case strings.HasPrefix(name, "fr"):
		return 0
	case name == "default" || name == "und" || name == "none" || name == "@none" || name == "":
		return 1
	case strings.HasPrefix(name, "en"):
		return 2
	case name == "key" || name == "link":
		return 4
	}
	return 3
}

// Int is the number of bytes, rows … that a value states: a number, digits in a
// text, or a size as people write it ("1,5 Mo", "12 KiB"). 0 where it states none.
func Int(v any) int64 {
	switch v := v.(type) {
	case json.Number:
		f, err := v.Float64()
		if err != nil {
			return 0
		}
		return positive(f)
	case float64:
		return positive(v)
	case string:
		m := size.FindStringSubmatch(strings.ToLower(strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "").Replace(v)))
		if m == nil {
			return 0
		}
		f, err := strconv.ParseFloat(strings.Replace(m[1], ",", ".", 1), 64)
		if err != nil {
			return 0
		}
		base := 1000.0
		if m[3] != "" {
			base = 1024
		}
		return positive(f * math.Pow(base, float64(max(0, strings.Index(units, m[2])))))
	case map[string]any:
		return Int(said(v))
	}
	return 0
}

// size is a number with its unit, its prefix and what makes that binary.
var size = regexp.MustCompile(`^(\d+(?:[.,]\d+)?(?:e\+?\d+)?)(?:([kmgt]?)(i?)(?:o|b|bytes|octets|byte|octet)?)$`)

// units are prefixes, each at its power; at 0 is that of none.
const units = " kmgt"

func positive(f float64) int64 {
	if f > 0 && f < 1<<62 {
		return int64(f)
	}
	return 0
}

// Texts returns the distinct texts of values, in order, at most max of them.
// Where a value is an object, the first of the keys that holds a text counts, else
// what stands for its text.
func Texts(values []any, max int, keys ...string) []string {
	var out []string
	for _, v := range values {
		s := ""
		if o, ok := v.(map[string]any); ok {
			s = Object(o).Text(keys...)
		}
		if s == "" {
			s = Text(v)
		}
		if s != "" && !slices.Contains(out, s) && len(out) < max {
			out = append(out, s)
		}
	}
	return out
}
