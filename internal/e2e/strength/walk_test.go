package strength_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tilgang/internal/app"
	"tilgang/internal/httpkit"
	"tilgang/internal/testenv"
)

// deepest is how many steps a path has at most.
const deepest = 6

// depth is deepest on SQLite. The rules are the program's and the same on both
// databases: on Postgres, under the race detector, every pair of steps is taken
// and the paths by chance to their end.
func depth() int {
	if testenv.Dialect() == testenv.Postgres {
		return 2
	}
	return deepest
}

// begin is where a walk sets out.
type begin struct {
	state

	name string
}

func begins() (list []begin) {
	for _, policy := range []string{off, offered, mandatory} {
		list = append(list, begin{state{policy: policy, invited: true}, policy + ", invited"})
		for _, enrolled := range []string{"", "totp", "phone", "phone totp"} {
			name := policy + ", " + strings.ReplaceAll("on file: "+enrolled, "on file: ", map[bool]string{true: "nothing on file", false: "on file: "}[enrolled == ""])
			list = append(list, begin{state{policy: policy, enrolled: enrolled, saved: enrolled != "", linked: enrolled != ""}, name})
		}
	}
	return list
}

// The product and the model agree on every path of up to six steps.
func TestNothingWeakensOnAnyPath(t *testing.T) {
	for _, policy := range []string{off, offered, mandatory} {
		t.Run(policy, func(t *testing.T) {
			t.Parallel()
			w := setUp(t)
			for _, from := range begins() {
				if from.policy == policy {
					t.Run(from.name, func(t *testing.T) {
						w.in(t, func() { newWalk(w, from.state).all() })
					})
				}
			}
		})
	}
}

// in lets a sub-test do the failing.
func (w *world) in(t *testing.T, do func()) {
	before := w.t
	w.t, w.T, w.World.T = t, t, t
	defer func() { w.t, w.T, w.World.T = before, before, before }()
	do()
}

// alike is a state without what nothing that may follow looks at: of a session
// beside a flow only its level, of a first sign-in only where a pass asks for it.
func alike(s state) state {
	if s.session != "" {
		s.session = strconv.Itoa(level(s.session))
	}
	s.seen = s.seen && s.policy == mandatory && s.enrolled == ""
	s.young = s.young && s.enrolled != ""
	s.settled = false // where it is, the answer is kept with the account
	return s
}

// elsewhere tells that another walk begins where this one has come to: a factor
// and its codes are on file, the flow of an invitation is over, or a lost factor
// was replaced or removed.
func elsewhere(from, s state) bool {
	anew := from.enrolled != "" && s.enrolled != from.enrolled && (s.saved || !s.flow)
	return anew || from.enrolled == "" && s.enrolled != "" && s.saved || from.invited && !s.invited && !s.activate
}

// walk goes from one beginning to everything that can be reached.
type walk struct {
	*world

	from   state
	paths  map[state][]step // the shortest to each of states that are alike
	places map[state]place  // of states that are still to be visited
	queue  []state
	gone   map[turn]bool
	steps  int
}

// turn is a step from states that it cannot tell apart.
type turn struct {
	state
	step, owed string
}

// turnOf leaves out of a state what the step does not look at. What is not owed
// is refused by what is on file and what the flow has proven; what begins anew
// forgets the flow that it leaves; and only the end of a flow, and a new factor,
// touch the session beside it.
func turnOf(at state, s step) turn {
	owed := at.demanded()
	switch {
	case at.do(s.name) == at:
		at.skipped, at.settled, at.trusts = false, false, false
		at.young, at.seen = at.young && s.name == "pass", at.seen && s.name == "pass"
		if at.flow {
			at.session = ""
		}
	case slices.Contains([]string{"signin", "signout", "reset", "link"}, s.name):
		at = at.stop()
	case slices.Contains([]string{"next", "add totp", "add phone"}, s.name), s.name == "skip" && at.lost():
	default:
		at.session = ""
	}
	return turn{at, s.name, owed}
}

func newWalk(w *world, from state) *walk {
	return &walk{world: w, from: from, paths: map[state][]step{alike(from): nil}, places: map[state]place{}, queue: []state{from}, gone: map[turn]bool{}}
}

// all visits the states in the order of their distance. Steps that change nothing
// are tried one after the other by the same person; the others each by somebody
// who has just come there.
func (k *walk) all() {
	if k.past != nil {
		k.places[alike(k.from)] = k.place(k.somebody())
	}
	for len(k.queue) > 0 && !k.t.Failed() {
		at := k.queue[0]
		k.queue = k.queue[1:]
		if path := k.paths[alike(at)]; k.visits(at, path) {
			k.onward(at, path)
		}
		delete(k.places, alike(at))
	}
	k.t.Logf("%d states, %d turns, %d steps", len(k.paths), len(k.gone), k.steps)
}

func (k *walk) visits(at state, path []step) bool {
	return len(path) < depth() && !elsewhere(k.from, at)
}

// onward takes every step from a state that was not taken from one like it, or
// that leads to where nobody has been.
func (k *walk) onward(at state, path []step) {
	k.t.Helper()
	var idle *person
	for _, s := range steps() {
		if at.do(s.name) == at && k.open(at, s) {
			if idle == nil {
				idle = k.arrive(at, path)
			}
			k.one(idle, at, path, s)
		}
	}
	for _, s := range steps() {
		to, further := at.do(s.name), append(slices.Clone(path), s)
		_, known := k.paths[alike(to)]
		ahead := !known && k.visits(to, further)
		if to != at && (k.open(at, s) || ahead) {
			p := k.arrive(at, path)
			k.one(p, at, path, s)
			if ahead && k.past != nil {
				k.places[alike(to)] = k.place(p)
			}
		}
		if !known {
			k.paths[alike(to)] = further
			k.queue = append(k.queue, to)
		}
	}
}

