package harvest

import (
	"fmt"
	"hash/fnv"
	"net/url"
	"strings"

	"cigogne/internal/dataset"
)

// Bounds on what one record may bring.
const (
	MaxKeywords      = 200
	maxDistributions = 2000
)

// Files are the distributions of a dataset as they are read: each once, each
// with an ID of its own that lasts.
type Files struct {
	all  []dataset.Distribution
	seen map[string]bool
}

// Add takes a distribution in, where it says anything and is not there yet.
func (f *Files) Add(x dataset.Distribution) {
	if x.ID == "" {
		x.ID = fmt.Sprintf("%x", hash(x.URL+"\x00"+x.Title))
	}
	if x.URL == "" && x.Title == "" && x.Format == "" || f.seen[x.ID] || len(f.all) == maxDistributions {
		return
	}
	if f.seen == nil {
		f.seen = map[string]bool{}
	}
	f.seen[x.ID] = true
	f.all = append(f.all, x)
}

// All returns them, in the order they came.
func (f *Files) All() []dataset.Distribution { return f.all }

func hash(s string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(s))
	return h.Sum64()
}

// MediaType keeps what looks like one: portals also write "CSV" there.
func MediaType(s string) string {
	s, _, _ = strings.Cut(strings.ToLower(Line(s)), ";")
	s = strings.TrimSpace(s)
	if i := strings.Index(s, "media-types/"); i >= 0 { // the URI that IANA gives it
		s = s[i+len("media-types/"):]
	}
	if strings.Count(s, "/") == 1 && len(s) < 120 && !strings.Contains(s, " ") {
		return s
	}
	return ""
}

// IsWeb tells whether a text is an http or https address.
func IsWeb(s string) bool {
	return strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://")
}

// Absolute completes an address that is relative to the portal.
func Absolute(base, address string) string {
	if address == "" || IsWeb(address) {
		return strings.ReplaceAll(address, " ", "%20")
	}
	b, err := url.Parse(base + "/")
	if err != nil {
		return address
	}
	u, err := b.Parse(address)
	if err != nil {
		return address
	}
	return u.String()
}

// Lines puts each text on one line, each once, and leaves out empty ones.
func Lines(texts []string) []string {
	var out []string
	seen := map[string]bool{}
	for _, s := range texts {
		if s = Line(s); s != "" && !seen[s] && len(out) < MaxKeywords {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}

// Keywords are texts as keywords; where there is one with commas or semicolons, as
// older portals have it, it is cut.
func Keywords(texts []string) []string {
	if len(texts) == 1 {
		texts = strings.FieldsFunc(texts[0], func(r rune) bool { return r == ',' || r == ';' || r == '|' })
	}
	return Lines(texts)
}

// Themes are labels; of an address without one, its last part.
func Themes(texts []string) []string {
	for i, s := range texts {
		if IsWeb(s) {
			s = strings.TrimRight(s, "/#")
			texts[i] = s[strings.LastIndexAny(s, "/#")+1:]
		}
	}
	return Lines(texts)
}

// SchemaOf is the schema that a file declares to follow, by name or address: the
// value "schema" of its record, a text or an object that has either. "" where that
// is the schema itself.
func SchemaOf(file Object) string {
	s := file.Object("schema").Text("name", "url")
	if v, ok := file["schema"].(string); ok && s == "" {
		s = Line(v)
	}
	if strings.ContainsAny(s, " {") {
		return ""
	}
	return s
}
