package email_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"net"
	"strings"
	"testing"
	"time"

	"tilgang/internal/message/email"
	"tilgang/internal/message/sendertest"
)

func TestTheLineIsProtected(t *testing.T) {
	server, client := certificate(t)
	const user, pass = "mailer", "correct horse"
	signedIn := func(s email.Security) func(*email.SMTPConfig) {
		return func(c *email.SMTPConfig) {
			c.Security, c.TLS, c.Username, c.Password = s, client, user, pass
		}
	}
	t.Run("starttls with a password", func(t *testing.T) {
		sink := newSink(t, sendertest.SinkConfig{TLS: server, User: user, Pass: pass})
		sendAll(t, newSMTP(t, sink, signedIn(email.StartTLS)), 3)
		wantCounts(t, sink, 3, 1)
	})
	t.Run("tls from the first byte with a password", func(t *testing.T) {
		sink := newSink(t, sendertest.SinkConfig{TLS: server, Implicit: true, User: user, Pass: pass})
		sendAll(t, newSMTP(t, sink, signedIn(email.TLS)), 3)
		wantCounts(t, sink, 3, 1)
	})
	refused := func(t *testing.T, sink *sendertest.Sink, change func(*email.SMTPConfig)) {
		t.Helper()
		_, err := newSMTP(t, sink, change).Send(t.Context(), sendertest.Example("secure-1"))
		if email.Class(err) != email.Retry || sink.Count() != 0 {
			t.Errorf("outcome %q with %d mails", email.Class(err), sink.Count())
		}
		if err != nil && strings.Contains(err.Error(), pass) {
			t.Errorf("the error tells the password: %v", err)
		}
	}
	t.Run("a relay without starttls gets nothing", func(t *testing.T) {
		refused(t, newSink(t, sendertest.SinkConfig{}), func(c *email.SMTPConfig) { c.Security = email.StartTLS })
	})
	t.Run("a relay with a strange certificate gets nothing", func(t *testing.T) {
		refused(t, newSink(t, sendertest.SinkConfig{TLS: server}), func(c *email.SMTPConfig) { c.Security = email.StartTLS })
	})
	t.Run("a wrong password is our fault, not the mail's", func(t *testing.T) {
		sink := newSink(t, sendertest.SinkConfig{TLS: server, User: user, Pass: "another"})
		refused(t, sink, signedIn(email.StartTLS))
	})
}

func TestSettingsThatAreRefused(t *testing.T) {
	good := email.SMTPConfig{Host: "relay.example", Port: 587, Security: email.StartTLS}
	for name, change := range map[string]func(*email.SMTPConfig){
		"no host":                func(c *email.SMTPConfig) { c.Host = "" },
		"no port":                func(c *email.SMTPConfig) { c.Port = 0 },
		"unsaid security":        func(c *email.SMTPConfig) { c.Security = "" },
		"password in the clear":  func(c *email.SMTPConfig) { c.Security, c.Username = email.Plain, "mailer" },
		"too many connections":   func(c *email.SMTPConfig) { c.Connections = 201 },
		"a negative connections": func(c *email.SMTPConfig) { c.Connections = -1 },
	} {
		t.Run(name, func(t *testing.T) {
			c := good
			change(&c)
			if _, err := email.NewSMTP(c); err == nil {
				t.Error("the settings were taken")
			}
		})
	}
	if _, err := email.NewSMTP(good); err != nil {
		t.Errorf("good settings: %v", err)
	}
}

// certificate makes a server's key pair for 127.0.0.1 and a client that trusts it.
func certificate(t *testing.T) (server, client *tls.Config) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	form := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, form, form, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(cert)
	server = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}, MinVersion: tls.VersionTLS12}
	return server, &tls.Config{RootCAs: roots, ServerName: "127.0.0.1", MinVersion: tls.VersionTLS12}
}
