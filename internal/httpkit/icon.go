package httpkit

import (
	"fmt"
	"html/template"
	"io/fs"
	"regexp"
)

// iconFile holds one drawing a line: <g id="name">…</g>.
const iconFile = "part/icon.svg"

var drawing = regexp.MustCompile(`(?m)^<g id="([a-z]+)">(.+)</g>$`)

// functions are what templates may call beside the builtin ones: icon draws by
// name, and draws nothing for a name that it does not know.
func functions(files fs.FS) (template.FuncMap, error) {
	text, err := fs.ReadFile(files, iconFile)
	if err != nil {
		return nil, fmt.Errorf("read icons: %w", err)
	}
	icons := map[string]template.HTML{}
	for _, m := range drawing.FindAllSubmatch(text, -1) {
		icons[string(m[1])] = template.HTML(fmt.Sprintf( //nolint:gosec // our own file, no one's input
			`<svg class="icon icon-%s" viewBox="0 0 24 24" aria-hidden="true" focusable="false">%s</svg>`, m[1], m[2]))
	}
	return template.FuncMap{"icon": func(name string) template.HTML { return icons[name] }}, nil
}
