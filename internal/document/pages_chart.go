package document

import (
	"strconv"
	"strings"

	"tilgang/internal/httpkit"
)

// Chart is a drawing of a year's payslips, a line each: what was paid out, and
// to its right what was kept back. The table beside it says the same in numbers.
type Chart struct {
	Box    string // the drawing's size, as viewBox
	Title  string
	Legend []string
	Bars   []Bar
}

// Bar is one payslip, in units of the drawing.
type Bar struct {
	Label         string
	TextY, Y      int
	Net, Rest     int // widths
	RestX, Height int
}

// The drawing's measures, in its own units: about pixels on a phone.
const (
	chartWidth = 320
	chartLeft  = 58 // labels
	barHeight  = 14
	barStep    = 24
)

func chart(c *httpkit.Ctx, b *httpkit.Base, list []Held) *Chart {
	v := &Chart{
		Title:  b.T("document.pay.caption"),
		Legend: []string{b.T("document.pay.legend_net"), b.T("document.pay.legend_rest")},
		Box:    "0 0 " + strconv.Itoa(chartWidth) + " " + strconv.Itoa(len(list)*barStep),
	}
	var widest int64 = 1
	for _, h := range list {
		widest = max(widest, h.Pay.Gross, h.Pay.Net)
	}
	for i, h := range list {
		net, gross := max(0, h.Pay.Net), max(0, h.Pay.Gross, h.Pay.Net)
		width := func(n int64) int { return int(n * (chartWidth - chartLeft) / widest) }
		v.Bars = append(v.Bars, Bar{
			Label: shortDay(day(c, h.Document)), TextY: i*barStep + barHeight, Y: i*barStep + 3,
			Net: width(net), RestX: chartLeft + width(net), Rest: width(gross) - width(net), Height: barHeight,
		})
	}
	return v
}

// shortDay is a day as it fits beside a bar: its number and the month's first three
// letters, such as "25 Oct".
func shortDay(date string) string {
	words := strings.Fields(date)
	if len(words) < 2 {
		return date
	}
	month := []rune(words[1])
	return words[0] + " " + string(month[:min(3, len(month))])
}
