-- +goose Up
-- The last day on which HR lets this one person in, where it is later than the
-- employer's window; ISO 8601, empty: the window alone.
ALTER TABLE employments ADD COLUMN access_until TEXT NOT NULL DEFAULT '';

-- Since when the account waits for a new invitation: its person was hired again
-- after the window had closed. Password and factors are gone, the history stays.
ALTER TABLE accounts ADD COLUMN anew_at TIMESTAMPTZ;

-- What people whose access has ended wish for, one open at a time.
CREATE TABLE alumni_wishes (
    tenant_id   UUID NOT NULL,
    id          UUID NOT NULL,
    person_id   UUID NOT NULL,
    created_at  TIMESTAMPTZ NOT NULL,
    answered_at TIMESTAMPTZ,
    answer      TEXT NOT NULL DEFAULT '' CHECK (answer IN ('', 'granted', 'declined')),
    answered_by UUID, -- person
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, person_id) REFERENCES persons (tenant_id, id)
);
CREATE UNIQUE INDEX alumni_wishes_open ON alumni_wishes (tenant_id, person_id) WHERE answered_at IS NULL;
CREATE INDEX alumni_wishes_person ON alumni_wishes (tenant_id, person_id, created_at);
CREATE INDEX alumni_wishes_created ON alumni_wishes (tenant_id, created_at);

-- What was told to whom before which day: each once, however often the sweep
-- runs and wherever.
CREATE TABLE alumni_notices (
    tenant_id  UUID NOT NULL,
    person_id  UUID NOT NULL,
    kind       TEXT NOT NULL CHECK (kind IN ('ending', 'handover')),
    day        TEXT NOT NULL,    -- the last day that it tells of, ISO 8601
    mark       INTEGER NOT NULL, -- days before, by the policy
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, person_id, kind, day, mark),
    FOREIGN KEY (tenant_id, person_id) REFERENCES persons (tenant_id, id)
);

-- Whose last day or window comes near is found by the day.
CREATE INDEX employments_end ON employments (tenant_id, end_date);
CREATE INDEX employments_until ON employments (tenant_id, access_until) WHERE access_until <> '';

-- +goose Down
DROP INDEX employments_until;
DROP INDEX employments_end;
DROP TABLE alumni_notices;
DROP TABLE alumni_wishes;
ALTER TABLE accounts DROP COLUMN anew_at;
ALTER TABLE employments DROP COLUMN access_until;
