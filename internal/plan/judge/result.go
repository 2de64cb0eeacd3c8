package judge

import (
	"fmt"
	"time"
)

// ResultAspects names the shape of a plan's result: how many rows, what the
// answer is, whether there is anything in it.
func ResultAspects(rows [][]any) []string {
	out := []string{"rows=" + bucket(len(rows))}
	if len(rows) == 0 || len(rows[0]) == 0 {
		return append(out, "answer=nothing")
	}
	last := rows[0][len(rows[0])-1]
	kind := kindOf(last)
	out = append(out, "answer="+kind, fmt.Sprintf("answer=%s/%s", kind, bucket(len(rows))))
	if len(rows) == 1 {
		switch x := last.(type) {
		case int64:
			if x == 0 {
				out = append(out, "answer=zero")
			} else if x == 1 {
				out = append(out, "answer=one")
			}
		case float64:
			if x == 0 {
				out = append(out, "answer=zero")
			}
		}
	}
	empty := 0
	for _, r := range rows {
		if r[0] == nil {
			empty++
		}
	}
	if empty > 0 {
		out = append(out, "answer=some empty")
	}
	return out
}

func kindOf(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case int64, float64:
		return "number"
	case bool:
		return "bool"
	case time.Time:
		return "day"
	}
	return "text"
}
