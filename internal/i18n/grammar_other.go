package i18n

import "golang.org/x/text/language"

// These tables are never written to.
var (
	english = grammar{
		tag:  language.MustParse("en"),
		name: "English",
		months: [12]string{
			"January", "February", "March", "April", "May", "June",
			"July", "August", "September", "October", "November", "December",
		},
		weekdays: [7]string{
			"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
		},
		clock: ":", at: " at ", and: "and", thousands: ",", groupFrom: 1000,
		today: "today", tomorrow: "tomorrow", yesterday: "yesterday", soon: "in less than a minute",
		inMinutes: forms{one: "in {n} minute", other: "in {n} minutes"},
		inHours:   forms{one: "in {n} hour", other: "in {n} hours"},
		seconds:   forms{one: "{n} second", other: "{n} seconds"},
		minutes:   forms{one: "{n} minute", other: "{n} minutes"},
		hours:     forms{one: "{n} hour", other: "{n} hours"},
		days:      forms{one: "{n} day", other: "{n} days"},
	}

	german = grammar{
		tag:  language.MustParse("de"),
		name: "Deutsch",
		months: [12]string{
			"Januar", "Februar", "März", "April", "Mai", "Juni",
			"Juli", "August", "September", "Oktober", "November", "Dezember",
		},
		weekdays: [7]string{
			"Sonntag", "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag",
		},
		dayDot: ".", clock: ":", at: " um ", oclock: " Uhr", and: "und", thousands: ".", groupFrom: 1000,
		today: "heute", tomorrow: "morgen", yesterday: "gestern", soon: "in weniger als einer Minute",
		inMinutes: forms{one: "in {n} Minute", other: "in {n} Minuten"},
		inHours:   forms{one: "in {n} Stunde", other: "in {n} Stunden"},
		seconds:   forms{one: "{n} Sekunde", other: "{n} Sekunden"},
		minutes:   forms{one: "{n} Minute", other: "{n} Minuten"},
		hours:     forms{one: "{n} Stunde", other: "{n} Stunden"},
		days:      forms{one: "{n} Tag", other: "{n} Tage"},
	}

	polish = grammar{
		tag:  language.MustParse("pl"),
		name: "Polski",
		months: [12]string{
			"stycznia", "lutego", "marca", "kwietnia", "maja", "czerwca",
			"lipca", "sierpnia", "września", "października", "listopada", "grudnia",
		},
		alone: [12]string{
			"styczeń", "luty", "marzec", "kwiecień", "maj", "czerwiec",
			"lipiec", "sierpień", "wrzesień", "październik", "listopad", "grudzień",
		},
		weekdays: [7]string{
			"niedziela", "poniedziałek", "wtorek", "środa", "czwartek", "piątek", "sobota",
		},
		clock: ":", at: " o ", and: "i", thousands: "\u00a0", groupFrom: 10000,
		today: "dzisiaj", tomorrow: "jutro", yesterday: "wczoraj", soon: "za mniej niż minutę",
		inMinutes: forms{one: "za {n} minutę", few: "za {n} minuty", many: "za {n} minut", other: "za {n} minuty"},
		inHours:   forms{one: "za {n} godzinę", few: "za {n} godziny", many: "za {n} godzin", other: "za {n} godziny"},
		seconds:   forms{one: "{n} sekunda", few: "{n} sekundy", many: "{n} sekund", other: "{n} sekundy"},
		minutes:   forms{one: "{n} minuta", few: "{n} minuty", many: "{n} minut", other: "{n} minuty"},
		hours:     forms{one: "{n} godzina", few: "{n} godziny", many: "{n} godzin", other: "{n} godziny"},
		days:      forms{one: "{n} dzień", few: "{n} dni", many: "{n} dni", other: "{n} dnia"},
	}
)
