// Package decide makes an outcome of what a question may mean: an answer where
// one is sure, up to three readings to choose from where the right one is likely
// among them, else a refusal that helps. It lists plans (propose), has the judge
// weigh them, runs the likeliest and has the judge look at what came of them.
// How sure is sure was learnt on tables and databases that the weights had never
// seen; see cmd/train.
//
// # From words to an outcome
//
// Over a table that nobody annotated the way is another: ground → propose → judge
// → decide. Every meaning is kept, some 300 plans are listed, of all forms those
// that cost the least to be taken for what the words mean, a linear judge scores
// each by features such as order=desc/1&s:most or left&cell exact, the best dozen
// are run, and their results are judged too. Plans that give one result are one
// answer; how far it is believed is said by boosted trees over how it stands, what
// it leaves aside and whether rules found the same. A plan that a model wrote is
// held against the question by trees of its own: beside the plans that are one
// change away from it (propose.Near: an operator, a condition, a column, a
// direction …), which it must stand out from, since a model errs by one thing more
// often than by all; its threshold is that at which 3 % of plans so changed are
// answered. Plans against the few words that leave no choice (judge.Contradicts:
// different things, what is left out, "par X", "par habitant", a year, a row
// compared with that is one of several) are not weighed at all. Thresholds are
// those at which 3 % of the questions over unseen French tables, 6 % over English
// ones, were answered wrongly. cmd/train learns all of it from question sets and
// prints the cross-validation; cigogne why shows it for one question. Words left
// aside are said with the answer.
package decide
