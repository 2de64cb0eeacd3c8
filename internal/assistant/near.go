package assistant

import (
	"context"
	"fmt"

	"cigogne/internal/answer"
	"cigogne/internal/search"
	"cigogne/internal/texts"
	"cigogne/internal/trace"
)

// near adds the datasets that come nearest to a question left without a figure.
func (as *Assistant) near(ctx context.Context, text string, a *answer.Answer) error {
	searching, end := trace.Span(ctx, "search")
	found, err := as.library.Search(searching, search.Query{Text: text, Limit: 3, Fold: true}, a.Lang)
	end(err)
	if err != nil {
		return fmt.Errorf("search: %w", err)
	}
	a.Datasets = found
	if len(found) > 0 {
		a.Sentence = a.Text + "\n\n" + texts.Say(a.Lang, "assistant.datasets_near_this")
		a.Text = a.Sentence + answer.Links(found, a.Lang)
	}
	return nil
}
