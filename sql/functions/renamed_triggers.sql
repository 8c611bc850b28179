-- The names that functions of triggers had until 0.2.0. No trigger calls them: they are here because readiness of the previous release asks
-- for each of them. This file goes with sql/functions/renamed.sql.

create or replace function private.announce_work() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    raise feature_not_supported using message = 'no trigger calls this function any more';
end
$$;

revoke execute on function private.announce_work() from public;

create or replace function private.forget_tool_calls() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    raise feature_not_supported using message = 'no trigger calls this function any more';
end
$$;

revoke execute on function private.forget_tool_calls() from public;

create or replace function private.keep_audit_log() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    raise feature_not_supported using message = 'no trigger calls this function any more';
end
$$;

revoke execute on function private.keep_audit_log() from public;

create or replace function private.keep_consent() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    raise feature_not_supported using message = 'no trigger calls this function any more';
end
$$;

revoke execute on function private.keep_consent() from public;

create or replace function private.keep_counters() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    raise feature_not_supported using message = 'no trigger calls this function any more';
end
$$;

revoke execute on function private.keep_counters() from public;

create or replace function private.keep_incident_state() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    raise feature_not_supported using message = 'no trigger calls this function any more';
end
$$;

revoke execute on function private.keep_incident_state() from public;

create or replace function private.keep_invitation() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    raise feature_not_supported using message = 'no trigger calls this function any more';
end
$$;

revoke execute on function private.keep_invitation() from public;

create or replace function private.keep_owner() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    raise feature_not_supported using message = 'no trigger calls this function any more';
end
$$;

revoke execute on function private.keep_owner() from public;

create or replace function private.keep_profile_email() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    raise feature_not_supported using message = 'no trigger calls this function any more';
end
$$;

revoke execute on function private.keep_profile_email() from public;

create or replace function private.keep_reminder_schedule() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    raise feature_not_supported using message = 'no trigger calls this function any more';
end
$$;

revoke execute on function private.keep_reminder_schedule() from public;

create or replace function private.keep_sms_flags() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    raise feature_not_supported using message = 'no trigger calls this function any more';
end
$$;

revoke execute on function private.keep_sms_flags() from public;

create or replace function private.keep_transfer_state() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    raise feature_not_supported using message = 'no trigger calls this function any more';
end
$$;

revoke execute on function private.keep_transfer_state() from public;
