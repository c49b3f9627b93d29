package sheet

import (
	"errors"
	"io"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
)

// endless repeats its text for n bytes.
type endless struct {
	text string
	left int64
	at   int
}

func (e *endless) Read(p []byte) (int, error) {
	if e.left <= 0 {
		return 0, io.EOF
	}
	n := 0
	for n < len(p) && e.left > 0 {
		c := copy(p[n:min(len(p), n+int(e.left))], e.text[e.at:])
		n, e.at, e.left = n+c, (e.at+c)%len(e.text), e.left-int64(c)
	}
	return n, nil
}

const size = 200 << 20

func hugeFile(text string) io.Reader {
	return io.MultiReader(strings.NewReader("ansattnr;fornavn;etternavn;fnr\n"), &endless{text: text, left: size})
}

func huge() Options {
	opt := options()
	opt.MaxBytes, opt.MaxRows = 2*size, 1<<40
	return opt
}

// heapGrowth runs f, which calls its argument now and then, and gives the most
// the heap grew by meanwhile, cleared up as often as in an installation.
func heapGrowth(f func(look func())) uint64 {
	defer debug.SetGCPercent(debug.SetGCPercent(100))
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	before, most := m.HeapAlloc, uint64(0)
	f(func() {
		if runtime.ReadMemStats(&m); m.HeapAlloc > before {
			most = max(most, m.HeapAlloc-before)
		}
	})
	return most
}

func TestMemoryStaysBoundedWhateverTheFileIs(t *testing.T) {
	for name, text := range map[string]string{
		"one line of 200 MB":                 strings.Repeat("x", 1<<16),
		"one quoted cell of 200 MB":          "x" + strings.Repeat("y", 1<<16),
		"200 MB of separators":               strings.Repeat(";", 1<<16),
		"200 MB of doubled quotation marks":  strings.Repeat(`"`, 1<<16),
		"rows of 100 kB":                     "1;" + strings.Repeat("x", 100<<10) + ";;\n",
		"rows of 1 kB":                       "1;" + strings.Repeat("x", 1<<10) + ";Dahl;\n",
		"open quotation marks and long rows": "1;\"Ole;" + strings.Repeat("x", 3<<10) + ";\n",
	} {
		t.Run(name, func(t *testing.T) {
			if strings.Contains(name, "quoted cell") {
				text = `1;"` + text
			}
			grown := heapGrowth(func(look func()) {
				rd, err := Open(hugeFile(text), huge())
				for n := 0; err == nil; n++ {
					if _, err = rd.Next(); n%20_000 == 0 {
						look()
					}
				}
				if look(); !errors.Is(err, io.EOF) && !strings.Contains(err.Error(), "header_only") {
					t.Error(err)
				}
			})
			if grown > 20<<20 {
				t.Errorf("grew by %d MB", grown>>20)
			}
		})
	}
}

func TestBlankKeepsItsMemoryToo(t *testing.T) {
	text := "1;" + strings.Repeat("x", 30<<10) + ";Dahl;13116900216\n1;Ole;Dahl;13116900216\n"
	grown := heapGrowth(func(look func()) {
		if err := Blank(hugeFile(text), io.Discard, huge()); err != nil {
			t.Error(err)
		}
		look()
	})
	if grown > 20<<20 {
		t.Errorf("grew by %d MB", grown>>20)
	}
}
