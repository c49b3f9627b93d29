package sheet

import "strings"

// dateParts are the numbers and the month's name of a date, in their order.
type dateParts struct {
	text  [3]string
	num   [3]int
	n     int
	month int // which of them is a name, -1 when none
}

// split cuts s into at most three parts at blanks, dots, hyphens, slashes and
// commas.
func (d *dateParts) split(s string) bool {
	d.month = -1
	for i := 0; i < len(s); {
		if strings.IndexByte(" .-/,", s[i]) >= 0 {
			i++
			continue
		}
		end := i + 1
		for end < len(s) && strings.IndexByte(" .-/,", s[end]) < 0 {
			end++
		}
		if d.n == 3 || !d.part(s[i:end]) {
			return false
		}
		i = end
	}
	return d.n > 0
}

func (d *dateParts) part(s string) bool {
	d.text[d.n] = s
	if digitsOnly(s) && len(s) <= 8 {
		for _, c := range s {
			d.num[d.n] = d.num[d.n]*10 + int(c-'0')
		}
	} else {
		d.num[d.n] = monthOf(s)
		if d.num[d.n] == 0 || d.month >= 0 {
			return false
		}
		d.month = d.n
	}
	d.n++
	return true
}

// withoutTime cuts "T00:00:00Z" or " 00:00" off.
func withoutTime(s string) string {
	colon := strings.IndexByte(s, ':')
	if colon < 0 {
		return s
	}
	if i := strings.LastIndexAny(s[:colon], " T"); i > 0 {
		return s[:i]
	}
	return s
}

// monthNames are the months in our languages, folded, short and long.
var monthNames = [...]string{
	"jan januar januari january tammi tammikuu tammikuuta janner jaenner sty stycznia styczen",
	"feb febr februar februari february helmi helmikuu helmikuuta lut lutego luty",
	"mar mars marts march marz maerz mrz maalis maaliskuu maaliskuuta marca marzec",
	"apr april huhti huhtikuu huhtikuuta kwi kwietnia kwiecien",
	"mai maj may touko toukokuu toukokuuta maja",
	"jun juni june kesa kesakuu kesakuuta cze czerwca czerwiec",
	"jul juli july heina heinakuu heinakuuta lip lipca lipiec",
	"aug august augusti elo elokuu elokuuta sie sierpnia sierpien",
	"sep sept september syys syyskuu syyskuuta wrz wrzesnia wrzesien",
	"okt oct oktober october loka lokakuu lokakuuta paz pazdziernika pazdziernik",
	"nov november marras marraskuu marraskuuta lis listopada listopad",
	"des dec dez desember december dezember joulu joulukuu joulukuuta gru grudnia grudzien",
}

// monthOf gives 1 to 12, or 0 for a word that is no month.
func monthOf(word string) int {
	word = fold(word)
	for i, names := range monthNames {
		for name := range strings.SplitSeq(names, " ") {
			if name == word && word != "" {
				return i + 1
			}
		}
	}
	return 0
}
