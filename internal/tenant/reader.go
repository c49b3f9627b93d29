package tenant

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"

	"gopkg.in/yaml.v3"
)

// reader walks a document and remembers everything that is wrong with it. Its
// methods set a field only where the document says something, which is what
// lays one layer of values over another.
type reader struct {
	file     string
	stored   bool // values from the database: the logo travels with them
	problems []Problem
	marks    map[string]*yaml.Node // where a path stands, for checks made afterwards
}

// at is a place in a document; without a node nothing was written there.
type at struct {
	node *yaml.Node
	path string
}

func (a at) absent() bool { return a.node == nil }

func (a at) child(key string) string {
	if a.path == "" {
		return key
	}
	return a.path + "." + key
}

// tell records a problem at a place.
func (r *reader) tell(a at, code, text, suggestion string) {
	p := Problem{File: r.file, Path: a.path, Code: code, Text: text, Suggestion: suggestion}
	if a.node != nil {
		p.Line, p.Column = a.node.Line, a.node.Column
	}
	r.problems = append(r.problems, p)
}

// tellPath records a problem of a path, where it or its nearest parent stands.
func (r *reader) tellPath(path, code, text, suggestion string) {
	a := at{path: path}
	for p := path; p != "" && a.node == nil; p = parentOf(p) {
		a.node = r.marks[p]
	}
	r.tell(a, code, text, suggestion)
}

func parentOf(path string) string {
	return path[:max(0, strings.LastIndexAny(path, ".["))]
}

// is checks the kind of a node; an empty value is never of the right kind.
func (r *reader) is(a at, kind yaml.Kind, words string) bool {
	if a.absent() {
		return false
	}
	r.marks[a.path] = a.node
	if a.node.ShortTag() == "!!null" {
		r.tell(a, "empty", "has no value", "write "+words+" or remove the key")
		return false
	}
	if a.node.Kind != kind {
		r.tell(a, "wrong_type", "is not "+words, "")
	}
	return a.node.Kind == kind
}

// entry is one key of a map and its value.
type entry struct {
	key string
	at
	keyNode *yaml.Node
}

// entries are the members of a map, in the order written; a second one of the
// same key is told and left out. most bounds their number.
func (r *reader) entries(a at, most int) []entry {
	if !r.is(a, yaml.MappingNode, "a group of keys") {
		return nil
	}
	seen, out := map[string]bool{}, []entry{}
	for i := 0; i+1 < len(a.node.Content); i += 2 {
		k := a.node.Content[i]
		e := entry{key: k.Value, keyNode: k, at: at{a.node.Content[i+1], a.child(pathWord(k.Value))}}
		switch {
		case k.Kind != yaml.ScalarNode:
			r.tell(at{k, a.path}, "wrong_type", "a key is not a word", "")
		case seen[k.Value]:
			r.tell(at{k, e.path}, "duplicate_key", "is written twice", "keep one of them")
		default:
			seen[k.Value] = true
			out = append(out, e)
		}
	}
	if len(out) > most {
		r.tell(a, "range", fmt.Sprintf("has more than %d entries", most), "")
		return nil
	}
	return out
}

// pathWord keeps what is echoed in a path short and on one line.
func pathWord(key string) string {
	if q := shown(key); q != `"`+key+`"` || key == "" {
		return q
	}
	return key
}

// object reads a group of known keys and tells the unknown ones.
func (r *reader) object(a at, keys ...string) map[string]at {
	out := map[string]at{}
	for _, e := range r.entries(a, maxEntries) {
		if !slices.Contains(keys, e.key) {
			r.tell(at{e.keyNode, e.path}, "unknown_key", "unknown key", didYouMean(e.key, keys))
			continue
		}
		out[e.key] = e.at
	}
	return out
}

// maxEntries bounds every list and map.
const maxEntries = 200

// list reads the entries of a list.
func (r *reader) list(a at) []at {
	if !r.is(a, yaml.SequenceNode, "a list") {
		return nil
	}
	if len(a.node.Content) > maxEntries {
		r.tell(a, "range", fmt.Sprintf("has more than %d entries", maxEntries), "")
		return nil
	}
	out := make([]at, len(a.node.Content))
	for i, n := range a.node.Content {
		out[i] = at{n, fmt.Sprintf("%s[%d]", a.path, i)}
	}
	return out
}

// word reads a piece of text of at most most characters, on one line.
func (r *reader) word(a at, most int) (string, bool) {
	if !r.is(a, yaml.ScalarNode, "text") {
		return "", false
	}
	if tag := a.node.ShortTag(); tag != "!!str" && tag != "!!timestamp" {
		r.tell(a, "wrong_type", "is not text", fmt.Sprintf("write it in quotes: %q", a.node.Value))
		return "", false
	}
	s := strings.TrimSpace(a.node.Value)
	switch {
	case s == "":
		r.tell(a, "empty", "is empty", "write text or remove the key")
	case len([]rune(s)) > most:
		r.tell(a, "range", fmt.Sprintf("is over %d characters", most), "")
	case strings.ContainsFunc(s, hidden):
		r.tell(a, "unsafe", "holds a line break or a character that cannot be seen", "")
	default:
		return s, true
	}
	return "", false
}

