package xmltree_test

import (
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"cigogne/internal/harvest/xmltree"
)

func latin1(t testing.TB, s string) []byte {
	b, err := charmap.ISO8859_1.NewEncoder().Bytes([]byte(s))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func wide(s string) []byte {
	out := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(s)) {
		out = append(out, byte(u), byte(u>>8))
	}
	return out
}

// Documents in other encodings, and with what XML forbids: their texts come out
// whole, and pieces cut from them can be read.
func TestEncodings(t *testing.T) {
	const body = `<a><b>Forêt</b></a>`
	for name, doc := range map[string][]byte{
		"UTF-8":                 []byte(body),
		"with a mark":           []byte("\xef\xbb\xbf" + body),
		"Latin-1":               latin1(t, `<?xml version="1.0" encoding="ISO-8859-1"?>`+body),
		"windows-1252":          latin1(t, `<?xml version='1.0' encoding='windows-1252' ?>`+body),
		"UTF-16":                wide(`<?xml version="1.0" encoding="UTF-16"?>` + body),
		"UTF-16, not said":      wide(body),
		"version 1.1":           []byte(`<?xml version="1.1" encoding="UTF-8"?>` + body),
		"a control character":   []byte("<a><b>For\x01êt</b></a>"),
		"a reference to one":    []byte("<a><b>For&#x1;êt&#8;</b></a>"),
		"a name of HTML's":      []byte("<a><b>For&ecirc;t</b></a>"),
		"a declaration to skip": []byte("<!DOCTYPE a [<!ENTITY x \"y\">]>" + body),
	} {
		t.Run(name, func(t *testing.T) {
			for _, b := range [][]byte{doc, xmltree.UTF8(doc)} {
				n, err := xmltree.Parse(b)
				if err != nil || n.Name != "a" || n.Child("b").Text() != "Forêt" {
					t.Errorf("%+v, %v", n, err)
				}
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`<a x="1"><b>c</b></a>`))
	f.Add(wide(`<a/>`))
	f.Add([]byte(`<?xml version="1.1" encoding="latin1"?><a>&#1;&nbsp;</a>`))
	f.Fuzz(func(t *testing.T, b []byte) {
		n, err := xmltree.Parse(b)
		if (err == nil) != (n != nil) {
			t.Error("a tree and an error, or neither")
		}
		n.Walk(func(c *xmltree.Node) bool {
			if !utf8.ValidString(c.Chars) {
				t.Errorf("%q", c.Chars)
			}
			return true
		})
	})
}
