-- +goose Up
-- Three roles (see docs/decisions/0004-three-database-roles.md): the owner runs
-- this file, tilgang_app serves, tilgang_relay owns the two functions that look
-- across tenants at routing columns of the outbox only.

-- +goose StatementBegin
CREATE FUNCTION tilgang_protect(tbl regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', tbl);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', tbl);
    EXECUTE format('CREATE POLICY tenant ON %s
        USING (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid)
        WITH CHECK (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid)', tbl);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO tilgang_app', tbl);
END $$;
-- +goose StatementEnd

SELECT tilgang_protect(t::regclass) FROM unnest(ARRAY[
    'tenant_values', 'legal_employers', 'org_units', 'persons', 'person_tokens', 'person_roles', 'employments',
    'accounts', 'identifiers', 'throttles', 'authenticators', 'recovery_codes', 'devices', 'attempts', 'sessions',
    'outbox', 'invitations', 'messages', 'message_events', 'audit_events', 'imports', 'import_parts', 'import_rows'
]) AS t;

GRANT USAGE ON SCHEMA public TO tilgang_app, tilgang_relay;
GRANT SELECT, INSERT, UPDATE ON tenants TO tilgang_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON tenant_hosts TO tilgang_app;
GRANT SELECT, UPDATE ON instance TO tilgang_app;
GRANT SELECT ON goose_db_version TO tilgang_app;
REVOKE UPDATE, DELETE ON audit_events FROM tilgang_app;

GRANT SELECT (tenant_id, id, kind, lane, due_at, relayed_at, done_at, failed_at) ON outbox TO tilgang_relay;
GRANT UPDATE (relayed_at) ON outbox TO tilgang_relay;
CREATE POLICY relay ON outbox TO tilgang_relay USING (true) WITH CHECK (true);

-- Claims rows that are due, an equal share for every waiting tenant.
-- +goose StatementBegin
CREATE FUNCTION tilgang_claim(p_lane text, p_now timestamptz, p_limit integer)
RETURNS TABLE (tenant_id uuid, id uuid, kind text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    waiting uuid[];
    owner   uuid;
    share   integer;
BEGIN
    WITH RECURSIVE t AS (
        (SELECT o.tenant_id FROM outbox o
          WHERE o.lane = p_lane AND o.relayed_at IS NULL AND o.done_at IS NULL AND o.failed_at IS NULL AND o.due_at <= p_now
          ORDER BY o.tenant_id LIMIT 1)
        UNION ALL
        SELECT (SELECT o.tenant_id FROM outbox o
                 WHERE o.lane = p_lane AND o.relayed_at IS NULL AND o.done_at IS NULL AND o.failed_at IS NULL AND o.due_at <= p_now
                   AND o.tenant_id > t.tenant_id
                 ORDER BY o.tenant_id LIMIT 1)
          FROM t WHERE t.tenant_id IS NOT NULL
    )
    SELECT array_agg(t.tenant_id) INTO waiting FROM t WHERE t.tenant_id IS NOT NULL;
    IF waiting IS NULL THEN RETURN; END IF;
    share := greatest(1, p_limit / array_length(waiting, 1));
    FOREACH owner IN ARRAY waiting LOOP
        RETURN QUERY
        UPDATE outbox u SET relayed_at = p_now
          FROM (SELECT o.tenant_id, o.id FROM outbox o
                 WHERE o.lane = p_lane AND o.tenant_id = owner AND o.relayed_at IS NULL AND o.done_at IS NULL
                   AND o.failed_at IS NULL AND o.due_at <= p_now
                 ORDER BY o.due_at LIMIT share FOR UPDATE SKIP LOCKED) c
         WHERE u.tenant_id = c.tenant_id AND u.id = c.id
        RETURNING u.tenant_id, u.id, u.kind;
    END LOOP;
END $$;
-- +goose StatementEnd

-- Gives back rows that were relayed before p_before and never done.
-- +goose StatementBegin
CREATE FUNCTION tilgang_requeue(p_before timestamptz) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH back AS (
        UPDATE outbox SET relayed_at = NULL
         WHERE relayed_at < p_before AND done_at IS NULL AND failed_at IS NULL RETURNING 1)
    SELECT count(*) FROM back;
$$;
-- +goose StatementEnd

-- How much waits in each lane, for the relay's cap and for metrics.
-- +goose StatementBegin
CREATE FUNCTION tilgang_outbox_depth()
RETURNS TABLE (lane text, waiting bigint, running bigint, oldest timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT o.lane, count(*) FILTER (WHERE o.relayed_at IS NULL), count(*) FILTER (WHERE o.relayed_at IS NOT NULL), min(o.due_at)
      FROM outbox o WHERE o.done_at IS NULL AND o.failed_at IS NULL GROUP BY o.lane;
$$;
-- +goose StatementEnd

GRANT CREATE ON SCHEMA public TO tilgang_relay;
ALTER FUNCTION tilgang_claim(text, timestamptz, integer) OWNER TO tilgang_relay;
ALTER FUNCTION tilgang_requeue(timestamptz) OWNER TO tilgang_relay;
ALTER FUNCTION tilgang_outbox_depth() OWNER TO tilgang_relay;
REVOKE CREATE ON SCHEMA public FROM tilgang_relay;
REVOKE ALL ON FUNCTION tilgang_claim(text, timestamptz, integer), tilgang_requeue(timestamptz), tilgang_outbox_depth(), tilgang_protect(regclass) FROM PUBLIC;
SET ROLE tilgang_relay;
GRANT EXECUTE ON FUNCTION tilgang_claim(text, timestamptz, integer), tilgang_requeue(timestamptz), tilgang_outbox_depth() TO tilgang_app;
RESET ROLE;

-- +goose Down
DROP FUNCTION tilgang_outbox_depth();
DROP FUNCTION tilgang_requeue(timestamptz);
DROP FUNCTION tilgang_claim(text, timestamptz, integer);
