package warehouse

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"
	"time"
)

const (
	// maxResident is the memory a worker may hold, all of it. It is looked at
	// every few milliseconds, so the peak is some MB higher: below 300.
	maxResident = 280 << 20
	// maxReserved is the private memory it may reserve.
	maxReserved = 1 << 30
	// exitMemory and exitTime are the exit codes of a worker that stopped
	// itself.
	exitMemory = 90
	exitTime   = 91
)

// RunWorker is the child of a Worker: it answers the one question on stdin.
// It confines the whole process for good, and ends it (os.Exit) when memory or
// time run out, so a command has to do nothing else. An error means that no
// answer could be written; a query that failed is an answer.
func RunWorker(ctx context.Context, stdin io.Reader, stdout io.Writer) error {
	if err := confine(); err != nil {
		return fmt.Errorf("confine worker: %w", err)
	}
	debug.SetMemoryLimit(maxResident / 4) // Go's part; DuckDB has its own
	var q request
	if err := json.NewDecoder(stdin).Decode(&q); err != nil {
		return fmt.Errorf("read question: %w", err)
	}
	// The parent kills at the deadline; this is for a parent that died.
	time.AfterFunc(q.Limits.Timeout+time.Second, func() { os.Exit(exitTime) })
	result, err := answer(ctx, q)
	if err := json.NewEncoder(stdout).Encode(encodeReply(result, err)); err != nil {
		return fmt.Errorf("write answer: %w", err)
	}
	return nil
}

func answer(ctx context.Context, q request) (*Result, error) {
	db, err := q.Database.Open(ctx, q.Limits)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	return db.Query(ctx, q.SQL)
}

// wire is a reply on its way out: cells as they are.
type wire struct {
	reply
	Rows [][]any `json:"rows,omitempty"`
}

func encodeReply(result *Result, err error) wire {
	if err == nil {
		return wire{reply{Columns: result.Columns, Truncated: result.Truncated, Elapsed: result.Elapsed}, result.Rows}
	}
	for name, fault := range faults {
		if errors.Is(err, fault) {
			return wire{reply: reply{Fault: name, Message: strings.TrimPrefix(err.Error(), fault.Error()+": ")}}
		}
	}
	return wire{reply: reply{Fault: "internal", Message: err.Error()}}
}

// watch ends the process when it holds more than it may. It looks often enough
// for memory that is filled as fast as a machine can.
func watch(resident func() (int, error)) error {
	if _, err := resident(); err != nil {
		return err
	}
	go func() {
		for range time.Tick(5 * time.Millisecond) {
			if held, err := resident(); err != nil || held > maxResident {
				os.Exit(exitMemory)
			}
		}
	}()
	return nil
}
