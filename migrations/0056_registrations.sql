-- +goose Up
-- Somebody who has left on the way to an account: a private address, a password
-- and a phone that were proven or chosen before anybody knows whose they are.
-- Nothing here opens anything; what is no longer needed is emptied when the
-- registration is settled, and the row goes after days.
CREATE TABLE registrations (
    tenant_id       UUID NOT NULL,
    id              UUID NOT NULL,
    attempt_id      UUID NOT NULL, -- the browser that types the code and goes on
    address_hash    BYTEA NOT NULL, -- keyed; what mails to one address are counted by
    known           BOOLEAN NOT NULL, -- the address signs in already: the mail says so and holds no code
    code_hash       BYTEA,
    code_sealed     BYTEA,
    code_tries      INTEGER NOT NULL DEFAULT 0, -- codes typed, but for the right one
    sent_at         TIMESTAMPTZ,
    code_expires_at TIMESTAMPTZ,
    code_used_at    TIMESTAMPTZ,
    password_hash   TEXT NOT NULL DEFAULT '',
    phone_id        UUID, -- of the number; another number has another
    phone_sealed    BYTEA,
    phone_channel   TEXT NOT NULL DEFAULT '' CHECK (phone_channel IN ('', 'sms', 'voice')),
    phone_proven_at TIMESTAMPTZ,
    touched_at      TIMESTAMPTZ, -- sends and tries at one phone wait for each other here
    outcome         TEXT NOT NULL DEFAULT '' CHECK (outcome IN ('', 'opened', 'joined', 'nobody', 'staff', 'closed', 'stopped', 'taken')),
    outcome_on      TEXT NOT NULL DEFAULT '', -- the last day of access, where that has passed
    person_id       UUID,
    settled_at      TIMESTAMPTZ,
    created_at      TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, person_id) REFERENCES persons (tenant_id, id)
);
CREATE INDEX registrations_attempt ON registrations (tenant_id, attempt_id, created_at);
CREATE INDEX registrations_address ON registrations (tenant_id, address_hash, created_at);
CREATE INDEX registrations_person ON registrations (tenant_id, person_id) WHERE person_id IS NOT NULL;

-- When a person opened, or widened, the account with an address of their own.
ALTER TABLE accounts ADD COLUMN registered_at TIMESTAMPTZ;

-- +goose Down
ALTER TABLE accounts DROP COLUMN registered_at;
DROP TABLE registrations;
