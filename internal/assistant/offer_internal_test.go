package assistant

import (
	"context"
	"testing"

	"cigogne/catalog"
	"cigogne/internal/plan"
)

// A question of our own is planned once over the same tables; one whose time is up
// is planned again.
func TestOffersAreRemembered(t *testing.T) {
	c, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	as := New(nil, nil, "rules", nil)
	var over []plan.Candidate
	for i := range c.Tables {
		over = append(over, plan.Candidate{Dataset: &c.Datasets[i], Table: &c.Tables[i], Annotation: &c.Annotations[i]})
	}
	const q = "Évolution de la population de Metz"
	over1 := over[:1]
	late, cancel := context.WithCancel(t.Context())
	cancel()
	if as.offer(late, q, "fr", over); as.offers.byQuestion.Len() != 0 {
		t.Error("what was planned without time for it is remembered")
	}
	first := as.offer(t.Context(), q, "fr", over)
	if first.plan == "" || first != as.offer(t.Context(), q, "fr", over) || as.offers.byQuestion.Len() != 1 {
		t.Errorf("%+v, %d remembered", first, as.offers.byQuestion.Len())
	}
	as.offer(t.Context(), q, "fr", over1)
	as.offer(t.Context(), q, "en", over)
	if n := as.offers.byQuestion.Len(); n != 3 {
		t.Errorf("%d remembered", n)
	}
}
