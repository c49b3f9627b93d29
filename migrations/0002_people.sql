-- +goose Up
CREATE TABLE legal_employers (
    tenant_id  UUID NOT NULL REFERENCES tenants (id),
    id         UUID NOT NULL,
    key        TEXT NOT NULL,
    name       TEXT NOT NULL,
    country    TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, key)
);

-- path_key is the folded chain of names from the root; it is what a staff file
-- names a unit by.
CREATE TABLE org_units (
    tenant_id  UUID NOT NULL REFERENCES tenants (id),
    id         UUID NOT NULL,
    parent_id  UUID,
    name       TEXT NOT NULL,
    path       TEXT NOT NULL,
    path_key   TEXT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, path_key),
    FOREIGN KEY (tenant_id, parent_id) REFERENCES org_units (tenant_id, id)
);

-- national_key is a keyed hash; the number itself is never stored.
CREATE TABLE persons (
    tenant_id         UUID NOT NULL REFERENCES tenants (id),
    id                UUID NOT NULL,
    given_name        TEXT NOT NULL,
    family_name       TEXT NOT NULL,
    work_email        TEXT NOT NULL DEFAULT '',
    work_email_key    TEXT NOT NULL DEFAULT '',
    private_email     TEXT NOT NULL DEFAULT '',
    private_email_key TEXT NOT NULL DEFAULT '',
    phone             TEXT NOT NULL DEFAULT '',
    language          TEXT NOT NULL DEFAULT '',
    national_key      BYTEA,
    created_at        TIMESTAMPTZ NOT NULL,
    updated_at        TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX persons_work_email ON persons (tenant_id, work_email_key) WHERE work_email_key <> '';
CREATE INDEX persons_private_email ON persons (tenant_id, private_email_key) WHERE private_email_key <> '';
CREATE UNIQUE INDEX persons_national ON persons (tenant_id, national_key) WHERE national_key IS NOT NULL;

CREATE TABLE person_tokens (
    tenant_id UUID NOT NULL,
    token     TEXT COLLATE "C" NOT NULL,
    person_id UUID NOT NULL,
    PRIMARY KEY (tenant_id, token, person_id),
    FOREIGN KEY (tenant_id, person_id) REFERENCES persons (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX person_tokens_person ON person_tokens (tenant_id, person_id);

CREATE TABLE person_roles (
    tenant_id  UUID NOT NULL,
    person_id  UUID NOT NULL,
    role       TEXT NOT NULL,
    granted_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, person_id, role),
    FOREIGN KEY (tenant_id, person_id) REFERENCES persons (tenant_id, id) ON DELETE CASCADE
);

-- Dates are ISO 8601 text: they are days, not moments, and compare as text.
-- A rehire is a second row of the same number with a later start.
CREATE TABLE employments (
    tenant_id         UUID NOT NULL,
    id                UUID NOT NULL,
    person_id         UUID NOT NULL,
    legal_employer_id UUID NOT NULL,
    employee_number   TEXT NOT NULL,
    org_unit_id       UUID,
    job_title         TEXT NOT NULL DEFAULT '',
    job_title_key     TEXT NOT NULL DEFAULT '',
    manager_number    TEXT NOT NULL DEFAULT '',
    manager_person_id UUID,
    start_date        TEXT NOT NULL,
    end_date          TEXT NOT NULL DEFAULT '',
    created_at        TIMESTAMPTZ NOT NULL,
    updated_at        TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, legal_employer_id, employee_number, start_date),
    FOREIGN KEY (tenant_id, person_id) REFERENCES persons (tenant_id, id),
    FOREIGN KEY (tenant_id, manager_person_id) REFERENCES persons (tenant_id, id),
    FOREIGN KEY (tenant_id, legal_employer_id) REFERENCES legal_employers (tenant_id, id),
    FOREIGN KEY (tenant_id, org_unit_id) REFERENCES org_units (tenant_id, id)
);
CREATE INDEX employments_person ON employments (tenant_id, person_id);
CREATE INDEX employments_manager ON employments (tenant_id, manager_person_id);
CREATE INDEX employments_number ON employments (tenant_id, employee_number);

-- +goose Down
DROP TABLE employments;
DROP TABLE person_roles;
DROP TABLE person_tokens;
DROP TABLE persons;
DROP TABLE org_units;
DROP TABLE legal_employers;
