-- +goose Up
-- A recovery brings a person who lost every second factor back in: one starts
-- it, others approve, then time passes. Where it stands follows from these dates
-- and the clock; no job opens or closes the door.
CREATE TABLE recoveries (
    tenant_id    UUID NOT NULL,
    id           UUID NOT NULL,
    person_id    UUID NOT NULL, -- the account's
    account_id   UUID NOT NULL,
    reason       TEXT NOT NULL,
    starter_id   UUID NOT NULL, -- person
    starter_role TEXT NOT NULL CHECK (starter_role IN ('manager', 'hr', 'admin')),
    code_hash    BYTEA NOT NULL, -- of the code that stops it
    sealed       BYTEA NOT NULL, -- the code
    turn         BIGINT NOT NULL DEFAULT 0, -- approvals wait for each other here
    security_epoch BIGINT NOT NULL DEFAULT 0, -- the installation's: after a restore none opens
    approved_at  TIMESTAMPTZ,
    opens_at     TIMESTAMPTZ,
    closes_at    TIMESTAMPTZ NOT NULL, -- before the approval: until when one is waited for
    ended_at     TIMESTAMPTZ,
    ending       TEXT NOT NULL DEFAULT '',
    ended_by     UUID, -- person; null where nobody was signed in
    created_at   TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id)
);
CREATE UNIQUE INDEX recoveries_running ON recoveries (tenant_id, account_id) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX recoveries_code ON recoveries (tenant_id, code_hash);
CREATE INDEX recoveries_person ON recoveries (tenant_id, person_id, created_at);
CREATE INDEX recoveries_created ON recoveries (tenant_id, created_at);

-- Each approver once.
CREATE TABLE recovery_approvals (
    tenant_id   UUID NOT NULL,
    recovery_id UUID NOT NULL,
    approver_id UUID NOT NULL, -- person
    role        TEXT NOT NULL CHECK (role IN ('hr', 'admin')),
    created_at  TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, recovery_id, approver_id),
    FOREIGN KEY (tenant_id, recovery_id) REFERENCES recoveries (tenant_id, id)
);

-- Codes that HR or a manager makes for somebody who stands there.
CREATE TABLE access_passes (
    tenant_id  UUID NOT NULL,
    id         UUID NOT NULL,
    person_id  UUID NOT NULL,
    account_id UUID NOT NULL,
    maker_id   UUID NOT NULL, -- person
    code_hash  BYTEA NOT NULL,
    security_epoch BIGINT NOT NULL DEFAULT 0, -- the installation's
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    used_at    TIMESTAMPTZ,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, person_id) REFERENCES persons (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id)
);
CREATE INDEX access_passes_account ON access_passes (tenant_id, account_id, created_at);
CREATE INDEX access_passes_maker ON access_passes (tenant_id, maker_id, created_at);

-- +goose Down
DROP TABLE access_passes;
DROP TABLE recovery_approvals;
DROP TABLE recoveries;
