package i18n

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// wellNamed tells whether a key is words of lower case letters, digits and _
// with dots between; the first begins with a letter, the others may have a - too.
// (Twenty thousand keys are read at a start: a regexp takes a fifth of it.)
func wellNamed(key string) bool {
	words := strings.Split(key, ".")
	for i, word := range words {
		rest := strings.Trim(word, "abcdefghijklmnopqrstuvwxyz0123456789_")
		if i > 0 {
			rest = strings.Trim(word, "abcdefghijklmnopqrstuvwxyz0123456789_-")
		}
		if word == "" || rest != "" {
			return false
		}
	}
	return len(words) > 1 && words[0][0] >= 'a' && words[0][0] <= 'z'
}

// other is the form that every text has.
const other = "other"

var errNoText = errors.New("a text is a string, or an object of at least two plural forms, one of them other")

// Placeholders are the names N of the {{.N}} in a text, sorted, each once.
func (t Text) Placeholders() []string {
	var names []string
	for _, text := range t {
		found, _ := placeholders(text)
		names = append(names, found...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// placeholders are the names N of the {{.N}} in a text, in order; whole tells
// whether its braces hold nothing else.
func placeholders(text string) (names []string, whole bool) {
	whole = true
	for {
		before, rest, found := strings.Cut(text, "{{")
		whole = whole && !strings.Contains(before, "}}")
		if !found {
			return names, whole
		}
		name, after, closed := strings.Cut(rest, "}}")
		if dot, named := strings.CutPrefix(name, "."); closed && named && isName(dot) {
			names, text = append(names, dot), after
			continue
		}
		text, whole = rest, false
	}
}

// isName tells whether a placeholder may be called so: an upper case letter, then
// letters and digits, all of ASCII.
func isName(name string) bool {
	const upper, lower, digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz", "0123456789"
	return name != "" && strings.Contains(upper, name[:1]) && strings.Trim(name, upper+lower+digits) == ""
}

// parseFile puts the texts of one file into texts; encoding/json alone would let the later of
// two equal keys win unseen.
func parseFile(name string, data []byte, texts map[string]Text) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	if start, err := dec.Token(); err != nil || start != json.Delim('{') {
		return fmt.Errorf("%s: not a JSON object", name)
	}
	var faults []error
	for dec.More() {
		key, text, err := entry(dec)
		if err != nil {
			return fmt.Errorf("%s: near byte %d: %w", name, dec.InputOffset(), err)
		}
		if err := put(texts, key, text); err != nil {
			faults = append(faults, fmt.Errorf("%s: %q: %w", name, key, err))
		}
	}
	if _, err := dec.Token(); err != nil {
		return fmt.Errorf("%s: does not end: %w", name, err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return fmt.Errorf("%s: text after the end", name)
	}
	return errors.Join(faults...)
}

// entry reads one key and its text, token by token: twelve hundred thousand
// bytes are read at every start. A text that is none comes as nil.
func entry(dec *json.Decoder) (key string, text Text, err error) {
	token, err := dec.Token()
	if err != nil {
		return "", nil, err
	}
	key, _ = token.(string)
	if token, err = dec.Token(); err != nil {
		return "", nil, err
	}
	switch value := token.(type) {
	case string:
		return key, Text{other: value}, nil
	case json.Delim:
		if value != '{' {
			return "", nil, fmt.Errorf("%q: %w", key, errNoText)
		}
		text, err = pluralForms(dec)
		return key, text, err
	default:
		return key, nil, nil
	}
}

// pluralForms reads plural forms up to the end of their object; too few come as nil.
func pluralForms(dec *json.Decoder) (Text, error) {
	text := Text{}
	for dec.More() {
		var form string
		name, err := dec.Token()
		if err != nil {
			return nil, err
		}
		if err := dec.Decode(&form); err != nil {
			return nil, fmt.Errorf("plural form %v: %w", name, errNoText)
		}
		text[name.(string)] = form
	}
	if _, err := dec.Token(); err != nil {
		return nil, err
	}
	if len(text) < 2 || text[other] == "" {
		return nil, nil
	}
	return text, nil
}

func put(texts map[string]Text, key string, text Text) error {
	if !wellNamed(key) {
		return errors.New("a key is lower case words with dots, such as invite.page.title")
	}
	if _, twice := texts[key]; twice {
		return errors.New("given twice for this language")
	}
	if text == nil {
		return errNoText
	}
	texts[key] = text
	return checked(text)
}

func checked(t Text) error {
	for form, text := range t {
		if !slices.Contains([]string{"zero", "one", "two", "few", "many", other}, form) {
			return fmt.Errorf("%q is no plural form", form)
		}
		if _, whole := placeholders(text); !whole {
			return errors.New("a placeholder is {{.Name}} and nothing else")
		}
	}
	return nil
}
