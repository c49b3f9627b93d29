-- +goose Up
-- What payroll puts into an employer's inbox: which process is at a folder of it,
-- and what was decided before it is moved aside.
CREATE TABLE document_inbox (
    tenant_id   UUID NOT NULL REFERENCES tenants (id),
    name        TEXT NOT NULL, -- of the folder
    holder      UUID NOT NULL,
    held_until  TIMESTAMPTZ NOT NULL,
    taken_at    TIMESTAMPTZ NOT NULL,
    outcome     TEXT NOT NULL DEFAULT '' CHECK (outcome IN ('', 'done', 'refused')),
    delivery_id UUID,
    PRIMARY KEY (tenant_id, name),
    FOREIGN KEY (tenant_id, delivery_id) REFERENCES document_deliveries (tenant_id, id)
);

-- When an inbox was looked at last, and since when it has not answered.
CREATE TABLE document_inbox_looks (
    tenant_id     UUID NOT NULL REFERENCES tenants (id),
    place         TEXT NOT NULL,
    looked_at     TIMESTAMPTZ NOT NULL,
    failing_since TIMESTAMPTZ,
    PRIMARY KEY (tenant_id, place)
);

ALTER TABLE document_deliveries ADD COLUMN inbox_name TEXT NOT NULL DEFAULT '';
CREATE INDEX document_deliveries_inbox ON document_deliveries (tenant_id, inbox_name, created_at);

-- +goose Down
DROP INDEX document_deliveries_inbox;
ALTER TABLE document_deliveries DROP COLUMN inbox_name;
DROP TABLE document_inbox_looks;
DROP TABLE document_inbox;
