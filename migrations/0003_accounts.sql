-- +goose Up
CREATE TABLE accounts (
    tenant_id           UUID NOT NULL,
    id                  UUID NOT NULL,
    person_id           UUID NOT NULL,
    status              TEXT NOT NULL CHECK (status IN ('active', 'suspended', 'closed')),
    password_hash       TEXT NOT NULL DEFAULT '',
    password_changed_at TIMESTAMPTZ,
    factor_generation   BIGINT NOT NULL DEFAULT 1,
    session_epoch       BIGINT NOT NULL DEFAULT 1,
    mfa_skipped         TEXT NOT NULL DEFAULT '', -- fingerprint of the policy under which Skip was pressed
    mfa_postponed       INTEGER NOT NULL DEFAULT 0,
    mfa_offered_on      TEXT NOT NULL DEFAULT '', -- date of the last offer, in the tenant's zone
    created_at          TIMESTAMPTZ NOT NULL,
    updated_at          TIMESTAMPTZ NOT NULL,
    last_signin_at      TIMESTAMPTZ,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, person_id),
    FOREIGN KEY (tenant_id, person_id) REFERENCES persons (tenant_id, id)
);

CREATE TABLE identifiers (
    tenant_id   UUID NOT NULL,
    id          UUID NOT NULL,
    account_id  UUID NOT NULL,
    kind        TEXT NOT NULL CHECK (kind IN ('work', 'private')),
    address     TEXT NOT NULL,
    address_key TEXT NOT NULL,
    verified_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, address_key),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id)
);
CREATE INDEX identifiers_account ON identifiers (tenant_id, account_id);

-- Failures count per keyed identifier, known or not, and are committed before
-- the answer goes out.
CREATE TABLE throttles (
    tenant_id    UUID NOT NULL REFERENCES tenants (id),
    purpose      TEXT NOT NULL,
    subject      BYTEA NOT NULL,
    failures     INTEGER NOT NULL,
    last_at      TIMESTAMPTZ NOT NULL,
    locked_until TIMESTAMPTZ,
    PRIMARY KEY (tenant_id, purpose, subject)
);

CREATE TABLE authenticators (
    tenant_id    UUID NOT NULL,
    id           UUID NOT NULL,
    account_id   UUID NOT NULL,
    kind         TEXT NOT NULL CHECK (kind IN ('totp', 'phone', 'push', 'passkey')),
    name         TEXT NOT NULL DEFAULT '',
    sealed       BYTEA NOT NULL,
    last_step    BIGINT NOT NULL DEFAULT 0,
    created_at   TIMESTAMPTZ NOT NULL,
    confirmed_at TIMESTAMPTZ,
    last_used_at TIMESTAMPTZ,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id)
);
CREATE INDEX authenticators_account ON authenticators (tenant_id, account_id);

CREATE TABLE recovery_codes (
    tenant_id  UUID NOT NULL,
    id         UUID NOT NULL,
    account_id UUID NOT NULL,
    code_hash  BYTEA NOT NULL,
    saved_at   TIMESTAMPTZ,
    used_at    TIMESTAMPTZ,
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, account_id, code_hash),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id)
);

CREATE TABLE devices (
    tenant_id     UUID NOT NULL REFERENCES tenants (id),
    id            UUID NOT NULL,
    cookie_hash   BYTEA NOT NULL,
    user_agent    TEXT NOT NULL DEFAULT '',
    first_seen_at TIMESTAMPTZ NOT NULL,
    last_seen_at  TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, cookie_hash)
);

CREATE TABLE attempts (
    tenant_id    UUID NOT NULL REFERENCES tenants (id),
    id           UUID NOT NULL,
    cookie_hash  BYTEA NOT NULL,
    purpose      TEXT NOT NULL CHECK (purpose IN ('signin', 'activate', 'register', 'reset', 'stepup', 'authorize')),
    address_hash BYTEA NOT NULL,
    sealed       BYTEA NOT NULL, -- the typed address and what to resume
    account_id   UUID,
    amr          TEXT NOT NULL DEFAULT '',
    settled      TEXT NOT NULL DEFAULT '', -- how the set-up offer was answered: skip, later
    host         TEXT NOT NULL,
    device_id    UUID,
    created_at   TIMESTAMPTZ NOT NULL,
    expires_at   TIMESTAMPTZ NOT NULL,
    finished_at  TIMESTAMPTZ,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, cookie_hash)
);
CREATE INDEX attempts_expiry ON attempts (tenant_id, expires_at);

CREATE TABLE sessions (
    tenant_id         UUID NOT NULL,
    id                UUID NOT NULL,
    token_hash        BYTEA NOT NULL,
    account_id        UUID NOT NULL,
    kind              TEXT NOT NULL CHECK (kind IN ('browser', 'app', 'api')),
    client            TEXT NOT NULL DEFAULT '',
    aal               INTEGER NOT NULL,
    amr               TEXT NOT NULL,
    auth_time         TIMESTAMPTZ NOT NULL,
    stepups           TEXT NOT NULL DEFAULT '{}', -- last step-up a method
    epoch             BIGINT NOT NULL,
    security_epoch    BIGINT NOT NULL,
    factor_generation BIGINT NOT NULL,
    device_id         UUID,
    host              TEXT NOT NULL,
    network           TEXT NOT NULL DEFAULT '',
    user_agent        TEXT NOT NULL DEFAULT '',
    created_at        TIMESTAMPTZ NOT NULL,
    last_seen_at      TIMESTAMPTZ NOT NULL,
    expires_at        TIMESTAMPTZ NOT NULL,
    ended_at          TIMESTAMPTZ,
    ended_why         TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, token_hash),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id)
);
CREATE INDEX sessions_account ON sessions (tenant_id, account_id);

-- +goose Down
DROP TABLE sessions;
DROP TABLE attempts;
DROP TABLE devices;
DROP TABLE recovery_codes;
DROP TABLE authenticators;
DROP TABLE throttles;
DROP TABLE identifiers;
DROP TABLE accounts;
