package store

import (
	"fmt"

	"cigogne/internal/lang"
)

// Code is what is wrong with a data directory.
type Code string

// The closed list of codes.
const (
	NotWritable  Code = "not_writable"
	Unreadable   Code = "unreadable"
	NotDirectory Code = "not_directory"
	Newer        Code = "newer"   // written by a newer program
	Damaged      Code = "damaged" // a file is not what it should be
	Busy         Code = "busy"    // another process writes
)

// Error is a fault of the data directory.
type Error struct {
	Code    Code
	Path    string
	Version int // of a newer layout
	Err     error
}

// Error says it in English, for logs; see Sentence for people.
func (e *Error) Error() string {
	s := fmt.Sprintf("store: %s: %s", e.Code, e.Path)
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Sentence says in one sentence what is wrong and the way out.
func (e *Error) Sentence(l lang.Lang) string {
	switch e.Code {
	case NotWritable:
		return fmt.Sprintf(l.Pick("Impossible d'écrire dans le dossier de données %s : choisissez-en un autre avec --data ou CIGOGNE_DATA.", "Cannot write to the data directory %s: choose another with --data or CIGOGNE_DATA."), e.Path)
	case NotDirectory:
		return fmt.Sprintf(l.Pick("%s n'est pas un dossier : choisissez-en un avec --data ou CIGOGNE_DATA.", "%s is not a directory: choose one with --data or CIGOGNE_DATA."), e.Path)
	case Newer:
		return fmt.Sprintf(l.Pick("Le dossier de données %s a été écrit par une version plus récente de cigogne (format %d, celui-ci lit jusqu'à %d) : mettez cigogne à jour ou choisissez un autre dossier avec --data.", "The data directory %s was written by a newer cigogne (format %d, this one reads up to %d): update cigogne or choose another directory with --data."), e.Path, e.Version, Format)
	case Damaged:
		return fmt.Sprintf(l.Pick("Le dossier de données est abîmé (%s) : restaurez-le, ou choisissez-en un autre avec --data et moissonnez de nouveau.", "The data directory is damaged (%s): restore it, or choose another with --data and harvest again."), e.Path)
	case Busy:
		return l.Pick("Un autre cigogne est en train d'écrire dans ce dossier de données : réessayez quand il aura fini.", "Another cigogne is writing to this data directory: try again when it is done.")
	}
	return fmt.Sprintf(l.Pick("Le dossier de données %s ne peut pas être lu.", "The data directory %s cannot be read."), e.Path)
}
