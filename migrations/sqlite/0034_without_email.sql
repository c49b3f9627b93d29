-- +goose Up
-- As for Postgres; SQLite changes a CHECK by copying the table.
-- People without an e-mail address sign in with their employee number. phone is
-- where text messages about the account go: proven by its invitation.
CREATE TABLE identifiers_new (
    tenant_id   UUID NOT NULL,
    id          UUID NOT NULL,
    account_id  UUID NOT NULL,
    kind        TEXT NOT NULL CHECK (kind IN ('work', 'private', 'number')),
    address     TEXT NOT NULL,
    address_key TEXT NOT NULL,
    verified_at TIMESTAMPTZ NOT NULL,
    phone       TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, address_key),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id)
);
INSERT INTO identifiers_new (tenant_id, id, account_id, kind, address, address_key, verified_at) SELECT tenant_id, id, account_id, kind, address, address_key, verified_at FROM identifiers;
DROP TABLE identifiers;
ALTER TABLE identifiers_new RENAME TO identifiers;
CREATE INDEX identifiers_account ON identifiers (tenant_id, account_id);

-- An invitation may go to a phone, or on paper; then name is what the person
-- will sign in with.
CREATE TABLE invitations_new (
    tenant_id    UUID NOT NULL,
    id           UUID NOT NULL,
    person_id    UUID NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('pending', 'accepted', 'revoked')),
    address      TEXT NOT NULL DEFAULT '',
    address_key  TEXT NOT NULL DEFAULT '',
    address_kind TEXT NOT NULL DEFAULT '' CHECK (address_kind IN ('', 'work', 'private', 'phone')),
    token_hash   BYTEA,
    code_hash    BYTEA,
    code_tries   INTEGER NOT NULL DEFAULT 0,
    sealed       BYTEA,
    due_at       TIMESTAMPTZ,
    sent_at      TIMESTAMPTZ,
    expires_at   TIMESTAMPTZ,
    fetched_at   TIMESTAMPTZ,
    opened_at    TIMESTAMPTZ,
    accepted_at  TIMESTAMPTZ,
    created_at   TIMESTAMPTZ NOT NULL,
    updated_at   TIMESTAMPTZ NOT NULL,
    name         TEXT NOT NULL DEFAULT '',
    name_key     TEXT NOT NULL DEFAULT '',
    letter_at    TIMESTAMPTZ, -- the code is on paper; null: it was sent, or is none
    letters      INTEGER NOT NULL DEFAULT 0, -- how many were made
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, person_id) REFERENCES persons (tenant_id, id)
);
INSERT INTO invitations_new (tenant_id, id, person_id, state, address, address_key, address_kind, token_hash, code_hash, code_tries, sealed, due_at, sent_at, expires_at, fetched_at, opened_at, accepted_at, created_at, updated_at) SELECT tenant_id, id, person_id, state, address, address_key, address_kind, token_hash, code_hash, code_tries, sealed, due_at, sent_at, expires_at, fetched_at, opened_at, accepted_at, created_at, updated_at FROM invitations;
DROP TABLE invitations;
ALTER TABLE invitations_new RENAME TO invitations;
CREATE UNIQUE INDEX invitations_open ON invitations (tenant_id, person_id) WHERE state = 'pending';
CREATE UNIQUE INDEX invitations_token ON invitations (tenant_id, token_hash) WHERE token_hash IS NOT NULL;
CREATE INDEX invitations_address ON invitations (tenant_id, address_key) WHERE state = 'pending';
CREATE INDEX invitations_person ON invitations (tenant_id, person_id);
CREATE INDEX invitations_name ON invitations (tenant_id, name_key) WHERE state = 'pending' AND name_key <> '';

-- +goose Down
CREATE TABLE invitations_new (
    tenant_id    UUID NOT NULL,
    id           UUID NOT NULL,
    person_id    UUID NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('pending', 'accepted', 'revoked')),
    address      TEXT NOT NULL DEFAULT '',
    address_key  TEXT NOT NULL DEFAULT '',
    address_kind TEXT NOT NULL DEFAULT '' CHECK (address_kind IN ('', 'work', 'private')),
    token_hash   BYTEA,
    code_hash    BYTEA,
    code_tries   INTEGER NOT NULL DEFAULT 0,
    sealed       BYTEA,
    due_at       TIMESTAMPTZ,
    sent_at      TIMESTAMPTZ,
    expires_at   TIMESTAMPTZ,
    fetched_at   TIMESTAMPTZ,
    opened_at    TIMESTAMPTZ,
    accepted_at  TIMESTAMPTZ,
    created_at   TIMESTAMPTZ NOT NULL,
    updated_at   TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, person_id) REFERENCES persons (tenant_id, id)
);
INSERT INTO invitations_new (tenant_id, id, person_id, state, address, address_key, address_kind, token_hash, code_hash, code_tries, sealed, due_at, sent_at, expires_at, fetched_at, opened_at, accepted_at, created_at, updated_at) SELECT tenant_id, id, person_id, state, address, address_key, address_kind, token_hash, code_hash, code_tries, sealed, due_at, sent_at, expires_at, fetched_at, opened_at, accepted_at, created_at, updated_at FROM invitations WHERE address_kind <> 'phone';
DROP TABLE invitations;
ALTER TABLE invitations_new RENAME TO invitations;
CREATE UNIQUE INDEX invitations_open ON invitations (tenant_id, person_id) WHERE state = 'pending';
CREATE UNIQUE INDEX invitations_token ON invitations (tenant_id, token_hash) WHERE token_hash IS NOT NULL;
CREATE INDEX invitations_address ON invitations (tenant_id, address_key) WHERE state = 'pending';
CREATE INDEX invitations_person ON invitations (tenant_id, person_id);

CREATE TABLE identifiers_new (
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
INSERT INTO identifiers_new (tenant_id, id, account_id, kind, address, address_key, verified_at) SELECT tenant_id, id, account_id, kind, address, address_key, verified_at FROM identifiers WHERE kind <> 'number';
DROP TABLE identifiers;
ALTER TABLE identifiers_new RENAME TO identifiers;
CREATE INDEX identifiers_account ON identifiers (tenant_id, account_id);
