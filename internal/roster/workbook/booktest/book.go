// Package booktest makes workbooks for tests, part by part, as spreadsheets
// write them and as attackers do.
package booktest

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"
	"testing"
)

// Parts are the parts of a workbook by name; the order does not matter to a
// reader.
type Parts map[string]string

const relation = `<Relationship Id="%s" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s" Target="%s"/>`

// New gives the parts of a workbook whose one sheet has the given XML between
// <sheetData> and its end.
func New(rows string) Parts {
	return Parts{
		"[Content_Types].xml":        `<Types/>`,
		"_rels/.rels":                `<Relationships>` + fmt.Sprintf(relation, "rId1", "officeDocument", "xl/workbook.xml") + `</Relationships>`,
		"xl/workbook.xml":            `<workbook xmlns:r="r"><workbookPr/><sheets><sheet name="Staff" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships>` + fmt.Sprintf(relation, "rId1", "worksheet", "worksheets/sheet1.xml") + fmt.Sprintf(relation, "rId2", "styles", "styles.xml") + fmt.Sprintf(relation, "rId3", "sharedStrings", "sharedStrings.xml") + `</Relationships>`,
		"xl/worksheets/sheet1.xml":   Sheet(rows, ""),
	}
}

// Sheet is a sheet's XML with what follows its rows.
func Sheet(rows, after string) string {
	return xml.Header + `<worksheet><dimension ref="A1"/><sheetData>` + rows + `</sheetData>` + after + `</worksheet>`
}

// AddSheet adds a sheet behind the others; state is empty or "hidden".
func (p Parts) AddSheet(name, state, rows string) {
	n := strings.Count(p["xl/workbook.xml"], "<sheet ") + 1
	id, part := fmt.Sprintf("s%d", n), fmt.Sprintf("worksheets/sheet%d.xml", n)
	p["xl/workbook.xml"] = strings.Replace(p["xl/workbook.xml"], "</sheets>", fmt.Sprintf(`<sheet name="%s" sheetId="%d" state="%s" r:id="%s"/></sheets>`, name, n, state, id), 1)
	p["xl/_rels/workbook.xml.rels"] = strings.Replace(p["xl/_rels/workbook.xml.rels"], "</Relationships>", fmt.Sprintf(relation, id, "worksheet", part)+"</Relationships>", 1)
	p["xl/"+part] = Sheet(rows, "")
}

// Shared sets the shared texts.
func (p Parts) Shared(list ...string) {
	var b strings.Builder
	for _, s := range list {
		b.WriteString("<si><t>" + Escape(s) + "</t></si>")
	}
	p["xl/sharedStrings.xml"] = "<sst>" + b.String() + "</sst>"
}

// Styles sets the formats: cells name them by their place, from 1.
func (p Parts) Styles(codes ...string) {
	var formats, xfs strings.Builder
	for i, code := range codes {
		fmt.Fprintf(&formats, `<numFmt numFmtId="%d" formatCode="%s"/>`, 164+i, Escape(code))
		fmt.Fprintf(&xfs, `<xf numFmtId="%d"/>`, 164+i)
	}
	p["xl/styles.xml"] = `<styleSheet><numFmts>` + formats.String() + `</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/>` + xfs.String() + `</cellXfs></styleSheet>`
}

// Zip packs the parts.
func (p Parts) Zip(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, body := range p {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(body)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Row is a row of texts; its number must grow.
func Row(number int, cells ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<row r="%d">`, number)
	for i, c := range cells {
		if c != "" {
			b.WriteString(Text(i, number, c))
		}
	}
	return b.String() + "</row>"
}

// Text is a cell with its text inside; columns count from 0, up to 25.
func Text(column, row int, text string) string {
	return fmt.Sprintf(`<c r="%c%d" t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>`, 'A'+column, row, Escape(text))
}

// Escape writes a text as XML has it.
func Escape(s string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(s))
	return b.String()
}
