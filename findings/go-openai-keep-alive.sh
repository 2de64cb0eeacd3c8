#!/usr/bin/env bash
# go-openai 1.43.0 gives up a stream that is kept alive by comments.
#
# Server-sent events allow any number of comment lines (": keep-alive"), which
# servers and gateways send while a model loads or thinks. The reader counts every
# line that is no "data:" line, and after 300 of them (EmptyMessagesLimit, two for
# each comment and the empty line after it) ends with an error, though the reply
# was on its way. At a comment each second that is a model that thinks for two and
# a half minutes.
#
# Seen: 100 comments: hello
#       200 comments: stream has sent too many empty messages
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
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"

	openai "github.com/sashabaranov/go-openai"
)

func ask(comments int) (string, error) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		io.WriteString(w, strings.Repeat(": keep-alive\n\n", comments))
		io.WriteString(w, `data: {"choices":[{"index":0,"delta":{"content":"hello"},"finish_reason":"stop"}]}`+"\n\ndata: [DONE]\n\n")
	}))
	defer s.Close()
	c := openai.DefaultConfig("key")
	c.BaseURL = s.URL
	stream, err := openai.NewClientWithConfig(c).CreateChatCompletionStream(context.Background(), openai.ChatCompletionRequest{
		Model: "m", Messages: []openai.ChatCompletionMessage{{Role: "user", Content: "hello"}}})
	if err != nil {
		return "", err
	}
	defer stream.Close()
	text := ""
	for {
		part, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return text, nil
		}
		if err != nil {
			return text, err
		}
		for _, choice := range part.Choices {
			text += choice.Delta.Content
		}
	}
}

func main() {
	few, err := ask(100)
	fmt.Println("100 comments:", few, err)
	many, err2 := ask(200)
	fmt.Println("200 comments:", many, err2)
	if few != "hello" || err != nil || !errors.Is(err2, openai.ErrTooManyEmptyStreamMessages) {
		fmt.Println("changed")
		os.Exit(1)
	}
}
EOF
export GOFLAGS=-mod=mod
go get github.com/sashabaranov/go-openai@v1.43.0 2>/dev/null
go run .
