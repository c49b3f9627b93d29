-- +goose Up
-- A wish for a new password that came to something: a link to an account, or an
-- invitation sent again (no account). A link is dead once the account's epoch or
-- the installation's has moved on; no state is stored that could disagree.
CREATE TABLE resets (
    tenant_id      UUID NOT NULL,
    id             UUID NOT NULL,
    person_id      UUID NOT NULL,
    account_id     UUID,
    cause          TEXT NOT NULL CHECK (cause IN ('self', 'manager', 'hr', 'admin')),
    asker_id       UUID, -- person who asked for somebody else
    address        TEXT NOT NULL,
    address_key    TEXT NOT NULL,
    epoch          BIGINT NOT NULL DEFAULT 0, -- the account's when it was asked for
    security_epoch BIGINT NOT NULL DEFAULT 0, -- the installation's
    token_hash     BYTEA,
    sealed         BYTEA,
    sent_at        TIMESTAMPTZ,
    expires_at     TIMESTAMPTZ,
    used_at        TIMESTAMPTZ,
    created_at     TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, person_id) REFERENCES persons (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id)
);
CREATE UNIQUE INDEX resets_token ON resets (tenant_id, token_hash) WHERE token_hash IS NOT NULL;
CREATE INDEX resets_person ON resets (tenant_id, person_id, created_at);

-- +goose Down
DROP TABLE resets;
