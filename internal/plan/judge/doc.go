// Package judge weighs plans against the question they are to answer. It sees
// the grounded question, the plan, the table's profile and, once a plan has
// run, the shape of its result; never who wrote the plan. What speaks for and
// against is a list of named features; their weights are learnt off line (see
// cmd/train) and ship as data that a person can read.
package judge
