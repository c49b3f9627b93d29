package i18n

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
)

var (
	keyShape         = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z0-9_-]+)+$`)
	placeholderShape = regexp.MustCompile(`\{\{\.([A-Z][A-Za-z0-9]*)\}\}`)
)

// Placeholders are the names N of the {{.N}} in a text, sorted, each once.
func (t Text) Placeholders() []string {
	var names []string
	for _, text := range t {
		for _, m := range placeholderShape.FindAllStringSubmatch(text, -1) {
			names = append(names, m[1])
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
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
		key, value, err := entry(dec)
		if err != nil {
			return fmt.Errorf("%s: near byte %d: %w", name, dec.InputOffset(), err)
		}
		if err := put(texts, key, value); err != nil {
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

func entry(dec *json.Decoder) (key string, value json.RawMessage, err error) {
	token, err := dec.Token()
	if err != nil {
		return "", nil, err
	}
	key, _ = token.(string)
	return key, value, dec.Decode(&value)
}

func put(texts map[string]Text, key string, value json.RawMessage) error {
	if !keyShape.MatchString(key) {
		return errors.New("a key is lower case words with dots, such as invite.page.title")
	}
	if _, twice := texts[key]; twice {
		return errors.New("given twice for this language")
	}
	text, err := parseText(value)
	if err != nil {
		return err
	}
	texts[key] = text
	return nil
}

func parseText(value json.RawMessage) (Text, error) {
	// null would pass as an empty string.
	var plain *string
	if json.Unmarshal(value, &plain) == nil && plain != nil {
		return checked(Text{"other": *plain})
	}
	var forms Text
	if json.Unmarshal(value, &forms) != nil {
		return nil, errors.New("a text is a string, or an object of plural forms")
	}
	if len(forms) < 2 || forms["other"] == "" {
		return nil, errors.New("plural forms need at least two, one of them other")
	}
	return checked(forms)
}

func checked(t Text) (Text, error) {
	for form, text := range t {
		if !slices.Contains([]string{"zero", "one", "two", "few", "many", "other"}, form) {
			return nil, fmt.Errorf("%q is no plural form", form)
		}
		rest := placeholderShape.ReplaceAllString(text, "")
		if strings.Contains(rest, "{{") || strings.Contains(rest, "}}") {
			return nil, errors.New("a placeholder is {{.Name}} and nothing else")
		}
	}
	return t, nil
}
