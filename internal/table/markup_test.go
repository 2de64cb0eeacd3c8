package table

import (
	"errors"
	"io"
	"strings"
	"testing"
)

func TestMarkup(t *testing.T) {
	var got []string
	m := newMarkup(strings.NewReader(`<?xml version="1.0"?><!-- <no> --><x:a n="1" r:id='a>b &amp; "c"'>é &lt; <b/><![CDATA[<&>]]></x:a>`))
	for {
		tok, err := m.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		switch tok.kind {
		case opens:
			id, _ := tok.find(func(n markupName) bool { return n.space == "r" })
			got = append(got, "open "+tok.name.space+":"+tok.name.local+" "+tok.attr("n")+" "+id)
		case closes:
			got = append(got, "close "+tok.name.local)
		case text:
			got = append(got, "text "+unescapeMarkup(tok.text))
		}
	}
	want := []string{`open x:a 1 a>b & "c"`, "text é < ", "open :b  ", "close b", "text <&>", "close a"}
	if strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("got %q, want %q", got, want)
	}
}

func FuzzMarkup(f *testing.F) {
	for _, s := range []string{`<a b="c">d</a>`, `<a/>`, `<![CDATA[x]]>`, `<!-- x -->`, `<a b='>'`, `<`, `a`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		m := newMarkup(strings.NewReader(s))
		for n := 0; ; n++ {
			tok, err := m.next()
			if err != nil {
				if err != io.EOF && !errors.Is(err, io.ErrUnexpectedEOF) {
					t.Fatal(err)
				}
				return
			}
			if n > 2*len(s)+2 {
				t.Fatalf("more tokens than bytes: %q", s)
			}
			tok.attr("b")
			unescapeMarkup(tok.text)
		}
	})
}
