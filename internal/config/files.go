package config

import (
	"net/url"
	"regexp"
	"strings"
)

// Files is where documents are kept, sealed: in a folder or in a bucket; nowhere
// when both are empty.
type Files struct {
	Folder   string
	Bucket   string // of S3
	Prefix   string // before every object's name, without slashes at its ends; may be empty
	Endpoint string // empty: AWS's own
}

// bucketName is a bucket's name as S3 takes it.
var bucketName = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)

func (r *reader) files(value string) {
	if folder, ok := strings.CutPrefix(value, "file:"); ok && folder != "" {
		r.cfg.Files.Folder = strings.TrimPrefix(folder, "//")
		return
	}
	u, err := url.Parse(value)
	if err != nil || u.Scheme != "s3" || !bucketName.MatchString(u.Host) || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		r.problem("TILGANG_FILES=%q is not readable: write file:/path/of/a/folder, or s3://bucket/prefix.", value)
		return
	}
	r.cfg.Files.Bucket, r.cfg.Files.Prefix = u.Host, strings.Trim(u.Path, "/")
}

func (r *reader) checkFiles() {
	c := &r.cfg
	if c.Files.Endpoint != "" && c.Files.Bucket == "" {
		r.problem("TILGANG_FILES_ENDPOINT is set but TILGANG_FILES names no bucket: set TILGANG_FILES=s3://bucket/prefix or remove TILGANG_FILES_ENDPOINT.")
	}
	if (c.Mode == Serve || c.Mode == Worker) && c.Files.Folder == "" && c.Files.Bucket == "" {
		c.Warnings = append(c.Warnings,
			"TILGANG_FILES is not set, so no documents can be delivered: set it to s3://bucket/prefix, or to file: and a folder that every process has.")
	}
}
