// Package db opens the record of truth and is the only way to it.
//
// Every unit of work is one transaction of one tenant: Tx takes the tenant from
// the context, sets it on the connection (Postgres row-level security reads it)
// and every statement made through From is narrowed to that tenant by a plugin
// that fails closed. Both belts hold alone: on SQLite only the plugin protects.
//
// A connection of SQLite keeps its compiled statements (decision 0045).
//
// What has no tenant (the tenant directory) goes through Shared, and only models
// that say so by a SharedAcrossTenants method pass there.
package db
