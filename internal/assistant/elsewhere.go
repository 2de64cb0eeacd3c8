package assistant

import (
	"errors"

	"cigogne/internal/lang"
	"cigogne/internal/plan"
	"cigogne/internal/query"
	"cigogne/internal/texts"
	"cigogne/internal/warehouse"
)

// elsewhere says why a table that another engine alone holds gives no figure now, or
// "".
func elsewhere(err error, l lang.Lang) string {
	switch {
	case !errors.Is(err, warehouse.ErrElsewhere):
		return ""
	case errors.Is(err, query.ErrFileOrder):
		return texts.Say(l, "assistant.no_order_of_rows")
	}
	return texts.Say(l, "assistant.table_is_elsewhere")
}

// failed is why an outcome cannot stand: a plan that a planner looked at failed for
// want of the engine that holds its table, and no annotation vouches for the outcome
// all the same. The table that is away might have been the one that is asked about.
func (r *runs) failed(out plan.Outcome) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if out.Plan != nil && out.Candidate.Annotation != nil {
		return nil
	}
	return r.elsewhere
}
