// Package store keeps the data directory. What it guarantees:
//
//   - a reader sees one whole generation, the old one or the new one, never a
//     mixture, and never half of one, whatever line the writer crashed at;
//   - what was stored once under a hash never changes;
//   - one process writes at a time, any number read.
//
// The layout, below the directory:
//
//	format                 the version of this layout, a number
//	lock                   held (flock) by the one process that writes
//	current                the id of the generation that readers open
//	generations/ID/        generation.json, and the files that other rooms put there
//	objects/ab/cdef…       files named by the SHA-256 of their bytes, never changed
//	draft/                 the generation being written; swept when its writer died
//
// Datasets and tables are kept as JSON, one a line, in objects: one for the
// datasets of each portal, one for all tables. An index beside each finds a
// line by a key, so that nothing is parsed that was not asked for, and a
// generation that leaves a portal alone names the same objects again.
//
// # What stands beside a generation
//
// shared is there where the directory is a copy: of which bucket, and of what in
// it. tables is a cache of large files given with a question, by content
// (library.Cache), pages what portals answered to the last harvest, links.json
// which addresses answered; they may go at any time. A directory of an older
// format is brought up to date by serve, harvest and fetch as one more generation,
// and read as it is until then; one of a newer format is refused with the way out.
// A run writes a whole generation beside the others and switches current by a
// rename; a crash leaves the one before. Each knows the hash of every byte of it:
// harvest and fetch look, take nothing damaged over and make again what they can;
// what cannot be read at all lets the embedded catalogue answer, with a word.
// Unchanged files are linked, not copied. Objects that a kept answer was made of
// outlive their generation; embedded files are put beside them, for a later binary
// may hold others. A ledger that cannot be written stops no answer: it has no ID
// then, its reader and the log are told, and the ledger is tried again until the
// disk is back. What a page or a bot does next with such an answer goes by an ID
// that the process alone knows.
package store
