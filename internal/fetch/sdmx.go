package fetch

import (
	"encoding/csv"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"slices"
)

// Codes are what is known of what observations bear under a name: what that is
// called, and what its codes mean. Both may be unknown.
type Codes struct {
	Name   string
	Labels map[string]string
}

// Observations rewrites a file of SDMX data (structure-specific, as INSEE's BDM
// gives it, or generic) as CSV: a row an observation, with what its series and
// itself bear: dimensions, value, flags (OBS_STATUS, OBS_QUAL). Codes stay codes;
// where it is known what they mean, a column of that stands after theirs.
func Observations(path string, known map[string]Codes) error {
	names, rows, err := scan(path, nil)
	if err != nil {
		return err
	}
	if rows == 0 {
		return errNoObservations
	}
	out, err := os.Create(path + ".csv")
	if err != nil {
		return err
	}
	defer os.Remove(out.Name())
	defer out.Close()
	columns := explained(names, known)
	w := csv.NewWriter(out)
	row := make([]string, len(columns))
	for i, c := range columns {
		row[i] = c.header
	}
	if err := w.Write(row); err != nil {
		return err
	}
	if _, _, err := scan(path, func(o map[string]string) error {
		for i, c := range columns {
			row[i] = o[c.name]
			if c.labels != nil {
				row[i] = c.labels[row[i]]
			}
		}
		return w.Write(row)
	}); err != nil {
		return err
	}
	w.Flush()
	if err := errors.Join(w.Error(), out.Close()); err != nil {
		return err
	}
	return os.Rename(out.Name(), path)
}

// column is one of the table: what observations bear under a name, or what that
// means.
type column struct {
	header, name string
	labels       map[string]string // nil: the codes themselves
}

// explained are the columns of what observations bear, each with what its codes
// mean after it.
func explained(names []string, known map[string]Codes) []column {
	var out []column
	taken := slices.Clone(names)
	for _, name := range names {
		out = append(out, column{name, name, nil})
		codes := known[name]
		if len(codes.Labels) == 0 {
			continue
		}
		header := codes.Name
		if header == "" || slices.Contains(taken, header) {
			header = name + "_LABEL"
		}
		if slices.Contains(taken, header) {
			continue
		}
		taken = append(taken, header)
		out = append(out, column{header, name, codes.Labels})
	}
	return out
}

var errNoObservations = errors.New("no observations")

// maxColumns bounds what observations bear.
const maxColumns = 500

// scan reads the observations of a file: what they bear, in the order it is met,
// and how many they are. each is optional.
func scan(path string, each func(map[string]string) error) (names []string, rows int, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, 0, err
	}
	defer f.Close()
	dec := xml.NewDecoder(f)
	s := scanner{series: map[string]string{}}
	for {
		t, err := dec.Token()
		if err == io.EOF {
			return s.names, rows, nil
		}
		if err != nil {
			return nil, 0, err
		}
		switch t := t.(type) {
		case xml.StartElement:
			s.start(t)
		case xml.EndElement:
			switch t.Name.Local {
			case "Series":
				s.series = map[string]string{}
			case "Obs":
				if rows++; each != nil {
					if err := each(s.obs); err != nil {
						return nil, 0, err
					}
				}
				s.obs = nil
			}
		}
	}
}

// scanner holds what the series and the observation at hand bear.
type scanner struct {
	names  []string
	series map[string]string
	obs    map[string]string // nil outside of one
}

func (s *scanner) start(t xml.StartElement) {
	switch t.Name.Local {
	case "Series":
		s.series = map[string]string{}
		s.bear(s.series, t.Attr)
	case "Obs":
		s.obs = map[string]string{}
		for k, v := range s.series {
			s.obs[k] = v
		}
		s.bear(s.obs, t.Attr)
	case "ObsDimension":
		s.put(s.at(), "TIME_PERIOD", attribute(t, "value"))
	case "ObsValue":
		s.put(s.at(), "OBS_VALUE", attribute(t, "value"))
	case "Value": // of a generic key, or of attributes
		s.put(s.at(), attribute(t, "id"), attribute(t, "value"))
	}
}

func (s *scanner) at() map[string]string {
	if s.obs != nil {
		return s.obs
	}
	return s.series
}

func (s *scanner) bear(to map[string]string, attrs []xml.Attr) {
	for _, a := range attrs {
		if a.Name.Space == "" && a.Name.Local != "xmlns" {
			s.put(to, a.Name.Local, a.Value)
		}
	}
}

func (s *scanner) put(to map[string]string, name, value string) {
	if name == "" {
		return
	}
	if !slices.Contains(s.names, name) {
		if len(s.names) == maxColumns {
			return
		}
		s.names = append(s.names, name)
	}
	to[name] = value
}

func attribute(t xml.StartElement, name string) string {
	for _, a := range t.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}
