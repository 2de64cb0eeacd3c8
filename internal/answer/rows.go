package answer

import (
	"encoding/json"
	"time"
)

// Rows are the cells of a result: nil, bool, int64, float64, string or time.Time.
type Rows [][]any

// MarshalJSON writes a day as "2006-01-02" and a moment as "2006-01-02 15:04:05",
// as tables have them: they bear no time zone, and none is made up.
func (r Rows) MarshalJSON() ([]byte, error) {
	out := make([][]any, len(r))
	for i, row := range r {
		out[i] = make([]any, len(row))
		for k, v := range row {
			if t, ok := v.(time.Time); ok {
				v = moment(t)
			}
			out[i][k] = v
		}
	}
	return json.Marshal(out)
}

func moment(t time.Time) string {
	switch {
	case t.Hour() == 0 && t.Minute() == 0 && t.Second() == 0 && t.Nanosecond() == 0:
		return t.Format(time.DateOnly)
	case t.Nanosecond() != 0:
		return t.Format("2006-01-02 15:04:05.999999")
	}
	return t.Format(time.DateTime)
}
