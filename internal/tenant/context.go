package tenant

import "context"

type contextKey struct{}

// With carries the tenant in the context; the host resolver is its one caller.
func With(ctx context.Context, t *Tenant) context.Context {
	return context.WithValue(ctx, contextKey{}, t)
}

// From is the tenant of the request, if it has one.
func From(ctx context.Context) (*Tenant, bool) {
	t, ok := ctx.Value(contextKey{}).(*Tenant)
	return t, ok && t != nil
}

// MustFrom is the tenant behind the host resolver. It panics without one: to go
// on would be to act for nobody, or for anybody.
func MustFrom(ctx context.Context) *Tenant {
	t, ok := From(ctx)
	if !ok {
		panic("tenant: none in the context")
	}
	return t
}
