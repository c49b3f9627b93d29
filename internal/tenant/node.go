package tenant

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// maxFile is the largest tenant.yaml read, in bytes; ours are under 8 KiB.
const maxFile = 256 << 10

// document turns the bytes of a file into its root node, or says why not.
func (r *reader) document(data []byte) (at, bool) {
	switch {
	case len(data) > maxFile:
		r.tell(at{}, "range", fmt.Sprintf("the file is over %d KiB", maxFile>>10), "")
	case !utf8.Valid(data):
		r.tell(at{}, "format", "the file is not UTF-8", "save it as UTF-8")
	default:
		return r.decode(data)
	}
	return at{}, false
}

func (r *reader) decode(data []byte) (at, bool) {
	var doc, second yaml.Node
	d := yaml.NewDecoder(bytes.NewReader(data))
	if err := d.Decode(&doc); errors.Is(err, io.EOF) {
		r.tell(at{}, "empty", "the file is empty", "")
		return at{}, false
	} else if err != nil {
		r.syntax(err)
		return at{}, false
	}
	if err := d.Decode(&second); !errors.Is(err, io.EOF) {
		r.tell(at{node: &second}, "format", "the file holds more than one document", "remove the line ---")
		return at{}, false
	}
	return at{node: doc.Content[0]}, r.plain(doc.Content[0])
}

var lineNumber = regexp.MustCompile(`^yaml: line (\d+): `)

// syntax reports what the YAML parser said, at the line it said it of.
func (r *reader) syntax(err error) {
	text, place := err.Error(), at{}
	if m := lineNumber.FindStringSubmatch(text); m != nil {
		line, _ := strconv.Atoi(m[1])
		text, place.node = text[len(m[0]):], &yaml.Node{Line: line, Column: 1}
	}
	r.tell(place, "format", "not YAML: "+text, "")
}

// knownTags are those that a tenant's file can mean; a tag of its own or a
// merge key could make the file say something else than it shows.
func knownTags() []string {
	return []string{"!!str", "!!int", "!!float", "!!bool", "!!null", "!!timestamp", "!!map", "!!seq"}
}

// plain refuses anchors, aliases (the stuff of YAML bombs) and strange tags.
func (r *reader) plain(n *yaml.Node) bool {
	ok := true
	switch {
	case n.Kind == yaml.AliasNode || n.Anchor != "":
		r.tell(at{node: n}, "unsafe", "anchors and aliases are not read", "write the value out")
		return false
	case !slices.Contains(knownTags(), n.ShortTag()):
		r.tell(at{node: n}, "unsafe", "the tag "+shown(n.ShortTag())+" is not read", "")
		ok = false
	}
	for _, c := range n.Content {
		ok = r.plain(c) && ok
	}
	return ok
}

// valueOf is a node as a JSON value; it keeps the words of the file, so that a
// date or a duration reads the same again.
func valueOf(n *yaml.Node) any {
	switch n.Kind { //nolint:exhaustive // the rest has no children
	case yaml.MappingNode:
		m := map[string]any{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			m[n.Content[i].Value] = valueOf(n.Content[i+1])
		}
		return m
	case yaml.SequenceNode:
		list := make([]any, len(n.Content))
		for i, c := range n.Content {
			list[i] = valueOf(c)
		}
		return list
	}
	return scalarOf(n)
}

func scalarOf(n *yaml.Node) any {
	switch n.ShortTag() {
	case "!!int":
		var i int64
		if n.Decode(&i) == nil {
			return i
		}
	case "!!bool":
		var b bool
		if n.Decode(&b) == nil {
			return b
		}
	case "!!null":
		return nil
	}
	return n.Value
}

// nodeOf is a stored JSON value as a node, so that one set of readers serves
// the file and the database.
func nodeOf(v any) *yaml.Node {
	switch v := v.(type) {
	case map[string]any:
		n := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
		for _, k := range sortedKeys(v) {
			n.Content = append(n.Content, nodeOf(k), nodeOf(v[k]))
		}
		return n
	case []any:
		n := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"}
		for _, e := range v {
			n.Content = append(n.Content, nodeOf(e))
		}
		return n
	case string:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: v}
	case bool:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: strconv.FormatBool(v)}
	case json.Number:
		return numberNode(v)
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null"}
}

func numberNode(v json.Number) *yaml.Node {
	tag := "!!float"
	if _, err := v.Int64(); err == nil {
		tag = "!!int"
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: tag, Value: v.String()}
}
