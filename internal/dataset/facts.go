package dataset

// Additivity is what a measure may be added up over.
type Additivity string

// The closed list of additivities; "" is a column that is no measure.
const (
	Additive    Additivity = "sum"           // over all rows: amounts, counts of events
	NotOverTime Additivity = "not_over_time" // over places and categories of one moment: populations, stocks, cumulated counts
	Never       Additivity = "never"         // rates, means, indices, prices per unit, ranks
)

// Why says what settled a column's Additivity.
type Why string

// The closed list of reasons.
const (
	WhyRate       Why = "rate"       // a part of something else: %, taux, ratio
	WhyPerUnit    Why = "per_unit"   // per m², per inhabitant, per hour: prices, densities, speeds
	WhyMean       Why = "mean"       // a mean, a median or another quantile
	WhyIndex      Why = "index"      // an index, a mark, a score
	WhyRank       Why = "rank"       // an order
	WhyLevel      Why = "level"      // a level read at a moment or place: temperature, altitude
	WhyStock      Why = "stock"      // what there is at a moment: population, debt
	WhyCumulative Why = "cumulative" // each moment holds those before
)

// Ratio is how a column comes out of two others of its row, on every row
// checked: Scale × Of / Over. Its mean over rows is Scale × sum(Of) / sum(Over).
type Ratio struct {
	Of    string  `json:"of"`
	Over  string  `json:"over"`
	Scale float64 `json:"scale"` // 100 for a percentage
}

// Kind is what the cells of a column name, in the field's own terms. It says
// more than the Role, which says what the column is for.
type Kind string

// The closed list of kinds; "" is none of them.
const (
	KindCommune    Kind = "code_commune" // INSEE's, Corsica and overseas included
	KindDepartment Kind = "code_departement"
	KindRegion     Kind = "code_region"
	KindEPCI       Kind = "code_epci" // the SIREN of an EPCI
	KindPostcode   Kind = "code_postal"
	KindCanton     Kind = "code_canton"
	KindIRIS       Kind = "code_iris"
	KindCountry    Kind = "code_pays"

	KindCommuneName    Kind = "commune"
	KindDepartmentName Kind = "departement"
	KindRegionName     Kind = "region"
	KindEPCIName       Kind = "epci"
	KindCountryName    Kind = "pays"
	KindAddress        Kind = "adresse"

	KindSIREN  Kind = "siren"
	KindSIRET  Kind = "siret"
	KindUAI    Kind = "uai"
	KindRNA    Kind = "rna"
	KindFINESS Kind = "finess"
	KindIBAN   Kind = "iban"
	KindVAT    Kind = "tva"
	KindNAF    Kind = "naf"
	KindUUID   Kind = "uuid"
	KindParcel Kind = "parcelle"
	KindMongo  Kind = "mongo_id"
	KindCSP    Kind = "csp"

	KindEmail Kind = "email"
	KindPhone Kind = "telephone"
	KindURL   Kind = "url"

	KindLatitude  Kind = "latitude"
	KindLongitude Kind = "longitude"
	KindLatLon    Kind = "latlon"
	KindLonLat    Kind = "lonlat"
	KindLambertX  Kind = "lambert93_x"
	KindLambertY  Kind = "lambert93_y"
	KindGeoJSON   Kind = "geojson"
	KindWKT       Kind = "wkt"

	KindDate      Kind = "date"
	KindDateTime  Kind = "datetime"
	KindYear      Kind = "annee"
	KindMonth     Kind = "mois"       // janvier, or 1 to 12
	KindYearMonth Kind = "annee_mois" // 2024-07
	KindQuarter   Kind = "trimestre"  // 2024-T3, 2024-Q3
	KindHalf      Kind = "semestre"   // 2024-S2
	KindSchool    Kind = "annee_scolaire"
	KindWeekday   Kind = "jour_semaine"
	KindTime      Kind = "heure"
	KindDuration  Kind = "duree"

	KindBoolean Kind = "booleen" // in any spelling: oui, O, vrai, 1
	KindSex     Kind = "sexe"
	KindAccount Kind = "compte" // chart of accounts: nature, compte, fonction, article, chapitre
	KindMoney   Kind = "montant"
	KindPercent Kind = "pourcentage"

	KindJSON Kind = "json"
)
