-- +goose Up
-- What a security mail offers to whoever did not do what it tells of: a link and
-- a code, kept as hashes, and sealed for a try that follows a failed one.
CREATE TABLE notices (
    tenant_id   UUID NOT NULL,
    id          UUID NOT NULL, -- the message's
    account_id  UUID NOT NULL,
    kind        TEXT NOT NULL,
    args        TEXT NOT NULL DEFAULT '{}',
    happened_at TIMESTAMPTZ NOT NULL,
    token_hash  BYTEA NOT NULL,
    code_hash   BYTEA NOT NULL,
    sealed      BYTEA NOT NULL,
    expires_at  TIMESTAMPTZ NOT NULL,
    reported_at TIMESTAMPTZ, -- somebody said: not me
    created_at  TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id)
);
CREATE UNIQUE INDEX notices_token ON notices (tenant_id, token_hash);
CREATE INDEX notices_expiry ON notices (tenant_id, expires_at);

-- Each report stops changes at its account until it is lifted. An account is
-- frozen while one of them is open.
CREATE TABLE freezes (
    tenant_id   UUID NOT NULL,
    id          UUID NOT NULL,
    account_id  UUID NOT NULL,
    notice_id   UUID NOT NULL,
    frozen_at   TIMESTAMPTZ NOT NULL,
    password_at TIMESTAMPTZ, -- a new password was chosen by mail since
    lifted_at   TIMESTAMPTZ,
    lifted_why  TEXT NOT NULL DEFAULT '' CHECK (lifted_why IN ('', 'undone', 'returned', 'hr')),
    lifted_by   UUID, -- the person of HR
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id)
);
CREATE UNIQUE INDEX freezes_notice ON freezes (tenant_id, notice_id);
CREATE INDEX freezes_account ON freezes (tenant_id, account_id);

-- Browsers and countries from which an account has been signed in to.
CREATE TABLE sightings (
    tenant_id  UUID NOT NULL,
    account_id UUID NOT NULL,
    sort       TEXT NOT NULL CHECK (sort IN ('device', 'country')),
    value      TEXT NOT NULL,
    seen_at    TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, account_id, sort, value),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id)
);

-- +goose Down
DROP TABLE sightings;
DROP TABLE freezes;
DROP TABLE notices;
