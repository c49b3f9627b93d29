package sheet

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

func manyRows(n int) string {
	var b strings.Builder
	b.WriteString(strings.Split(story, "\n")[0] + "\n")
	for i := range n {
		fmt.Fprintf(&b, "%d;Anna;Holm;anna.holm%d@havn.example;anna%d@privat.example;20 12 %02d 56;da;Butiksassistent;Butik Odense;;1001;01-03-2020;;070761-4285;Employee;42\n",
			10_000+i, i, i, i%100)
	}
	return b.String()
}

func BenchmarkNext(b *testing.B) {
	file := manyRows(20_000)
	b.SetBytes(int64(len(file)))
	b.ReportAllocs()
	rows := 0
	for b.Loop() {
		rd, err := Open(strings.NewReader(file), options())
		for ; err == nil; rows++ {
			_, err = rd.Next()
		}
		if !errors.Is(err, io.EOF) {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
}

func BenchmarkBlank(b *testing.B) {
	file := manyRows(20_000)
	b.SetBytes(int64(len(file)))
	for b.Loop() {
		if err := Blank(strings.NewReader(file), io.Discard, options()); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(20_000*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
