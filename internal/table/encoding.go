package table

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"math/bits"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	xunicode "golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// textInfo is what reading a text file once from end to end tells of it.
type textInfo struct {
	encoding string                // as IANA names it
	decoder  transform.Transformer // nil for UTF-8
	bareCR   bool                  // lines end with CR alone
	repaired bool                  // UTF-8 with a few bytes that are not, read as windows-1252
	endless  bool                  // the last line does not end
}

// legacy are the encodings French public files come in when they are not
// Unicode. Order settles ties: the first that reads the file equally well.
func legacy() []charset {
	latin9 := newCharset("ISO-8859-15", charmap.ISO8859_15)
	for b := 0x80; b < 0xa0; b++ { // control characters there: such bytes come from Windows
		latin9.runes[b] = charmap.Windows1252.DecodeByte(byte(b))
	}
	return []charset{
		newCharset("windows-1252", charmap.Windows1252),
		latin9,
		newCharset("IBM850", charmap.CodePage850),
		newCharset("macintosh", charmap.Macintosh),
	}
}

// charset is an encoding of one byte a character.
type charset struct {
	name  string
	runes [256]rune
}

func newCharset(name string, m *charmap.Charmap) charset {
	c := charset{name: name}
	for b := range 256 {
		c.runes[b] = m.DecodeByte(byte(b))
	}
	return c
}

// pair is a byte past ASCII and the byte before and after it.
type pair struct{ before, b, after byte }

// inspectText reads the whole file: an accent may come after a gigabyte of
// ASCII.
func (f *file) inspectText(ctx context.Context) (*textInfo, error) {
	info, err := f.inspectBytes(ctx, nil)
	if err == errNotUTF8 {
		info, err = f.inspectBytes(ctx, map[pair]int64{})
	}
	return info, err
}

// errNotUTF8 asks for another reading, one that tells encodings apart.
var errNotUTF8 = errors.New("not UTF-8")

