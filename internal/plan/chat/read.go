package chat

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/tmaxmax/go-sse"
)

// Bounds on what is read of a server, in bytes.
const (
	maxReply  = 64 << 10 // of text: a SELECT takes a hundredth of it, thinking the rest
	maxStream = 4 << 20  // in all
	maxError  = 4 << 10
)

// message is a reply or a part of one, in every form that servers give it.
type message struct {
	Content   json.RawMessage `json:"content"`           // a text, or a list of parts (Mistral)
	Reasoning string          `json:"reasoning"`         // Ollama, vLLM, Groq
	Thought   string          `json:"reasoning_content"` // llama.cpp, older vLLM
	Refusal   string          `json:"refusal"`           // OpenAI
}

// chunk is an event of a stream, or a whole reply.
type chunk struct {
	Choices []struct {
		Index   float64 `json:"index"`
		Delta   message `json:"delta"`
		Message message `json:"message"`
		Finish  string  `json:"finish_reason"`
	} `json:"choices"`
	Usage *usage `json:"usage"`
	Groq  struct {
		Usage *usage          `json:"usage"`
		Error json.RawMessage `json:"error"`
	} `json:"x_groq"`
	Error json.RawMessage `json:"error"`
}

// usage has numbers that some servers write as 12.0.
type usage struct {
	Prompt     float64 `json:"prompt_tokens"`
	Completion float64 `json:"completion_tokens"`
}

// content is what was read of a reply.
type content struct {
	text, thought strings.Builder
	refused       bool
	finish        string
	done          bool // the end was seen: [DONE], or a whole reply
	used          *usage
}

// read reads a reply, streamed or not, as the server chose.
func read(body io.Reader) (*content, error) {
	c := &content{}
	in := bufio.NewReader(io.LimitReader(body, maxStream))
	for {
		b, err := in.Peek(1)
		if err != nil {
			return c, fmt.Errorf("read the model's reply: %w", orEmpty(err))
		}
		if b[0] == '{' {
			c.done = true
			var whole chunk
			if err := json.NewDecoder(in).Decode(&whole); err != nil {
				return c, fmt.Errorf("read the model's reply: %w", err)
			}
			return c, c.add(&whole)
		}
		if b[0] != ' ' && b[0] != '\n' && b[0] != '\r' { // some keep a connection alive by spaces
			return c, c.stream(in)
		}
		in.Discard(1)
	}
}

func orEmpty(err error) error {
	if errors.Is(err, io.EOF) {
		return ErrEmpty
	}
	return err
}

func (c *content) stream(in io.Reader) error {
	for event, err := range sse.Read(in, &sse.ReadConfig{MaxEventSize: maxStream}) {
		if err != nil {
			return fmt.Errorf("read the model's reply: %w", err)
		}
		data := strings.TrimSpace(event.Data)
		if data == "[DONE]" {
			c.done = true
			return nil
		}
		if data == "" {
			continue
		}
		var part chunk
		if err := json.Unmarshal([]byte(data), &part); err != nil {
			return fmt.Errorf("read the model's reply: %w", err)
		}
		if err := c.add(&part); err != nil {
			return err
		}
	}
	return nil
}

// add takes an event or a whole reply.
func (c *content) add(p *chunk) error {
	for _, e := range []json.RawMessage{p.Error, p.Groq.Error} {
		if len(e) > 0 && string(e) != "null" {
			return &StatusError{200, detail(e)}
		}
	}
	if p.Usage != nil {
		c.used = p.Usage
	} else if p.Groq.Usage != nil {
		c.used = p.Groq.Usage
	}
	for _, choice := range p.Choices {
		if choice.Index != 0 {
			continue
		}
		for _, m := range []message{choice.Delta, choice.Message} {
			c.refused = c.refused || m.Refusal != ""
			c.thought.WriteString(m.Reasoning + m.Thought)
			if err := c.parts(m.Content); err != nil {
				return err
			}
		}
		if choice.Finish != "" {
			c.finish = choice.Finish
		}
	}
	if c.text.Len()+c.thought.Len() > maxReply {
		return ErrLong
	}
	return nil
}

