package discord

import lru "github.com/hashicorp/golang-lru/v2"

// leastBurst are the questions that one may ask at once, however low the pace.
const leastBurst = 3

// seen tells events that come for the first time from those that a gateway
// repeats. It remembers the latest ones.
type seen struct{ ids *lru.Cache[string, struct{}] }

const remembered = 20_000

func newSeen() *seen {
	ids, err := lru.New[string, struct{}](remembered)
	if err != nil { // only of a size below 1
		return nil
	}
	return &seen{ids}
}

func (s *seen) first(id string) bool {
	before, _ := s.ids.ContainsOrAdd(id, struct{}{})
	return !before
}
