package dataset

// Role is what a column is for.
type Role string

// The closed list of column roles.
const (
	Measure   Role = "measure"   // a quantity: may be summed or averaged
	Dimension Role = "dimension" // a category: may be filtered and grouped on
	Year      Role = "year"      // a calendar year or vintage
	Time      Role = "time"      // a date or an instant
	Code      Role = "code"      // an official code (INSEE, SIREN, postcode …)
	Key       Role = "key"       // numbers or names the rows: distinct on (nearly) every row
	Geometry  Role = "geometry"  // coordinates, shapes
	FreeText  Role = "text"      // prose, links: neither grouped nor summed
)

// trait is what roles have in common, whatever column has them.
type trait int

const (
	quantity trait = iota
	category
	moment // says when
	label  // its numbers stand for things and are not computed with
	aside  // neither grouped nor compared, and shown where it is asked for
)

// traits says of each role which it is; a test holds it to the list above.
var traits = map[Role]trait{
	Measure: quantity, Dimension: category, Year: moment, Time: moment,
	Code: label, Key: label, Geometry: aside, FreeText: aside,
}

// Moment tells whether a column says when.
func (r Role) Moment() bool { return has(r, moment) }

// Label tells whether the numbers of a column stand for things, and are not
// computed with.
func (r Role) Label() bool { return has(r, label) }

// Aside tells whether a column is neither grouped nor compared, and shown only
// where it is asked for.
func (r Role) Aside() bool { return has(r, aside) }

func has(r Role, t trait) bool {
	of, known := traits[r]
	return known && of == t
}
