package obs

import (
	"context"
	"io"
	"log/slog"
)

// NewLogger writes to w as "json", else as text, from level on, redacted and with the request
// id of the context.
func NewLogger(w io.Writer, format string, level slog.Leveler) *slog.Logger {
	options := &slog.HandlerOptions{Level: level, ReplaceAttr: clean}
	if format == "json" {
		return slog.New(requestHandler{slog.NewJSONHandler(w, options)})
	}
	return slog.New(requestHandler{slog.NewTextHandler(w, options)})
}

// requestHandler adds the request id that the context carries.
type requestHandler struct{ slog.Handler }

// Handle writes one event.
func (h requestHandler) Handle(ctx context.Context, event slog.Record) error {
	if id := RequestID(ctx); id != "" {
		event = event.Clone()
		event.AddAttrs(slog.String("request_id", id))
	}
	return h.Handler.Handle(ctx, event)
}

// WithAttrs keeps the request id on derived loggers.
func (h requestHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return requestHandler{h.Handler.WithAttrs(attrs)}
}

// WithGroup keeps the request id on derived loggers.
func (h requestHandler) WithGroup(name string) slog.Handler {
	return requestHandler{h.Handler.WithGroup(name)}
}
