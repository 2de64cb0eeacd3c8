package table

import (
	"sync"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/territory"
)

// formerRegions are those of before 2016, folded: tables older than that name them.
var formerRegions = []string{"alsace", "aquitaine", "auvergne", "basse normandie", "bourgogne", "champagne ardenne", "franche comte", "haute normandie", "languedoc roussillon",
	"limousin", "lorraine", "midi pyrenees", "nord pas de calais", "picardie", "poitou charentes", "rhone alpes"}

// officialPlaces are the departments and the regions by folded name.
var officialPlaces = sync.OnceValues(func() (departments, regions map[string]bool) {
	departments, regions = map[string]bool{}, map[string]bool{}
	for _, p := range territory.France().Departments() {
		departments[lang.Fold(p.Name)] = true
	}
	for _, p := range territory.France().Regions() {
		regions[lang.Fold(p.Name)] = true
	}
	for _, name := range formerRegions {
		regions[name] = true
	}
	return departments, regions
})

// listedPlaces tells departments and regions by name, whatever the header: three at
// least, nearly all on the list. Names that are on both lists decide nothing.
func listedPlaces(c *dataset.Column, cells []string) dataset.Kind {
	if c.Distinct < 3 || c.Distinct > 150 {
		return ""
	}
	departments, regions := officialPlaces()
	onlyDepartments, onlyRegions, both := 0, 0, 0
	for _, s := range cells {
		switch f := lang.Fold(s); {
		case departments[f] && regions[f]:
			both++
		case departments[f]:
			onlyDepartments++
		case regions[f]:
			onlyRegions++
		}
	}
	switch {
	case onlyDepartments > 1 && (onlyDepartments+both)*10 >= len(cells)*9:
		return dataset.KindDepartmentName
	case onlyRegions > 1 && (onlyRegions+both)*10 >= len(cells)*9:
		return dataset.KindRegionName
	}
	return ""
}
