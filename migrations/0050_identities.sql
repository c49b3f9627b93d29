-- +goose Up
-- Electronic identities that accounts are tied to. Subject and national number
-- are keyed hashes per tenant: neither can be read back from here.
CREATE TABLE linked_identities (
    tenant_id    UUID NOT NULL,
    id           UUID NOT NULL,
    account_id   UUID NOT NULL,
    connector    TEXT NOT NULL, -- the key in the tenant's file
    subject_hash BYTEA NOT NULL, -- of issuer and subject
    national_key BYTEA, -- as persons keep it
    level        TEXT NOT NULL CHECK (level IN ('low', 'substantial', 'high')),
    proven       BOOLEAN NOT NULL DEFAULT FALSE, -- the number is the person's, or HR said so
    linked_at    TIMESTAMPTZ NOT NULL,
    last_used_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id)
);
CREATE UNIQUE INDEX linked_identities_subject ON linked_identities (tenant_id, connector, subject_hash);
CREATE UNIQUE INDEX linked_identities_account ON linked_identities (tenant_id, account_id, connector);

-- One visit to a provider. The row is made when the browser comes back, before
-- anything is checked, so that a state works once; what the provider said follows.
CREATE TABLE identity_proofs (
    tenant_id    UUID NOT NULL,
    id           UUID NOT NULL,
    attempt_id   UUID NOT NULL,
    state_hash   BYTEA NOT NULL,
    connector    TEXT NOT NULL,
    purpose      TEXT NOT NULL, -- what it was asked for
    subject_hash BYTEA,
    national_key BYTEA,
    level        TEXT NOT NULL DEFAULT '',
    created_at   TIMESTAMPTZ NOT NULL,
    expires_at   TIMESTAMPTZ NOT NULL,
    proven_at    TIMESTAMPTZ,
    taken_at     TIMESTAMPTZ,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX identity_proofs_state ON identity_proofs (tenant_id, state_hash);
CREATE INDEX identity_proofs_attempt ON identity_proofs (tenant_id, attempt_id, created_at);
CREATE INDEX identity_proofs_created ON identity_proofs (tenant_id, created_at);

-- What HR must look at: a proof for a person of whom no number is on record.
CREATE TABLE identity_reviews (
    tenant_id    UUID NOT NULL,
    id           UUID NOT NULL,
    person_id    UUID NOT NULL,
    account_id   UUID NOT NULL,
    connector    TEXT NOT NULL DEFAULT '', -- empty: the employer has none to ask
    subject_hash BYTEA,
    national_key BYTEA,
    level        TEXT NOT NULL DEFAULT 'low',
    created_at   TIMESTAMPTZ NOT NULL,
    decided_at   TIMESTAMPTZ,
    decided_by   UUID, -- person
    confirmed    BOOLEAN NOT NULL DEFAULT FALSE,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id)
);
CREATE UNIQUE INDEX identity_reviews_waiting ON identity_reviews (tenant_id, account_id) WHERE decided_at IS NULL;
CREATE INDEX identity_reviews_person ON identity_reviews (tenant_id, person_id, created_at);
CREATE INDEX identity_reviews_created ON identity_reviews (tenant_id, created_at);

-- A link that went from one account to another, and can go back for some days.
CREATE TABLE identity_moves (
    tenant_id    UUID NOT NULL,
    id           UUID NOT NULL,
    connector    TEXT NOT NULL,
    subject_hash BYTEA NOT NULL,
    from_account UUID NOT NULL,
    to_account   UUID NOT NULL,
    was_proven   BOOLEAN NOT NULL DEFAULT FALSE, -- at the account that it left
    moved_at     TIMESTAMPTZ NOT NULL,
    undone_at    TIMESTAMPTZ,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, from_account) REFERENCES accounts (tenant_id, id),
    FOREIGN KEY (tenant_id, to_account) REFERENCES accounts (tenant_id, id)
);
CREATE INDEX identity_moves_from ON identity_moves (tenant_id, from_account, moved_at);
CREATE INDEX identity_moves_to ON identity_moves (tenant_id, to_account, moved_at);

-- +goose Down
DROP TABLE identity_moves;
DROP TABLE identity_reviews;
DROP TABLE identity_proofs;
DROP TABLE linked_identities;
