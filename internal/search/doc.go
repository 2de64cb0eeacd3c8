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
//
// # How it ranks
//
// A question is cut into concepts, each of which may be said in several ways: its
// own stems, words written as one, what the thesaurus gives, words that the
// built-in table holds to be near (embed/near.bin). A dataset's score for a
// concept is that of its best way, so that synonyms never add up; where the
// question is one concept, a second way counts a little. A dataset that is
// annotated is found by the words that people use for its rows, columns and cells,
// too (said.go). Rarity in the catalogue weighs concepts; everyday verbs, numbers,
// the country and names of communes weigh less (weak.go). To that comes the cosine
// of the embedding, less what any two texts have in common, and what fields say
// (worth.go): a table of the region that can be asked comes before a sheet. The
// weights of all signals (weights.go) are learned by cross-validation (make folds,
// report in internal/search/FOLDS.md). Below a floor of evidence there is no
// answer, but the address of the national portal's search (elsewhere.go).
//
// Signatures of 512 bits choose the 2,048 vectors that are compared in full; a
// part of up to so many datasets is chromem-go's, which compares them all. An
// index is a folder of parts that never change: an update writes what is new,
// links the rest and lists what is gone (update.go); small parts are written again
// together, so that they stay few.
//
// An index holds a set of vectors for each embedder that worked when it was made:
// the configured server's, then the built-in table's. A question goes to the first
// that answers; a server that fails is left alone for half a minute. harvest takes
// over what has not changed from the index of the generation before, and a
// server's vectors are kept by content in embeddings-MODEL, so that a run cut
// short goes on.
package search
