-- Who may read, add, change and delete what, in every table, in their own firm and in the other one, however the token of who
-- signed in was handed on. s, i, u and d stand for select, insert, update and delete.
begin;

select no_plan();

create temporary table rights (table_name text, owner text, admin text, member text, service text, backend text);

insert into rights (table_name, owner, admin, member, service, backend)
values
('organizations', 's-ud', 's-u-', 's---', 's---', 's-ud'),
('organization_members', 's-ud', 's-ud', '----', '----', 'siud'),
('organization_invitations', 'siud', 'siud', '----', '----', 'siud'),
('vapi_assistants', 'siud', 'siud', '----', 's---', 'siud'),
('phone_number_assignments', 'siud', 'siud', '----', 's---', 'siud'),
('customers', 'siud', 'siud', 'siud', 'siu-', 'siud'),
('appointments', 'siud', 'siud', 'siud', 'siu-', 'siud'),
('call_logs', 'siud', 'siud', '----', 'siu-', 'siud'),
('sms_communications', 'siud', 'siud', '----', 'siu-', 'siud'),
('call_transfers', 'siud', 'siud', '----', 'siu-', 'siud'),
('emergency_contacts', 'siud', 'siud', '----', 's---', 'siud'),
('emergency_notifications', 'siud', 'siud', '----', 'siu-', 'siud'),
('billing_subscriptions', 's---', '----', '----', '----', 'siud'),
('billing_invoices', 's---', '----', '----', '----', 'siud'),
('special_days', 'siud', 'siud', 's---', 's---', 'siud'),
('services', 'siud', 'siud', 's---', 's---', 'siud'),
('blocked_numbers', 'siud', 'siud', 's---', 's---', 'siud'),
('crews', 'siud', 'siud', 's---', 's---', 'siud'),
('audit_log', 's---', 's---', '----', '----', 's---'),
('staff_tasks', 'siud', 'siud', 's-u-', 'si--', 'siud'),
('emergency_incidents', 's-u-', 's-u-', '----', 'siu-', 's-u-'),
('sms_consents', 'si--', 'si--', '----', 'si--', 'si--');

select is(
    (select array_agg(c.relname::text order by c.relname) from pg_class as c
     where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname <> 'user_profiles'),
    (select array_agg(r.table_name order by r.table_name) from rights as r),
    'every table is looked at'
);

-- The other firm, and everybody who belongs to neither, is as much of a stranger as one can be.
create temporary table attempts as
select a.who, a.firm, r.table_name, c.letter, c.command,
    case a.rights
        when 'owner' then r.owner
        when 'admin' then r.admin
        when 'member' then r.member
        when 'service' then r.service
        when 'backend' then r.backend
        else '----'
    end as allowed
from rights as r
cross join (
    values
    ('olivia', 'north', 'owner'), ('olivia', 'south', 'nothing'),
    ('adam', 'north', 'admin'), ('adam', 'south', 'nothing'),
    ('mia', 'north', 'member'), ('mia', 'south', 'nothing'),
    ('otto', 'south', 'owner'), ('otto', 'north', 'nothing'),
    ('sara', 'south', 'member'), ('sara', 'north', 'nothing'),
    ('nobody', 'north', 'nothing'), ('nobody', 'south', 'nothing'),
    ('anon', 'north', 'nothing'), ('anon', 'south', 'nothing'),
    ('service of north', 'north', 'service'), ('service of north', 'south', 'nothing'),
    ('service of south', 'south', 'service'), ('service of south', 'north', 'nothing'),
    ('service', 'north', 'nothing'), ('service', 'south', 'nothing'),
    ('service_role', 'north', 'backend'), ('service_role', 'south', 'backend')
) as a (who, firm, rights)
cross join (values ('s', 'select'), ('i', 'insert'), ('u', 'update'), ('d', 'delete')) as c (letter, command);

create function pg_temp.statement(table_name text, command text, firm text) returns text
language plpgsql
as $$
declare
    -- A firm is known by its own id; of its people the one who is nobody's boss is looked at.
    which constant text := case table_name
        when 'organizations' then format('id = %L', tests.firm(firm))
        when 'organization_members' then
            format('organization_id = %L and user_id in (tests.person(''max''), tests.person(''sara''))', tests.firm(firm))
        else format('organization_id = %L', tests.firm(firm))
    end;
    own_column constant text := case table_name when 'organizations' then 'name' else 'organization_id' end;
