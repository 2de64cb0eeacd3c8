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
package store
