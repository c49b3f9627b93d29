-- +goose Up
-- What payroll delivers to a person: where the sealed file lies, and what a list
-- needs. The natural key is a keyed hash; one document of it is current, those
-- that it took the place of stay until their own time is over.
CREATE TABLE documents (
    tenant_id         UUID NOT NULL,
    id                UUID NOT NULL,
    person_id         UUID NOT NULL,
    legal_employer_id UUID NOT NULL,
    kind              TEXT NOT NULL CHECK (kind IN ('payslip', 'annual_statement', 'contract', 'certificate', 'letter')),
    dated             TEXT NOT NULL, -- ISO 8601: a day, not a moment
    period            TEXT NOT NULL DEFAULT '',
    language          TEXT NOT NULL DEFAULT '',
    title             TEXT NOT NULL,
    media             TEXT NOT NULL CHECK (media IN ('application/pdf', 'image/png', 'image/jpeg')),
    bytes             BIGINT NOT NULL,
    content_key       TEXT NOT NULL, -- keyed hash of the content, in hex
    natural_key       TEXT NOT NULL, -- keyed hash, in hex
    place             TEXT NOT NULL, -- the file's name in the store
    lines             BYTEA,         -- a payslip's gross, tax and net, sealed
    delivery_id       UUID,
    corrects          BOOLEAN NOT NULL DEFAULT FALSE, -- took the place of another
    delivered_at      TIMESTAMPTZ NOT NULL,
    superseded_at     TIMESTAMPTZ,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, person_id) REFERENCES persons (tenant_id, id),
    FOREIGN KEY (tenant_id, legal_employer_id) REFERENCES legal_employers (tenant_id, id)
);
CREATE INDEX documents_person ON documents (tenant_id, person_id, dated);
CREATE UNIQUE INDEX documents_natural ON documents (tenant_id, natural_key) WHERE superseded_at IS NULL;
CREATE INDEX documents_age ON documents (tenant_id, legal_employer_id, kind, dated);

-- Files that no document names, or not yet: each is written down before it is
-- written away, so that a crash leaves nothing behind that nobody knows of.
CREATE TABLE document_leftovers (
    tenant_id UUID NOT NULL,
    place     TEXT NOT NULL,
    due_at    TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, place)
);
CREATE INDEX document_leftovers_due ON document_leftovers (tenant_id, due_at);

CREATE TABLE document_deliveries (
    tenant_id    UUID NOT NULL REFERENCES tenants (id),
    id           UUID NOT NULL,
    name         TEXT NOT NULL,
    source       TEXT NOT NULL CHECK (source IN ('page', 'command')),
    state        TEXT NOT NULL CHECK (state IN ('received', 'reading', 'preview', 'applying', 'done', 'failed', 'dropped')),
    bytes        BIGINT NOT NULL DEFAULT 0,
    digest       TEXT NOT NULL DEFAULT '', -- of the list, by which a broken run is found again
    total        BIGINT NOT NULL DEFAULT 0, -- rows, once they were counted
    rows_read    BIGINT NOT NULL DEFAULT 0,
    fresh        BIGINT NOT NULL DEFAULT 0,
    replaced     BIGINT NOT NULL DEFAULT 0,
    same         BIGINT NOT NULL DEFAULT 0,
    problems     BIGINT NOT NULL DEFAULT 0,
    error        TEXT NOT NULL DEFAULT '', -- catalogue key of what stopped it
    error_args   TEXT NOT NULL DEFAULT '{}',
    by_id        UUID, -- the person of HR
    created_at   TIMESTAMPTZ NOT NULL,
    confirmed_at TIMESTAMPTZ,
    finished_at  TIMESTAMPTZ,
    updated_at   TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX document_deliveries_newest ON document_deliveries (tenant_id, created_at);

-- What is wrong with a row, and the row's own words, sealed.
CREATE TABLE document_problems (
    tenant_id   UUID NOT NULL,
    delivery_id UUID NOT NULL,
    line        BIGINT NOT NULL,
    sealed      BYTEA NOT NULL,
    PRIMARY KEY (tenant_id, delivery_id, line),
    FOREIGN KEY (tenant_id, delivery_id) REFERENCES document_deliveries (tenant_id, id) ON DELETE CASCADE
);

-- Each time that somebody else opened a document; its owner sees it.
CREATE TABLE document_openings (
    tenant_id   UUID NOT NULL,
    id          UUID NOT NULL,
    document_id UUID NOT NULL,
    reader_id   UUID NOT NULL,
    reason      TEXT NOT NULL,
    opened_at   TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, document_id) REFERENCES documents (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX document_openings_document ON document_openings (tenant_id, document_id, opened_at);

-- While one is open, nothing of the person's is deleted.
CREATE TABLE document_holds (
    tenant_id UUID NOT NULL,
    id        UUID NOT NULL,
    person_id UUID NOT NULL,
    reason    TEXT NOT NULL,
    set_by    UUID NOT NULL,
    set_at    TIMESTAMPTZ NOT NULL,
    lifted_at TIMESTAMPTZ,
    lifted_by UUID,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, person_id) REFERENCES persons (tenant_id, id)
);
CREATE UNIQUE INDEX document_holds_open ON document_holds (tenant_id, person_id) WHERE lifted_at IS NULL;

-- +goose Down
DROP TABLE document_holds;
DROP TABLE document_openings;
DROP TABLE document_problems;
DROP TABLE document_deliveries;
DROP TABLE document_leftovers;
DROP TABLE documents;
