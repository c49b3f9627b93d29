// Package templates holds the pages, mails and texts, embedded.
package templates

import "embed"

// FS holds layout, part, one folder per package with pages, message and i18n.
//
//go:embed */*
var FS embed.FS
