-- What the clients of one organization may add is bounded, so that it cannot slow the others.
begin;

select no_plan();

create temporary table limits (table_name text primary key, most integer, addition text);

insert into limits (table_name, most, addition)
values
(
    'services',
    200,
    'insert into public.services (organization_id, name) select :firm, ''limit '' || n from generate_series(1, :more) as n'
),
(
    'emergency_contacts',
    100,
    'insert into public.emergency_contacts (organization_id, name, phone)
     select :firm, ''limit '' || n, ''+13035550103'' from generate_series(1, :more) as n'
),
(
    'special_days',
    2000,
    'insert into public.special_days (organization_id, special_date)
     select :firm, current_date + 100 + n from generate_series(1, :more) as n'
),
(
    'vapi_assistants',
    100,
    'insert into public.vapi_assistants
         (organization_id, vapi_assistant_id, name, industry, language, system_prompt, voice_config)
     select :firm, gen_random_uuid()::text, ''Ava'', ''plumbing'', ''en'', '''', ''{}'' from generate_series(1, :more) as n'
),
(
    'phone_number_assignments',
    500,
    'insert into public.phone_number_assignments (organization_id, phone_number, phone_provider)
     select :firm, ''+1303556'' || lpad(n::text, 4, ''0''), ''vapi'' from generate_series(1, :more) as n'
),
(
    'blocked_numbers',
    5000,
    'insert into public.blocked_numbers (organization_id, phone_number)
     select :firm, ''+1303556'' || lpad(n::text, 4, ''0'') from generate_series(1, :more) as n'
),
(
    'organization_invitations',
    200,
    'insert into public.organization_invitations (organization_id, invited_by_user_id, invited_email, role, token)
     select :firm, coalesce(auth.uid(), tests.person(''olivia'')), n || ''@example.com'', ''member'', gen_random_uuid()::text
     from generate_series(1, :more) as n'
),
(
    'staff_tasks',
    1000,
    'insert into public.staff_tasks (organization_id, kind, summary)
     select :firm, ''question'', ''Is Tuesday free?'' from generate_series(1, :more) as n'
),
(
    'sms_communications',
    2000,
    'insert into public.sms_communications
         (organization_id, phone_number, message_content, message_type, language_code, direction)
     select :firm, ''+13035550199'', ''Hello'', ''confirmation'', ''en'', ''outbound'' from generate_series(1, :more) as n'
),
(
    'emergency_notifications',
    2000,
    'insert into public.emergency_notifications (organization_id, notification_type, urgency, message, phone_number)
     select :firm, ''emergency'', ''high'', ''Water'', ''+13035550103'' from generate_series(1, :more) as n'
);

create function pg_temp.adds(table_name text, more integer, firm text default 'north') returns text
language sql
return (
    select replace(replace(l.addition, ':firm', quote_literal(tests.firm(firm)) || '::uuid'), ':more', more::text)
    from limits as l
    where l.table_name = adds.table_name
);

create function pg_temp.refusal(table_name text) returns text
language sql
return (
    select
        format('23514 an organization may have at most %s rows in %s', l.most, l.table_name)
        || case l.table_name
            when 'organization_invitations' then ' with status = ''pending'''
            when 'staff_tasks' then ' with status = ''open'''
            when 'sms_communications' then ' with the same phone_number'
            when 'emergency_notifications' then ' with the same phone_number'
            else ''
        end
    from limits as l
    where l.table_name = refusal.table_name
);

-- Each begins with nothing, so that the limit itself is had.
delete from public.emergency_notifications where organization_id = tests.firm('north');
delete from public.sms_communications where organization_id = tests.firm('north');
delete from public.staff_tasks where organization_id = tests.firm('north');
delete from public.organization_invitations where organization_id = tests.firm('north');
delete from public.blocked_numbers where organization_id = tests.firm('north');
delete from public.phone_number_assignments where organization_id = tests.firm('north');
delete from public.vapi_assistants where organization_id = tests.firm('north');
delete from public.special_days where organization_id = tests.firm('north');
delete from public.emergency_contacts where organization_id = tests.firm('north');
delete from public.services where organization_id = tests.firm('north');

select is(tests.attempt('olivia', pg_temp.adds(l.table_name, l.most)), 'yes', format('%s: as many as are allowed', l.table_name))
from limits as l;

select is(
    tests.attempt(w.who, pg_temp.adds(l.table_name, l.most + 1)),
    pg_temp.refusal(l.table_name),
    format('%s: no more for %s', l.table_name, w.who)
)
from limits as l
cross join (values ('olivia'), ('adam'), ('service_role')) as w (who);

-- One at a time is no way round it, and what is there stays.
select is(tests.attempt('olivia', pg_temp.adds('services', 200), keeps => true), 'yes', 'an organization is full');
select is(
    tests.attempt('olivia', 'insert into public.services (organization_id, name) values (tests.firm(''north''), ''one'')'),
    pg_temp.refusal('services'),
    'and gets not one more'
);
select is(tests.attempt('otto', pg_temp.adds('services', 199, 'south')), 'yes', 'which does not concern another');
insert into public.services (organization_id, name) values (tests.firm('north'), 'by an operator');
select is(
    tests.attempt('olivia', 'update public.services set duration_minutes = 90 where name = ''by an operator'''),
    'yes',
    'what an operator added above the limit is there, and can be changed'
);
select is(
    tests.attempt('olivia', 'delete from public.services where name in (''by an operator'', ''limit 1'')', keeps => true),
    'yes',
    'what is removed ...'
);
select is(
    tests.attempt('olivia', 'insert into public.services (organization_id, name) values (tests.firm(''north''), ''one'')'),
    'yes',
    '... makes room'
);