// open tells whether a step is still to be taken.
func (k *walk) open(at state, s step) bool {
	turn := turnOf(alike(at), s)
	first := !k.gone[turn]
	k.gone[turn] = true
	return first
}

// arrive is somebody who has gone a path: where it was kept, by going back there,
// else somebody new who goes it once more.
func (k *walk) arrive(at state, path []step) *person {
	if here, kept := k.places[alike(at)]; kept {
		return here.back()
	}
	p := k.somebody()
	for _, s := range path {
		s.do(p)
		k.steps++
	}
	return p
}

// place is where somebody has come to. Whoever goes back there is the same person
// with the same browser, and what was done from there on never was.
type place struct{ back func() *person }

func (k *walk) place(p *person) place {
	here, world, browser := *p, k.past.Mark(), p.b.Mark()
	here.codes = slices.Clone(p.codes)
	return place{func() *person {
		world()
		browser()
		again := here
		again.codes = slices.Clone(here.codes)
		return &again
	}}
}

// somebody is who the walk is about. An account with factors is used again, until
// a path has changed what is on its file.
func (k *walk) somebody() *person {
	k.t.Helper()
	switch {
	case k.from.invited:
		return k.invite(k.from.policy)
	case k.from.enrolled == "":
		return k.hire(k.from.policy)
	}
	name := k.from.policy + k.from.enrolled
	if p := k.kept[name]; p == nil || !slices.Equal(p.file, p.onFile()) {
		p := k.hire(k.from.policy)
		p.enrol(k.from.enrolled)
		k.kept[name] = p
	}
	p := *k.kept[name]
	p.fresh()
	return &p
}

// one goes one step and compares.
func (k *walk) one(p *person, at state, path []step, s step) {
	k.t.Helper()
	want := at.do(s.name)
	k.steps++
	if s.name == "next" && at.flow {
		k.next(p, at, path)
	} else {
		s.do(p)
	}
	k.compare(p, want, append(slices.Clone(path), s))
}

// next asks the dispatcher, which tells the step that is owed.
func (k *walk) next(p *person, at state, path []step) {
	k.t.Helper()
	if to := p.get("/signin/next").Header.Get("Location"); to != at.demanded() {
		k.t.Errorf("%s: the product demands %s, the model %s\n%+v", told(path), to, at.demanded(), at)
	}
}

func (k *walk) compare(p *person, want state, path []step) {
	k.t.Helper()
	proven, flow := p.amr()
	amr, aal := p.session()
	wanted := 0
	if want.session != "" {
		wanted = level(want.session)
	}
	if proven != want.proven || flow != want.flow || amr != want.session || aal != wanted {
		k.t.Errorf("%s: the product has proven %q (a flow: %v), session %q at level %d\nthe model %q (a flow: %v), session %q at level %d\n%+v",
			told(path), proven, flow, amr, aal, want.proven, want.flow, want.session, wanted, want)
	}
}

func told(path []step) string {
	var names []string
	for _, s := range path {
		names = append(names, s.name)
	}
	return strings.Join(names, " → ")
}

// States that look alike to the model may differ: some paths are gone whole, by
// chance, from a seed that never changes.
func TestNothingWeakensOnPathsByChance(t *testing.T) {
	w, dice := setUp(t), rand.New(rand.NewPCG(1, 2)) // the same paths each time
	for n := range 60 {
		from := begins()[dice.IntN(len(begins()))]
		w.in(t, func() {
			k := newWalk(w, from.state)
			p, at, path := k.somebody(), from.state, []step(nil)
			for range deepest {
				s := likely(dice, at)
				k.one(p, at, path, s)
				at, path = at.do(s.name), append(path, s)
			}
		})
		if t.Failed() {
			t.Fatalf("path %d, %s", n, from.name)
		}
	}
}

// likely is a step that changes something, three times of four.
func likely(dice *rand.Rand, at state) step {
	all := steps()
	for {
		s := all[dice.IntN(len(all))]
		if at.do(s.name) != at || dice.IntN(12) == 0 {
			return s
		}
	}
}

// Every route that belongs to a flow is a step of the walk, or is excused.
func TestEveryStepRouteIsWalked(t *testing.T) {
	walked := map[string]bool{}
	for _, s := range steps() {
		for _, r := range s.routes {
			walked[r] = true
		}
	}
	listed := map[string]bool{}
	for _, r := range app.AllRoutes() {
		first := strings.Split(r.Path, "/")[1]
		way := r.Gate.Kind == "attempt" || slices.Contains([]string{"invite", "reset", "register", "magiclink"}, first)
		route := fmt.Sprintf("%s %s", r.Method, r.Path)
		listed[route] = true
		if r.Side != httpkit.BaseSide && way && !walked[route] && notSteps()[route] == "" {
			t.Errorf("%s (%s) is on the way of a sign-in and in no step of the walk", route, r.Where())
		}
	}
	for route := range notSteps() {
		if !listed[route] || walked[route] {
			t.Errorf("%s is excused for nothing", route)
		}
	}
	for route := range walked {
		if !listed[route] {
			t.Errorf("%s does not exist", route)
		}
	}
}
