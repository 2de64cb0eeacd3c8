package table

// Cramp leaves a Reader no room to tell cells apart: every column has too many,
// and what there are is for SQL to count.
func (r *Reader) Cramp() { r.room = room{} }

// Bet makes a Reader guess what the columns of every file are from so many rows.
func (r *Reader) Bet(rows int) { r.bet = guessing{0, rows} }
