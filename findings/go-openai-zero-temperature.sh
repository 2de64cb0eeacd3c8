#!/usr/bin/env bash
# go-openai 1.43.0 sends no temperature where it is set to 0.
#
# ChatCompletionRequest.Temperature is a float32 with `omitempty`: the zero that
# asks for the likeliest reply is the zero that is left out, and the server takes
# its own default, which is 1 at most of them. Nothing is said. A program that
# believes that it asks for reproducible replies gets drawn ones.
#
# Seen: {"model":"m","messages":[{"role":"user","content":"hello"}],"max_tokens":5}
# The smallest positive float32 in its place is sent, as 1e-45.
set -euo pipefail
folder=$(mktemp -d)
trap 'chmod -R u+w "$folder"; rm -rf "$folder"' EXIT
cd "$folder"
cat > go.mod <<'EOF'
module finding

go 1.23
EOF
cat > main.go <<'EOF'
package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"

	openai "github.com/sashabaranov/go-openai"
)

func main() {
	var sent string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		sent = string(b)
		io.WriteString(w, `{"choices":[{"message":{"role":"assistant","content":"hello"}}]}`)
	}))
	defer s.Close()
	c := openai.DefaultConfig("key")
	c.BaseURL = s.URL
	ask := func(temperature float32) string {
		_, err := openai.NewClientWithConfig(c).CreateChatCompletion(context.Background(), openai.ChatCompletionRequest{
			Model: "m", Temperature: temperature, MaxTokens: 5, Messages: []openai.ChatCompletionMessage{{Role: "user", Content: "hello"}}})
		if err != nil {
			panic(err)
		}
		fmt.Println(sent)
		return sent
	}
	zero, half, smallest := ask(0), ask(0.5), ask(math.SmallestNonzeroFloat32)
	if strings.Contains(zero, "temperature") || !strings.Contains(half, `"temperature":0.5`) || !strings.Contains(smallest, `"temperature":1e-45`) {
		fmt.Println("changed")
		os.Exit(1)
	}
}
EOF
export GOFLAGS=-mod=mod
go get github.com/sashabaranov/go-openai@v1.43.0 2>/dev/null
go run .
