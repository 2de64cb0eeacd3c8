package table

import (
	"bufio"
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
	return record{start, cells}, nil
}

// scan reads one record into buf and ends, a physical line at a time.
func (c *csvReader) scan() error {
	quoted := false // inside quotes, which may go on over lines
	for {
		line, err := c.readLine()
		if err != nil {
			if err == io.EOF && quoted {
				return &Error{Reason: Cut, Detail: "quote", Line: c.line}
			}
			return err
		}
		if quoted {
			c.buf = append(c.buf, '\n')
		}
		if quoted = c.scanLine(line, quoted); !quoted {
			c.ends = append(c.ends, len(c.buf))
			return nil
		}
		if len(c.buf) > maxRecord {
			return &Error{Reason: TooLarge, Detail: "cell", Line: c.line}
		}
	}
}

// scanLine adds the cells of one physical line and tells whether it ends
// inside quotes.
func (c *csvReader) scanLine(line []byte, quoted bool) bool {
	atStart := !quoted
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
		case b == '"' && atStart:
			quoted = true
		case b == ' ' && atStart: // a quote may follow: ; "x"
			continue
		case b != 0:
			c.buf = append(c.buf, b)
		}
		atStart = false
	}
	return quoted
}

// readLine returns a physical line without its end (LF, CRLF or CR). The slice
// is valid until the next call.
func (c *csvReader) readLine() ([]byte, error) {
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
