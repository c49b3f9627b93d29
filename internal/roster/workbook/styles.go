package workbook

import (
	"fmt"
	"strconv"
)

// Excel has at most 65,490 combinations of formats in a book.
const maxFormats = 1 << 16

// format is what a cell's style says about numbers.
type format struct {
	day  bool    // it is a day since the book's beginning of time
	mask []piece // digits with leading zeros or marks between them; nil for any other
}

// styles reads the formats by the number that cells name. A book without the
// part has none.
func (a *archive) styles(part string) ([]format, error) {
	if part == "" || !a.has(part) {
		return nil, nil
	}
	t, err := a.tokens(part, styleBytes)
	if err != nil {
		return nil, err
	}
	own, known, list, used := map[string]string{}, map[string]format{}, []format(nil), false
	err = t.elements(func(e element) error {
		switch e.name {
		case "numFmt":
			if len(own) < maxFormats {
				own[e.attr("numFmtId")] = e.attr("formatCode")
			}
		case "cellXfs":
			used = true
		case "cellStyles", "dxfs":
			used = false
		case "xf":
			if !used {
				return nil
			}
			if len(list) == maxFormats {
				return ErrTooLarge
			}
			list = append(list, formatOf(e.attr("numFmtId"), own, known))
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read styles: %w", err)
	}
	return list, nil
}

// formatOf finds the format of an id, and remembers it.
func formatOf(id string, own map[string]string, known map[string]format) format {
	f, seen := known[id]
	if seen {
		return f
	}
	if code, ok := own[id]; ok {
		f = parseFormat(code)
	} else if n, err := strconv.Atoi(id); err == nil {
		f.day = builtInDay(n)
	}
	known[id] = f
	return f
}

// builtInDay tells of the formats that books do not spell out (ECMA-376 part 1,
// 18.8.30): 14 to 17 and 22 everywhere, the others in East Asia.
func builtInDay(id int) bool {
	return id >= 14 && id <= 17 || id == 22 || id >= 27 && id <= 31 || id == 36 || id >= 50 && id <= 54 || id == 57 || id == 58
}
