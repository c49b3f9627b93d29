package workbook

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
)

// columnWidth is how wide a column is shown, in characters.
const columnWidth = 22

// fixed are the parts that are the same in every workbook that Write makes.
var fixed = [...]struct{ name, body string }{
	{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`},
	{"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
	{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>`},
	{"xl/styles.xml", `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf/><xf numFmtId="49" applyNumberFormat="1"/></cellXfs></styleSheet>`},
}

// Write makes a workbook of one sheet. Its cells and whole columns are of the
// format Text, so that what is typed later keeps its leading zeros. Nothing is
// a formula, whatever it begins with.
func Write(w io.Writer, sheet string, rows [][]string) error {
	z := zip.NewWriter(w)
	for _, p := range fixed {
		if err := part(z, p.name, p.body); err != nil {
			return err
		}
	}
	book := `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="` + escape(sheet) + `" sheetId="1" r:id="rId1"/></sheets></workbook>`
	if err := part(z, "xl/workbook.xml", book); err != nil {
		return err
	}
	if err := part(z, "xl/worksheets/sheet1.xml", table(rows)); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	return nil
}

func part(z *zip.Writer, name, body string) error {
	w, err := z.Create(name)
	if err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	if _, err := io.WriteString(w, xml.Header+body); err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	return nil
}

func table(rows [][]string) string {
	var b bytes.Buffer
	b.WriteString(`<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cols><col min="1" max="` +
		strconv.Itoa(MaxColumns) + `" width="` + strconv.Itoa(columnWidth) + `" style="1" customWidth="1"/></cols><sheetData>`)
	for n, row := range rows {
		fmt.Fprintf(&b, `<row r="%d">`, n+1)
		for i, cell := range row {
			if cell != "" {
				fmt.Fprintf(&b, `<c r="%s%d" s="1" t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>`, columnName(i), n+1, escape(cell))
			}
		}
		b.WriteString("</row>")
	}
	b.WriteString("</sheetData></worksheet>")
	return b.String()
}

// columnName is A for 0, Z for 25, AA for 26.
func columnName(i int) string {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	if i < len(letters) {
		return letters[i : i+1]
	}
	return columnName(i/len(letters)-1) + letters[i%len(letters):i%len(letters)+1]
}

func escape(s string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(s)) // a buffer takes everything
	return b.String()
}
