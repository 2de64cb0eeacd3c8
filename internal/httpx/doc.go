// Package httpx is how the program reads other people's servers: a client that
// connects to public addresses only, gives up on a server that stalls rather
// than on one that is slow, tries again what may pass, never takes half an
// answer for a whole one, and says in a sentence what went wrong. Harvest and
// fetch stand on it.
package httpx
