package sheet

import (
	"bytes"
	"strings"

	"tilgang/internal/roster/workbook"
)

// templateRows are header and example per language, in the order of Columns.
// The example has no national number and no roles, on purpose.
var templateRows = [...]struct{ lang, head, row string }{
	{
		"nb", "Ansattnummer|Fornavn|Etternavn|E-post (jobb)|Privat e-post|Mobil|Språk|Stilling|Avdeling|Arbeidsgiver|Leders ansattnummer|Startdato|Sluttdato|Fødselsnummer|Roller",
		"1001|Kari|Nordmann|kari.nordmann@example.com|kari@example.org|+47 912 34 567|nb|Butikkmedarbeider|Butikk Bergen|||01.03.2026|||",
	},
	{
		"nn", "Tilsettnummer|Førenamn|Etternamn|E-post (jobb)|Privat e-post|Mobil|Språk|Stilling|Avdeling|Arbeidsgivar|Leiar tilsettnummer|Startdato|Sluttdato|Fødselsnummer|Roller",
		"1001|Kari|Nordmann|kari.nordmann@example.com|kari@example.org|+47 912 34 567|nn|Butikkmedarbeidar|Butikk Bergen|||01.03.2026|||",
	},
	{
		"da", "Medarbejdernummer|Fornavn|Efternavn|Arbejdsmail|Privat e-mail|Mobil|Sprog|Stilling|Afdeling|Arbejdsgiver|Leders medarbejdernummer|Startdato|Slutdato|CPR-nummer|Roller",
		"1001|Anna|Holm|anna.holm@example.com|anna@example.org|+45 20 12 34 56|da|Butiksassistent|Butik Odense|||01-03-2026|||",
	},
	{
		"sv", "Anställningsnummer|Förnamn|Efternamn|E-post (arbete)|Privat e-post|Mobil|Språk|Befattning|Avdelning|Arbetsgivare|Chefens anställningsnummer|Startdatum|Slutdatum|Personnummer|Roller",
		"1001|Anna|Lind|anna.lind@example.com|anna@example.org|+46 70 123 45 67|sv|Butikssäljare|Butik Malmö|||2026-03-01|||",
	},
	{
		"fi", "Henkilöstönumero|Etunimi|Sukunimi|Työsähköposti|Yksityinen sähköposti|Matkapuhelin|Kieli|Tehtävänimike|Osasto|Työnantaja|Esihenkilön henkilöstönumero|Alkamispäivä|Päättymispäivä|Henkilötunnus|Roolit",
		"1001|Aino|Mäki|aino.maki@example.com|aino@example.org|+358 40 1234567|fi|Myyjä|Myymälä Turku|||1.3.2026|||",
	},
	{
		"en", "Employee number|Given name|Family name|Work e-mail|Private e-mail|Phone|Language|Job title|Department|Legal employer|Manager employee number|Start date|End date|National ID|Roles",
		"1001|Alex|Morgan|alex.morgan@example.com|alex@example.org|+47 912 34 567|en|Shop assistant|Oslo shop|||2026-03-01|||",
	},
	{
		"de", "Personalnummer|Vorname|Nachname|E-Mail (dienstlich)|Private E-Mail|Mobiltelefon|Sprache|Stellenbezeichnung|Abteilung|Arbeitgeber|Personalnummer Vorgesetzter|Eintrittsdatum|Austrittsdatum|Nationale ID|Rollen",
		"1001|Anna|Schäfer|anna.schaefer@example.com|anna@example.org|+49 1512 3456789|de|Verkäuferin|Filiale Kiel|||01.03.2026|||",
	},
	{
		"pl", "Numer pracownika|Imię|Nazwisko|E-mail służbowy|E-mail prywatny|Telefon|Język|Stanowisko|Dział|Pracodawca|Numer pracownika przełożonego|Data rozpoczęcia|Data zakończenia|PESEL|Role",
		"1001|Anna|Wójcik|anna.wojcik@example.com|anna@example.org|+48 512 345 678|pl|Sprzedawczyni|Sklep Gdańsk|||01.03.2026|||",
	},
}

// Template is an empty staff file with a header and one example row in the
// language: UTF-8 with a byte order mark, a semicolon between cells as the
// spreadsheets of that language expect, a comma for English. A language that
// is none of the eight gets the English one.
func Template(lang string) []byte {
	t, sep := templateRows[english], ","
	for _, row := range templateRows {
		if row.lang == lang {
			t = row
		}
	}
	if t.lang != "en" {
		sep = ";"
	}
	lines := t.head + "\r\n" + t.row + "\r\n"
	return append([]byte(bomUTF8), strings.ReplaceAll(lines, "|", sep)...)
}

// english is the template of languages that have none.
const english = 5

// TemplateBook is Template as a workbook whose one sheet has the given name.
func TemplateBook(lang, name string) ([]byte, error) {
	t := templateRows[english]
	for _, row := range templateRows {
		if row.lang == lang {
			t = row
		}
	}
	var b bytes.Buffer
	err := workbook.Write(&b, name, [][]string{strings.Split(t.head, "|"), strings.Split(t.row, "|")})
	return b.Bytes(), err //nolint:wrapcheck // says what it is itself
}
