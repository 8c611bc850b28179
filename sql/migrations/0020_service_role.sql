-- The role that the service works as: not an owner, not exempt from row level security, with the grants that sql/policies/
-- and sql/functions/ give it one by one. It is made without a login; whoever runs the service gives it a password
-- (`alter role frontdesk_app login password ...`), or lets a login of their own be a member of it.
set local lock_timeout = '5s';
set local statement_timeout = '60s';

do $$
begin
    -- Roles belong to the whole cluster: another database, perhaps at this very moment, may be making it too.
    if not exists (select from pg_catalog.pg_roles where rolname = 'frontdesk_app') then
        begin
            create role frontdesk_app nologin;
        exception
            when duplicate_object or unique_violation then null;
            when insufficient_privilege then
                raise insufficient_privilege using
                    message = 'the role frontdesk_app is missing, and this login may not make roles',
                    hint = format(
                        'As an administrator: create role frontdesk_app; grant frontdesk_app to %I;', current_user
                    );
        end;
    end if;
    -- The owner's login may step down to it, which is how a service with only that login works. From PostgreSQL 16 on a member
    -- need not be allowed to.
    if not pg_has_role(
        current_user,
        'frontdesk_app',
        case when current_setting('server_version_num')::integer >= 160000 then 'set' else 'member' end
    ) then
        execute format('grant frontdesk_app to %I', current_user);
    end if;
end
$$;

grant usage on schema public to frontdesk_app;
grant usage on schema private to frontdesk_app;
