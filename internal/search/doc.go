// Package search ranks the datasets of a catalogue for a question in people's
// own words.
//
// Three kinds of evidence are kept and fused: words (BM25F over stems, with a
// thesaurus of public-data terms), meaning (vectors from the built-in table of
// package embed or from any embeddings server; chromem-go compares few, the
// likest of many are chosen by signatures), and fields treated as what they are
// (territory, year, publisher, format, age). An Index is immutable: Build makes
// one, reusing what an earlier one holds of unchanged datasets, Save and Open
// move it to and from a folder of parts.
package search
