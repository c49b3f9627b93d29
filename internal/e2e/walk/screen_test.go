package walk_test

import (
	"cmp"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"tilgang/internal/e2e/browser"
)

// tallest is how much of a long page a picture keeps, in pixels.
const tallest = 1400

// picture keeps English on a wide and Danish on a narrow screen, small enough
// to live in the repository.
func (w *walker) picture(p page, name []string) {
	w.t.Helper()
	folder := os.Getenv("SCREENS_DIR")
	if len(name) == 0 || folder == "" || (w.lang == "en") != (w.width > 600) {
		return
	}
	window, drawn := p.(*browser.Page)
	if !drawn {
		return
	}
	window.Resize(w.width, height(w.width))
	file := w.lang + "-" + name[0]
	window.Screen(file)
	if err := shrink(filepath.Join(folder, file+"-"+strconv.Itoa(w.width)+".png")); err != nil {
		w.t.Fatal(err)
	}
}

// shrink writes a picture again with the 256 colours that it uses most.
func shrink(path string) error {
	in, err := os.Open(path)
	if err != nil {
		return err
	}
	picture, err := png.Decode(in)
	_ = in.Close()
	if err != nil {
		return err
	}
	out, err := os.Create(path)
	if err != nil {
		return err
	}
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	if err := encoder.Encode(out, paletted(picture)); err != nil {
		return err
	}
	return out.Close()
}

func paletted(from image.Image) *image.Paletted {
	area := from.Bounds()
	area.Max.Y = min(area.Max.Y, area.Min.Y+tallest)
	count := map[color.RGBA]int{}
	at := func(x, y int) color.RGBA { return color.RGBAModel.Convert(from.At(x, y)).(color.RGBA) }
	for y := area.Min.Y; y < area.Max.Y; y++ {
		for x := area.Min.X; x < area.Max.X; x++ {
			count[at(x, y)]++
		}
	}
	colours := make([]color.RGBA, 0, len(count))
	for c := range count {
		colours = append(colours, c)
	}
	slices.SortFunc(colours, func(a, b color.RGBA) int {
		return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a.R, b.R), cmp.Compare(a.G, b.G), cmp.Compare(a.B, b.B))
	})
	var palette color.Palette
	for _, c := range colours[:min(256, len(colours))] {
		palette = append(palette, c)
	}
	index := make(map[color.RGBA]uint8, len(colours))
	for _, c := range colours {
		index[c] = uint8(palette.Index(c)) //nolint:gosec // a palette has 256 colours
	}
	to := image.NewPaletted(area, palette)
	for y := area.Min.Y; y < area.Max.Y; y++ {
		for x := area.Min.X; x < area.Max.X; x++ {
			to.SetColorIndex(x, y, index[at(x, y)])
		}
	}
	return to
}

func TestAPictureShrinksAndStaysAPicture(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.png")
	from := image.NewRGBA(image.Rect(0, 0, 40, tallest+10))
	for i := range from.Pix {
		from.Pix[i] = uint8(i%251) | 1
	}
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(file, from); err != nil {
		t.Fatal(err)
	}
	_ = file.Close()
	if err := shrink(path); err != nil {
		t.Fatal(err)
	}
	file, _ = os.Open(path)
	defer func() { _ = file.Close() }()
	got, err := png.DecodeConfig(file)
	if _, is := got.ColorModel.(color.Palette); err != nil || got.Height != tallest || !is {
		t.Errorf("%v %v", got, err)
	}
}
