package table

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"unsafe"
)

// maxRecord bounds a record in bytes: no honest row is longer, and a file
// without line ends must not be held in memory.
const maxRecord = 64 << 20

// record is one row of a file, before anything is known of columns.
type record struct {
	line  int      // 1-based line where it starts
	cells []string // the slice is good until the next record is read, its texts stay
	gap   bool     // blank rows stand before it
	spans []span   // its cells merged over columns, of a workbook
	head  bool     // it names the columns again
}

// span is a cell merged over columns, by its place from 0 and how many it covers.
type span struct{ col, wide int }

func (r record) blank() bool {
	for _, c := range r.cells {
		if c != "" {
			return false
		}
	}
	return true
}

// keep is the record for longer than until the next is read.
func (r record) keep() record {
	r.cells = slices.Clone(r.cells)
	return r
}

// size is the record's text in bytes.
func (r record) size() int {
	n := 0
	for _, c := range r.cells {
		n += len(c)
	}
	return n
}

// csvReader reads separated values from UTF-8 text, forgiving what public
// files do: quotes inside unquoted cells, text after a closing quote, bare CR
// line ends, rows of any width, NUL bytes (dropped).
//
// Cells are parts of the block they were read in, which is written once: they
// stay, and cost nothing to make.
type csvReader struct {
	src   io.Reader
	comma byte
	line  int
	cells []string // of the record given last
	buf   []byte   // the cells of a record that is not in its block as it is, end to end
	ends  []int    // where each cell ends in buf

	block  []byte // what was read; no byte that a cell may be made of is written again
	at     int    // where the next line begins in it
	err    error  // of src, to be told once block is used up
	oddity bool   // there is a quote or a NUL in block

	ahead    [][]byte // lines read to see where a quote closes, to be read again
	ended    bool     // the last line read had an end
	width    int      // separators in the row before
	orphans  int      // quotes that nothing closes, read as signs
	orphanAt int      // line of the first
}

// blockBytes is how much text is read at once.
const blockBytes = 256 << 10

func newCSVReader(r io.Reader, comma byte) *csvReader {
	return &csvReader{src: r, comma: comma}
}

// next returns the next record, blank lines included as a record of one empty
// cell, with cells trimmed of white space at both ends; io.EOF after the last.
func (c *csvReader) next() (record, error) {
	c.cells = c.cells[:0]
	start := c.line + 1
	line, err := c.readLine()
	if err != nil {
		return record{}, err
	}
	if c.split(line) {
		c.width = len(c.cells) - 1
		return record{line: start, cells: c.cells}, nil
	}
	c.cells, c.buf, c.ends = c.cells[:0], c.buf[:0], c.ends[:0]
	if err := c.scan(line); err != nil {
		return record{}, err
	}
	text := string(c.buf)
	from := 0
	for _, end := range c.ends {
		c.cells = append(c.cells, trim(text[from:end]))
		from = end
	}
	return record{line: start, cells: c.cells}, nil
}

// split cuts a line into cells where they stand in it as they are: without
// quotes, or whole inside quotes. It gives up on any other line.
func (c *csvReader) split(line []byte) bool {
	if c.oddity {
		if bytes.IndexByte(line, 0) >= 0 {
			return false
		}
		if bytes.IndexByte(line, '"') >= 0 {
			return c.splitQuoted(line)
		}
	}
	for {
		end := bytes.IndexByte(line, c.comma)
		if end < 0 {
			c.cells = append(c.cells, trim(view(line)))
			return true
		}
		c.cells = append(c.cells, trim(view(line[:end])))
		line = line[end+1:]
	}
}

