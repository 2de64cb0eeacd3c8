package warehouse

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// Database says where tables are: in a file written by Build, or in Parquet
// files to be loaded into memory.
type Database struct {
	File   string   `json:"file,omitempty"`
	Tables []Source `json:"tables,omitempty"` // where File is empty
}

// Open opens the database, as OpenFile or OpenTables do.
func (d Database) Open(ctx context.Context, limits Limits) (*DB, error) {
	if d.File != "" {
		return OpenFile(ctx, d.File, limits)
	}
	return OpenTables(ctx, d.Tables, limits)
}

// Worker runs queries in child processes, one for each. The child is killed at
// the deadline, whatever it is doing, and stops itself when it holds more than
// 280 MB. It cannot write to files, has an empty environment, and gets what the
// other processes of the machine leave of its time. A Worker is
// safe for concurrent use.
type Worker struct {
	command []string
	slots   chan struct{}
}

// NewWorker makes a Worker that runs at most so many children at once, others
// wait; command is the program that calls RunWorker, with its arguments.
func NewWorker(concurrent int, command ...string) *Worker {
	return &Worker{command: command, slots: make(chan struct{}, max(concurrent, 1))}
}

// request and reply are what parent and child say to each other, as JSON, one
// of each.
type request struct {
	Database Database `json:"database"`
	SQL      string   `json:"sql"`
	Limits   Limits   `json:"limits"`
}

type reply struct {
	Columns   []ResultColumn      `json:"columns,omitempty"`
	Rows      [][]json.RawMessage `json:"rows,omitempty"`
	Truncated bool                `json:"truncated,omitempty"`
	Elapsed   time.Duration       `json:"elapsed,omitempty"`
	Fault     string              `json:"fault,omitempty"` // one of the keys of faults
	Message   string              `json:"message,omitempty"`
}

// faults are the errors that keep their meaning on the way from the child.
var faults = map[string]error{"invalid": ErrInvalid, "timeout": ErrTimeout, "memory": ErrMemory}

// lastRead is how long the end of a child's answer may take to be read once it is
// gone: long, as a busy machine is slow to wake who reads, and it holds up
// nothing else.
const lastRead = 5 * time.Second

// maxReply bounds what a child may send: far more than Limits let through.
const maxReply = 64 << 20

// Query runs SQL that passed a Door. It waits for a slot as long as ctx
// allows; then Limits.Timeout counts, the start of the child (some tens of
// milliseconds) included. Limits.Concurrent says nothing here. Errors are those of
// DB.Query; a child that fell over is an error of its own.
func (w *Worker) Query(ctx context.Context, database Database, query Checked, limits Limits) (*Result, error) {
	limits = limits.WithDefaults()
	database, err := database.absolute()
	if err != nil {
		return nil, err
	}
	question, err := json.Marshal(request{database, query.text, limits})
	if err != nil {
		return nil, fmt.Errorf("encode question: %w", err)
	}
	select {
	case w.slots <- struct{}{}:
		defer func() { <-w.slots }()
	case <-ctx.Done():
		return nil, ended(ctx)
	}
	ctx, cancel := context.WithTimeout(ctx, limits.Timeout)
	defer cancel()
	stdout, stderr := capped{limit: maxReply}, capped{limit: 16 << 10}
	child := exec.CommandContext(ctx, w.command[0], w.command[1:]...)
	child.Env = []string{} // nothing to read there
	apart(child)
	child.Stdin = bytes.NewReader(question)
	child.Stdout, child.Stderr = &stdout, &stderr
	child.WaitDelay = lastRead
	runErr := child.Run()
	switch {
	case ctx.Err() != nil:
		return nil, ended(ctx)
	case stdout.over:
		return nil, fmt.Errorf("%w: result of more than %d bytes", ErrMemory, maxReply)
	case runErr != nil:
		return nil, fallen(child, runErr, stderr.kept.String())
	}
	return decodeReply(stdout.kept.Bytes())
}

// absolute resolves paths, as the child need not run where its parent does.
func (d Database) absolute() (Database, error) {
	var err error
	if d.File != "" {
		if d.File, err = filepath.Abs(d.File); err != nil {
			return d, fmt.Errorf("resolve path: %w", err)
		}
	}
	tables := make([]Source, len(d.Tables))
	for i, t := range d.Tables {
		if t.Parquet, err = filepath.Abs(t.Parquet); err != nil {
			return d, fmt.Errorf("resolve path: %w", err)
		}
		tables[i] = t
	}
	d.Tables = tables
	return d, nil
}

// fallen explains a child that ended without an answer. Under a memory limit,
// allocations fail where no program looks, so most ways to fall mean memory.
func fallen(child *exec.Cmd, err error, stderr string) error {
	if child.ProcessState == nil {
		return fmt.Errorf("start worker: %w", err)
	}
	if child.ProcessState.ExitCode() == exitMemory || killed(child.ProcessState) {
		return fmt.Errorf("%w: the worker held more than %d MB", ErrMemory, maxResident>>20)
	}
	for _, sign := range []string{"out of memory", "cannot allocate memory", "bad_alloc"} {
		if strings.Contains(stderr, sign) {
			return fmt.Errorf("%w: the worker could not have more", ErrMemory)
		}
	}
	first, _, _ := strings.Cut(stderr, "\n")
	return fmt.Errorf("run worker: %w: %s", err, first)
}

// capped keeps the beginning of what is written to it.
type capped struct {
	kept  bytes.Buffer
	limit int
	over  bool
}

func (c *capped) Write(p []byte) (int, error) {
	if c.kept.Len()+len(p) > c.limit {
		c.over = true
		return len(p), nil
	}
	return c.kept.Write(p)
}

func decodeReply(data []byte) (*Result, error) {
	var r reply
	if err := json.Unmarshal(data, &r); err != nil {
		return nil, fmt.Errorf("decode worker's reply: %w", err)
	}
	if r.Fault != "" {
		if fault, known := faults[r.Fault]; known {
			return nil, fmt.Errorf("%w: %s", fault, r.Message)
		}
		return nil, errors.New(r.Message)
	}
	result := &Result{Columns: r.Columns, Rows: make([][]any, len(r.Rows)), Truncated: r.Truncated, Elapsed: r.Elapsed}
	for i, cells := range r.Rows {
		if len(cells) != len(r.Columns) {
			return nil, errors.New("decode worker's reply: row of another width")
		}
		row := make([]any, len(cells))
		for k, cell := range cells {
			var err error
			if row[k], err = decodeCell(cell, r.Columns[k].Type); err != nil {
				return nil, fmt.Errorf("decode worker's reply: %w", err)
			}
		}
		result.Rows[i] = row
	}
	return result, nil
}
