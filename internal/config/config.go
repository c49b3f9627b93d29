package config

import (
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"time"

	"tilgang/internal/secret"
)

// Mode is what the program was started to do; it decides which settings must be there.
type Mode string

// The modes; Command is every short command, such as an import or an audit check.
const (
	Serve   Mode = "serve"
	Worker  Mode = "worker"
	Demo    Mode = "demo"
	Migrate Mode = "migrate"
	Command Mode = "command"
)

// Mail says where messages go.
type Mail string

// Practice is the mailbox inside the program, SMTPMail a mail server, SESMail
// Amazon SES.
const (
	Practice Mail = "practice"
	SMTPMail Mail = "smtp"
	SESMail  Mail = "ses"
)

// SMS says where text messages go.
type SMS string

// NoSMS: nowhere, phones cannot be a second factor. PracticeSMS is the mailbox
// inside the program, SNS is Amazon SNS.
const (
	NoSMS       SMS = ""
	PracticeSMS SMS = "practice"
	SNS         SMS = "sns"
)

// Voice says who makes calls.
type Voice string

// NoVoice: nobody, codes are not spoken. PracticeVoice is the mailbox inside the
// program, AWSVoice is AWS End User Messaging.
const (
	NoVoice       Voice = ""
	PracticeVoice Voice = "practice"
	AWSVoice      Voice = "aws"
)

// AWS is what the senders at AWS need beside the usual AWS variables.
type AWS struct {
	SESEndpoint         string // empty: AWS's own
	SNSEndpoint         string // empty: AWS's own
	SESConfigurationSet string // for tenants without one of their own; may be empty
	SMSMaxPrice         string // US dollars for one part of a text; empty: the sender's own bound
	VoiceEndpoint       string // empty: AWS's own
	VoiceOrigin         string // number, pool or ARN that calls come from
	VoiceMaxPrice       string // US dollars for one minute of a call; empty: the sender's own bound
}

// Config is the settings of one run.
type Config struct {
	Mode             Mode
	DatabaseURL      secret.Redacted // application role; empty: SQLite in DataDir
	DatabaseOwnerURL secret.Redacted // owner role, for migrations
	RedisURL         secret.Redacted // empty: the queue inside this process
	DataDir          string
	Listen           string // host:port
	MetricsListen    string // host:port; empty: no metrics
	BaseURL          string // scheme and host, without a slash at the end
	TrustedProxies   []netip.Prefix
	KeysetPath       string          // empty when KeysetJSON is set
	KeysetJSON       secret.Redacted // content of TILGANG_KEYSET_FILE
	Mail             Mail
	SMTP             SMTP // whole when Mail is smtp
	SMS              SMS
	Voice            Voice
	AWS              AWS
	Captcha          Captcha
	Files            Files
	ClientSecrets    map[string]secret.Redacted // of identity providers, by "<employer's slug>/<name in its file>"
	GeoIP            string                     // path of a MaxMind DB file with countries; empty: they are not known
	Log              Log
	Warnings         []string // sentences for the log at the start

	base          url.URL
	keysetDefault bool
}

// SMTP is a mail server.
type SMTP struct {
	Host        string
	Port        int
	User        string
	Password    secret.Redacted
	TLS         TLS
	Connections int           // at most this many at a time, 1 to 100
	Timeout     time.Duration // for one conversation
}

// TLS says how the conversation with the mail server is encrypted.
type TLS string

// StartTLS upgrades (port 587), ImplicitTLS begins encrypted (port 465), NoTLS is plain text.
const (
	StartTLS    TLS = "starttls"
	ImplicitTLS TLS = "tls"
	NoTLS       TLS = "none"
)

// Log is the form of the log and the least level that is written.
type Log struct {
	Format string // json or text
	Level  slog.Level
}

// HostParent is the host, with its port where that is not the scheme's own, below which every
// tenant has its host: "localhost:8080", "example.org".
func (c Config) HostParent() string { return c.base.Host }

// Secure tells whether people reach the program over https.
func (c Config) Secure() bool { return c.base.Scheme == "https" }

// Embedded tells whether the database is the SQLite file in the data folder.
func (c Config) Embedded() bool { return c.DatabaseURL == "" }

// Public tells whether the program listens to other machines.
func (c Config) Public() bool { return !loopback(c.Listen) }

// loopback tells whether an address host:port is reachable from this machine only.
func loopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.Unmap().IsLoopback()
}
