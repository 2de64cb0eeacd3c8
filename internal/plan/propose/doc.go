// Package propose lists the plans that the words of a question may mean over a
// table. Few forms, each a file, compose a set of conditions (filters.go) with
// columns that words name (pool.go): counts and aggregates, lists, orders,
// groups, shares, differences, the row beside. Nothing is decided here: the
// judge weighs what is listed.
package propose
