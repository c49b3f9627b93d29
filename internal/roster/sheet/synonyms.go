package sheet

import "strings"

// synonyms are the header names we know, folded, in nb, nn, da, sv, fi, en, de
// and pl, as payroll systems and people write them. No word stands twice.
var synonyms = [columnCount]string{
	colNumber: `employeenumber employeeno employeenr employeeid employeecode empno empid emplid empnr staffnumber staffno staffid
		personnelnumber personnelno payrollnumber payrollno payrollid workernumber workerid ansattnummer ansattnr ansattno ansattid
		tilsettnummer tilsettnr tilsattnummer tilsattnr arbeidstakernummer arbeidstakernr arbeidstakarnummer lonnsnummer lonnsnr
		lonnummer lonnr lonsnummer ressursnummer ressursnr medarbejdernummer medarbejdernr medarbejderid medarbejderno ansatnummer
		ansatnr ansatid loennummer loennr manummer manr tjenestenummer tjenestenr anstallningsnummer anstallningsnr anstnr anstnummer
		anstalldnummer anstallningsid medarbetarnummer medarbetarnr medarbetarid henkilostonumero henkilostonro henkilonumero
		tyontekijanumero tyontekijannumero tyontekijanro palkansaajanumero personalnummer personalnr mitarbeiternummer mitarbeiternr
		mitarbeiterid persnr numerpracownika nrpracownika numerosobowy nrosobowy idpracownika numerewidencyjny nrewidencyjny`,
	colGiven: `givenname givennames firstname firstnames forename forenames fornavn fornavne fornavnogmellomnavn fornamn forenamn
		tilltalsnamn etunimi etunimet kutsumanimi vorname vornamen rufname imie imiona`,
	colFamily: `familyname familynames lastname lastnames surname surnames etternavn etternamn efternavn efternamn slektsnavn
		slektsnamn slaegtsnavn familienavn sukunimi sukunimet nachname nachnamen familienname zuname nazwisko nazwiska`,
	colWork: `workemail workemailaddress workmail businessemail companyemail corporateemail officeemail email emailaddress emailwork
		mail mailaddress epost epostadresse epostadress epostjobb epostarbeid epostarbeidd jobbepost jobbepostadresse jobbmail
		arbeidsepost arbeidsepostadresse arbeidsmail tjenesteepost arbejdsemail arbejdsmail arbejdsmailadresse emailarbejde mailarbejde
		firmaemail firmamail jobmail jobemail emailjob mailadresse mailadress emailadresse emailadress arbetsepost arbetsmail
		arbetsepostadress epostarbete epostarbetet jobbepostadress sahkoposti sahkopostiosoite tyosahkoposti tyosahkopostiosoite
		dienstlicheemail emaildienstlich geschaftlicheemail geschaeftlicheemail emailgeschaftlich emailgeschaeftlich emailsluzbowy
		sluzbowyemail adresemail adresemailsluzbowy sluzbowyadresemail emailfirmowy firmowyemail`,
	colPrivate: `privateemail privateemailaddress privatemail privatemailadresse privatemailadress personalemail personalemailaddress
		homeemail emailprivate emailpersonal emailhome privatepost privatepostadresse privatepostadress privatepostadr
		privateepost privateepostadresse epostprivat epostprivate epostadresseprivat personligepost personligepostadresse
		privatemailadr emailprivat mailprivat privatmail privatmailadresse privatmailadress privatemailprivat privatepostkonto
		yksityinensahkoposti yksityinensahkopostiosoite henkilokohtainensahkoposti henkilokohtainensahkopostiosoite omasahkoposti
		yksityissahkoposti kotisahkoposti privateemailadresse emailadresseprivat emailprywatny prywatnyemail prywatnyadresemail
		adresemailprywatny`,
	colPhone: `phone phonenumber phoneno telephone telephonenumber tel telnr tlf tlfnr tlfnummer mobile mobilephone mobilephonenumber
		mobilenumber mobileno mobil mobilnr mobilnummer mob mobnr cell cellphone cellphonenumber telefon telefonnr telefonnummer
		mobiltelefon mobiltelefonnummer mobiltelefonnr mobiltlf mobiltlfnr handy handynummer handynr msisdn gsm puhelin puhelinnumero
		puhelinnro puh matkapuhelin matkapuhelinnumero kannykka kannykkanumero rufnummer mobilfunknummer komorka numertelefonu
		nrtelefonu telefonkomorkowy numerkomorkowy telefonmobil`,
	colLanguage: `language languagecode preferredlanguage locale lang sprak sprakkode sprakkod malform foretrukketsprak foretrukketsprog
		sprog sprogkode kontaktsprak kontaktsprog onsketsprak kieli kielikoodi asiointikieli sprache sprachcode sprachkurzel
		bevorzugtesprache jezyk kodjezyka preferowanyjezyk`,
	colTitle: `jobtitle title position positiontitle positionname job jobname stilling stillingstittel stillingstitel stillingsnavn
		stillingsnamn stillingsbetegnelse stillingsnemning stillingsbenevnelse stillingstype tittel titel yrke yrkestittel yrkestitel
		arbeidstittel arbeidstitel befattning befattningsbenamning befattningsnamn tjanst tjanstetitel tjanstebenamning yrkesbenamning
		nimike tehtavanimike ammattinimike tyonimike tehtava toimi toiminimike stelle stellenbezeichnung berufsbezeichnung
		positionsbezeichnung jobtitel funktion tatigkeit stanowisko stanowiskopracy nazwastanowiska`,
	colUnit: `orgunit orgunitname organizationunit organisationunit organizationalunit organisationalunit unit unitname department dept
		departmentname division team avdeling avdelingsnavn avdelingnavn avdelingsnamn avd enhet enhetsnavn enhetsnamn orgenhet
		organisasjonsenhet organisasjonseining orgeining eining einingsnamn afdeling afdelingsnavn afd enhed enhedsnavn orgenhed
		organisationsenhed butik butikk butikknavn avdelning avdelningsnamn organisationsenhet osasto osastonnimi yksikko
		yksikonnimi organisaatioyksikko toimipaikka abteilung abteilungsname organisationseinheit orgeinheit bereich dzial nazwadzialu
		jednostka jednostkaorganizacyjna komorkaorganizacyjna wydzial`,
	colEmployer: `legalemployer legalemployername employer employername legalentity legalentityname legalunit company companyname
		arbeidsgiver arbeidsgivernavn arbeidsgivar arbeidsgjevar arbeidsgjevarnamn juridiskenhet juridiskarbeidsgiver juridiskeining
		juridiskarbeidsgivar juridiskarbeidsgjevar selskap selskapsnavn selskapsnamn firma firmanavn firmanamn bedrift arbejdsgiver arbejdsgivernavn
		juridiskenhed juridiskarbejdsgiver selskab selskabsnavn virksomhed virksomhedsnavn arbetsgivare arbetsgivarnamn
		juridiskarbetsgivare bolag bolagsnamn foretag foretagsnamn tyonantaja tyonantajannimi juridinentyonantaja yritys yhtio
		juridinenyksikko arbeitgeber rechtlicherarbeitgeber unternehmen gesellschaft firmenname pracodawca firmapracodawca spolka
		podmiotprawny nazwapracodawcy`,
	colManager: `manageremployeenumber manageremployeeno manageremployeenr manageremployeeid managernumber managerno managernr managerid
		manager linemanager linemanagernumber linemanageremployeenumber linemanagerid supervisor supervisorid supervisornumber reportsto
		lederansattnummer lederansattnr lederensansattnummer ledersansattnummer ledersansattnr ledernummer ledernr lederid leder
		nermesteleder naermesteleder naermestelederansattnummer naermestelederansattnr naermestelederid leiar leiarnummer leiarnr
		leiaransattnummer leiarenstilsettnummer leiartilsettnummer naermasteleiar naermasteleiartilsettnummer
		ledermedarbejdernummer ledermedarbejdernr lederensmedarbejdernummer ledersmedarbejdernummer naermestelederid
		naermestelederesmedarbejdernummer naermestelederesansattnummer naermesteledermedarbejdernummer naermestelederesnummer
		chefnummer chefnr chefid chef chefsanstallningsnummer chefensanstallningsnummer chefanstallningsnummer chefensanstnr
		narmastechef narmastechefsanstallningsnummer overordnet overordnetnummer overordnad esihenkilo esihenkilonumero
		esihenkilonnumero esihenkilonhenkilostonumero esihenkilontyontekijanumero esimies esimiesnumero esimiehennumero
		esimiehenhenkilostonumero vorgesetzter vorgesetzternummer vorgesetztenpersonalnummer vorgesetztennummer
		vorgesetzterpersonalnummer personalnummervorgesetzter personalnummerdesvorgesetzten fuhrungskraft fuehrungskraft
		fuhrungskraftnummer fuhrungskraftpersonalnummer przelozony numerprzelozonego nrprzelozonego idprzelozonego
		numerpracownikaprzelozonego nrpracownikaprzelozonego kierownik numerkierownika`,
	colStart: `startdate start hiredate hiringdate dateofhire employmentstart employmentstartdate employmentdate firstday joindate
		joiningdate dateofjoining entrydate datestarted startdato ansattdato ansattfra ansattfradato ansettelsesdato ansettelsesstart
		tilsettingsdato tilsettfra tilsettdato tiltredelse tiltredelsesdato fradato begyntdato forstearbeidsdag fyrstearbeidsdag
		startdatum ansaettelsesdato ansaettelsesstart ansatdato ansatfra forstearbejdsdag tiltraedelse tiltraedelsesdato
		anstallningsdatum anstallningsstart anstallningsdag anstallningensstart anstalldfran tilltrade tilltradesdag tilltradesdatum
		borjan forstadag alkupaiva alkamispaiva alkupvm alkamispvm aloituspaiva aloituspvm tyosuhteenalku tyosuhteenalkupaiva
		tyosuhteenalkamispaiva palvelussuhteenalku palvelussuhteenalkupaiva beginn beginndatum eintritt eintrittsdatum eintrittstermin
		vertragsbeginn dataroozpoczecia datarozpoczecia datarozpoczeciapracy datazatrudnienia poczatek zatrudnionyod dataod`,
	colEnd: `enddate end terminationdate employmentend employmentenddate lastday lastworkingday lastdayofwork leavingdate leavedate
		exitdate dateended sluttdato slutt sluttdag ansatttil ansatttildato tildato fratredelse fratredelsesdato sistearbeidsdag
		tilsetttil fratreden slutdato slut slutdag ansattil fratraedelse fratraedelsesdato sidstearbejdsdag opsagtdato slutdatum
		avslutsdatum anstallningensslut anstallningsslut anstalldtill avgangsdatum avgangsdag sistaanstallningsdag sistadag
		sistaarbetsdag paattymispaiva paattymispvm loppupaiva loppupvm tyosuhteenloppu tyosuhteenpaattymispaiva tyosuhteenloppupaiva
		palvelussuhteenloppu ende enddatum austritt austrittsdatum vertragsende datazakonczenia datazakonczeniapracy koniec
		zatrudnionydo datazwolnienia datado`,
	colNational: `nationalid nationalidno nationalidnumber nationalidentifier nationalnumber personalid personalidno idnumber ssn nin pid
		birthnumber fodselsnummer fodselsnr fodselnummer fodselnr foedselsnummer foedselsnr fnr fodselsogpersonnummer dnummer dnr
		personnummer personnr pnr cpr cprnr cprnummer samordningsnummer samordningsnr henkilotunnus hetu sosiaaliturvatunnus sotu
		pesel sozialversicherungsnummer svnr svnummer steuerid steueridentifikationsnummer personenkennziffer nationaleid nationaleidnummer nationaleidentifikationsnummer
		krajowynumeridentyfikacyjny numeridentyfikacyjny`,
	colRoles: `roles role userrole userroles accessrole accessroles rolle roller rollar roll behorighet behorigheter behorighetsroll
		tilgangsrolle tilgangsrolleer adgangsrolle adgangsroller rooli roolit kayttajarooli kayttajaroolit rollen benutzerrolle
		benutzerrollen rola uprawnienia`,
}

