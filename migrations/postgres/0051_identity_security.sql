-- +goose Up
SELECT tilgang_protect('linked_identities'::regclass);
SELECT tilgang_protect('identity_proofs'::regclass);
SELECT tilgang_protect('identity_reviews'::regclass);
SELECT tilgang_protect('identity_moves'::regclass);

-- +goose Down
DROP POLICY tenant ON identity_moves;
DROP POLICY tenant ON identity_reviews;
DROP POLICY tenant ON identity_proofs;
DROP POLICY tenant ON linked_identities;