-- What is settled does not count.
select is(tests.attempt('olivia', pg_temp.adds('staff_tasks', 1000), keeps => true), 'yes', 'a thousand tasks are open');
select is(tests.attempt('olivia', pg_temp.adds('staff_tasks', 1)), pg_temp.refusal('staff_tasks'), 'and no more');
select is(
    tests.attempt('service of north', pg_temp.adds('staff_tasks', 1)),
    'yes',
    'but what the service writes for a caller is never refused'
);
select is(
    tests.attempt(
        'olivia', 'select public.leave_organization(tests.firm(''north''))'
    ),
    'yes',
    'and a sole owner can leave'
);
update public.staff_tasks set status = 'done' where organization_id = tests.firm('north');
select is(tests.attempt('olivia', pg_temp.adds('staff_tasks', 1000)), 'yes', 'when they are done there is room');

-- Of what is looked up by a number those with the same number count.
select is(tests.attempt('olivia', pg_temp.adds('sms_communications', 2000), keeps => true), 'yes', 'messages to one number');
select is(
    tests.attempt('olivia', replace(pg_temp.adds('sms_communications', 2000), '0199', '0198')),
    'yes',
    'leave room for those to another'
);
select is(
    tests.attempt('service of north', pg_temp.adds('sms_communications', 1)),
    'yes',
    'and the service may write to that number still'
);

-- Long texts, lists and objects.
create temporary table texts as
select
    c.relname::text as table_name,
    m.pair[1] as column_name,
    m.pair[2]::integer as most,
    format_type(a.atttypid, a.atttypmod) as type_name
from pg_trigger as g
inner join pg_class as c on c.oid = g.tgrelid
cross join lateral regexp_matches(pg_get_triggerdef(g.oid), '''(\w+)'', ''(\d+)''', 'g') as m (pair)
inner join pg_attribute as a on a.attrelid = c.oid and a.attname = m.pair[1]
where g.tgname = 'enforce_text_limit';

create function pg_temp.writes(column_of texts, bytes integer) returns text
language sql
return format(
    'update public.%I set %I = %s where %s = tests.firm(''south'')',
    column_of.table_name,
    column_of.column_name,
    case
        when column_of.type_name = 'text' then format('repeat(''x'', %s)', bytes)
        -- As text each has its own punctuation.
        when column_of.type_name = 'text[]' then format('array[repeat(''x'', %s - 4)]', bytes)
        when column_of.column_name = 'hours'
            then format(
                $$jsonb_build_array(jsonb_build_object('open', '08:00', 'close', '09:00', 'x', repeat('x', %s - 46)))$$, bytes
            )
        else format('jsonb_build_object(''x'', repeat(''x'', %s - 9))', bytes)
    end,
    case column_of.table_name when 'organizations' then 'id' else 'organization_id' end
);

select is(
    tests.attempt(w.who, pg_temp.writes(t, t.most)),
    'yes',
    format('%s: %s of %s as long as is allowed', w.who, t.column_name, t.table_name)
)
from texts as t
cross join (values ('otto')) as w (who);

select is(
    tests.attempt(w.who, pg_temp.writes(t, t.most + 1)),
    format('23514 %s of %s is %s bytes long; allowed are up to %s', t.column_name, t.table_name, t.most + 1, t.most),
    format('%s: %s of %s longer', w.who, t.column_name, t.table_name)
)
from texts as t
cross join (values ('otto'), ('service_role')) as w (who)
where not (w.who = 'service_role' and t.table_name = 'emergency_incidents');

update public.customers set notes = repeat('x', 30000) where organization_id = tests.firm('south');
select is(
    tests.attempt('sara', 'update public.customers set name = ''Ruth B.'', notes = notes'),
    'yes',
    'a row with a longer text from before can be changed'
);

-- No table and no column is forgotten. Of these tables an organization may have as many rows as it likes, because the service looks
-- each row up by a key of its own.
select is(
    (
        select array_agg(c.relname::text order by c.relname)
        from pg_class as c
        where
            c.relnamespace = 'public'::regnamespace
            and c.relkind = 'r'
            and has_table_privilege('authenticated', c.oid, 'insert')
            and not exists (select from pg_trigger as g where g.tgrelid = c.oid and g.tgname = 'enforce_row_limit')
    ),
    '{appointments,call_logs,call_transfers,crews,customers,sms_consents,user_profiles}',
    'tables without a limit of rows'
);
select is(
    (
        select array_agg(format('%s.%s', c.relname, a.attname) order by c.relname, a.attname)
        from pg_class as c
        inner join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        where
            c.relnamespace = 'public'::regnamespace
            and c.relkind = 'r'
            and (has_table_privilege('authenticated', c.oid, 'insert') or has_table_privilege('authenticated', c.oid, 'update'))
            and (
                a.atttypid in ('text'::regtype, 'jsonb'::regtype, 'text[]'::regtype)
                or (a.atttypid = 'varchar'::regtype and a.atttypmod = -1)
            )
            and not exists (select from texts as t where t.table_name = c.relname and t.column_name = a.attname)
    ),
    -- Credentials, which are moved elsewhere before the row is written.
    '{organizations.byo_sip_credentials,organizations.google_refresh_token,organizations.outlook_refresh_token,'
    'organizations.twilio_auth_token}',
    'columns without a limit of length'
);

select * from finish();
rollback;
