package table

import (
	"bufio"
	"context"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/transform"
)

// text opens the file as UTF-8 without byte order mark and with LF line ends.
func (f *file) text(ctx context.Context, info *textInfo) (io.ReadCloser, error) {
	raw, err := f.open(ctx)
	if err != nil {
		return nil, err
	}
	var r io.Reader = raw
	if info.decoder != nil {
		r = transform.NewReader(r, info.decoder)
	}
	if info.bareCR {
		r = carriage{r}
	}
	br := bufio.NewReaderSize(r, 64<<10)
	if bom, _ := br.Peek(3); string(bom) == "\ufeff" {
		br.Discard(3)
	}
	return readCloser{br, raw}, nil
}

type readCloser struct {
	io.Reader
	io.Closer
}

// carriage reads CR as LF.
type carriage struct{ r io.Reader }

func (c carriage) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	for i, b := range p[:n] {
		if b == '\r' {
			p[i] = '\n'
		}
	}
	return n, err
}

// repairUTF8 is UTF-8 in which stray bytes are read as windows-1252: rows of
// one encoding pasted into a file of another.
type repairUTF8 struct{ transform.NopResetter }

func (repairUTF8) Transform(dst, src []byte, atEOF bool) (nDst, nSrc int, err error) {
	for nSrc < len(src) {
		rest := src[nSrc:]
		if !atEOF && !utf8.FullRune(rest) {
			return nDst, nSrc, transform.ErrShortSrc
		}
		r, size := utf8.DecodeRune(rest)
		if r == utf8.RuneError && size == 1 {
			r = charmap.Windows1252.DecodeByte(rest[0])
		}
		if nDst+utf8.RuneLen(r) > len(dst) {
			return nDst, nSrc, transform.ErrShortDst
		}
		nDst += utf8.EncodeRune(dst[nDst:], r)
		nSrc += size
	}
	return nDst, nSrc, nil
}

// transcoder reads a charset as UTF-8.
type transcoder struct{ *charset }

func (transcoder) Reset() {}

func (t transcoder) Transform(dst, src []byte, atEOF bool) (nDst, nSrc int, err error) {
	for ; nSrc < len(src); nSrc++ {
		b := src[nSrc]
		if b < utf8.RuneSelf {
			if nDst == len(dst) {
				return nDst, nSrc, transform.ErrShortDst
			}
			dst[nDst] = b
			nDst++
			continue
		}
		r := t.runes[b]
		if nDst+utf8.RuneLen(r) > len(dst) {
			return nDst, nSrc, transform.ErrShortDst
		}
		nDst += utf8.EncodeRune(dst[nDst:], r)
	}
	return nDst, nSrc, nil
}
