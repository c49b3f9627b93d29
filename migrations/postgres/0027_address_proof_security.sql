-- +goose Up
SELECT tilgang_protect('address_proofs'::regclass);

-- +goose Down
DROP POLICY tenant ON address_proofs;
