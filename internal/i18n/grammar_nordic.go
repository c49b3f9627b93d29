package i18n

import "golang.org/x/text/language"

// These tables are never written to.
var (
	bokmal = grammar{
		tag:  language.MustParse("nb"),
		name: "Norsk bokmål",
		months: [12]string{
			"januar", "februar", "mars", "april", "mai", "juni",
			"juli", "august", "september", "oktober", "november", "desember",
		},
		weekdays: [7]string{"søndag", "mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag"},
		dayDot:   ".", clock: ".", at: " kl. ", and: "og", thousands: "\u00a0", groupFrom: 1000,
		today: "i dag", tomorrow: "i morgen", yesterday: "i går", soon: "om under ett minutt",
		inMinutes: forms{one: "om {n} minutt", other: "om {n} minutter"},
		inHours:   forms{one: "om {n} time", other: "om {n} timer"},
		seconds:   forms{one: "{n} sekund", other: "{n} sekunder"},
		minutes:   forms{one: "{n} minutt", other: "{n} minutter"},
		hours:     forms{one: "{n} time", other: "{n} timer"},
		days:      forms{one: "{n} dag", other: "{n} dager"},
	}

	nynorsk = grammar{
		tag:  language.MustParse("nn"),
		name: "Norsk nynorsk",
		months: [12]string{
			"januar", "februar", "mars", "april", "mai", "juni",
			"juli", "august", "september", "oktober", "november", "desember",
		},
		weekdays: [7]string{"søndag", "måndag", "tysdag", "onsdag", "torsdag", "fredag", "laurdag"},
		dayDot:   ".", clock: ".", at: " kl. ", and: "og", thousands: "\u00a0", groupFrom: 1000,
		today: "i dag", tomorrow: "i morgon", yesterday: "i går", soon: "om under eitt minutt",
		inMinutes: forms{one: "om {n} minutt", other: "om {n} minutt"},
		inHours:   forms{one: "om {n} time", other: "om {n} timar"},
		seconds:   forms{one: "{n} sekund", other: "{n} sekund"},
		minutes:   forms{one: "{n} minutt", other: "{n} minutt"},
		hours:     forms{one: "{n} time", other: "{n} timar"},
		days:      forms{one: "{n} dag", other: "{n} dagar"},
	}

	danish = grammar{
		tag:  language.MustParse("da"),
		name: "Dansk",
		months: [12]string{
			"januar", "februar", "marts", "april", "maj", "juni",
			"juli", "august", "september", "oktober", "november", "december",
		},
		weekdays: [7]string{"søndag", "mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag"},
		dayDot:   ".", clock: ".", at: " kl. ", and: "og", thousands: ".", groupFrom: 1000,
		today: "i dag", tomorrow: "i morgen", yesterday: "i går", soon: "om under et minut",
		inMinutes: forms{one: "om {n} minut", other: "om {n} minutter"},
		inHours:   forms{one: "om {n} time", other: "om {n} timer"},
		seconds:   forms{one: "{n} sekund", other: "{n} sekunder"},
		minutes:   forms{one: "{n} minut", other: "{n} minutter"},
		hours:     forms{one: "{n} time", other: "{n} timer"},
		days:      forms{one: "{n} dag", other: "{n} dage"},
	}

	swedish = grammar{
		tag:  language.MustParse("sv"),
		name: "Svenska",
		months: [12]string{
			"januari", "februari", "mars", "april", "maj", "juni",
			"juli", "augusti", "september", "oktober", "november", "december",
		},
		weekdays: [7]string{"söndag", "måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag"},
		clock:    ":", at: " kl. ", and: "och", thousands: "\u00a0", groupFrom: 1000,
		today: "i dag", tomorrow: "i morgon", yesterday: "i går", soon: "om mindre än en minut",
		inMinutes: forms{one: "om {n} minut", other: "om {n} minuter"},
		inHours:   forms{one: "om {n} timme", other: "om {n} timmar"},
		seconds:   forms{one: "{n} sekund", other: "{n} sekunder"},
		minutes:   forms{one: "{n} minut", other: "{n} minuter"},
		hours:     forms{one: "{n} timme", other: "{n} timmar"},
		days:      forms{one: "{n} dag", other: "{n} dagar"},
	}

	finnish = grammar{
		tag:  language.MustParse("fi"),
		name: "Suomi",
		months: [12]string{
			"tammikuuta", "helmikuuta", "maaliskuuta", "huhtikuuta", "toukokuuta", "kesäkuuta",
			"heinäkuuta", "elokuuta", "syyskuuta", "lokakuuta", "marraskuuta", "joulukuuta",
		},
		alone: [12]string{
			"tammikuu", "helmikuu", "maaliskuu", "huhtikuu", "toukokuu", "kesäkuu",
			"heinäkuu", "elokuu", "syyskuu", "lokakuu", "marraskuu", "joulukuu",
		},
		weekdays: [7]string{
			"sunnuntai", "maanantai", "tiistai", "keskiviikko", "torstai", "perjantai", "lauantai",
		},
		dayDot: ".", clock: ".", at: " klo ", and: "ja", thousands: "\u00a0", groupFrom: 1000,
		today: "tänään", tomorrow: "huomenna", yesterday: "eilen", soon: "alle minuutin kuluttua",
		inMinutes: forms{other: "{n} minuutin kuluttua"},
		inHours:   forms{other: "{n} tunnin kuluttua"},
		seconds:   forms{one: "{n} sekunti", other: "{n} sekuntia"},
		minutes:   forms{one: "{n} minuutti", other: "{n} minuuttia"},
		hours:     forms{one: "{n} tunti", other: "{n} tuntia"},
		days:      forms{one: "{n} päivä", other: "{n} päivää"},
	}
)
