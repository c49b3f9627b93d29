package tenant

import (
	"path"
	"regexp"
	"strings"
)

// DocumentPolicy is how documents come to an employer.
type DocumentPolicy struct {
	Inbox Inbox // where payroll puts deliveries; zero: nowhere
}

// Inbox is a folder of the machine, or a part of a bucket, that is watched for
// one employer.
type Inbox struct {
	Folder string // absolute
	Bucket string // of S3
	Prefix string // before every object's name, without slashes at its ends; may be empty
}

// bucketName is a bucket's name as S3 takes it.
var bucketName = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)

// longestInbox is how long the address of an inbox may be, in characters (ours;
// S3 takes keys of 1024).
const longestInbox = 500

// ParseInbox reads "file:/folder" and "s3://bucket/prefix".
func ParseInbox(text string) (i Inbox, ok bool) {
	if folder, file := strings.CutPrefix(text, "file:"); file {
		folder = "/" + strings.TrimLeft(folder, "/")
		return Inbox{Folder: folder}, folder != "/" && path.Clean(folder) == strings.TrimRight(folder, "/") && strings.HasPrefix(text, "file:/")
	}
	rest, bucket := strings.CutPrefix(text, "s3://")
	i.Bucket, i.Prefix, _ = strings.Cut(rest, "/")
	i.Prefix = strings.TrimSuffix(i.Prefix, "/")
	whole := i.Prefix == "" || path.Clean(i.Prefix) == i.Prefix && !strings.HasPrefix(i.Prefix, "/") && !strings.HasPrefix(i.Prefix, "..") && i.Prefix != "."
	return i, bucket && bucketName.MatchString(i.Bucket) && whole && !strings.ContainsAny(i.Prefix, "?#")
}

// IsZero tells whether there is none.
func (i Inbox) IsZero() bool { return i == Inbox{} }

// String is the address as ParseInbox reads it.
func (i Inbox) String() string {
	switch {
	case i.IsZero():
		return ""
	case i.Folder != "":
		return "file:" + i.Folder
	}
	return strings.TrimSuffix("s3://"+i.Bucket+"/"+i.Prefix, "/")
}

// Meets tells whether one of two lies in the other: what is put into one would
// be taken from both.
func (i Inbox) Meets(other Inbox) bool {
	if i.IsZero() || other.IsZero() {
		return false
	}
	a, b := strings.TrimRight(i.String(), "/")+"/", strings.TrimRight(other.String(), "/")+"/"
	return strings.HasPrefix(a, b) || strings.HasPrefix(b, a)
}

func (r *reader) documents(a at, into *DocumentPolicy) {
	o := r.object(a, "inbox")
	s, ok := r.word(o["inbox"], longestInbox)
	if !ok {
		return
	}
	inbox, ok := ParseInbox(s)
	if !ok {
		r.tell(o["inbox"], "format", shown(s)+" is no folder and no part of a bucket", `write "file:/srv/payroll/havn" or "s3://bucket/havn"`)
		return
	}
	into.Inbox = inbox
}