// hidden are control characters and those that turn the reading direction.
func hidden(c rune) bool {
	return unicode.IsControl(c) || c >= 0x202a && c <= 0x202e || c >= 0x2066 && c <= 0x2069
}

// text sets into from a piece of text.
func (r *reader) text(a at, into *string, most int) {
	if s, ok := r.word(a, most); ok {
		*into = s
	}
}

// required tells of keys that an entry must have.
func (r *reader) required(parent at, o map[string]at, keys ...string) {
	for _, k := range keys {
		if o[k].absent() && parent.node != nil && parent.node.Kind == yaml.MappingNode {
			r.tell(at{parent.node, parent.child(k)}, "missing", "is missing", "")
		}
	}
}

// integer sets into from a whole number from low to high, or 0 where zero says so.
func (r *reader) integer(a at, into *int, low, high int, zero string) {
	if !r.is(a, yaml.ScalarNode, "a number") {
		return
	}
	var i int
	if a.node.ShortTag() != "!!int" || a.node.Decode(&i) != nil {
		r.tell(a, "wrong_type", "is not a whole number", fmt.Sprintf("write %d to %d", low, high))
		return
	}
	if (i < low || i > high) && (i != 0 || zero == "") {
		r.tell(a, "range", fmt.Sprintf("%d is out of range", i), fmt.Sprintf("write %d to %d%s", low, high, zero))
	}
	*into = i
}

// flag sets into from true or false.
func (r *reader) flag(a at, into *bool) {
	if !r.is(a, yaml.ScalarNode, "true or false") {
		return
	}
	if a.node.ShortTag() != "!!bool" || a.node.Decode(into) != nil {
		r.tell(a, "wrong_type", "is not true or false", "write true or false")
	}
}

// duration sets into from words such as "24h" or "30m".
func (r *reader) duration(a at, into *time.Duration, low, high time.Duration) {
	s, ok := r.word(a, longestWord)
	if !ok {
		return
	}
	d, err := time.ParseDuration(s)
	if err != nil {
		r.tell(a, "format", shown(s)+" is not a duration", `write hours, minutes or seconds: "24h", "30m"`)
		return
	}
	if d < low || d > high {
		r.tell(a, "range", s+" is out of range", fmt.Sprintf("write %s to %s", compact(low), compact(high)))
	}
	*into = d
}

// compact writes a duration without its empty parts: 24h, not 24h0m0s.
func compact(d time.Duration) string {
	s := d.String()
	for _, tail := range []string{"m0s", "h0m"} {
		if strings.HasSuffix(s, tail) {
			s = s[:len(s)-2]
		}
	}
	return s
}

// date reads a calendar date; it is kept at midnight UTC until the zone is known.
func (r *reader) date(a at) (time.Time, bool) {
	s, ok := r.word(a, longestWord)
	if !ok {
		return time.Time{}, false
	}
	d, err := time.Parse(time.DateOnly, s)
	if err != nil {
		r.tell(a, "format", shown(s)+" is not a date", `write year, month, day: "2027-03-01"`)
	}
	return d, err == nil
}

// choice sets into from one of a few words.
func choice[T ~string](r *reader, a at, into *T, allowed ...T) {
	s, ok := r.word(a, longestWord)
	if !ok {
		return
	}
	if !slices.Contains(allowed, T(s)) {
		words := make([]string, len(allowed))
		for i, w := range allowed {
			words[i] = string(w)
		}
		r.tell(a, "unknown_value", "unknown value "+shown(s), didYouMean(s, words))
		return
	}
	*into = T(s)
}

// words sets into from a list of texts, each once.
func (r *reader) words(a at, into *[]string, most int) {
	if list, ok := each(r, a, func(a at) (string, bool) { return r.word(a, most) }); ok {
		*into = list
	}
}

// choices sets into from a list of known words, each once.
func choices[T ~string](r *reader, a at, into *[]T, allowed ...T) {
	list, ok := each(r, a, func(a at) (T, bool) {
		var w T
		choice(r, a, &w, allowed...)
		return w, w != ""
	})
	if ok {
		*into = list
	}
}

// each reads a list and tells of entries written twice.
func each[T comparable](r *reader, a at, read func(at) (T, bool)) ([]T, bool) {
	if a.absent() {
		return nil, false
	}
	list := []T{}
	for _, e := range r.list(a) {
		v, ok := read(e)
		if ok && slices.Contains(list, v) {
			r.tell(e, "duplicate_key", fmt.Sprintf("%q is written twice", fmt.Sprint(v)), "keep one of them")
		} else if ok {
			list = append(list, v)
		}
	}
	return list, true
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
