-- +goose Up
-- A person's copy of everything about them, one a person. Its files are made one
-- by one by the worker; both go when their time is over.
CREATE TABLE mydata_copies (
    tenant_id  UUID NOT NULL,
    id         UUID NOT NULL,
    person_id  UUID NOT NULL,
    done       BIGINT NOT NULL DEFAULT 0,
    total      BIGINT NOT NULL,
    asked_at   TIMESTAMPTZ NOT NULL,
    ready_at   TIMESTAMPTZ,
    fetched_at TIMESTAMPTZ,
    expires_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, person_id) REFERENCES persons (tenant_id, id)
);
CREATE UNIQUE INDEX mydata_copies_person ON mydata_copies (tenant_id, person_id);
CREATE INDEX mydata_copies_end ON mydata_copies (tenant_id, expires_at);

CREATE TABLE mydata_files (
    tenant_id UUID NOT NULL,
    copy_id   UUID NOT NULL,
    name      TEXT NOT NULL,
    sealed    BYTEA NOT NULL,
    PRIMARY KEY (tenant_id, copy_id, name),
    FOREIGN KEY (tenant_id, copy_id) REFERENCES mydata_copies (tenant_id, id) ON DELETE CASCADE
);

-- What a person asks of HR about their data, and the answer; both sealed. One is
-- open a person, kind and field.
CREATE TABLE mydata_requests (
    tenant_id   UUID NOT NULL,
    id          UUID NOT NULL,
    person_id   UUID NOT NULL,
    kind        TEXT NOT NULL CHECK (kind IN ('correction', 'erasure')),
    field       TEXT NOT NULL DEFAULT '',
    words       BYTEA NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('open', 'done', 'declined')),
    asked_at    TIMESTAMPTZ NOT NULL,
    answer      BYTEA,
    answered_by UUID, -- the person of HR
    answered_at TIMESTAMPTZ,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, person_id) REFERENCES persons (tenant_id, id)
);
CREATE UNIQUE INDEX mydata_requests_open ON mydata_requests (tenant_id, person_id, kind, field) WHERE state = 'open';
CREATE INDEX mydata_requests_person ON mydata_requests (tenant_id, person_id, asked_at);
CREATE INDEX mydata_requests_board ON mydata_requests (tenant_id, state, asked_at);

-- +goose Down
DROP TABLE mydata_requests;
DROP TABLE mydata_files;
DROP TABLE mydata_copies;
