-- +goose Up
SELECT tilgang_protect(t::regclass) FROM unnest(ARRAY['document_inbox', 'document_inbox_looks']) AS t;

-- +goose Down
DROP POLICY tenant ON document_inbox_looks;
DROP POLICY tenant ON document_inbox;