// splitQuoted is split for a line with quotes.
func (c *csvReader) splitQuoted(line []byte) bool {
	for {
		var end int
		cell := line
		switch {
		case len(line) > 0 && line[0] == '"':
			n := bytes.IndexByte(line[1:], '"')
			if end = n + 2; n < 0 || end < len(line) && line[end] != c.comma {
				return false
			}
			cell = line[1 : end-1]
			if end == len(line) {
				end = -1
			}
		case len(line) > 0 && line[0] == ' ':
			return false // a quote may follow
		default:
			if end = bytes.IndexByte(line, c.comma); end >= 0 {
				cell = line[:end]
			}
		}
		c.cells = append(c.cells, trim(view(cell)))
		if end < 0 {
			return true
		}
		line = line[end+1:]
	}
}

// view is b as a text, without a copy: b is never written again.
func view(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// scan reads the record that begins with line into buf and ends, a physical line
// at a time.
func (c *csvReader) scan(line []byte) error {
	open := c.scanLine(line, false, -1)
	for quoted, buf, ends := false, 0, 0; open >= 0; {
		orphan, err := c.isOrphan(line, open)
		if err != nil {
			return err
		}
		if orphan {
			if c.orphans++; c.orphans == 1 {
				c.orphanAt = c.line
			}
			c.buf, c.ends = c.buf[:buf], c.ends[:ends]
			open = c.scanLine(line, quoted, open)
			continue
		}
		for quoted, open = true, stillOpen; open == stillOpen; {
			if line, err = c.readLine(); err == io.EOF {
				return &Error{Reason: Cut, Detail: "quote", Line: c.line}
			} else if err != nil {
				return err
			}
			c.buf = append(c.buf, '\n')
			buf, ends = len(c.buf), len(c.ends)
			open = c.scanLine(line, true, -1)
			if len(c.buf) > maxRecord {
				return &Error{Reason: TooLarge, Detail: "cell", Line: c.line}
			}
		}
	}
	c.ends = append(c.ends, len(c.buf))
	c.width = len(c.ends) - 1
	return nil
}

// What scanLine says of a line that does not end inside quotes, or not of its own.
const (
	allClosed = -1
	stillOpen = -2 // the quote it began in is not closed
)

// scanLine adds the cells of one physical line and tells where the quote is
// that is open at its end. The quote at literal is a sign like others.
func (c *csvReader) scanLine(line []byte, quoted bool, literal int) int {
	atStart, open := !quoted, stillOpen
	for i := 0; i < len(line); i++ {
		b := line[i]
		switch {
		case quoted:
			if b == 0 {
				continue
			}
			if b != '"' {
				c.buf = append(c.buf, b)
			} else if i+1 < len(line) && line[i+1] == '"' {
				c.buf = append(c.buf, '"')
				i++
			} else {
				quoted = false
			}
			continue
		case b == c.comma:
			c.ends = append(c.ends, len(c.buf))
			atStart = true
			continue
		case b == '"' && atStart && i != literal:
			quoted, open = true, i
		case b == ' ' && atStart: // a quote may follow: ; "x"
			continue
		case b != 0:
			c.buf = append(c.buf, b)
		}
		atStart = false
	}
	if quoted {
		return open
	}
	return allClosed
}

// What closes a quote is looked for in so many lines, in so many bytes; lines
// that all read like rows are rows sooner.
const (
	quoteLines = 2000
	quoteBytes = 1 << 20
	quoteRows  = 64
)

// isOrphan tells whether the quote open at the end of a line is a stray sign
// and not the beginning of a cell that goes on over lines: what would close it
// opens another cell, or stands in a word of a line like a row; or nothing does
// and the lines that follow are rows.
func (c *csvReader) isOrphan(line []byte, open int) (bool, error) {
	width := bytes.Count(line, []byte{c.comma})
	var seen [][]byte
	defer func() {
		c.ahead = append(seen, c.ahead...)
		c.line -= len(seen)
	}()
	rows := 0
	for size := 0; len(seen) < quoteLines && size < quoteBytes; {
		next, err := c.readLine()
		if err == io.EOF {
			whole := len(seen) > 0 || width == c.width
			return c.ended && width > 0 && whole && rows*2 >= len(seen), nil
		}
		if err != nil {
			return false, err
		}
		seen = append(seen, next)
		size += len(next)
		row := c.isRow(next, width)
		if row {
			rows++
		}
		if at := closing(next); at >= 0 {
			begins, ends := c.around(next, at)
			return !ends && (begins || row), nil
		}
		if rows == quoteRows && rows == len(seen) {
			return true, nil
		}
	}
	return false, nil
}

// isRow tells whether a line has as many cells as one with so many separators.
func (c *csvReader) isRow(line []byte, width int) bool {
	return width > 0 && bytes.Count(line, []byte{c.comma}) == width
}

// around tells whether a quote stands where a cell begins, or ends.
func (c *csvReader) around(line []byte, at int) (begins, ends bool) {
	before, rest := bytes.TrimRight(line[:at], " "), bytes.TrimLeft(line[at+1:], " ")
	return len(before) == 0 || before[len(before)-1] == c.comma, len(rest) == 0 || rest[0] == c.comma
}

// closing is the place of the first quote of a line that is not doubled, or -1.
func closing(line []byte) int {
	for i := 0; i < len(line); i++ {
		if line[i] != '"' {
			continue
		}
		if i+1 == len(line) || line[i+1] != '"' {
			return i
		}
		i++
	}
	return -1
}

// readLine returns a physical line without its end (LF, CRLF or CR).
func (c *csvReader) readLine() ([]byte, error) {
	if len(c.ahead) > 0 {
		line := c.ahead[0]
		c.ahead = c.ahead[1:]
		c.line++
		return line, nil
	}
	end := bytes.IndexByte(c.block[c.at:], '\n')
	for end < 0 && c.err == nil {
		from := len(c.block) - c.at // holds no line end
		c.fill()
		if end = bytes.IndexByte(c.block[from:], '\n'); end >= 0 {
			end += from
		}
		if end > maxRecord || end < 0 && len(c.block) > maxRecord {
			return nil, &Error{Reason: TooLarge, Detail: "line", Line: c.line + 1}
		}
	}
	var line []byte
	switch {
	case end >= 0:
		line = c.block[c.at : c.at+end]
		c.at += end + 1
	case c.err != io.EOF:
		return nil, c.err
	default:
		line = c.block[c.at:]
		if c.at = len(c.block); len(line) == 0 {
			return nil, io.EOF
		}
	}
	c.line++
	c.ended = end >= 0
	return trimEnd(line, '\r'), nil
}

// fill begins a new block with what is left of the last one.
func (c *csvReader) fill() {
	rest := c.block[c.at:]
	block := make([]byte, max(blockBytes, min(2*len(rest), maxRecord+blockBytes)))
	n := copy(block, rest)
	for n < len(block) && c.err == nil {
		var read int
		read, c.err = c.src.Read(block[n:])
		n += read
	}
	c.block, c.at = block[:n], 0
	c.oddity = bytes.IndexByte(c.block, '"') >= 0 || bytes.IndexByte(c.block, 0) >= 0
}

func trimEnd(b []byte, end byte) []byte {
	if n := len(b); n > 0 && b[n-1] == end {
		return b[:n-1]
	}
	return b
}

// trim removes white space, no-break spaces included, at both ends.
func trim(s string) string {
	if s == "" || !mayTrim[s[0]] && !mayTrim[s[len(s)-1]] {
		return s
	}
	return strings.TrimFunc(s, func(r rune) bool {
		return r <= ' ' || r == '\u00a0' || r == '\u202f' || r == '\u2009' || r == '\ufeff' || r == '\u200b'
	})
}

// mayTrim are the bytes that begin or end the white space trim removes.
var mayTrim = func() (b [256]bool) {
	for i := range b {
		b[i] = i <= ' '
	}
	for _, r := range "\u00a0\u202f\u2009\ufeff\u200b" {
		s := string(r)
		b[s[0]], b[s[len(s)-1]] = true, true
	}
	return b
}()
