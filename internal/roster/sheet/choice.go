package sheet

import (
	"slices"
	"strings"
)

// languageNames are the eight languages by code and by their names in each
// other, folded.
var languageNames = [...]struct{ code, names string }{
	{"nb", "nb no nob nbno nor norsk bokmal norskbokmal norwegian norwegianbokmal norska norja norwegisch norweski bokmaal"},
	{"nn", "nn nno nnno nynorsk norsknynorsk norwegiannynorsk nynorska"},
	{"da", "da dk dan dadk dansk danish danska tanska danisch daenisch dunski"},
	{"sv", "sv se swe svse svensk svenska swedish ruotsi schwedisch szwedzki"},
	{"fi", "fi fin fifi finsk finska finnish suomi finnisch finski"},
	{"en", "en eng engb enus gb uk engelsk english engelska englanti englisch angielski"},
	{"de", "de deu ger dede tysk tyska german saksa deutsch niemiecki"},
	{"pl", "pl pol plpl polsk polska polish puola polnisch polski"},
}

func languageWords() map[string]string {
	words := map[string]string{}
	for _, l := range languageNames {
		for _, w := range strings.Fields(l.names) {
			words[w] = l.code
		}
	}
	return words
}

// language gives one of the eight codes; what we or the tenant do not offer
// becomes the default with a warning.
func (b *builder) language() string {
	v, opt := b.value[colLanguage], &b.rd.opt
	if v == "" {
		return opt.Language
	}
	code, ok := b.rd.lists.languages[fold(v)]
	switch {
	case !ok:
		b.drop(colLanguage, "sheet.language.unknown", "Value", quote(v))
	case len(opt.Languages) > 0 && !slices.Contains(opt.Languages, code):
		b.drop(colLanguage, "sheet.language.off", "Value", quote(v))
	default:
		return code
	}
	return opt.Language
}

// employer gives the legal employer as the tenant spells it.
func (b *builder) employer() string {
	v, opt := b.value[colEmployer], &b.rd.opt
	switch {
	case v == "" && opt.LegalEmployer != "":
		return opt.LegalEmployer
	case v == "" && len(opt.LegalEmployers) == 1:
		return opt.LegalEmployers[0]
	case len(opt.LegalEmployers) == 0:
		return v
	case v == "":
		if !b.sick[colEmployer] {
			b.fail(colEmployer, "sheet.legal_employer.missing", "Known", strings.Join(opt.LegalEmployers, ", "))
		}
		return ""
	}
	name, ok := b.rd.lists.employers.find(v)
	if !ok {
		b.fail(colEmployer, "sheet.legal_employer.unknown", "Value", quote(v), "Known", strings.Join(opt.LegalEmployers, ", "))
	}
	return name
}

// roles splits a cell into known roles; an unknown one keeps the row out, for
// a right that was asked for must not vanish in silence.
func (b *builder) roles() []string {
	v := b.value[colRoles]
	if v == "" {
		return nil
	}
	if len(b.rd.opt.KnownRoles) == 0 {
		b.fail(colRoles, "sheet.role.none")
		return nil
	}
	var got []string
	for word := range strings.FieldsFuncSeq(v, func(r rune) bool { return r == ';' || r == '|' || r == ',' }) {
		if word = strings.TrimSpace(word); word == "" {
			continue
		}
		role, ok := b.rd.lists.roles.find(word)
		switch {
		case !ok:
			b.fail(colRoles, "sheet.role.unknown", "Value", quote(word), "Known", strings.Join(b.rd.opt.KnownRoles, ", "))
			return nil
		case !slices.Contains(got, role):
			got = append(got, role)
		}
	}
	return got
}

// national reads the national number; a wrong one is dropped and never quoted.
func (b *builder) national(country string) NationalID {
	i := b.rd.layout.at[colNational]
	if i < 0 {
		return NationalID{}
	}
	v := string(b.add(nil, colNational, b.rd.rec.cells[i]))
	if v == "" {
		return NationalID{}
	}
	id, err := ParseNationalID(v, country, b.rd.opt.Today)
	if err != nil {
		b.dropFault(colNational, err)
	}
	return id
}
