package config

import "net"

// check looks at settings together; it runs only when each by itself is sound.
func (r *reader) check() {
	r.checkMail()
	r.checkSMS()
	r.checkVoice()
	r.checkQueue()
	r.checkDatabase()
	r.checkListen()
	r.checkFiles()
}

func (r *reader) checkMail() {
	c := r.cfg
	sends := c.Mode == Serve || c.Mode == Worker
	switch {
	case sends && c.Mail == "":
		r.problem("TILGANG_MAIL is not set, so no mail could leave: set TILGANG_MAIL=smtp and TILGANG_SMTP_URL, or TILGANG_MAIL=ses, or try the product with `tilgang demo`.")
	case sends && c.Mail == Practice:
		r.problem("TILGANG_MAIL=practice shows every mail to every visitor, so %s refuses it: set TILGANG_MAIL=smtp or ses, or run `tilgang demo`.", c.Mode)
	case c.Mail == SMTPMail && c.SMTP.Host == "":
		r.problem("TILGANG_MAIL=smtp needs a server: set TILGANG_SMTP_URL to smtp://user:password@host:587.")
	case c.Mail != SMTPMail && c.SMTP.Host != "" && (sends || c.Mode == Demo):
		r.problem("TILGANG_SMTP_URL is set but TILGANG_MAIL is not smtp: set TILGANG_MAIL=smtp or remove TILGANG_SMTP_URL.")
	case c.SMTP.TLS == NoTLS && c.SMTP.User != "" && !loopback(net.JoinHostPort(c.SMTP.Host, "25")):
		r.problem("TILGANG_SMTP_URL sends a password without encryption: write tls=starttls or tls=tls.")
	}
}

func (r *reader) checkQueue() {
	if r.cfg.Mode == Worker && (r.cfg.RedisURL == "" || r.cfg.Embedded()) {
		r.problem("A worker of its own needs a shared queue and database: set TILGANG_REDIS_URL and TILGANG_DATABASE_URL, or run `tilgang serve`, which works the queue itself.")
	}
}

func (r *reader) checkDatabase() {
	c := &r.cfg
	if c.Embedded() {
		if c.DatabaseOwnerURL != "" {
			r.problem("TILGANG_DATABASE_OWNER_URL is set but TILGANG_DATABASE_URL is not: set both, or neither for the embedded database.")
		}
		return
	}
	switch c.Mode { //nolint:exhaustive // the demonstration takes everything
	case Migrate:
		if c.DatabaseOwnerURL == "" {
			r.problem("migrate needs the owner of the tables: set TILGANG_DATABASE_OWNER_URL.")
		}
	case Serve, Worker, Command:
		if c.keysetDefault {
			r.problem("TILGANG_KEYSET is not set, and with a shared database every process must have the same keys: set it to the path of the keyset, or TILGANG_KEYSET_FILE to a mounted secret.")
		}
	}
	if c.DatabaseOwnerURL != "" && (c.Mode == Serve || c.Mode == Worker) {
		c.Warnings = append(c.Warnings,
			"TILGANG_DATABASE_OWNER_URL is only for migrate: remove it here, so that a break-in cannot use it.")
	}
}

func (r *reader) checkListen() {
	c := &r.cfg
	if c.MetricsListen == c.Listen {
		r.problem("TILGANG_METRICS_LISTEN is the same as TILGANG_LISTEN: give the metrics a port of their own.")
	}
	if c.Mode == Demo && (c.Public() || c.MetricsListen != "" && !loopback(c.MetricsListen)) {
		r.problem("The demo has known passwords and an open mailbox, so it listens on this machine only: set TILGANG_LISTEN (and TILGANG_METRICS_LISTEN) to 127.0.0.1 with a port.")
	}
	if c.Mode == Serve && c.Public() && !c.Secure() {
		c.Warnings = append(c.Warnings,
			"Other machines can connect but TILGANG_BASE_URL is not https: passwords would travel in clear. Set it to the https address of the proxy in front.")
	}
}
