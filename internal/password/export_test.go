package password

import "slices"

// SetDerive puts f in the place of argon2id. It is told the costs and the text.
func (p *Pool) SetDerive(f func(costs Params, text string)) {
	p.derive = func(h phc, secret []byte) []byte {
		f(h.params, string(secret))
		return make([]byte, len(h.key))
	}
}

// CommonWords gives every listed word.
func CommonWords() []string {
	l := common()
	words := slices.Clone(l.nordic)
	for i := range l.starts {
		words = append(words, l.line(i))
	}
	return words
}
