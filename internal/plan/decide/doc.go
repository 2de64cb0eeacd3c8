// Package decide makes an outcome of what a question may mean: an answer where
// one is sure, up to three readings to choose from where the right one is likely
// among them, else a refusal that helps. It lists plans (propose), has the judge
// weigh them, runs the likeliest and has the judge look at what came of them.
// How sure is sure was learnt on tables and databases that the weights had never
// seen; see cmd/train.
package decide
