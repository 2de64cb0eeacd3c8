package harvest

import "bytes"

// mended makes JSON of what nearly is: NaN and infinities become null, control
// characters within texts are escaped, a comma before a closing bracket goes.
// The rest stays as it is.
func mended(b []byte) []byte {
	out := make([]byte, 0, len(b)+16)
	text := false // within one
	for i := 0; i < len(b); i++ {
		c := b[i]
		switch {
		case text && c == '\\' && i+1 < len(b):
			if bytes.IndexByte([]byte(`"\/bfnrtu`), b[i+1]) < 0 {
				out = append(out, '\\') // "\'" and the like: a backslash that is one
			}
			out = append(out, c, b[i+1])
			i++
		case text && c < ' ':
			out = append(out, escapes[c]...)
		case c == '"':
			text = !text
			out = append(out, c)
		case !text && c == ',' && closes(b[i+1:]):
		case !text && c != 'n': // of null
			word := notNumber(b[i:])
			if word > 0 {
				out = append(out, "null"...)
				i += word - 1
				continue
			}
			out = append(out, c)
		default:
			out = append(out, c)
		}
	}
	return out
}

// escapes of control characters: those that mean something, and a blank for others.
var escapes = func() (all [' ']string) {
	for c := range all {
		all[c] = " "
	}
	all['\n'], all['\t'], all['\r'] = `\n`, `\t`, `\r`
	return all
}()

// closes tells whether nothing but blanks stands before a closing bracket.
func closes(b []byte) bool {
	b = bytes.TrimLeft(b, " \t\r\n")
	return len(b) > 0 && (b[0] == ']' || b[0] == '}')
}

// notNumber is how long the word is that a number without a value has at the
// start of a text; 0 where there is none.
func notNumber(b []byte) int {
	for _, w := range []string{"NaN", "-Infinity", "Infinity", "undefined"} {
		if bytes.HasPrefix(b, []byte(w)) {
			return len(w)
		}
	}
	return 0
}
