package config

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/BurntSushi/toml"
)

// Setting is one thing that can be set, as `cigogne config` lists it. What it is
// for is the message config.KEY, with _ for each point.
type Setting struct {
	Key    string `json:"key,omitempty"` // in cigogne.toml, as model.url; "" of secrets, which are never there
	Env    string `json:"env,omitempty"` // environment variable that goes over it
	Value  string `json:"value"`         // in force; of a secret Hidden
	From   Origin `json:"from"`
	Secret bool   `json:"secret,omitempty"`
}

// Origin is where a value comes from.
type Origin string

// Where a value comes from.
const (
	Default     Origin = "default"
	File        Origin = "file"
	Environment Origin = "environment"
)

// Hidden stands for a secret that is set.
const Hidden = "***"

// Name is what a setting is called in messages.
func (s Setting) Name() string {
	if s.Key == "" {
		return strings.ToLower(s.Env)
	}
	return strings.ReplaceAll(s.Key, ".", "_")
}

// Settings lists everything that can be set, in the order of Config, with what is
// in force. err is that of Load: what is at fault is listed all the same.
func Settings(path string, env func(string) string) ([]Setting, error) {
	c, err := Load(path, env)
	var meta toml.MetaData
	var unread Config
	if m, bad := toml.DecodeFile(named(path), &unread); bad == nil {
		meta = m
	}
	var all []Setting
	each(reflect.ValueOf(&c).Elem(), "", "", func(f field) {
		s := Setting{Key: f.key, Env: f.env, From: Default, Secret: f.key == ""}
		switch {
		case f.env != "" && env(f.env) != "":
			s.From = Environment
		case f.key != "" && meta.IsDefined(strings.Split(f.key, ".")...):
			s.From = File
		}
		s.Value = shown(f.value)
		if (s.Secret || f.private) && s.Value != "" {
			s.Value = Hidden
		}
		all = append(all, s)
	})
	return all, err
}

// named is the file that settings are read from.
func named(path string) string {
	if path == "" {
		return "cigogne.toml"
	}
	return path
}

func shown(v reflect.Value) string {
	switch v.Kind() {
	case reflect.Slice:
		list := make([]string, v.Len())
		for i := range list {
			list[i] = v.Index(i).String()
		}
		return strings.Join(list, ", ")
	case reflect.Map:
		var list []string
		for _, k := range v.MapKeys() {
			list = append(list, k.String()+": "+v.MapIndex(k).String())
		}
		slices.Sort(list)
		return strings.Join(list, ", ")
	}
	return fmt.Sprint(v.Interface())
}

// field is a field of Config that holds a setting.
type field struct {
	key     string // "" where the file does not hold it
	env     string
	private bool // may hold a password
	value   reflect.Value
}

// each visits the settings of a structure: tags say what a field is called in the
// file and in the environment; the name of one in a section that has a prefix
// begins by "_".
func each(v reflect.Value, section, prefix string, visit func(field)) {
	for i := range v.NumField() {
		f := v.Type().Field(i)
		key, variable := f.Tag.Get("toml"), f.Tag.Get("env")
		if f.Anonymous {
			each(v.Field(i), section, prefix, visit)
			continue
		}
		if strings.HasPrefix(variable, "_") {
			variable = prefix + variable
		}
		if v.Field(i).Kind() == reflect.Struct {
			each(v.Field(i), key+".", variable, visit)
			continue
		}
		if key == "-" {
			key = ""
		} else {
			key = section + key
		}
		visit(field{key, variable, f.Tag.Get("private") != "", v.Field(i)})
	}
}

// fromEnvironment puts the environment over the file.
func (c *Config) fromEnvironment(env func(string) string) (faults []string) {
	each(reflect.ValueOf(c).Elem(), "", "", func(f field) {
		text := ""
		if f.env != "" {
			text = env(f.env)
		}
		if text == "" {
			return
		}
		switch f.value.Kind() {
		case reflect.String:
			f.value.SetString(text)
		case reflect.Int:
			n, err := strconv.Atoi(text)
			if err != nil {
				faults = append(faults, fmt.Sprintf("%s %q: not a number", f.env, text))
				return
			}
			f.value.SetInt(int64(n))
		case reflect.Bool:
			yes, err := strconv.ParseBool(text)
			if err != nil {
				faults = append(faults, fmt.Sprintf("%s %q: true or false", f.env, text))
				return
			}
			f.value.SetBool(yes)
		case reflect.Slice:
			list := strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })
			f.value.Set(reflect.ValueOf(list))
		}
	})
	return faults
}
