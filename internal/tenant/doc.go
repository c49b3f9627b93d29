// Package tenant knows one employer: who it is, how it looks, what its rules
// are, and where each of those values came from.
//
// A value resolves in three layers, field by field: our defaults in code, the
// values applied from tenants/<slug>/tenant.yaml, the settings saved by the
// tenant's admin. Parse reads the file strictly and tells every problem at
// once; Spec.Values is what "tenant apply" stores; Build lays the stored layers
// over the defaults for a request; Origin tells a settings page which layer won.
// Lists and maps of free keys are replaced whole, never merged.
//
// Invariants:
//   - The same readers and the same checks run over the file and over stored
//     values, so a Tenant that exists is a Tenant without contradiction.
//   - A Tenant is read-only once built; it may be shared between requests.
//   - Branding holds nothing but checked colours and a re-encoded SVG: a tenant
//     can never bring style sheets, scripts or addresses into a page.
//   - Only operators and tenant admins change a tenant; this package stores
//     nothing and asks nobody.
package tenant
