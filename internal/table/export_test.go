package table

// HoldAtMost bounds the cells of a table held in memory while it is profiled.
func (r *Reader) HoldAtMost(cells int64) { r.heldCells = cells }
