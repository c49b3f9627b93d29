-- +goose Up
SELECT tilgang_protect(t::regclass) FROM unnest(ARRAY[
    'documents', 'document_leftovers', 'document_deliveries', 'document_problems', 'document_openings', 'document_holds']) AS t;

-- +goose Down
DROP POLICY tenant ON document_holds;
DROP POLICY tenant ON document_openings;
DROP POLICY tenant ON document_problems;
DROP POLICY tenant ON document_deliveries;
DROP POLICY tenant ON document_leftovers;
DROP POLICY tenant ON documents;
