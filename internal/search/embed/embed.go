// Package embed turns short texts into vectors whose cosine says how near
// their meanings are: from a table that ships in the binary, or from any
// OpenAI-compatible embeddings server.
package embed

// Passage is a dataset's text as it is embedded.
type Passage struct {
	Title    string
	Text     string // description, plain text
	Keywords []string
}
