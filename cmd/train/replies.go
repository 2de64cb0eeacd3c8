package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"

	"cigogne/internal/plan/chat"
	"cigogne/internal/plan/model"
)

// replies are what a model wrote for questions, by their ids, kept in a file so
// that what is learnt from them can be learnt again.
type replies struct {
	path   string
	client *chat.Client // asked where there is no reply yet; nil: nobody is
	mu     sync.Mutex
	kept   map[string]string
}

// reply is a line of the file.
type reply struct {
	ID   string `json:"id"`
	Text string `json:"text"`
}

// openReplies reads what is kept; a file that is not there is empty.
func openReplies(path string, client *chat.Client) (*replies, error) {
	r := &replies{path: path, client: client, kept: map[string]string{}}
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return r, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		var one reply
		if err := json.Unmarshal(lines.Bytes(), &one); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		r.kept[one.ID] = one.Text
	}
	return r, lines.Err()
}

// has tells whether a model was asked a question.
func (r *replies) has(id string) bool {
	if r == nil {
		return false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	_, ok := r.kept[id]
	return ok
}

// to is the model as one question finds it: with the reply that is kept.
func (r *replies) to(id string) model.Asker { return replied{r, id} }

type replied struct {
	of *replies
	id string
}

func (r replied) Ask(ctx context.Context, req chat.Request) (chat.Reply, error) {
	r.of.mu.Lock()
	defer r.of.mu.Unlock()
	if text, ok := r.of.kept[r.id]; ok {
		return chat.Reply{Text: text}, nil
	}
	if r.of.client == nil {
		return chat.Reply{}, errors.New("no reply is kept")
	}
	got, err := r.of.client.Ask(ctx, req)
	if err != nil {
		return got, err
	}
	line, err := json.Marshal(reply{r.id, got.Text})
	if err != nil {
		return got, err
	}
	f, err := os.OpenFile(r.of.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return got, err
	}
	_, err = f.Write(append(line, '\n'))
	r.of.kept[r.id] = got.Text
	return got, errors.Join(err, f.Close())
}
