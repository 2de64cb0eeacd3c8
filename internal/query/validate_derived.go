package query

// checkDerived holds a derived figure to the measures it is made of.
func checkDerived(p *Plan, d *Derived, tables Tables, depth int) error {
	bad := func(why string) error { return &PlanError{Part: "derived", Name: string(d.Op), Why: why} }
	measured := func(i int) bool { return i >= 1 && i <= len(p.Measures) }
	if !measured(d.Of) {
		return bad("of points at no measure")
	}
	if why := d.misplaced(); why != "" {
		return bad(why)
	}
	two := false // it takes over
	switch d.Op {
	case Verdict:
		if len(d.Says) != 3 {
			return bad("says what of greater, equal and less: three texts")
		}
		two = d.Value == nil
	case Share, Difference, Growth, Total:
		two = true
	case ShareOfTotal:
		if !p.Grouped() {
			return bad("needs groups")
		}
	case Ratio:
		if d.Per != nil {
			if !d.Per.oneMeasure() {
				return bad("per must yield one figure")
			}
			return validate(d.Per, tables, depth+1)
		}
		two = true
	default:
		return bad("no such derived figure")
	}
	if two && !measured(d.Over) {
		return bad("over points at no measure")
	}
	return nil
}

// misplaced says which part goes with another operation; "" for none.
func (d *Derived) misplaced() string {
	if d.Scale < 0 || d.Scale > 0 && d.Op != Ratio {
		return "scale goes with ratio, and is above 0"
	}
	if d.Years < 0 || d.Years > 0 && d.Op != Difference && d.Op != Growth {
		return "years go with difference and growth, and are above 0"
	}
	return ""
}

// oneMeasure tells a plan of one measure over all rows.
func (p *Plan) oneMeasure() bool { return len(p.Measures) == 1 && !p.Grouped() && p.Derived == nil }
