package surface_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"cigogne/internal/answer"
	"cigogne/internal/assistant"
	"cigogne/internal/surface"
	"cigogne/internal/texts"
)

func TestCodeOf(t *testing.T) {
	for _, c := range []struct {
		err  error
		want surface.Code
	}{
		{nil, ""},
		{surface.ErrBusy, surface.Busy},
		{fmt.Errorf("read: %w", answer.ErrUnknown), surface.NotFound},
		{assistant.ErrUnknownDataset, surface.NoDataset},
		{context.DeadlineExceeded, surface.Timeout},
		{context.Canceled, surface.Interrupted},
		{errors.New("disk"), surface.Internal},
	} {
		t.Run(string(c.want), func(t *testing.T) {
			if got := surface.CodeOf(c.err); got != c.want {
				t.Errorf("%v is %q", c.err, got)
			}
		})
	}
}

func TestEachCodeHasASentenceAndAStatus(t *testing.T) {
	for _, code := range surface.Codes {
		for _, l := range texts.Languages() {
			if s := code.Sentence(l); s == "" || strings.HasPrefix(s, "fault.") {
				t.Errorf("%s says nothing in %s", code, l)
			}
		}
		if status := code.Status(); status < 400 || status > 599 || status == 500 && code != surface.Internal {
			t.Errorf("%s has status %d", code, status)
		}
	}
}
