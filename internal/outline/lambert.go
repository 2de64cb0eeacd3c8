package outline

import "math"

// Lambert-93 (EPSG:2154), in which French layers are often published: the
// constants of IGN's note NT/G 71, on the ellipsoid GRS 80.
const (
	lambertN    = 0.7256077650
	lambertC    = 11754255.426
	lambertX    = 700000.0
	lambertY    = 12655612.050
	lambertLon  = 3.0 // degrees
	grs80       = 0.08181919104281579
	lambertRuns = 8 // of the iteration: below a millimetre
)

// inLambert93 tells metres of metropolitan France from degrees.
func inLambert93(x, y float64) bool { return x > 0 && x < 1.4e6 && y > 5.9e6 && y < 7.3e6 }

// fromLambert93 returns the longitude and latitude of a point, in degrees.
func fromLambert93(x, y float64) (lon, lat float64) {
	dx, dy := x-lambertX, y-lambertY
	lon = lambertLon + math.Atan2(dx, -dy)/lambertN*180/math.Pi
	iso := -math.Log(math.Abs(math.Hypot(dx, dy)/lambertC)) / lambertN
	phi := 2*math.Atan(math.Exp(iso)) - math.Pi/2
	for range lambertRuns {
		sin := grs80 * math.Sin(phi)
		phi = 2*math.Atan(math.Pow((1+sin)/(1-sin), grs80/2)*math.Exp(iso)) - math.Pi/2
	}
	return lon, phi * 180 / math.Pi
}
