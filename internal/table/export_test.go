package table

// Cramp leaves a Reader no room to tell cells apart: every column has too many,
// and what there are is for SQL to count.
func (r *Reader) Cramp() { r.room = room{} }
