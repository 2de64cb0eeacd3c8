package table

import (
	"bufio"
	"bytes"
	"io"
	"strings"
)

// maxRecord bounds a record in bytes: no honest row is longer, and a file
// without line ends must not be held in memory.
const maxRecord = 64 << 20

// record is one row of a file, before anything is known of columns.
type record struct {
	line  int // 1-based line where it starts
	cells []string
	gap   bool // blank rows stand before it
}

func (r record) blank() bool {
	for _, c := range r.cells {
		if c != "" {
			return false
		}
	}
	return true
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
type csvReader struct {
	r     *bufio.Reader
	comma byte
	line  int
	buf   []byte // the record's cells, end to end
	ends  []int  // where each cell ends in buf

	ahead    [][]byte // lines read to see where a quote closes, to be read again
	ended    bool     // the last line read had an end
	width    int      // separators in the row before
	orphans  int      // quotes that nothing closes, read as signs
	orphanAt int      // line of the first
}

func newCSVReader(r io.Reader, comma byte) *csvReader {
	return &csvReader{r: bufio.NewReaderSize(r, 64<<10), comma: comma}
}

// next returns the next record, blank lines included as a record of one empty
// cell, with cells trimmed of white space at both ends; io.EOF after the last.
func (c *csvReader) next() (record, error) {
	c.buf, c.ends = c.buf[:0], c.ends[:0]
	start := c.line + 1
	if err := c.scan(); err != nil {
		return record{}, err
	}
	text := string(c.buf) // one allocation a record
	cells := make([]string, len(c.ends))
	from := 0
	for i, end := range c.ends {
		cells[i] = trim(text[from:end])
		from = end
	}
	return record{line: start, cells: cells}, nil
}

// scan reads one record into buf and ends, a physical line at a time.
func (c *csvReader) scan() error {
	line, err := c.readLine()
	if err != nil {
		return err
	}
	open := c.scanLine(line, false, -1)
	for quoted, buf, ends := false, 0, 0; open >= 0; {
		line = append([]byte(nil), line...)
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
		next = append([]byte(nil), next...)
		seen = append(seen, next)
		size += len(next)
		row := width > 0 && bytes.Count(next, []byte{c.comma}) == width
		if row {
			rows++
		}
		if at := closing(next); at >= 0 {
			rest := bytes.TrimLeft(next[at+1:], " ")
			before := bytes.TrimRight(next[:at], " ")
			ends := len(rest) == 0 || rest[0] == c.comma
			opens := len(before) == 0 || before[len(before)-1] == c.comma
			return !ends && (opens || row), nil
		}
		if rows == quoteRows && rows == len(seen) {
			return true, nil
		}
	}
	return false, nil
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

// readLine returns a physical line without its end (LF, CRLF or CR). The slice
// is valid until the next call.
func (c *csvReader) readLine() ([]byte, error) {
	if len(c.ahead) > 0 {
		line := c.ahead[0]
		c.ahead = c.ahead[1:]
		c.line++
		return line, nil
	}
	line, err := c.r.ReadSlice('\n')
	if err == bufio.ErrBufferFull {
		long := append([]byte(nil), line...)
		for err == bufio.ErrBufferFull {
			if len(long) > maxRecord {
				return nil, &Error{Reason: TooLarge, Detail: "line", Line: c.line + 1}
			}
			line, err = c.r.ReadSlice('\n')
			long = append(long, line...)
		}
		line = long
	}
	if err != nil && err != io.EOF {
		return nil, err
	}
	if len(line) == 0 {
		return nil, io.EOF
	}
	c.line++
	c.ended = line[len(line)-1] == '\n'
	line = trimEnd(line, '\n')
	return trimEnd(line, '\r'), nil
}

func trimEnd(b []byte, end byte) []byte {
	if n := len(b); n > 0 && b[n-1] == end {
		return b[:n-1]
	}
	return b
}

// trim removes white space, no-break spaces included, at both ends.
func trim(s string) string {
	if s == "" || s[0] > ' ' && s[0] < 0x80 && s[len(s)-1] > ' ' && s[len(s)-1] < 0x80 {
		return s
	}
	return strings.TrimFunc(s, func(r rune) bool {
		return r <= ' ' || r == '\u00a0' || r == '\u202f' || r == '\u2009' || r == '\ufeff' || r == '\u200b'
	})
}
