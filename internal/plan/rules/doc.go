// Package rules is the planner that needs no model.
//
// A question goes through it in these steps; each has its file.
//
//	link.go       cuts the question into spans of words and finds everything each may mean:
//	              operations (lexicon.go), columns, cells, the noun for the rows, numbers
//	spell.go      reads a word that nothing knows as the one word it is a slip away from
//	compose.go    fills the slots of a reading (reading.go): numbers.go the bounds and years,
//	              cells.go the filters, frame.go what kind of thing is asked, ranking.go the most
//	              and the least, account.go the words that found no place
//	follow.go     changes slots of the reading before, where the question goes on from it
//	classes.go    counts rows by size
//	lift.go       finds a territory named by one within it
//	write.go      adds the annotation's defaults and writes the plan; shape.go has its form
//	sides.go      asks which of two sides (spending, receipts) where a default hides the larger
//	rules.go      does so for every table, and keeps the one that accounts for the whole question
//	form.go       reads "est-elle plus peuplée que …" and "plus d'habitants que Metz" as
//	              the questions they are in another form; threshold.go "plus de 500 M€ ?"
//	guard.go      holds a plan that a model wrote against the question, as strictly
//
// A table that nobody annotated takes a path of its own, since nothing says what
// a row is or which words people use: bare.go and thesaurus.go guess names,
// read.go, roles.go, named.go, amounts.go, units.go, dates.go and ranked.go read
// the question, rate.go divides figures, sexes.go knows women and men, special.go
// and verdict.go have forms of their own (the row beside, the same as, which of
// the two, yes or no), ways.go lists the plans it may mean, and settle.go runs the
// likeliest and asks
// back where two of them differ.
//
// A word that finds no place makes a reading incomplete, and an incomplete
// reading is never answered.
package rules
