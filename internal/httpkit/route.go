package httpkit

import (
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"tilgang/internal/authz"
)

// Gate says who may pass a route. It is declared on the route's own line.
type Gate struct {
	Kind     string   // public, attempt, signed_in, may
	Purposes []string // of attempt
	Object   string   // of may
	Act      string
	Least    authz.Relation // of may; empty: any
}

// Public lets everybody in.
func Public() Gate { return Gate{Kind: "public"} }

// Attempt lets those in who are on their way through a flow of one of these
// purposes.
func Attempt(purposes ...string) Gate { return Gate{Kind: "attempt", Purposes: purposes} }

// SignedIn lets those in who are signed in and owe no second factor.
func SignedIn() Gate { return Gate{Kind: "signed_in"} }

// May lets those in whose roles allow the act on the object.
func May(object, act string) Gate { return Gate{Kind: "may", Object: object, Act: act} }

// MayIn lets those in whose roles allow the act at least within a relation, such
// as a manager's own team; whom it reaches is the use case's to judge.
func MayIn(object, act string, least authz.Relation) Gate {
	return Gate{Kind: "may", Object: object, Act: act, Least: least}
}

// Reach is the narrowest relation that passes the gate.
func (g Gate) Reach() authz.Relation {
	if g.Least == authz.None {
		return authz.Any
	}
	return g.Least
}

// String is how the list of routes shows it.
func (g Gate) String() string {
	switch g.Kind {
	case "attempt":
		return "attempt(" + strings.Join(g.Purposes, ",") + ")"
	case "may":
		if g.Least != authz.None {
			return "may(" + g.Object + "," + g.Act + "," + string(g.Least) + ")"
		}
		return "may(" + g.Object + "," + g.Act + ")"
	}
	return g.Kind
}

// Handler answers one request. What it returns as an error is turned into a
// page or JSON in one place.
type Handler func(c *Ctx) error

// Route is one line of the list of routes: method, path, who may, who answers.
type Route struct {
	Method string
	Path   string
	Gate   Gate
	Handle Handler

	Side   Side     // empty: every tenant host; BaseSide: the installation's own
	JSON   bool     // refusals are JSON, not pages
	Upload int64    // largest body in bytes; 0: 64 KiB, the form limit
	Many   []string // form fields that may come more than once
	Data   bool     // shows personal or payroll data
	// Classes of the data that it shows or, where it posts, changes: those of an
	// employer's policy for who has left, or ClassAccount.
	Classes []string
	// Programs call it, without a browser's cookies: who asks is told by the
	// request itself, and there is no page to forge it from.
	Programs bool

	file string
	line int
}

// Get is a route that only reads.
func Get(path string, gate Gate, h Handler) Route { return route("GET", path, gate, h) }

// Post is a route that changes something.
func Post(path string, gate Gate, h Handler) Route { return route("POST", path, gate, h) }

func route(method, path string, gate Gate, h Handler) Route {
	_, file, line, _ := runtime.Caller(2)
	return Route{Method: method, Path: path, Gate: gate, Handle: h, file: file, line: line}
}

// On puts the route on one side only.
func (r Route) On(side Side) Route { r.Side = side; return r }

// AsJSON makes refusals JSON.
func (r Route) AsJSON() Route { r.JSON = true; return r }

// Uploads allows a body of at most n bytes.
func (r Route) Uploads(n int64) Route { r.Upload = n; return r }

// Repeats allows form fields to come more than once.
func (r Route) Repeats(fields ...string) Route { r.Many = fields; return r }

// ClassAccount is the class of what is about signing in and being spoken to: the
// person's own as long as they can sign in, whatever an employer's policy says.
const ClassAccount = "account"

// ShowsData marks a route that answers with personal or payroll data; a route
// that shows people their own names the classes of it.
func (r Route) ShowsData(classes ...string) Route { r.Data, r.Classes = true, classes; return r }

// ForPrograms marks a route that programs call; no cookie counts there.
func (r Route) ForPrograms() Route { r.Programs = true; return r }

// Where is the file and line that declare the route.
func (r Route) Where() string {
	dir, file := filepath.Split(r.file)
	return filepath.Base(dir) + "/" + file + ":" + strconv.Itoa(r.line)
}
