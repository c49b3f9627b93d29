package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"tilgang/internal/app"
)

func routes(_ context.Context, args []string, out io.Writer) error {
	for _, r := range app.AllRoutes() {
		line := fmt.Sprintf("%-5s %-40s %-28s %-6s %s", r.Method, r.Path, r.Gate, r.Side, r.Where())
		if len(args) == 0 || strings.Contains(line, args[0]) {
			fmt.Fprintln(out, line)
		}
	}
	return nil
}