begin
    return case command
        when 'select' then format('select from public.%I where %s', table_name, which)
        when 'insert' then coalesce(
            (select replace(a.statement, ':firm', quote_literal(tests.firm(firm)) || '::uuid') from tests.additions as a
             where a.table_name = statement.table_name),
            'insert into public.organizations (name, industry) values (''third'', ''hvac'')'
        )
        when 'update' then format('update public.%I set %I = %I where %s', table_name, own_column, own_column, which)
        when 'delete' then format('delete from public.%I where %s', table_name, which)
    end;
end
$$;

create function pg_temp.blind(command text, table_name text) returns text
language sql
return case command
    when 'delete' then format('delete from public.%I', table_name)
    else format(
        'update public.%I set %I = now()',
        table_name,
        case table_name when 'audit_log' then 'changed_at' when 'sms_consents' then 'created_at' else 'updated_at' end
    )
end;

-- sara sees her own membership and may leave; the story of owners tells of that.
select is(
    tests.attempt(t.who, pg_temp.statement(t.table_name, t.command, t.firm), f.claims) = 'yes',
    position(t.letter in t.allowed) > 0
    or (t.who = 'sara' and t.firm = 'south' and t.table_name = 'organization_members' and t.letter in ('s', 'd'))
    or (t.who = 'service_role' and t.table_name = 'organizations' and t.letter = 'i'),
    format('%s: %s %s of %s (%s)', t.who, t.command, t.table_name, t.firm, f.claims)
)
from attempts as t
cross join (values ('claims'), ('claim.sub')) as f (claims);

-- Whoever may not, hears so or finds nothing; nothing else goes wrong on the way.
select is(
    coalesce(
        string_agg(
            distinct o.outcome || ' for ' || t.who || ': ' || pg_temp.statement(t.table_name, t.command, t.firm), E'\n'
        ),
        ''
    ),
    '',
    'a refusal is nothing but that'
)
from attempts as t
cross join lateral (
    select tests.attempt(t.who, pg_temp.statement(t.table_name, t.command, t.firm)) as outcome
) as o
where o.outcome not in ('yes', 'nothing', 'refused') and not (t.table_name = 'audit_log' and t.letter in ('u', 'd'));

-- A statement that looks at no column is held by its own policy alone, not by that for reading: of strangers it touches nothing.
select is(
    tests.attempt(w.who, pg_temp.blind(c.command, r.table_name)) in ('refused', 'nothing'),
    true,
    format('%s: %s', w.who, pg_temp.blind(c.command, r.table_name))
)
from rights as r
cross join (values ('nobody'), ('anon'), ('service')) as w (who)
cross join (values ('update'), ('delete')) as c (command);

-- No row is handed to another firm, also by an update that does not look at what it changes.
select is(
    tests.attempt(w.who, format('update public.%I set organization_id = %L', r.table_name, tests.firm(w.firm)))
    in ('refused', 'nothing', format('23514 a row of %s cannot be moved to another organization', r.table_name)),
    true,
    format('%s cannot move %s to %s', w.who, r.table_name, w.firm)
)
from rights as r
cross join (values ('olivia', 'south'), ('mia', 'south'), ('otto', 'north'), ('service of north', 'south')) as w (who, firm)
where r.table_name not in ('organizations', 'audit_log');

select is(
    tests.attempt('service_role', 'truncate public.' || r.table_name || ' cascade'),
    'refused',
    format('a backend does not empty %s behind the audit log', r.table_name)
)
from rights as r;

-- The policies alone hold as well: without the triggers that say no before them, and were the rights to a table ever given away, as
-- Supabase gives them by default.
do $$
declare
    triggered record;
begin
    for triggered in
        select t.tgrelid::regclass as on_table, t.tgname
        from pg_trigger as t
        where t.tgname in ('enforce_same_organization', 'admit_writer')
    loop
        execute format('alter table %s disable trigger %I', triggered.on_table, triggered.tgname);
    end loop;
