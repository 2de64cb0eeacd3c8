package query

// The closed lists of a plan's terms, for those who must know each: checks,
// schemas, explanations. A test holds them against the constants, and others
// that each room has a place for every one.
var (
	Aggs       = []Agg{Count, CountDistinct, Sum, Avg, Median, Min, Max}
	Readings   = []As{AsNumber, AsDate, AsDuration, AsYear, AsQuarter, AsMonth, AsWeekday}
	Ops        = []Op{Eq, Ne, Lt, Le, Gt, Ge, Between, Contains, Starts, Null, NotNull}
	DerivedOps = []DerivedOp{Share, ShareOfTotal, Difference, Growth, Ratio, Total, Verdict}
)
