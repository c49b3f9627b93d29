-- +goose Up
-- A new address of an account on its way to being proven by a code that was sent
-- to it. The code is made when its mail is, and not at all where the address is
-- somebody else's: that is told to the mailbox alone.
CREATE TABLE address_proofs (
    tenant_id   UUID NOT NULL,
    id          UUID NOT NULL,
    account_id  UUID NOT NULL,
    session_id  UUID NOT NULL, -- the code works in the session that asked
    address     TEXT NOT NULL,
    address_key TEXT NOT NULL,
    code_hash   BYTEA,
    sealed      BYTEA, -- the code, until it is used
    created_at  TIMESTAMPTZ NOT NULL,
    expires_at  TIMESTAMPTZ NOT NULL,
    used_at     TIMESTAMPTZ,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id)
);
CREATE INDEX address_proofs_account ON address_proofs (tenant_id, account_id, created_at);
CREATE INDEX address_proofs_address ON address_proofs (tenant_id, address_key, created_at);

-- What somebody did is listed by who did it, too.
CREATE INDEX audit_events_actor ON audit_events (tenant_id, actor_id, at);

-- +goose Down
DROP INDEX audit_events_actor;
DROP TABLE address_proofs;
