package sheet

import "strings"

// Note is something to know about the whole file. Code is a catalogue key.
type Note struct {
	Code string         `json:"code"`
	Args map[string]any `json:"args,omitempty"`
}

// mostIgnored is how many unknown headers a note lists.
const mostIgnored = 8

// Notes says what was read of the file and what was passed over. It is whole
// when Next has given io.EOF.
func (rd *Reader) Notes() (list []Note) {
	if rd.others > 0 {
		list = append(list, Note{"sheet.note.others", pairs([]any{"Sheet", quote(rd.sheet), "Count", rd.others})})
	}
	if g, ok := rd.src.(*grid); ok && g.hidden > 0 {
		list = append(list, Note{"sheet.note.hidden", pairs([]any{"Count", g.hidden})})
	}
	if names := rd.Ignored(); len(names) > 0 {
		if len(names) > mostIgnored {
			names = append(names[:mostIgnored], "…")
		}
		list = append(list, Note{"sheet.note.ignored", pairs([]any{"Names", strings.Join(names, ", ")})})
	}
	return list
}

// Size is about how many rows the file has, 0 when it does not say: for a
// progress bar.
func (rd *Reader) Size() int {
	if g, ok := rd.src.(*grid); ok {
		return max(0, g.rows.Count-1)
	}
	return 0
}
