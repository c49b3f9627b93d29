//go:build ignore

// Command gen writes data/common.txt.gz from the unpacked npm packages named in
// data/README.md: go run gen.go PASSWORDS_JSON FREQUENCY_LISTS_JS
package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"log"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
)

const englishWords = 4000 // the most frequent of at least 8 letters

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: go run gen.go PASSWORDS_JSON FREQUENCY_LISTS_JS")
	}
	all := map[string]bool{}
	for _, w := range append(passwords(read(os.Args[1])), english(string(read(os.Args[2])))...) {
		all[strings.ToLower(w)] = true
	}
	kept := maps.Clone(all)
	maps.DeleteFunc(kept, func(w string, _ bool) bool { return redundant(w, all) })
	write(slices.Sorted(maps.Keys(kept)))
}

func read(name string) []byte {
	b, err := os.ReadFile(name)
	if err != nil {
		log.Fatal(err)
	}
	return b
}

func passwords(file []byte) []string {
	var list []string
	if err := json.Unmarshal(file, &list); err != nil {
		log.Fatal(err)
	}
	return list
}

// english takes the long words of the list that is ordered by frequency.
func english(file string) []string {
	m := regexp.MustCompile(`english_wikipedia: "([^"]*)"`).FindStringSubmatch(file)
	if m == nil {
		log.Fatal("no english_wikipedia in the file")
	}
	long := slices.DeleteFunc(strings.Split(m[1], ","), func(w string) bool { return len(w) < 8 || len(w) > 20 })
	return long[:englishWords]
}

// redundant leaves out what the check refuses anyway: a listed word of at least
// four characters followed by filling.
func redundant(w string, all map[string]bool) bool {
	stem := strings.TrimRightFunc(w, func(r rune) bool { return r < 'a' || r > 'z' })
	return stem != w && len(stem) >= 4 && len(w)-len(stem) <= max(6, len(stem)) && all[stem]
}

func write(words []string) {
	var b bytes.Buffer
	zw, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		log.Fatal(err)
	}
	if _, err := zw.Write([]byte(strings.Join(words, "\n") + "\n")); err != nil {
		log.Fatal(err)
	}
	if err := zw.Close(); err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile("data/common.txt.gz", b.Bytes(), 0o644); err != nil {
		log.Fatal(err)
	}
	log.Printf("%d words, %d bytes", len(words), b.Len())
}
