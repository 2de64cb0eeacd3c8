package phrase

import "cigogne/internal/lang"

// Where says where something is: "à Metz", "au Ban-Saint-Martin", "en Moselle".
// The level is that of a territory: commune, epci, department, region.
func Where(level, name string, l lang.Lang) string { return in(level, name, l) }

// Of says of which territory something is: "de Metz", "des Islettes", "de l'Aube".
func Of(level, name string, l lang.Lang) string { return of(place(level, name, l), l) }
