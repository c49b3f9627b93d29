-- +goose Up
-- What a SAML provider said by way of a browser's post, until that browser
-- fetches it; afterwards, that the assertion was used.
CREATE TABLE federation_answers (
    tenant_id      UUID NOT NULL,
    id             UUID NOT NULL,
    connector      TEXT NOT NULL, -- the key in the tenant's file
    code_hash      BYTEA NOT NULL, -- of the name that the browser is given
    assertion_hash BYTEA NOT NULL, -- of issuer and assertion
    sealed         BYTEA NOT NULL, -- empty once it is taken
    created_at     TIMESTAMPTZ NOT NULL,
    expires_at     TIMESTAMPTZ NOT NULL,
    taken_at       TIMESTAMPTZ,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX federation_answers_code ON federation_answers (tenant_id, code_hash);
CREATE UNIQUE INDEX federation_answers_assertion ON federation_answers (tenant_id, assertion_hash);
CREATE INDEX federation_answers_created ON federation_answers (tenant_id, created_at);

-- +goose Down
DROP TABLE federation_answers;
