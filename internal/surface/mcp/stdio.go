package mcp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
)

// maxLine bounds one message on standard input, in bytes.
const maxLine = 1 << 20

// Serve speaks over a pair of streams until in ends and what it asked is
// answered, or ctx ends; both are ends as they should be.
func (s *Server) Serve(ctx context.Context, in io.Reader, out io.Writer) error {
	streams := &sdk.IOTransport{Reader: io.NopCloser(in), Writer: unclosed{out}, MaxLineLength: maxLine}
	// The SDK lets calls run on when ctx ends, and waits for them; guarded ends them.
	err := s.sdk.Run(context.WithValue(ctx, callerKey{}, &caller{live: ctx}), finishing{streams, ctx})
	if err != nil && !errors.Is(err, io.EOF) && ctx.Err() == nil {
		return fmt.Errorf("mcp: %w", err)
	}
	return nil
}

type unclosed struct{ io.Writer }

func (unclosed) Close() error { return nil }

// finishing is a transport whose end of input comes once every call that came
// before is answered: the SDK itself drops those.
type finishing struct {
	sdk.Transport
	live context.Context // nothing is waited for after its end
}

// Connect implements sdk.Transport.
func (f finishing) Connect(ctx context.Context) (sdk.Connection, error) {
	c, err := f.Transport.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &pending{Connection: c, live: f.live, calls: map[jsonrpc.ID]bool{}, answered: make(chan struct{}, 1)}, nil
}

type pending struct {
	sdk.Connection
	live     context.Context
	mu       sync.Mutex
	calls    map[jsonrpc.ID]bool
	answered chan struct{} // told of each answer
}

func (p *pending) Read(ctx context.Context) (jsonrpc.Message, error) {
	m, err := p.Connection.Read(ctx)
	if errors.Is(err, io.EOF) {
		p.drain()
	}
	if r, ok := m.(*jsonrpc.Request); ok && err == nil {
		p.note(r)
	}
	return m, err
}

func (p *pending) note(r *jsonrpc.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if r.IsCall() {
		p.calls[r.ID] = true
		return
	}
	var cancelled struct {
		RequestID any `json:"requestId"`
	}
	if r.Method == "notifications/cancelled" && json.Unmarshal(r.Params, &cancelled) == nil {
		if id, err := jsonrpc.MakeID(cancelled.RequestID); err == nil {
			delete(p.calls, id)
		}
	}
}

func (p *pending) Write(ctx context.Context, m jsonrpc.Message) error {
	err := p.Connection.Write(ctx, m)
	if r, ok := m.(*jsonrpc.Response); ok {
		p.mu.Lock()
		delete(p.calls, r.ID)
		p.mu.Unlock()
		select {
		case p.answered <- struct{}{}:
		default:
		}
	}
	return err
}

// drain waits until every call is answered.
func (p *pending) drain() {
	patience := time.NewTimer(answerTime)
	defer patience.Stop()
	for {
		p.mu.Lock()
		left := len(p.calls)
		p.mu.Unlock()
		if left == 0 {
			return
		}
		select {
		case <-p.answered:
		case <-patience.C:
			return
		case <-p.live.Done():
			return
		}
	}
}
