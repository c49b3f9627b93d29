-- +goose Up
-- The outbox is the truth about work to do; the queue only carries row ids.
CREATE TABLE outbox (
    tenant_id  UUID NOT NULL REFERENCES tenants (id),
    id         UUID NOT NULL,
    kind       TEXT NOT NULL,
    version    INTEGER NOT NULL DEFAULT 1,
    key        TEXT NOT NULL DEFAULT '',
    lane       TEXT NOT NULL CHECK (lane IN ('security', 'normal', 'bulk')),
    args       TEXT NOT NULL DEFAULT '{}',
    due_at     TIMESTAMPTZ NOT NULL,
    relayed_at TIMESTAMPTZ,
    done_at    TIMESTAMPTZ,
    failed_at  TIMESTAMPTZ,
    tries      INTEGER NOT NULL DEFAULT 0,
    error      TEXT NOT NULL DEFAULT '',
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX outbox_key ON outbox (tenant_id, kind, key) WHERE key <> '';
CREATE INDEX outbox_pending ON outbox (lane, tenant_id, due_at) WHERE relayed_at IS NULL AND done_at IS NULL AND failed_at IS NULL;
CREATE INDEX outbox_running ON outbox (lane, relayed_at) WHERE relayed_at IS NOT NULL AND done_at IS NULL AND failed_at IS NULL;

CREATE TABLE invitations (
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
CREATE UNIQUE INDEX invitations_open ON invitations (tenant_id, person_id) WHERE state = 'pending';
CREATE UNIQUE INDEX invitations_token ON invitations (tenant_id, token_hash) WHERE token_hash IS NOT NULL;
CREATE INDEX invitations_address ON invitations (tenant_id, address_key) WHERE state = 'pending';
CREATE INDEX invitations_person ON invitations (tenant_id, person_id);

CREATE TABLE messages (
    tenant_id   UUID NOT NULL REFERENCES tenants (id),
    id          UUID NOT NULL,
    person_id   UUID,
    kind        TEXT NOT NULL,
    channel     TEXT NOT NULL CHECK (channel IN ('email', 'sms', 'voice', 'push')),
    lane        TEXT NOT NULL,
    language    TEXT NOT NULL,
    args        TEXT NOT NULL DEFAULT '{}',
    ref_id      UUID,
    sealed_to   BYTEA NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'handed_over', 'delivered', 'delayed', 'bounced', 'complained', 'suppressed', 'failed')),
    tries       INTEGER NOT NULL DEFAULT 0,
    provider_id TEXT NOT NULL DEFAULT '',
    error       TEXT NOT NULL DEFAULT '',
    created_at  TIMESTAMPTZ NOT NULL,
    updated_at  TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX messages_person ON messages (tenant_id, person_id);
CREATE INDEX messages_ref ON messages (tenant_id, ref_id) WHERE ref_id IS NOT NULL;

CREATE TABLE message_events (
    tenant_id         UUID NOT NULL,
    id                UUID NOT NULL,
    message_id        UUID NOT NULL,
    provider_event_id TEXT NOT NULL,
    type              TEXT NOT NULL,
    at                TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, provider_event_id),
    FOREIGN KEY (tenant_id, message_id) REFERENCES messages (tenant_id, id)
);

CREATE TABLE audit_events (
    tenant_id    UUID NOT NULL REFERENCES tenants (id),
    id           UUID NOT NULL,
    at           TIMESTAMPTZ NOT NULL,
    action       TEXT NOT NULL,
    actor_kind   TEXT NOT NULL,
    actor_id     UUID,
    subject_kind TEXT NOT NULL DEFAULT '',
    subject_id   UUID,
    detail       TEXT NOT NULL DEFAULT '{}',
    request_id   TEXT NOT NULL DEFAULT '',
    network      TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX audit_events_subject ON audit_events (tenant_id, subject_id, at);

-- +goose Down
DROP TABLE audit_events;
DROP TABLE message_events;
DROP TABLE messages;
DROP TABLE invitations;
DROP TABLE outbox;
