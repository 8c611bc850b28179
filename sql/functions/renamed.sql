-- Functions by the names that they had until 0.2.0: the previous release calls them, and its readiness asks for each of them. Remove this
-- file once `OLDEST_PROGRAM` (src/db/migrate/release.rs) is a release that knows the new names, and drop its functions in sql/retired.sql.

create or replace function private.ask_transfer(
    org_id uuid,
    call_id text,
    tool_call text,
    tool text,
    digest bytea,
    number text,
    asks_language boolean
)
returns table (
    answer jsonb,
    language text,
    source text,
    name text,
    phone text,
    extension text,
    wait_seconds integer,
    dial_countries jsonb,
    tried text[]
)
language sql
volatile
set search_path = pg_catalog, pg_temp
as $$
    select * from private.prepare_transfer(org_id, call_id, tool_call, tool, digest, number, asks_language);
$$;

revoke execute on function private.ask_transfer(uuid, text, text, text, bytea, text, boolean) from public;
grant execute on function private.ask_transfer(uuid, text, text, text, bytea, text, boolean) to frontdesk_app;

create or replace function private.book_once(
    org_id uuid,
    at text,
    call_id text,
    tool_call text,
    tool text,
    digest bytea,
    number text,
    asks_language boolean,
    default_language text,
    answers jsonb,
    name text,
    phone text,
    wanted_date date,
    wanted_time time,
    minutes integer,
    kind text,
    address text,
    description text,
    service uuid,
    postal_code text
)
returns table (
    outcome text,
    appointment_id uuid,
    booked_name text,
    slot_date date,
    start_time time,
    end_time time,
    answer jsonb,
    language text
)
language sql
volatile
set search_path = pg_catalog, pg_temp
as $$
    select * from private.book_idempotently(
        org_id, at, call_id, tool_call, tool, digest, number, asks_language, default_language, answers, name, phone,
        wanted_date, wanted_time, minutes, kind, address, description, service, postal_code
    );
$$;

revoke execute on function private.book_once(
    uuid, text, text, text, text, bytea, text, boolean, text, jsonb, text, text, date, time, integer, text, text, text, uuid, text
) from public;
grant execute on function private.book_once(
    uuid, text, text, text, text, bytea, text, boolean, text, jsonb, text, text, date, time, integer, text, text, text, uuid, text
) to frontdesk_app;

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

create or replace function private.write_visit(
    org_id uuid,
    call_id text,
    customer uuid,
    name text,
    phone text,
    wanted_date date,
    wanted_time time,
    minutes integer,
    kind text,
    address text,
    description text,
    language text,
    service uuid,
    postal_code text
)
returns uuid
language sql
volatile
set search_path = pg_catalog, pg_temp
as $$
    select private.write_appointment(
        org_id, call_id, customer, name, phone, wanted_date, wanted_time, minutes, kind, address, description, language,
        service, postal_code
    );
$$;

revoke execute on function private.write_visit(
    uuid, text, uuid, text, text, date, time, integer, text, text, text, text, uuid, text
) from public;
grant execute on function private.write_visit(
    uuid, text, uuid, text, text, date, time, integer, text, text, text, text, uuid, text
) to frontdesk_app;
