-- +goose Up
-- Answers of robot checks that were used, so that each counts once; a row may
-- go when its answer would have expired.
CREATE TABLE captcha_answers (
    tenant_id  UUID NOT NULL,
    id         BYTEA NOT NULL, -- a hash of what makes the answer one of its own
    expires_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id) REFERENCES tenants (id)
);
CREATE INDEX captcha_answers_end ON captcha_answers (tenant_id, expires_at);

-- +goose Down
DROP TABLE captcha_answers;
