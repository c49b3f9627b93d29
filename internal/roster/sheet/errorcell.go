package sheet

import "bytes"

// isSpreadsheetError recognises what a spreadsheet shows in place of a value it
// could not compute: "#REF!", "#NAVN?", "#N/A", also when it was saved as text.
func isSpreadsheetError(cell []byte) bool {
	if len(cell) < 3 || len(cell) > 20 || cell[0] != '#' {
		return false
	}
	switch string(cell) {
	case "#N/A", "#I/T", "#N/V", "#NV", "#N/D", "#N/B":
		return true
	}
	last := cell[len(cell)-1]
	return (last == '!' || last == '?') && bytes.Equal(cell, bytes.ToUpper(cell)) && bytes.IndexByte(cell, ' ') < 0
}