end
$$;

grant select, insert, update, delete on all tables in schema public to anon, authenticated, frontdesk_app;

select is(
    tests.attempt(t.who, pg_temp.statement(t.table_name, t.command, t.firm)) = 'yes',
    position(t.letter in t.allowed) > 0
    or (t.who = 'sara' and t.firm = 'south' and t.table_name = 'organization_members' and t.letter in ('s', 'd')),
    format('%s: %s %s of %s, with every right', t.who, t.command, t.table_name, t.firm)
)
from attempts as t
where
    t.who <> 'service_role'
    -- In its own firm the service is held by what it was granted.
    and not (t.who like 'service of %' and t.who = 'service of ' || t.firm);

select is(
    tests.attempt(w.who, pg_temp.blind(c.command, r.table_name)) in ('refused', 'nothing'),
    true,
    format('%s: %s, with every right', w.who, pg_temp.blind(c.command, r.table_name))
)
from rights as r
cross join (values ('nobody'), ('anon'), ('service')) as w (who)
cross join (values ('update'), ('delete')) as c (command)
-- Nobody at all may do either there, not even to no row.
where r.table_name <> 'audit_log';

-- Nor does the service belong into a table that it was given no right to.
select is(
    tests.attempt('service of north', format('select from public.%I', r.table_name)),
    'nothing',
    format('the service finds nothing in %s', r.table_name)
)
from rights as r
where r.service = '----';

select is(
    tests.attempt(w.who, format('update public.%I set organization_id = %L', r.table_name, tests.firm(w.firm)))
    in ('refused', 'nothing'),
    true,
    format('%s may not move %s to %s', w.who, r.table_name, w.firm)
)
from rights as r
cross join (values ('olivia', 'south'), ('mia', 'south'), ('otto', 'north'), ('service of north', 'south')) as w (who, firm)
where r.table_name not in ('organizations', 'audit_log');

-- Profiles: one's own, and for owners and admins those of the people of their firm.
select is(
    tests.attempt(p.who, format('%s where id = tests.person(%L)', c.statement, p.whose)) = 'yes',
    p.allowed like '%' || c.letter || '%',
    format('%s: %s profile of %s', p.who, c.letter, p.whose)
)
from (
    values
    ('mia', 'mia', 'su'), ('mia', 'max', ''), ('mia', 'otto', ''), ('mia', 'olivia', ''),
    ('olivia', 'mia', 's'), ('olivia', 'sara', ''), ('adam', 'olivia', 's'), ('adam', 'otto', ''),
    ('anon', 'mia', ''), ('service of north', 'mia', ''), ('nobody', 'mia', ''), ('nobody', 'nobody', 'su'),
    ('service_role', 'mia', 'sud')
) as p (who, whose, allowed)
cross join (
    values
    ('s', 'select from public.user_profiles'),
    ('u', 'update public.user_profiles set full_name = full_name'),
    ('d', 'delete from public.user_profiles')
) as c (letter, statement);

select is(
    tests.attempt(w.who, 'update public.user_profiles set preferred_language = ''es''') in ('refused', 'nothing'),
    true,
    format('%s changes no profile', w.who)
)
from (values ('anon'), ('service'), ('service of north')) as w (who);

select is(
    tests.attempt('mia', 'delete from public.user_profiles') in ('refused', 'nothing'),
    true,
    'a profile goes with its account only'
);

select is(
    tests.attempt('mia', 'update public.user_profiles set id = tests.person(''newcomer'')'),
    'refused',
    'nobody takes somebody else''s profile'
);

select is(
    tests.attempt('mia', 'update public.user_profiles set email = ''boss@example.com'' where id = auth.uid()', keeps => true),
    'yes',
    'who writes another address into a profile ...'
);
select is(
    (select p.email::text from public.user_profiles as p where p.id = tests.person('mia')),
    'mia@example.com',
    '... leaves the one that they sign in with'
);

select is(
    tests.attempt('mia', 'insert into public.user_profiles (id) values (tests.person(''newcomer''))'),
    'refused',
    'nobody makes a profile for somebody else'
);

select * from finish();
rollback;
