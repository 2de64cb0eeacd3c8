// Package sheet writes the rows of an answer as files that people open
// elsewhere: CSV for programs, XLSX for spreadsheets.
package sheet

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"cigogne/internal/answer"
	"cigogne/internal/lang"
	"cigogne/internal/surface/plain"
)

// Name is a file name for an answer, without its extension.
func Name(a *answer.Answer) string {
	var b strings.Builder
	for _, r := range plainLetters.Replace(strings.ToLower(a.Question)) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
		if b.Len() >= 60 {
			break
		}
	}
	if name := strings.Trim(b.String(), "-"); name != "" {
		return name
	}
	return "cigogne"
}

// plainLetters takes the accents off the letters of French.
var plainLetters = strings.NewReplacer("à", "a", "â", "a", "ä", "a", "é", "e", "è", "e", "ê", "e", "ë", "e",
	"î", "i", "ï", "i", "ô", "o", "ö", "o", "ù", "u", "û", "u", "ü", "u", "ç", "c")

// CSV writes the rows: UTF-8 with a mark that spreadsheets need, commas, points
// as decimal signs, ISO dates. What a spreadsheet would take for a formula gets an
// apostrophe before it, wherever it may begin.
func CSV(w io.Writer, a *answer.Answer) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return fmt.Errorf("write csv: %w", err)
	}
	out := csv.NewWriter(w)
	var head []string
	for _, c := range a.Columns {
		head = append(head, harmless(title(c)))
	}
	if err := out.Write(head); err != nil {
		return fmt.Errorf("write csv: %w", err)
	}
	for _, row := range a.Rows {
		cells := make([]string, len(a.Columns))
		for i := range cells {
			if i < len(row) {
				cells[i] = text(row[i])
			}
		}
		if err := out.Write(cells); err != nil {
			return fmt.Errorf("write csv: %w", err)
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("write csv: %w", err)
	}
	return nil
}

// title is a column's name with its unit.
func title(c answer.Column) string {
	if c.Unit == "" {
		return c.Name
	}
	return c.Name + " (" + c.Unit + ")"
}

func text(v any) string {
	switch x := v.(type) {
	case nil:
		return ""
	case int64:
		return strconv.FormatInt(x, 10)
	case float64:
		return strconv.FormatFloat(x, 'f', -1, 64)
	case bool:
		return strconv.FormatBool(x)
	case time.Time:
		return day(x)
	}
	return harmless(fmt.Sprint(v))
}

func day(t time.Time) string {
	if t.Hour() == 0 && t.Minute() == 0 && t.Second() == 0 {
		return t.Format(time.DateOnly)
	}
	return t.Format("2006-01-02T15:04:05")
}

// begins finds where a spreadsheet would begin a formula: at the start of a cell,
// and after what another one than the comma's reader takes for its end. Excel in
// French parts cells at semicolons, does not then see our quotation marks, and
// so parts at line ends within them, too. Spaces, quotation marks and invisible
// characters before the sign count for nothing; full-width signs count.
var begins = regexp.MustCompile(`(^|[;\t\r\n])([\s\pZ\p{Cf}\p{Cc}"]*)([=+\-@＝＋－＠])`)

// signed is a number, which is no formula.
var signed = regexp.MustCompile(`^[+-]\d[\d \x{a0}\x{202f}.,]*(e[+-]?\d+)?\s?%?$`)

func harmless(s string) string {
	s = plain.Text(s) // what turns the direction of writing would show another text than the cell's
	if signed.MatchString(s) {
		return s
	}
	return begins.ReplaceAllString(s, "$1$2'$3")
}

// number is a value as a spreadsheet counts it.
func number(v any) (float64, bool) {
	x, ok := lang.Number(v)
	if _, whole := v.(int64); whole {
		return x, math.Abs(x) < 1<<53
	}
	return x, ok && !math.IsNaN(x) && !math.IsInf(x, 0)
}
