// Command addstring adds one text to every language's catalogue:
//
//	TEXT_KEY=invite.title TEXT_EN="Welcome" TEXT_DA="Velkommen" addstring templates/i18n
//
// Each file <lang>.json in the folder takes TEXT_<LANG>. A text may be a JSON
// object of plural forms, such as {"one":"{{.Count}} day","other":"{{.Count}} days"}.
// Nothing is written unless every language has its text and none the key.
package main

import (
	"errors"
	"fmt"
	"os"
)

func main() {
	if len(os.Args) != 2 {
		_, _ = fmt.Fprintln(os.Stderr, "usage: TEXT_KEY=key TEXT_EN=text TEXT_DA=text addstring FOLDER")
		os.Exit(2)
	}
	if err := add(os.Args[1], os.Getenv("TEXT_KEY"), os.Getenv); err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "add-string:", err)
		os.Exit(1)
	}
}

// add prepares all files before it writes the first.
func add(folder, key string, text func(variable string) string) error {
	if key == "" {
		return errors.New("KEY is empty")
	}
	catalogues, err := open(folder)
	if err != nil {
		return err
	}
	for _, c := range catalogues {
		if err := c.put(key, text(c.variable())); err != nil {
			return err
		}
	}
	for _, c := range catalogues {
		if err := c.write(); err != nil {
			return err
		}
	}
	return nil
}
