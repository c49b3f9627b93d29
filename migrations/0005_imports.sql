-- +goose Up
CREATE TABLE imports (
    tenant_id    UUID NOT NULL REFERENCES tenants (id),
    id           UUID NOT NULL,
    file_name    TEXT NOT NULL,
    bytes        BIGINT NOT NULL,
    digest       BYTEA NOT NULL,
    source       TEXT NOT NULL CHECK (source IN ('page', 'command')),
    state        TEXT NOT NULL CHECK (state IN ('received', 'reading', 'preview', 'applying', 'done', 'failed', 'dropped')),
    lines        BIGINT NOT NULL DEFAULT 0,
    lines_read   BIGINT NOT NULL DEFAULT 0,
    applied      BIGINT NOT NULL DEFAULT 0,
    created      BIGINT NOT NULL DEFAULT 0,
    changed      BIGINT NOT NULL DEFAULT 0,
    same         BIGINT NOT NULL DEFAULT 0,
    proposed     BIGINT NOT NULL DEFAULT 0,
    problems     BIGINT NOT NULL DEFAULT 0,
    error        TEXT NOT NULL DEFAULT '', -- catalogue key of what stopped it
    roles_up_to  INTEGER NOT NULL DEFAULT 0, -- highest role the importer may give
    importer_id  UUID,
    created_at   TIMESTAMPTZ NOT NULL,
    confirmed_at TIMESTAMPTZ,
    finished_at  TIMESTAMPTZ,
    updated_at   TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX imports_newest ON imports (tenant_id, created_at);

-- The uploaded file, its national-number column blanked, sealed in pieces of at
-- most 1 MiB: every replica reaches it and no step holds it whole.
CREATE TABLE import_parts (
    tenant_id UUID NOT NULL,
    import_id UUID NOT NULL,
    part      INTEGER NOT NULL,
    kind      TEXT NOT NULL CHECK (kind IN ('raw', 'kept')),
    sealed    BYTEA NOT NULL,
    PRIMARY KEY (tenant_id, import_id, kind, part),
    FOREIGN KEY (tenant_id, import_id) REFERENCES imports (tenant_id, id) ON DELETE CASCADE
);

CREATE TABLE import_rows (
    tenant_id   UUID NOT NULL,
    import_id   UUID NOT NULL,
    line        BIGINT NOT NULL,
    action      TEXT NOT NULL CHECK (action IN ('create', 'change', 'rehire', 'propose', 'same', 'problem')),
    sealed      BYTEA NOT NULL,
    person_id   UUID,
    answer      TEXT NOT NULL DEFAULT '', -- to a proposal: same, other
    applied_at  TIMESTAMPTZ,
    PRIMARY KEY (tenant_id, import_id, line),
    FOREIGN KEY (tenant_id, import_id) REFERENCES imports (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX import_rows_action ON import_rows (tenant_id, import_id, action, line);

-- +goose Down
DROP TABLE import_rows;
DROP TABLE import_parts;
DROP TABLE imports;