// inspectBytes is inspectText with somewhere to count the bytes past ASCII, or nil
// where there should be only UTF-8.
func (f *file) inspectBytes(ctx context.Context, pairs map[pair]int64) (*textInfo, error) {
	r, err := f.open(ctx)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	br := bufio.NewReaderSize(r, 256<<10)
	bom, err := br.Peek(4)
	if err != nil && err != io.EOF {
		return nil, err
	}
	if info := fromBOM(bom); info != nil {
		return info, nil
	}
	s := scan{pairs: pairs}
	buf := make([]byte, 256<<10)
	for {
		n, err := br.Read(buf)
		s.add(buf[:n])
		if s.invalid > 0 && pairs == nil {
			return nil, errNotUTF8
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		if zeros := s.zeroEven + s.zeroOdd; s.total > 1<<20 && (zeros+s.control)*2 > s.total && min(s.zeroEven, s.zeroOdd)*20 > s.total {
			break // binary, whatever follows: no need of its other gigabytes
		}
	}
	info, err := s.info()
	if err == nil {
		info.endless = s.before != '\n' && s.before != '\r'
	}
	return info, err
}

func fromBOM(b []byte) *textInfo {
	switch {
	case bytes.HasPrefix(b, []byte{0xff, 0xfe, 0, 0}), bytes.HasPrefix(b, []byte{0, 0, 0xfe, 0xff}):
		return nil // UTF-32: the scan finds it binary
	case bytes.HasPrefix(b, []byte{0xff, 0xfe}):
		return &textInfo{encoding: "UTF-16LE", decoder: xunicode.UTF16(xunicode.LittleEndian, xunicode.UseBOM).NewDecoder()}
	case bytes.HasPrefix(b, []byte{0xfe, 0xff}):
		return &textInfo{encoding: "UTF-16BE", decoder: xunicode.UTF16(xunicode.BigEndian, xunicode.UseBOM).NewDecoder()}
	}
	return nil
}

// scan counts what tells encodings apart.
type scan struct {
	total, lf, cr, control int64
	zeroEven, zeroOdd      int64
	valid, invalid         int64 // multi-byte UTF-8 sequences, and bytes that belong to none
	usual                  int64 // of the sequences, those of French letters and signs
	pairs                  map[pair]int64
	before                 byte
	rest                   []byte // an unfinished sequence at the end of a block
}

func (s *scan) add(p []byte) {
	if len(s.rest) > 0 {
		p = append(s.rest, p...)
		s.rest = nil
	}
	for i := 0; i < len(p); {
		n := plainRun(p[i:])
		switch b := p[i]; {
		case n > 0:
			s.before = p[i+n-1]
		case b < utf8.RuneSelf:
			s.sign(b)
			n = 1
		case s.pairs == nil && b >= 0xc2 && b < 0xe0 && i+1 < len(p) && p[i+1]&0xc0 == 0x80: // a letter of French, nearly always
			s.valid++
			s.before = p[i+1]
			n = 2
		case !utf8.FullRune(p[i:]) && len(p)-i < utf8.UTFMax:
			s.rest = append([]byte(nil), p[i:]...)
			return
		default:
			n = s.wide(p[i:])
		}
		s.total += int64(n)
		i += n
	}
}

// sign counts a byte of ASCII.
func (s *scan) sign(b byte) {
	switch {
	case b >= ' ' && b != 0x7f || b == '\t':
	case b == '\n':
		s.lf++
	case b == '\r':
		s.cr++
	case b == 0 && s.total%2 == 0:
		s.zeroEven++
	case b == 0:
		s.zeroOdd++
	default:
		s.control++
	}
	s.before = b
}

// wide counts the sequence past ASCII, or the byte that belongs to none, that p
// begins with, and returns its length.
func (s *scan) wide(p []byte) int {
	size := 1
	if r, n := utf8.DecodeRune(p); r != utf8.RuneError || n > 1 {
		s.valid++
		size = n
		if plausibility(r, ' ', ' ') >= 3 {
			s.usual++
		}
	} else {
		s.invalid++
	}
	for i, b := range p[:size] {
		after := byte('\n')
		if i+1 < len(p) {
			after = p[i+1]
		}
		if s.pairs != nil && len(s.pairs) < maxPairs {
			s.pairs[pair{s.before, b, after}]++
		}
		s.before = b
	}
	return size
}

// maxPairs bounds the bytes past ASCII told apart by their neighbours.
const maxPairs = 100_000

// plainRun is how many bytes of printable ASCII p begins with, eight at a time.
func plainRun(p []byte) int {
	const ones, high = 0x0101010101010101, 0x8080808080808080
	n := 0
	for ; n+8 <= len(p); n += 8 {
		w := binary.LittleEndian.Uint64(p[n:])
		del := w ^ 0x7f*ones
		odd := (w | (w-' '*ones)&^w | (del-ones)&^del) & high
		if odd != 0 {
			return n + bits.TrailingZeros64(odd)/8
		}
	}
	return n
}

// info decides on the encoding.
func (s *scan) info() (*textInfo, error) {
	s.invalid += int64(len(s.rest))
	if s.invalid > 0 && s.pairs == nil {
		return nil, errNotUTF8
	}
	if utf16 := s.utf16(); utf16 != nil {
		return utf16, nil
	}
	if odd := s.zeroEven + s.zeroOdd + s.control; odd*100 > s.total && odd > 4 {
		return nil, refuse(NotTable, "binary", nil)
	}
	info := &textInfo{encoding: "UTF-8", bareCR: s.lf == 0 && s.cr > 0}
	if s.invalid == 0 {
		return info, nil
	}
	// Two bytes of an older encoding hardly ever make a French letter of UTF-8: where
	// they do, lines of two encodings stand in one file.
	if s.valid >= 10*s.invalid || s.valid > 0 && s.usual*10 >= s.valid*9 {
		info.repaired = true
		info.decoder = repairUTF8{}
		return info, nil
	}
	if err := s.older(info); err != nil {
		return nil, err
	}
	return info, nil
}

// utf16 is the encoding in two bytes a character that the zeros tell; nil for none.
func (s *scan) utf16() *textInfo {
	switch {
	case s.zeroOdd*4 > s.total && s.zeroEven*20 < s.total:
		return &textInfo{encoding: "UTF-16LE", decoder: xunicode.UTF16(xunicode.LittleEndian, xunicode.IgnoreBOM).NewDecoder()}
	case s.zeroEven*4 > s.total && s.zeroOdd*20 < s.total:
		return &textInfo{encoding: "UTF-16BE", decoder: xunicode.UTF16(xunicode.BigEndian, xunicode.IgnoreBOM).NewDecoder()}
	}
	return nil
}

// older finds the encoding of one byte a character in which the text is most like
// French.
func (s *scan) older(info *textInfo) error {
	best := math.Inf(-1)
	for _, c := range legacy() {
		if score := s.score(&c); score > best {
			info.encoding, info.decoder, best = c.name, transcoder{&c}, score
		}
	}
	// French has an accent in twenty letters. A text half made of them, and of
	// odd ones, is in another alphabet; a few odd signs are not enough to refuse.
	if high := s.invalid + s.valid; best < 0.6 && high*4 > s.total || best < 0 && high*20 > s.total {
		return refuse(UnknownEncoding, "", nil)
	}
	return nil
}

// score says how much like French the bytes past ASCII read in an encoding:
// about 1 a byte for the usual accents inside words, below 0 for signs there.
func (s *scan) score(c *charset) float64 {
	var sum, n int64
	for p, count := range s.pairs {
		sum += count * plausibility(c.runes[p.b], c.runes[p.before], c.runes[p.after])
		n += count
	}
	return float64(sum) / float64(10*max(n, 1))
}

// plausibility of a letter or sign in French text, given its neighbours, in
// tenths.
func plausibility(r, before, after rune) int64 {
	inWord := unicode.IsLetter(before) && unicode.IsLetter(after)
	switch {
	case r == utf8.RuneError || unicode.IsControl(r):
		return -20
	case unicode.IsLower(r):
		if unicode.IsUpper(before) && unicode.IsUpper(after) {
			return frenchLetter(r) - 10
		}
		return frenchLetter(r)
	case unicode.IsUpper(r):
		if unicode.IsLower(before) {
			return frenchLetter(r) - 15
		}
		return frenchLetter(r)
	}
	switch r {
	case '’', '\u00a0', '°', '€', '«', '»':
		if inWord && r != '’' && r != '\u00a0' {
			return -10
		}
		return 8
	case '–', '—', '…', '“', '”', '‘', '²', '³', '½', 'µ', '·', '•', '\u00ad', '§', '±', '×', '£', '™', '®', '©', '´', '†', '‡', '¼', '¾', '¹':
		if inWord {
			return -10
		}
		return 3
	}
	return -10
}

// frenchLetter is how plausible a letter past ASCII is in French by itself.
func frenchLetter(r rune) int64 {
	switch r {
	case 'é', 'è', 'à', 'ê', 'ç', 'ô':
		return 10
	case 'É', 'È', 'À', 'Ê', 'Ç', 'Ô', 'Î':
		return 9
	case 'î', 'â', 'û', 'ù', 'ë', 'ï', 'œ', 'ü', 'ö', 'ä', 'ß', 'æ', 'ÿ', 'ñ', 'í', 'ó', 'á':
		return 7
	case 'Â', 'Û', 'Ù', 'Ë', 'Ï', 'Œ', 'Ü', 'Ö', 'Ä', 'Æ':
		return 5
	case 'ª', 'º':
		return 0
	}
	return -3
}
