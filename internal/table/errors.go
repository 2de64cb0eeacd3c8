package table

import (
	"errors"
	"fmt"
	"strings"

	"cigogne/internal/lang"
	"cigogne/internal/texts"
)

// Reason is why a file was refused.
type Reason string

// The closed list of reasons a file is refused for.
const (
	Unreadable      Reason = "unreadable"       // the file cannot be opened or read, or is damaged
	Empty           Reason = "empty"            // no byte, or no row under the header
	NotTable        Reason = "not_table"        // a web page, JSON, PDF, image, archive, prose …
	TooLarge        Reason = "too_large"        // the file, once unpacked, or one of its cells is past the bound
	Cut             Reason = "cut"              // it ends inside a quoted cell or a compressed block
	UnknownEncoding Reason = "unknown_encoding" // its bytes are no French or English text in any encoding known here
)

// Error is a file refused. Every error of this package that is the file's
// fault is one; errors of the context or of the machine (disk full) are not.
type Error struct {
	Reason Reason
	Detail string   // what was found instead: "html", "json", "zip" …; or where; may be empty
	Line   int      // 1-based line of the file, 0 when it means nothing
	Names  []string // of the tables an archive holds, where it holds several
	Err    error    // the cause, may be nil
}

// Error says the reason in English, for logs; see Sentence for people.
func (e *Error) Error() string {
	s := "table: " + string(e.Reason)
	if e.Detail != "" {
		s += " (" + e.Detail + ")"
	}
	if e.Line > 0 {
		s += fmt.Sprintf(" at line %d", e.Line)
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Sentence says in one sentence, in the language given, why the file cannot be
// used. name is the file as the person knows it.
func (e *Error) Sentence(name string, l lang.Lang) string {
	switch e.Reason {
	case Empty:
		return texts.Say(l, "table.file_holds_no_row_data", "name", name)
	case NotTable:
		if len(e.Names) > 0 {
			shown := strings.Join(e.Names[:min(len(e.Names), 8)], ", ")
			if len(e.Names) > 8 {
				shown += "…"
			}
			return texts.Say(l, "table.archive_of_several", "name", name, "tables", shown)
		}
		what := texts.SayOr(l, "table.kind_"+e.Detail, "")
		if what == "" {
			return texts.Say(l, "table.file_is_not_table", "name", name)
		}
		return texts.Say(l, "table.file_is_not_table_it_is", "name", name, "what", what)
	case TooLarge:
		return texts.Say(l, "table.file_is_too_large_to_be", "name", name)
	case Cut:
		return texts.Say(l, "table.file_is_incomplete_it_stops_in", "name", name)
	case UnknownEncoding:
		return texts.Say(l, "table.file_is_in_unknown_character_encoding", "name", name)
	default:
		return texts.Say(l, "table.file_cannot_be_read", "name", name)
	}
}

func refuse(r Reason, detail string, err error) error {
	return &Error{Reason: r, Detail: detail, Err: err}
}

// reasonOf returns err as a refusal of the file, wrapping what is not one yet.
func reasonOf(err error) error {
	var e *Error
	if err == nil || errors.As(err, &e) {
		return err
	}
	return refuse(Unreadable, "", err)
}
