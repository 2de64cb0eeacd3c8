// Package ground finds everything the words of a question may mean over one
// table: columns, cells, the noun for the rows, numbers and days, and what is
// asked to be done. It throws nothing away and decides nothing: each Mention
// says how it was found, and what that is worth is learnt (see judge).
package ground
