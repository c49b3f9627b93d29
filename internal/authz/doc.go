// Package authz knows who is asking and what a role may do. An Actor comes from
// any credential; casbin answers "may this role do this to such an object, and
// to whose"; which tenant, and who is whose manager, stay in SQL.
package authz
