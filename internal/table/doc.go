// Package table turns a file as a public body publishes it into a clean table
// (zstd Parquet, rows in the file's order) and a profile (dataset.Table).
//
// A Reader reads CSV in any dress, XLSX, ODS, JSON (arrays of objects, lines,
// GeoJSON) and Parquet, plain, gzipped or in an archive. A file may hold several
// tables: sheets, tables on one sheet, entries (parts.go, books.go, regions.go).
// Whatever the file, the path is one:
//
//	file      its bytes say what it is; what is no table is refused  (file.go)
//	source    rows of text, to be read again from the start          (archive.go, encoding.go, transcode.go, csv.go, markup.go, xlsx.go, numfmt.go, ods.go, json.go, parquet.go)
//	layout    title lines, header, names, units                      (layout.go, header.go, names.go)
//	survey    first pass: every cell tallied, columns decided        (survey.go, tail.go, ends.go, tally.go, decide.go, infer.go, number.go, plain.go, units.go, missing.go, date.go)
//	stream    typed rows, counted, straight to Parquet               (duck.go, vector.go, profile.go, role.go)
//	facts     what the table is: key, totals, parents, rates, kinds  (facts.go, totals.go, nested.go, parents.go, ratios.go, additive.go, kind.go, places.go)
//
// Two passes, because a column is known only by its last cell: the accent that
// tells an encoding, the "nd" among numbers or the code with a leading zero may
// come after a gigabyte. Of a large file the columns are guessed from its first
// rows, and the survey's rows go straight to Parquet; the copy stands only if the
// survey's end says the same of every column (write in table.go).
//
// Nothing is held but the rows at the beginning and at the end of the file, and
// the different cells of columns that have few (dictionary.go): each is understood,
// converted and counted once. DuckDB pulls the rows through a table function that
// writes cells where DuckDB holds them. This is what makes our own forgiving reader
// nearly as fast as DuckDB's; there is no second one that could read a file
// differently.
//
// How it reads, in the order of decisions:
//
// Encoding: byte order mark; UTF-8 if every byte agrees (a few stray bytes are
// read as windows-1252); else windows-1252, ISO-8859-15, CP850 or Mac Roman,
// whichever puts French letters inside words and signs outside.
//
// Separator: of ; tab | , the one that cuts the first rows evenly and finely.
//
// Header: the first row nearly as full as the rows usually are. Lines above are
// titles, skipped and reported, their unit kept. A row of group names above, or
// of names or units below, is part of the header; merged cells say how far it goes
// (spans.go). A header met again is skipped, in another order it orders the rows
// below it (again.go); so are lines of comment.
// A first row of numbers over numbers is no header.
//
// End: the last rows are notes when they are a line of prose, totals when their
// label says total and they are figures otherwise; a label that only starts like
// a total ("Total Énergies") has to add up. Both are reported in Skipped, never
// dropped in silence, never added to their parts.
//
// Types, by all cells: a number is digits in groups of three, a decimal comma or
// point, a sign, one unit, a footnote mark. What a lone comma or point means is
// settled by the column, then by the other columns, then by the separator.
// Missing marks (nd, ns, -, …) are missing only where the rest is numbers or
// dates. One remark in four hundred numbers is read as missing, and noted; more
// make the column text, as published. 12/03/2021 is the 12th of March unless a
// cell of the column says otherwise. Codes are text: leading zeros, headers that
// name a code, SIREN by their check digit, numbers that a neighbour labels
// (NATURE beside NATURE_LABEL).
//
// Roles: Year by header and range; Measure is a number that is none of the
// others; ranks, months and weeks are Dimensions, because their sum means
// nothing; Key numbers or names the rows and differs on each.
//
// Facts: looked for in the first rows, then held against every row. A row's key
// is the smallest set of columns that differ on each different row. A measure
// belongs to a parent where it is the same on all its rows and the odds of that
// are too long for chance, or its header and the parent's say so. A cell is a
// total where its figures are the sum of the others' in every group, or its word
// says so and no figure speaks against it. Additivity comes from headers and
// units; what there is at a moment is added up where a row is no moment.
//
// What the reader found out is in Table.Notes and the reasons in Table.Skipped,
// as codes; Describe says them to people. A refusal is an *Error, whose Sentence
// does the same.
package table
