package workbook

import "strings"

// piece is one sign of a format code; a literal stands for itself.
type piece struct {
	sign    byte
	literal bool
}

// pieces takes the first section of a format code apart. plain is false when
// there are more sections, or conditions.
func pieces(code string) (list []piece, plain bool) {
	plain = true
	for i := 0; i < len(code); i++ {
		switch c := code[i]; c {
		case ';':
			return list, false
		case '"':
			for i++; i < len(code) && code[i] != '"'; i++ {
				list = append(list, piece{code[i], true})
			}
		case '\\':
			if i++; i < len(code) {
				list = append(list, piece{code[i], true})
			}
		case '_', '*': // room as wide as the next sign, or filled with it
			i++
		case '[':
			if end := strings.IndexByte(code[i:], ']'); end > 0 {
				i += end
			}
			plain = false
		default:
			list = append(list, piece{c, strings.IndexByte(" -/()+", c) >= 0})
		}
	}
	return list, plain
}

// parseFormat reads what a format code says about a whole number.
func parseFormat(code string) format {
	if strings.EqualFold(code, "general") || strings.EqualFold(code, "standard") {
		return format{}
	}
	list, plain := pieces(code)
	zeros, digits := 0, true
	for _, p := range list {
		switch {
		case p.literal:
		case strings.IndexByte("ydYD", p.sign) >= 0:
			return format{day: true}
		case p.sign == '0':
			zeros++
		case p.sign != '#':
			digits = false
		}
	}
	if !plain || !digits || zeros == 0 {
		return format{}
	}
	return format{mask: list}
}

// masked writes digits into a mask: zeros fill the places from the first 0 on,
// and what is more than there are places goes into the first.
func masked(mask []piece, digits string) string {
	places, need := 0, 0
	for _, p := range mask {
		switch {
		case p.literal:
		case p.sign == '0' || need > 0:
			places, need = places+1, need+1
		default:
			places++
		}
	}
	digits = strings.Repeat("0", max(0, need-len(digits))) + digits
	skip, out := places-len(digits), []byte(nil)
	for _, p := range mask {
		switch {
		case p.literal:
			out = append(out, p.sign)
		case skip > 0:
			skip--
		default:
			out, digits = append(out, digits[:1-skip]...), digits[1-skip:]
			skip = 0
		}
	}
	return string(out)
}
