-- +goose Up
-- A link that signs an account in, once, in the browser that asked for it. Like
-- a reset it is dead once the account's epoch or the installation's moves on.
CREATE TABLE magiclinks (
    tenant_id      UUID NOT NULL,
    id             UUID NOT NULL,
    person_id      UUID NOT NULL,
    account_id     UUID NOT NULL,
    attempt_id     UUID NOT NULL, -- of the browser that asked
    address        TEXT NOT NULL,
    address_key    TEXT NOT NULL,
    epoch          BIGINT NOT NULL, -- the account's when it was asked for
    security_epoch BIGINT NOT NULL, -- the installation's
    token_hash     BYTEA,
    code_hash      BYTEA, -- of what another browser shows
    sealed         BYTEA, -- both, until one was used
    sent_at        TIMESTAMPTZ,
    expires_at     TIMESTAMPTZ,
    used_at        TIMESTAMPTZ,
    created_at     TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, person_id) REFERENCES persons (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id)
);
CREATE UNIQUE INDEX magiclinks_token ON magiclinks (tenant_id, token_hash) WHERE token_hash IS NOT NULL;
CREATE INDEX magiclinks_person ON magiclinks (tenant_id, person_id, created_at);
CREATE INDEX magiclinks_account ON magiclinks (tenant_id, account_id);
CREATE INDEX magiclinks_attempt ON magiclinks (tenant_id, attempt_id);

-- +goose Down
DROP TABLE magiclinks;
