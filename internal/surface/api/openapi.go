package api

import (
	_ "embed"
	"net/http"
)

//go:embed openapi.json
var description []byte

// openapi serves the description of this API; the tests hold it against the
// handlers.
func (h *handler) openapi(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Access-Control-Allow-Origin", "*") // documentation viewers of other sites may read it
	_, _ = w.Write(description)
}
