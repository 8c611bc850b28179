-- What a fresh Supabase project has and the schema relies on. On Supabase all of it exists and nothing is touched; on plain
-- PostgreSQL a small shim stands in, with the same default privileges, so that what is safe here is safe there.
set local lock_timeout = '5s';
set local statement_timeout = '60s';

do $$
begin
    if to_regnamespace('auth') is not null then
        return;
    end if;

    -- Roles belong to the whole cluster: another database, perhaps at this very moment, may be making them too.
    declare
        wanted record;
    begin
        for wanted in
            select *
            from (
                values
                ('anon', 'nologin noinherit'),
                ('authenticated', 'nologin noinherit'),
                ('service_role', 'nologin noinherit bypassrls')
            ) as r (name, options)
        loop
            begin
                if not exists (select from pg_catalog.pg_roles where rolname = wanted.name) then
                    execute format('create role %I %s', wanted.name, wanted.options);
                end if;
            exception
                when duplicate_object or unique_violation then null;
                -- An owner who may make roles need not be one who may exempt them from row level security; what a
                -- role lacks of that here, a superuser can give it.
                when insufficient_privilege then
                    execute format('create role %I nologin noinherit', wanted.name);
            end;
        end loop;
    end;

    create schema auth;
    grant usage on schema auth to anon, authenticated, service_role;
    grant usage on schema public to anon, authenticated, service_role;

    create table auth.users (
        id uuid primary key default gen_random_uuid(),
        email varchar(255),
        encrypted_password varchar(255),
        email_confirmed_at timestamptz,
        raw_user_meta_data jsonb,
        created_at timestamptz default now(),
        updated_at timestamptz default now()
    );

    -- Both forms in which PostgREST has handed on the claims of a token.
    create function auth.jwt() returns jsonb
    language sql
    stable
    set search_path = ''
    as $f$
        select coalesce(
            nullif(current_setting('request.jwt.claim', true), ''),
            nullif(current_setting('request.jwt.claims', true), '')
        )::jsonb
    $f$;

    create function auth.uid() returns uuid
    language sql
    stable
    set search_path = ''
    as $f$
        select coalesce(
            nullif(current_setting('request.jwt.claim.sub', true), ''),
            nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub'
        )::uuid
    $f$;

    create function auth.role() returns text
    language sql
    stable
    set search_path = ''
    as $f$
        select coalesce(
            nullif(current_setting('request.jwt.claim.role', true), ''),
            nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'role'
        )
    $f$;

    alter default privileges in schema public grant all on tables to anon, authenticated, service_role;
    alter default privileges in schema public grant all on functions to anon, authenticated, service_role;
    alter default privileges in schema public grant all on sequences to anon, authenticated, service_role;
end
$$;

create schema if not exists extensions;
grant usage on schema extensions to anon, authenticated, service_role;
create extension if not exists btree_gist with schema extensions;

-- Row level security does not stop TRUNCATE, TRIGGER and REFERENCES, which Supabase grants by default.
alter default privileges in schema public revoke truncate, trigger, references on tables from anon, authenticated;

-- Functions are granted by name to those who need them.
alter default privileges in schema public revoke execute on functions from anon, authenticated;
