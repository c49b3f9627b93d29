package papertest

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"strings"
	"testing"
)

// About one letter in 256 is packed to something that ends with a carriage return.
func TestALetterIsReadWhateverItIsPackedTo(t *testing.T) {
	returns := 0
	for n := range 2000 {
		said := fmt.Sprintf("%s%d", strings.Repeat("z", n%10), n)
		packed := pack(t, "BT 1 2 Td (\x00"+strings.Join(strings.Split(said, ""), "\x00")+") Tj ET")
		if bytes.HasSuffix(packed, []byte("\r")) {
			returns++
		}
		pdf := append([]byte("<< >>\nstream\n"), packed...)
		if got := Text(t, append(pdf, "\nendstream\n"...)); got != said+"\n" {
			t.Fatalf("%q was read as %q", said, got)
		}
	}
	if returns == 0 {
		t.Error("none ended with a carriage return: nothing was tried")
	}
}

func pack(t *testing.T, text string) []byte {
	t.Helper()
	var packed bytes.Buffer
	w := zlib.NewWriter(&packed)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return packed.Bytes()
}
