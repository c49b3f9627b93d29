package tenant

import "slices"

// The kinds of connector. An electronic identity says who a person is, by the
// national number; the others only that it is the same one as before.
const (
	BankIDNorway = "bankid_no"
	BankIDSweden = "bankid_se"
	IDporten     = "idporten"
	SmartID      = "smartid"
	MitID        = "mitid"
	FTN          = "ftn"
	OIDC         = "oidc"
	SAML         = "saml"
	Practice     = "practice"
)

func eids() []string { return []string{BankIDNorway, BankIDSweden, IDporten, SmartID, MitID, FTN} }

// Connector is an identity provider of the tenant's.
type Connector struct {
	Key, Kind, Name string
	Settings        map[string]string
}

// noNumber, as the claim of a number, says that there is none.
const noNumber = "none"

// ProvesPerson tells whether the connector says who a person is.
func (c Connector) ProvesPerson() bool {
	claim := c.Settings["national_claim"]
	switch {
	case claim == noNumber:
		return false
	case c.Kind == OIDC:
		return claim != ""
	}
	return c.Kind == Practice || slices.Contains(eids(), c.Kind)
}

// Proofs are the connectors by which a person can be proven, in the file's order.
func (t *Tenant) Proofs() (list []Connector) {
	for _, c := range t.Connectors {
		if c.ProvesPerson() {
			list = append(list, c)
		}
	}
	return list
}

// Connector is the one of a key; ok is false for any other.
func (t *Tenant) Connector(key string) (Connector, bool) {
	for _, c := range t.Connectors {
		if c.Key == key {
			return c, true
		}
	}
	return Connector{}, false
}

// connectorSettings are what a connector may be told here. A client's secret is
// never in the file: the operator keeps it and the file names it.
func connectorSettings() []string {
	return []string{
		"issuer", "client_id", "client_secret_name", "scopes", "acr", "level", "national_claim", "country", "metadata_url", "entity_id", "domains",
	}
}

func (r *reader) connectors(a at, into *[]Connector) {
	if a.absent() {
		return
	}
	seen, list := map[string]bool{}, []Connector{}
	for _, e := range r.list(a) {
		o := r.object(e, "key", "kind", "name", "settings")
		r.required(e, o, "key", "kind", "name")
		c := Connector{Key: r.key(o["key"])}
		choice(r, o["kind"], &c.Kind, append(eids(), OIDC, SAML, Practice)...)
		r.text(o["name"], &c.Name, maxName)
		c.Settings = r.settings(o["settings"])
		r.connects(e, c)
		r.once(o["key"], seen, c.Key)
		list = append(list, c)
	}
	*into = list
}

// connects tells of a provider that cannot be asked, since nothing says where.
func (r *reader) connects(a at, c Connector) {
	if c.Kind != OIDC && !slices.Contains(eids(), c.Kind) {
		return
	}
	for _, key := range []string{"issuer", "client_id"} {
		if c.Settings[key] == "" {
			r.tell(a, "missing", c.Kind+" needs settings."+key, "write what the provider gave you")
		}
	}
}

func (r *reader) settings(a at) map[string]string {
	out := map[string]string{}
	for key, place := range r.object(a, connectorSettings()...) {
		s, ok := r.word(place, 500)
		switch {
		case ok && (key == "issuer" || key == "metadata_url"):
			r.https(place, s)
		case ok && key == "level" && !slices.Contains([]string{"low", "substantial", "high"}, s):
			r.tell(place, "unknown_value", shown(s)+" is not a level", "write low, substantial or high")
		case ok && key == "country" && !country.MatchString(s):
			r.tell(place, "format", shown(s)+" is not a country code", `write two capital letters: "NO", "DK"`)
		}
		out[key] = s
	}
	return out
}

// checkProofing wants a way to prove who one is where everybody must.
func (r *reader) checkProofing(t *Tenant) {
	if t.Alumni.Proofing == ProofAlways && len(t.Proofs()) == 0 {
		r.tellPath("alumni.proofing", "contradiction", "everybody must prove who they are, and no connector can", "add an electronic id to connectors, or write unmatched_address")
	}
}
