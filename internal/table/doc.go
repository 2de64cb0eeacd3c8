// Package table turns a file as a public body publishes it into a clean table
// (Parquet) and a profile (dataset.Table).
package table
