package table

import (
	"strings"

	"cigogne/internal/lang"
	"cigogne/internal/texts"
)

// Codes of Table.Notes: a note is "code" or "code: detail"; Describe says it
// to people.
const (
	NoteEncoding    = "encoding"     // detail: IANA name
	NoteSeparator   = "separator"    // detail: ; , tab |
	NoteRepaired    = "repaired"     // UTF-8 with stray bytes read as windows-1252
	NoteC1          = "c1"           // windows-1252 signs left as control characters, as published
	NoteHeadless    = "no_header"    // columns were named col_1, col_2 …
	NoteRagged      = "ragged"       // detail: rows with more or fewer cells than the header, first line
	NoteShortLast   = "short_last"   // the last row is shorter than the others: the file may be cut
	NoteEmptyColumn = "empty_column" // detail: how many columns without name or cell were left out
	NoteOddCells    = "odd_cells"    // detail: column, cells that are not numbers, read as missing
	NoteMarks       = "marks"        // detail: column whose numbers had marks of footnotes or statuses, and which
	NoteAbsent      = "absent"       // detail: column whose missing values are written, and how
	NoteOffset      = "offset"       // detail: column whose times had a zone, read as written
	NoteSubtotals   = "subtotals"    // detail: rows inside the table whose label says total
	NoteSheet       = "sheet"        // detail: the sheet read, of several
	NoteSheets      = "sheets"       // detail: the sheets read as one table
	NoteUnit        = "unit"         // detail: unit a title line gives
	NoteUnpacked    = "unpacked"     // detail: gzip
	NoteOrphan      = "orphan"       // detail: quotes that nothing closes, first line
	NoteThree       = "three"        // detail: column whose numbers of three decimals might be thousands
	NoteGroups      = "groups"       // detail: column whose points before three digits might be decimal
	NoteHidden      = "hidden"       // detail: rows that the workbook hides
	NoteDamaged     = "damaged"      // detail: column of codes that a spreadsheet wrote as powers of ten
	NoteFormulas    = "formulas"     // detail: cells with a formula that was never computed
	NoteScaled      = "scaled"       // detail: column shown divided in its workbook, read whole
)

// Reasons of Skip.
const (
	SkipTitle    = "title"
	SkipUnits    = "units"
	SkipHeader   = "repeated_header"
	SkipTotal    = "total"
	SkipFootnote = "footnote"
	SkipComment  = "comment"
)

func note(code, detail string, more ...string) string {
	if len(more) > 0 {
		detail += " (" + strings.Join(more, " | ") + ")"
	}
	if detail == "" {
		return code
	}
	return code + ": " + detail
}

// Describe says a note of Table.Notes, or a reason of Skip, in the language
// given.
func Describe(s string, l lang.Lang) string {
	if said := texts.SayOr(l, "table.skip_"+s, ""); said != "" {
		return said
	}
	code, detail, _ := strings.Cut(s, ": ")
	return texts.SayOr(l, "table.note_"+code, s, "detail", detail)
}
