package quality

import (
	"fmt"
	"slices"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/table"
	"cigogne/internal/territory"
)

// inTables judges the tables one by one by what is wrong in them; a check that
// has nothing to look at in a table leaves it out.
func inTables(look func(*dataset.Table) (wrong []string, looked bool)) func(*subject) verdict {
	return func(s *subject) verdict {
		var v verdict
		n := 0.0
		for i := range s.tables {
			t := &s.tables[i]
			wrong, looked := look(t)
			if !looked {
				continue
			}
			n++
			if len(wrong) == 0 {
				v.met++
			}
			for _, w := range wrong {
				v.details = append(v.details, Detail{titled(t), w})
			}
		}
		if n == 0 {
			return unknown
		}
		v.judged, v.met = true, v.met/n
		return v
	}
}

func titled(t *dataset.Table) string {
	if t.Title != "" {
		return t.Title
	}
	return t.ID
}

// noted are the notes of a table of some codes.
func noted(t *dataset.Table, codes ...string) (out []string) {
	for _, n := range t.Notes {
		code, _, _ := strings.Cut(n, ": ")
		if slices.Contains(codes, code) {
			out = append(out, n)
		}
	}
	return out
}

// skipped are the reasons of lines left out, each once.
func skipped(t *dataset.Table, reasons ...string) (out []string) {
	for _, s := range t.Skipped {
		if slices.Contains(reasons, s.Reason) && !slices.Contains(out, s.Reason) {
			out = append(out, s.Reason)
		}
	}
	return out
}

// structure is whether the file reads as what it says it is.
func structure(t *dataset.Table) ([]string, bool) {
	return noted(t, table.NoteRagged, table.NoteShortLast, table.NoteOrphan, table.NoteRepaired, table.NoteC1, table.NoteFormulas), true
}

// header is whether the columns' names are the first line, and all of it.
func header(t *dataset.Table) ([]string, bool) {
	return append(noted(t, table.NoteHeadless, table.NoteEmptyColumn), skipped(t, table.SkipTitle, table.SkipUnits, table.SkipHeader, table.SkipFootnote)...), true
}

func types(t *dataset.Table) ([]string, bool) {
	return noted(t, table.NoteOddCells, table.NoteMarks, table.NoteThree), true
}

// What rows says beside the notes of the reader.
const (
	DuplicateRows = "duplicate_rows" // detail: how many
	EmptyColumns  = "void_columns"   // detail: which
	TotalCells    = "total_cells"    // detail: column, cells
	WrongCodes    = "wrong_codes"    // detail: column, kind, how many, examples
)

// rows is whether each says something, and something of its own.
func rows(t *dataset.Table) (out []string, looked bool) {
	if t.Duplicates > 0 {
		out = append(out, fmt.Sprintf("%s: %d", DuplicateRows, t.Duplicates))
	}
	var empty []string
	for _, c := range t.Columns {
		if t.Rows > 0 && c.Nulls == t.Rows {
			empty = append(empty, c.Name)
		}
	}
	if len(empty) > 0 {
		out = append(out, EmptyColumns+": "+strings.Join(empty, ", "))
	}
	return out, true
}

// totals is whether the rows are of one level, so that they add up to the whole.
func totals(t *dataset.Table) ([]string, bool) {
	out := append(noted(t, table.NoteSubtotals), skipped(t, table.SkipTotal)...)
	for _, c := range t.Columns {
		if len(c.Totals) > 0 {
			out = append(out, fmt.Sprintf("%s: %s (%s)", TotalCells, c.Name, strings.Join(c.Totals[:min(3, len(c.Totals))], " | ")))
		}
	}
	return out, true
}

// follows is whether the table is as the schema that it declares says.
func follows(t *dataset.Table) ([]string, bool) {
	if t.Schema == nil {
		return nil, false
	}
	return t.Schema.Wrong, true
}

// codes is whether official codes are such.
func codes(t *dataset.Table) (out []string, looked bool) {
	out = noted(t, table.NoteDamaged)
	looked = len(out) > 0
	for i := range t.Columns {
		c := &t.Columns[i]
		valid := validators[c.Kind]
		if valid == nil || len(c.Values) == 0 {
			continue
		}
		looked = true
		var wrong []string
		for _, v := range c.Values {
			if text := strings.TrimSpace(v.Text); text != "" && !valid(text) {
				wrong = append(wrong, text)
			}
		}
		if len(wrong) > 0 {
			out = append(out, fmt.Sprintf("%s: %s (%d : %s)", WrongCodes, c.Name, len(wrong), strings.Join(wrong[:min(3, len(wrong))], " | ")))
		}
	}
	return out, looked
}

// validators tell the codes that can be told wrong without asking anybody.
// Communes have many that are no more: those of today's departments are taken.
var validators = map[dataset.Kind]func(string) bool{
	dataset.KindSIREN:      func(s string) bool { return digits(s, 9) && lang.Luhn(s) },
	dataset.KindSIRET:      siret,
	dataset.KindDepartment: coded("department"),
	dataset.KindRegion:     coded("region"),
	dataset.KindPostcode:   func(s string) bool { return digits(s, 5) },
	dataset.KindCommune: func(s string) bool {
		if len(s) != 5 || !digits(s[2:], 3) {
			return false
		}
		department := s[:2]
		if strings.HasPrefix(s, "97") || strings.HasPrefix(s, "98") {
			department = s[:3]
		}
		return department == "975" || department == "977" || department == "978" || strings.HasPrefix(s, "98") || coded("department")(department)
	},
}

func coded(level string) func(string) bool {
	return func(code string) bool {
		_, ok := territory.France().Coded(level, code)
		return ok
	}
}

func digits(s string, n int) bool {
	return len(s) == n && strings.Trim(s, "0123456789") == ""
}

// laPoste is the SIREN whose establishments are numbered by another rule: the sum
// of their digits is a multiple of five.
const laPoste = "356000000"

func siret(s string) bool {
	if !digits(s, 14) {
		return false
	}
	if strings.HasPrefix(s, laPoste) {
		sum := 0
		for i := range len(s) {
			sum += int(s[i] - '0')
		}
		return sum%5 == 0 || lang.Luhn(s)
	}
	return lang.Luhn(s)
}
