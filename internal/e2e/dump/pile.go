package dump

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
	"sync"
)

// Pile is what an installation keeps, each piece once. Several may put at once.
type Pile struct {
	mu     sync.Mutex
	seen   map[[sha256.Size]byte]bool
	pieces []piece
	size   int
}

type piece struct {
	where string
	body  []byte
}

// Put adds a piece, unless the pile has one of the same content.
func (p *Pile) Put(where string, body []byte) {
	if len(body) < shortest {
		return
	}
	sum := sha256.Sum256(body)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.seen == nil {
		p.seen = map[[sha256.Size]byte]bool{}
	}
	if p.seen[sum] {
		return
	}
	p.seen[sum] = true
	p.pieces, p.size = append(p.pieces, piece{where, bytes.Clone(body)}), p.size+len(body)
}

// Size is how many bytes the pile has.
func (p *Pile) Size() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.size
}

// Find tells of each secret that stands in the pile: what it is, how it is
// written and where. It does not say the secret itself.
func (p *Pile) Find(s *Secrets) (found []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	x := newIndex(s)
	told := map[string]bool{}
	for _, one := range p.pieces {
		x.search(one.body, func(f form) {
			said := fmt.Sprintf("%s, %s, stands in %s", s.kind(f.secret), f.name, one.where)
			if !told[said] {
				told[said] = true
				found = append(found, said)
			}
		})
	}
	slices.Sort(found)
	return found
}

// index finds all forms in one pass: by their first four bytes.
type index struct {
	rough [1 << 20]bool
	forms map[uint32][]form
}

func newIndex(s *Secrets) *index {
	x := &index{forms: map[uint32][]form{}}
	for _, secret := range s.list() {
		for _, f := range forms(secret) {
			head := binary.LittleEndian.Uint32(f.body)
			x.rough[place(head)] = true
			x.forms[head] = append(x.forms[head], f)
		}
	}
	return x
}

// place spreads four bytes over the rough table (Knuth's multiplicative hash).
func place(head uint32) uint32 { return head * 2654435761 >> 12 }

func (x *index) search(body []byte, hit func(form)) {
	for i := 0; i+4 <= len(body); i++ {
		head := binary.LittleEndian.Uint32(body[i:])
		if !x.rough[place(head)] {
			continue
		}
		for _, f := range x.forms[head] {
			if bytes.HasPrefix(body[i:], f.body) && (!f.apart || apart(body, i, i+len(f.body))) {
				hit(f)
			}
		}
	}
}

// apart tells whether no letter, digit or point touches a part of a text.
func apart(body []byte, from, to int) bool {
	return (from == 0 || (!letter(body[from-1]) && body[from-1] != '.')) && (to == len(body) || !letter(body[to]))
}

func letter(b byte) bool {
	return '0' <= b && b <= '9' || 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z' || b == '_'
}
