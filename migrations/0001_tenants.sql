-- +goose Up
CREATE TABLE instance (
    id             INTEGER PRIMARY KEY CHECK (id = 1),
    security_epoch BIGINT NOT NULL DEFAULT 1
);
INSERT INTO instance (id) VALUES (1);

-- A tenant's row and its hosts are looked up before anybody knows which tenant
-- asks, so these two tables are not tenant-owned. They hold no personal data.
CREATE TABLE tenants (
    id         UUID PRIMARY KEY,
    slug       TEXT NOT NULL UNIQUE,
    name       TEXT NOT NULL,
    status     TEXT NOT NULL CHECK (status IN ('active', 'suspended')),
    version    BIGINT NOT NULL DEFAULT 1,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
);
CREATE TABLE tenant_hosts (
    host      TEXT PRIMARY KEY,
    owner_id  UUID NOT NULL REFERENCES tenants (id),
    alumni    BOOLEAN NOT NULL DEFAULT FALSE
);
CREATE INDEX tenant_hosts_owner ON tenant_hosts (owner_id);

-- One JSON document a section: what tenant.yaml sets and what an admin saved.
CREATE TABLE tenant_values (
    tenant_id  UUID NOT NULL REFERENCES tenants (id),
    section    TEXT NOT NULL,
    origin     TEXT NOT NULL CHECK (origin IN ('file', 'admin')),
    body       TEXT NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, section, origin)
);

-- +goose Down
DROP TABLE tenant_values;
DROP TABLE tenant_hosts;
DROP TABLE tenants;
DROP TABLE instance;
