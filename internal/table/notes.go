package table

import (
	"strings"

	"cigogne/internal/lang"
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

var noteTexts = map[string]bilingual{
	NoteEncoding:    {"codage %s", "encoding %s"},
	NoteSeparator:   {"séparateur %s", "separator %s"},
	NoteRepaired:    {"plusieurs codages dans le fichier : ce qui n’est pas de l’UTF-8 est lu en windows-1252", "several encodings in the file: what is not UTF-8 is read as windows-1252"},
	NoteC1:          {"des signes windows-1252 restent sous forme de caractères de contrôle, comme publiés", "windows-1252 signs remain as control characters, as published"},
	NoteHeadless:    {"le fichier n’a pas d’en-tête : colonnes nommées col_1, col_2…", "the file has no header: columns are named col_1, col_2…"},
	NoteRagged:      {"lignes de longueur inégale : %s", "rows of uneven length: %s"},
	NoteShortLast:   {"la dernière ligne est incomplète : le fichier est peut-être tronqué", "the last row is incomplete: the file may be cut"},
	NoteEmptyColumn: {"colonnes vides écartées : %s", "empty columns left out: %s"},
	NoteOddCells:    {"cellules non numériques lues comme absentes : %s", "cells that are not numbers read as missing: %s"},
	NoteMarks:       {"appels de note retirés des nombres : %s", "footnote marks taken off numbers: %s"},
	NoteAbsent:      {"cellules sans valeur, qui ne comptent ni pour un nombre ni pour zéro : %s", "cells without a value, which count neither as a number nor as zero: %s"},
	NoteOffset:      {"heures lues telles qu’écrites, sans décalage : %s", "times read as written, offset left aside: %s"},
	NoteSubtotals:   {"lignes de sous-total parmi les données : %s", "subtotal rows among the data: %s"},
	NoteSheet:       {"feuille lue : %s", "sheet read: %s"},
	NoteSheets:      {"feuilles de mêmes colonnes lues comme un seul tableau : %s", "sheets of the same columns read as one table: %s"},
	NoteUnit:        {"unité indiquée au-dessus du tableau : %s", "unit given above the table: %s"},
	NoteUnpacked:    {"fichier compressé (%s)", "compressed file (%s)"},
	NoteOrphan:      {"guillemets jamais refermés, lus comme de simples signes : %s", "quotes that nothing closes, read as plain signs: %s"},
	NoteThree:       {"nombres à trois chiffres après le séparateur, lus comme des décimales : %s", "numbers with three digits after the separator, read as decimals: %s"},
	NoteGroups:      {"nombres à trois chiffres après un point, lus comme des milliers : %s", "numbers with three digits after a point, read as thousands: %s"},
	NoteHidden:      {"lignes masquées dans le classeur, lues comme les autres : %s", "rows hidden in the workbook, read like the others: %s"},
	NoteDamaged:     {"codes abîmés par un tableur (8,03E+13), des chiffres sont perdus : %s", "codes damaged by a spreadsheet (8.03E+13), digits are lost: %s"},
	NoteFormulas:    {"formules dont le résultat n’est pas enregistré, lues comme absentes : %s", "formulas without a stored result, read as missing: %s"},
	NoteScaled:      {"colonne affichée divisée dans le classeur, lue en entier : %s", "column shown divided in its workbook, read whole: %s"},
}

var skipTexts = map[string]bilingual{
	SkipTitle:    {"ligne de titre", "title line"},
	SkipUnits:    {"ligne d’unités", "row of units"},
	SkipHeader:   {"en-tête répété", "repeated header"},
	SkipTotal:    {"ligne de total", "total row"},
	SkipFootnote: {"note sous le tableau", "note under the table"},
	SkipComment:  {"ligne de commentaire", "comment line"},
}

// Describe says a note of Table.Notes, or a reason of Skip, in the language
// given.
func Describe(s string, l lang.Lang) string {
	if t, ok := skipTexts[s]; ok {
		return l.Pick(t.fr, t.en)
	}
	code, detail, _ := strings.Cut(s, ": ")
	t, ok := noteTexts[code]
	if !ok {
		return s
	}
	return strings.Replace(l.Pick(t.fr, t.en), "%s", detail, 1)
}
