-- Functions by the names that they had until 0.2.0: the previous release calls them, and its readiness asks for each of them. Remove this
-- file once `OLDEST_PROGRAM` (src/db/migrate/release.rs) is a release that knows the new names, and drop its functions in sql/retired.sql.

create or replace function private.due_work(at timestamptz, most integer)
returns table (kind text, organization_id uuid, id uuid, due_at timestamptz)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select case w.kind when 'job' then 'effect' else w.kind end, w.organization_id, w.id, w.due_at
    from private.due_jobs(at, most) as w;
$$;

revoke execute on function private.due_work(timestamptz, integer) from public;
grant execute on function private.due_work(timestamptz, integer) to frontdesk_app;

create or replace function private.needs_of(
    org_id uuid,
    service uuid,
    minutes integer,
    address text,
    postal_code text
)
returns private.visit
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select private.service_requirements(org_id, service, minutes, address, postal_code);
$$;

revoke execute on function private.needs_of(uuid, uuid, integer, text, text) from public;
grant execute on function private.needs_of(uuid, uuid, integer, text, text) to frontdesk_app;

create or replace function private.pass_over(page uuid) returns void
language sql
volatile
set search_path = pg_catalog, pg_temp
as $$
    select private.skip_unreachable_step(page);
$$;

revoke execute on function private.pass_over(uuid) from public;
grant execute on function private.pass_over(uuid) to frontdesk_app;

create or replace function private.report_effect(
    org_id uuid,
    effect uuid,
    attempt uuid,
    sid text,
    status_text text,
    rank integer,
    progress text,
    is_final boolean,
    code text,
    ask_again_at timestamptz
)
returns boolean
language sql
volatile
set search_path = pg_catalog, pg_temp
as $$
    select private.record_delivery_report(
        org_id, effect, attempt, sid, status_text, rank, progress, is_final, code, ask_again_at
    );
$$;

revoke execute on function private.report_effect(
    uuid, uuid, uuid, text, text, integer, text, boolean, text, timestamptz
) from public;
grant execute on function private.report_effect(
    uuid, uuid, uuid, text, text, integer, text, boolean, text, timestamptz
) to frontdesk_app;

create or replace function private.take_down_steps(org_id uuid, incident uuid, language text) returns void
language sql
volatile
set search_path = pg_catalog, pg_temp
as $$
    select private.record_incident_steps(org_id, incident, language);
$$;

revoke execute on function private.take_down_steps(uuid, uuid, text) from public;
grant execute on function private.take_down_steps(uuid, uuid, text) to frontdesk_app;

create or replace function private.visits_at(org_id uuid, around date, address_key text) returns uuid[]
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select private.appointments_at(org_id, around, address_key);
$$;

revoke execute on function private.visits_at(uuid, date, text) from public;
grant execute on function private.visits_at(uuid, date, text) to frontdesk_app;
