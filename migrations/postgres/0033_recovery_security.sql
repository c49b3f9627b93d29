-- +goose Up
SELECT tilgang_protect('recoveries'::regclass);
SELECT tilgang_protect('recovery_approvals'::regclass);
SELECT tilgang_protect('access_passes'::regclass);

-- +goose Down
DROP POLICY tenant ON access_passes;
DROP POLICY tenant ON recovery_approvals;
DROP POLICY tenant ON recoveries;