// nationalParts betray a column of national numbers whatever stands around
// them; it is better to hide a column too many.
var nationalParts = [...]string{
	"fodselsn", "foedselsn", "cpr", "personnummer", "personnr", "henkilotunnus", "hetu", "pesel",
	"socialsecurity", "nationalid", "personalidentity", "identitynumber", "identitetsnummer", "samordningsn", "sosiaaliturva",
}

// managerParts make an employee number the line manager's: "Leders ansattnr".
var managerParts = [...]string{
	"leder", "leiar", "chef", "manager", "supervisor", "overordn", "esihenkilo", "esimie", "vorgesetzt",
	"fuhrungskraft", "fuehrungskraft", "przelozon", "kierownik",
}

// wholeNames are headers of a column that holds given and family name in one.
var wholeNames = [...]string{
	"name", "fullname", "employeename", "navn", "fulltnavn", "fuldenavn", "fuldtnavn", "namn", "fulltnamn",
	"fullstandigtnamn", "helanamnet", "nimi", "kokonimi", "vollername", "vollstandigername", "mitarbeitername", "imieinazwisko",
	"nazwiskoiimie", "ansattnavn", "medarbejdernavn", "ansatt", "medarbejder",
}

// vocabulary is the folded word to column table, with the canonical names.
func vocabulary() map[string]column {
	words := make(map[string]column, 800)
	for c := range columnCount {
		words[fold(c.String())] = c
		for _, w := range strings.Fields(synonyms[c]) {
			words[w] = c
		}
	}
	return words
}

// columnOf finds the column that a header means, or ignored.
func columnOf(words map[string]column, header string) column {
	w := fold(header)
	if c, ok := words[w]; ok {
		return c
	}
	if holdsAny(w, nationalParts[:]) {
		return colNational
	}
	if holdsAny(w, managerParts[:]) && endsInNumber(words, w) {
		return colManager
	}
	return ignored
}

func holdsAny(w string, parts []string) bool {
	for _, part := range parts {
		if strings.Contains(w, part) {
			return true
		}
	}
	return false
}

// endsInNumber says whether w begins or ends with a word for employee number.
func endsInNumber(words map[string]column, w string) bool {
	for i := 1; i < len(w); i++ {
		for _, part := range [...]string{w[:i], w[i:]} {
			if c, ok := words[part]; ok && c == colNumber {
				return true
			}
		}
	}
	return false
}
