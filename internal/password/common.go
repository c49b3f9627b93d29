package password

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"fmt"
	"io"
	"slices"
	"sort"
	"strings"
	"sync"
)

//go:embed data/common.txt.gz
var commonFile []byte

//go:embed data/nordic.txt
var nordicFile string

// common gives the list, read at the first use: a process that never sees a
// new password does not pay for it.
var common = sync.OnceValue(func() commonList { return readCommon(commonFile, nordicFile) })

// commonList is a sorted list of folded words in one text, as small as the text
// itself and the place of each line.
type commonList struct {
	text   string
	starts []uint32
	nordic []string
}

// readCommon panics on a broken file: it is part of the program, and a list
// that is silently empty would let everything through.
func readCommon(file []byte, nordic string) commonList {
	zr, err := gzip.NewReader(bytes.NewReader(file))
	if err != nil {
		panic(fmt.Sprintf("embedded list of common passwords: %v", err))
	}
	text, err := io.ReadAll(zr)
	if err != nil {
		panic(fmt.Sprintf("embedded list of common passwords: %v", err))
	}
	l := commonList{text: string(text)}
	for at := 0; at < len(l.text); at += strings.IndexByte(l.text[at:], '\n') + 1 {
		l.starts = append(l.starts, uint32(at))
	}
	for _, w := range strings.Fields(nordic) {
		l.nordic = append(l.nordic, spellings(w)...)
	}
	slices.Sort(l.nordic)
	return l
}

// has tells whether a folded word is listed.
func (l commonList) has(word string) bool {
	_, found := sort.Find(len(l.starts), func(i int) int { return strings.Compare(word, l.line(i)) })
	if !found {
		_, found = slices.BinarySearch(l.nordic, word)
	}
	return found
}

func (l commonList) line(i int) string {
	rest := l.text[l.starts[i]:]
	return rest[:strings.IndexByte(rest, '\n')]
}