// parts reads a content: a text, or texts and thoughts.
func (c *content) parts(raw json.RawMessage) error {
	if len(raw) == 0 || string(raw) == "null" {
		return nil
	}
	var text string
	if json.Unmarshal(raw, &text) == nil {
		c.text.WriteString(text)
		return nil
	}
	var parts []struct {
		Type     string          `json:"type"`
		Text     string          `json:"text"`
		Thinking json.RawMessage `json:"thinking"`
	}
	if err := json.Unmarshal(raw, &parts); err != nil {
		return fmt.Errorf("read the model's reply: %w", err)
	}
	for _, p := range parts {
		if p.Type == "text" {
			c.text.WriteString(p.Text)
		} else {
			c.thought.Write(p.Thinking)
		}
	}
	return nil
}

// ends are the reasons that say that a text is whole; the others, that it was cut.
var ends = map[string]bool{"stop": true, "eos": true, "eos_token": true, "end_turn": true, "stop_sequence": true, "end": true, "complete": true, "COMPLETE": true, "STOP": true}

func (c *content) reply(r Request) (Reply, error) {
	text, thinking := unthought(c.text.String())
	out := Reply{Text: strings.TrimSpace(text), Usage: c.usage(r)}
	out.Cut = !ends[c.finish] && !(c.finish == "" && c.done)
	switch {
	case c.refused || c.finish == "content_filter":
		return out, ErrRefused
	case out.Text != "":
		return out, nil
	case thinking || c.thought.Len() > 0:
		return out, ErrThought
	case c.finish == "error":
		return out, &StatusError{200, "finish_reason error"}
	}
	return out, ErrEmpty
}

func (c *content) usage(r Request) Usage {
	u := Usage{Calls: 1}
	if c.used != nil {
		u.Prompt, u.Completion = int(c.used.Prompt), int(c.used.Completion)
		return u
	}
	u.Prompt, u.Completion = Tokens(r.System)+Tokens(r.User), Tokens(c.text.String())+Tokens(c.thought.String())
	return u
}

// Tokens estimates how many tokens a text is: models take a token for three to
// four characters of French and of SQL.
func Tokens(text string) int { return (len(text) + 2) / 3 }

// marks are the pairs that models put their thinking between.
var marks = [][2]string{{"<think>", "</think>"}, {"<thinking>", "</thinking>"}, {"<thought>", "</thought>"}, {"[THINK]", "[/THINK]"}, {"<reasoning>", "</reasoning>"}, {"<|channel|>analysis", "<|channel|>final<|message|>"}}

// unthought takes a model's thinking out of its text, also where it does not end,
// or where its beginning was in the prompt.
func unthought(text string) (rest string, thinking bool) {
	for _, m := range marks {
		if end := strings.LastIndex(text, m[1]); end >= 0 {
			before, _, opened := strings.Cut(text[:end], m[0])
			if !opened {
				before = ""
			}
			text, thinking = before+text[end+len(m[1]):], true
		}
		if before, _, opened := strings.Cut(text, m[0]); opened {
			text, thinking = before, true
		}
	}
	return text, thinking
}

// detail is what a server says of an error, on one line: the message where it is
// found in one of the forms in use, else the whole.
func detail(raw []byte) string {
	var forms struct {
		Error   json.RawMessage `json:"error"`
		Message json.RawMessage `json:"message"`
		Detail  json.RawMessage `json:"detail"`
		Param   string          `json:"param"`
	}
	said := string(raw)
	if json.Unmarshal(raw, &forms) == nil {
		for _, part := range []json.RawMessage{forms.Error, forms.Message, forms.Detail} {
			if len(part) == 0 || string(part) == "null" {
				continue
			}
			var text string
			if json.Unmarshal(part, &text) == nil {
				said = text
			} else {
				said = detail(part)
			}
			break
		}
		if forms.Param != "" && !strings.Contains(said, forms.Param) {
			said += " (" + forms.Param + ")"
		}
	}
	said = strings.Join(strings.Fields(said), " ")
	if r := []rune(said); len(r) > 300 {
		said = string(r[:299]) + "…"
	}
	return said
}
