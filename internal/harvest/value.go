package harvest

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// Object is a JSON object of which nothing is taken for granted: portals give
// numbers for texts, texts for lists, and objects of translations for either.
type Object map[string]any

// ParseObject decodes a JSON object; numbers keep their digits.
func ParseObject(raw []byte) (Object, error) {
	dec := json.NewDecoder(strings.NewReader(string(raw)))
	dec.UseNumber()
	var o Object
	if err := dec.Decode(&o); err != nil {
		return nil, err
	}
	return o, nil
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
		for _, lang := range languages {
			if l, ok := v[lang].([]any); ok {
				return l
			}
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
		return []any{v}
	default:
		return []any{v}
	}
}

// languages in which a translated text is taken, in this order.
var languages = []string{"fr", "fre", "fra", "fr-FR", "default", "und", "en", "eng"}

// Text is the text of a JSON value, trimmed: of an object of translations the
// French one, of a list the first. Booleans and null have none.
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
		return translation(v)
	case []any:
		for _, e := range v {
			if s := Text(e); s != "" {
				return s
			}
		}
	}
	return ""
}

func translation(o map[string]any) string {
	for _, lang := range languages {
		if s, ok := o[lang].(string); ok && Clean(s) != "" {
			return Clean(s)
		}
	}
	return ""
}

// Int is the number of bytes, rows … that a value states: a number, or digits
// in a text. 0 where it states none.
func Int(v any) int64 {
	var s string
	switch v := v.(type) {
	case json.Number:
		s = v.String()
	case string:
		s = strings.TrimSpace(v)
	case float64:
		return positive(v)
	default:
		return 0
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return 0
	}
	return positive(f)
}

func positive(f float64) int64 {
	if f > 0 && f < 1<<62 {
		return int64(f)
	}
	return 0
}

// Texts returns the distinct texts of values, in order, at most max of them.
// Where a value is an object, the first of the keys that holds a text counts.
func Texts(values []any, max int, keys ...string) []string {
	var out []string
	for _, v := range values {
		s := ""
		if o, ok := v.(map[string]any); ok {
			s = Object(o).Text(keys...)
		} else {
			s = Text(v)
		}
		if s != "" && !slices.Contains(out, s) && len(out) < max {
			out = append(out, s)
		}
	}
	return out
}
