package tenant

// section is one top-level key of tenant.yaml and the reader of its value.
type section struct {
	key  string
	read func(*reader, at, *Tenant)
}

// sections are the keys of tenant.yaml beside name; a stored layer has the same.
func sections() []section {
	return []section{
		{"hosts", func(r *reader, a at, t *Tenant) { r.hosts(a, &t.Hosts) }},
		{"languages", func(r *reader, a at, t *Tenant) { r.languages(a, &t.Languages) }},
		{"time_zone", func(r *reader, a at, t *Tenant) { r.zone(a, &t.Zone) }},
		{"legal_employers", func(r *reader, a at, t *Tenant) { r.legalEmployers(a, &t.LegalEmployers) }},
		{"branding", func(r *reader, a at, t *Tenant) { r.branding(a, &t.Branding) }},
		{"support", func(r *reader, a at, t *Tenant) { r.support(a, &t.Support) }},
		{"password", func(r *reader, a at, t *Tenant) { r.password(a, &t.Password) }},
		{"mfa", func(r *reader, a at, t *Tenant) { r.mfa(a, &t.Mfa) }},
		{"invitation", func(r *reader, a at, t *Tenant) { r.invitation(a, &t.Invitation) }},
		{"reset", func(r *reader, a at, t *Tenant) { r.reset(a, &t.Reset) }},
		{"captcha", func(r *reader, a at, t *Tenant) { r.captcha(a, &t.Captcha) }},
		{"signin", func(r *reader, a at, t *Tenant) {
			choice(r, r.object(a, "form")["form"], &t.Signin, IdentifierFirst, Combined)
		}},
		{"alumni", func(r *reader, a at, t *Tenant) { r.alumni(a, &t.Alumni) }},
		{"session", func(r *reader, a at, t *Tenant) { r.session(a, &t.Session) }},
		{"manager", func(r *reader, a at, t *Tenant) { r.manager(a, &t.Manager) }},
		{"connectors", func(r *reader, a at, t *Tenant) { r.connectors(a, &t.Connectors) }},
		{"documents", func(r *reader, a at, t *Tenant) { r.documents(a, &t.Documents) }},
		{"senders", func(r *reader, a at, t *Tenant) { r.senders(a, &t.Senders) }},
	}
}
