// Package web holds the stylesheet, scripts and pictures that pages load, embedded.
package web

import "embed"

// FS holds css, js and img; httpkit.Assets serves it under a checksum.
//
//go:embed css js img
var FS embed.FS
