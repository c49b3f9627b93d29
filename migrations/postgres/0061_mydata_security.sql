-- +goose Up
SELECT tilgang_protect(t::regclass) FROM unnest(ARRAY['mydata_copies', 'mydata_files', 'mydata_requests']) AS t;

-- +goose Down
DROP POLICY tenant ON mydata_requests;
DROP POLICY tenant ON mydata_files;
DROP POLICY tenant ON mydata_copies;
