package tenant

import (
	"encoding/xml"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

type attribute struct{ name, value string }

// allowedElement is the allow-list: shapes and what colours and names them.
func allowedElement(name string) bool {
	switch name {
	case "svg", "g", "path", "rect", "circle", "ellipse", "polygon", "polyline", "line",
		"title", "desc", "defs", "linearGradient", "radialGradient", "stop", "clipPath":
		return true
	}
	return false
}

// allowedAttribute is the allow-list of geometry, paint and gradients. They may
// stand on any element: where one means nothing, a browser ignores it.
func allowedAttribute(name string) bool {
	switch name {
	case "id", "role", "viewBox", "width", "height", "preserveAspectRatio", "transform", "d", "x", "y", "rx", "ry", "cx", "cy", "r",
		"x1", "y1", "x2", "y2", "fx", "fy", "fr", "points", "pathLength", "offset", "gradientUnits", "gradientTransform",
		"spreadMethod", "clipPathUnits":
		return true
	}
	return allowedPaint(name)
}

// allowedPaint are the attributes that may also be written inside style="…".
func allowedPaint(name string) bool {
	switch name {
	case "fill", "fill-opacity", "fill-rule", "clip-path", "clip-rule", "stroke", "stroke-width", "stroke-linecap",
		"stroke-linejoin", "stroke-miterlimit", "stroke-dasharray", "stroke-dashoffset", "stroke-opacity", "opacity",
		"stop-color", "stop-opacity", "color", "display", "visibility", "paint-order", "vector-effect":
		return true
	}
	return false
}

// Values are numbers, names, colours and the functions of transforms and
// colours. There is no colon, semicolon, backslash, quote or at-sign in any.
var (
	plainValue = regexp.MustCompile(`^[A-Za-z0-9#.,%+\- \t\r\n]*$`)
	functions  = regexp.MustCompile(`(?:matrix|translate|scale|rotate|skewX|skewY|rgba?|hsla?|url)\([^()]*\)`)
	localURL   = regexp.MustCompile(`^url\(#[A-Za-z_][A-Za-z0-9_.\-]*\)$`)
	localRef   = regexp.MustCompile(`^#[A-Za-z_][A-Za-z0-9_.\-]*$`)
	idName     = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.\-]*$`)
)

// safeValue says whether a value can only draw.
func safeValue(name, v string) bool {
	if name == "id" {
		return idName.MatchString(v)
	}
	if strings.Contains(v, "url") {
		return localURL.MatchString(v)
	}
	inner := functions.ReplaceAllStringFunc(v, func(f string) string {
		return f[strings.IndexByte(f, '(')+1 : len(f)-1]
	})
	return plainValue.MatchString(inner)
}

// cleanAttributes keeps what is allowed, drops what belongs to editors, and
// refuses the rest.
func cleanAttributes(t xml.StartElement) ([]attribute, error) {
	var out []attribute
	for _, a := range t.Attr {
		found, err := cleanAttribute(t.Name.Local, a)
		if err != nil {
			return nil, fmt.Errorf("<%s>: %w", t.Name.Local, err)
		}
		for _, f := range found {
			if slices.ContainsFunc(out, func(o attribute) bool { return o.name == f.name }) {
				return nil, fmt.Errorf("<%s>: %s is given twice", t.Name.Local, f.name)
			}
			out = append(out, f)
		}
	}
	return out, nil
}

func cleanAttribute(element string, a xml.Attr) ([]attribute, error) {
	name, value := a.Name.Local, strings.TrimSpace(a.Value)
	switch {
	case name == "href":
		return cleanReference(element, value)
	case a.Name.Space != "", name == "xmlns", name == "version", name == "class", strings.HasPrefix(name, "data-"), strings.HasPrefix(name, "aria-"):
		return nil, nil
	case name == "style":
		return cleanStyle(value)
	case !allowedAttribute(name):
		return nil, fmt.Errorf("the attribute %s is not allowed", shown(name))
	case !safeValue(name, value):
		return nil, fmt.Errorf("the value %s of %s is not allowed", shown(value), name)
	}
	return []attribute{{name, value}}, nil
}

// cleanReference lets a gradient take its stops from another of the same file.
func cleanReference(element, value string) ([]attribute, error) {
	if !strings.HasSuffix(element, "Gradient") || !localRef.MatchString(value) {
		return nil, fmt.Errorf("the reference %s is not allowed", shown(value))
	}
	return []attribute{{"href", value}}, nil
}

// cleanStyle turns style="fill:#fff" into fill="#fff": our pages send a policy
// that forbids styles inside documents.
func cleanStyle(style string) ([]attribute, error) {
	var out []attribute
	for _, declaration := range strings.Split(style, ";") {
		if strings.TrimSpace(declaration) == "" {
			continue
		}
		name, value, _ := strings.Cut(declaration, ":")
		name, value = strings.TrimSpace(name), strings.TrimSpace(value)
		if !allowedPaint(name) || !safeValue(name, value) {
			return nil, fmt.Errorf("the style %s is not allowed", shown(strings.TrimSpace(declaration)))
		}
		out = append(out, attribute{name, value})
	}
	return out, nil
}
