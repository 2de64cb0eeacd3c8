package model

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/hashicorp/go-retryablehttp"
	openai "github.com/sashabaranov/go-openai"

	"cigogne/prompts"
)

// Server is an OpenAI-compatible server and the model to ask.
type Server struct {
	URL     string // base URL, as https://api.example.org/v1
	Model   string
	Key     string
	Timeout time.Duration // of one call, retries included; 0: 30 s
	Wait    time.Duration // longest wait before a retry; 0: 5 s
}

// Usage counts the tokens of a question's calls, as the server does; estimated
// from the characters where it does not say.
type Usage struct {
	Calls, Prompt, Completion int
}

// client asks a server. Answers that may pass (429, 5xx, a lost connection) are
// asked for again twice, at the pace that the server sets.
type client struct {
	api     *openai.Client
	model   string
	timeout time.Duration
	format  atomic.Int32 // the strictest response format that the server takes: an index of formats
}

// formats, strictest first.
const (
	formatSchema = iota
	formatObject
	formatText
)

// maxReply bounds a reply, in bytes: a plan takes a tenth of it.
const maxReply = 16 << 10

func newClient(s Server) *client {
	retry := retryablehttp.NewClient()
	retry.Logger, retry.RetryMax, retry.RetryWaitMin, retry.RetryWaitMax = nil, 2, 200*time.Millisecond, 5*time.Second
	if s.Wait > 0 {
		retry.RetryWaitMin, retry.RetryWaitMax = min(retry.RetryWaitMin, s.Wait), s.Wait
	}
	longest := retry.RetryWaitMax
	retry.Backoff = func(low, high time.Duration, attempt int, resp *http.Response) time.Duration {
		return min(retryablehttp.DefaultBackoff(low, high, attempt, resp), longest) // a Retry-After of an hour is a refusal
	}
	retry.ErrorHandler = retryablehttp.PassthroughErrorHandler
	c := openai.DefaultConfig(s.Key)
	c.BaseURL = strings.TrimRight(s.URL, "/")
	c.HTTPClient = retry.StandardClient()
	timeout := s.Timeout
	if timeout <= 0 {
		timeout = 30 * time.Second
	}
	return &client{api: openai.NewClientWithConfig(c), model: s.Model, timeout: timeout}
}

var (
	errRefused = errors.New("the model refused")
	errCut     = errors.New("the model's reply was cut")
	errLong    = errors.New("the model's reply is too long")
)

// complete sends the messages and returns the whole reply.
func (c *client) complete(ctx context.Context, messages []openai.ChatCompletionMessage, usage *Usage) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	for {
		format := c.format.Load()
		text, err := c.once(ctx, messages, format, usage)
		if rejected(err) && format < formatText { // an older server, or one that takes fewer keywords
			c.format.CompareAndSwap(format, format+1)
			continue
		}
		return text, err
	}
}

// rejected tells whether a server does not take the request as it is: it says so
// with a 400 or a 422, or fails on the response format.
func rejected(err error) bool {
	var e *openai.APIError
	var r *openai.RequestError
	status, body := 0, ""
	switch {
	case errors.As(err, &e):
		status, body = e.HTTPStatusCode, e.Message
	case errors.As(err, &r):
		status, body = r.HTTPStatusCode, string(r.Body)
	}
	return status == http.StatusBadRequest || status == http.StatusUnprocessableEntity ||
		status >= 500 && (strings.Contains(body, "response_format") || strings.Contains(body, "json_schema"))
}

func (c *client) once(ctx context.Context, messages []openai.ChatCompletionMessage, format int32, usage *Usage) (string, error) {
	//lint:ignore SA1019 the name that every server knows; the new one is OpenAI's alone
	req := openai.ChatCompletionRequest{Model: c.model, Messages: messages, Temperature: 0, MaxTokens: 1500, Stream: true}
	switch format {
	case formatSchema:
		req.ResponseFormat = &openai.ChatCompletionResponseFormat{Type: openai.ChatCompletionResponseFormatTypeJSONSchema,
			JSONSchema: &openai.ChatCompletionResponseFormatJSONSchema{Name: "plan", Schema: json.RawMessage(prompts.PlanSchema()), Strict: true}}
		req.StreamOptions = &openai.StreamOptions{IncludeUsage: true}
	case formatObject:
		req.ResponseFormat = &openai.ChatCompletionResponseFormat{Type: openai.ChatCompletionResponseFormatTypeJSONObject}
	}
	usage.Calls++
	stream, err := c.api.CreateChatCompletionStream(ctx, req)
	if err != nil {
		return "", fmt.Errorf("ask the model: %w", err)
	}
	defer stream.Close()
	var b strings.Builder
	var finish openai.FinishReason
	counted := false
	for {
		part, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return "", fmt.Errorf("read the model's reply: %w", err)
		}
		if part.Usage != nil {
			usage.Prompt, usage.Completion, counted = usage.Prompt+part.Usage.PromptTokens, usage.Completion+part.Usage.CompletionTokens, true
		}
		for _, choice := range part.Choices {
			if choice.Delta.Refusal != "" {
				return "", errRefused
			}
			b.WriteString(choice.Delta.Content)
			if choice.FinishReason != "" {
				finish = choice.FinishReason
			}
		}
		if b.Len() > maxReply {
			return "", errLong
		}
	}
	if !counted {
		for _, m := range messages {
			usage.Prompt += tokens(m.Content)
		}
		usage.Completion += tokens(b.String())
	}
	switch finish {
	case openai.FinishReasonStop:
		return b.String(), nil
	case openai.FinishReasonContentFilter:
		return "", errRefused
	}
	return "", errCut
}

// tokens estimates how many tokens a text is: models take a token for three to
// four characters of French and of JSON.
func tokens(text string) int { return (len(text) + 2) / 3 }
