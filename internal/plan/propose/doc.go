// Package propose lists the plans that the words of a question may mean over a
// table. Few forms, each a file, compose a set of conditions (filters.go,
// cells.go, bounds.go, compared.go) with columns that words name (pool.go):
// counts and aggregates, lists and orders, groups, two columns or two sides set
// against one another, shares, the row beside. What a plan costs to be taken for
// what the words mean is a rough count that chooses which of them are listed,
// whatever their form; nothing is decided here: the judge weighs what is listed.
package propose
