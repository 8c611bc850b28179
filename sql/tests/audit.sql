-- Who changed what is written down by itself, and nobody changes it.
begin;

select no_plan();

select is(
    tests.attempt('mia', 'update public.appointments set notes = ''call first''', keeps => true),
    'yes',
    'a member changes a visit'
);
select is(
    (
        select concat_ws(
            ' ', l.action, l.actor_role, l.actor_id = tests.person('mia'), l.old_row ->> 'notes', l.new_row ->> 'notes'
        )
        from public.audit_log as l
        where l.table_name = 'appointments' and l.organization_id = tests.firm('north')
        order by l.id desc
        limit 1
    ),
    'update authenticated t call first',
    'which is written down with who it was'
);
select is(
    tests.attempt(
        'service of north',
        'update public.appointments set status = ''cancelled''',
        keeps => true
    ),
    'yes',
    'the service changes a visit'
);
select is(
    (
        select concat_ws(' ', l.action, l.actor_role, l.actor_id, l.old_row ->> 'status', l.new_row ->> 'status')
        from public.audit_log as l
        where l.table_name = 'appointments' and l.organization_id = tests.firm('north')
        order by l.id desc
        limit 1
    ),
    'update frontdesk_app pending cancelled',
    'which is written down as the service''s'
);
select is(
    tests.attempt('adam', t.statement),
    'yes',
    t.statement
)
from (
    values
    ('update public.organizations set name = ''North'''),
    (
        'insert into public.emergency_contacts (organization_id, name, phone)
         values (tests.firm(''north''), ''Eve'', ''+13035550104'')'
    ),
    ('delete from public.emergency_contacts where organization_id = tests.firm(''north'')'),
    ('delete from public.organization_members where user_id = tests.person(''max'')')
) as t (statement);

select tests.attempt('adam', 'update public.organizations set name = ''North''', keeps => true);
select tests.attempt('adam', 'delete from public.emergency_contacts where organization_id = tests.firm(''north'')', keeps => true);
select tests.attempt('adam', 'delete from public.organization_members where user_id = tests.person(''max'')', keeps => true);
select tests.attempt('adam', 'update public.organizations set name = name', keeps => true);
select is(
    (
        select array_agg(l.action || ' ' || l.table_name order by l.id) from public.audit_log as l
        where l.actor_id = tests.person('adam')
    ),
    '{"update organizations","delete emergency_contacts","delete organization_members"}',
    'firms, contacts and members are looked after too, and what changes nothing is left out'
);

select is(tests.attempt(w.who, s.statement) in ('refused', 'nothing'), true, format('%s: %s', w.who, s.statement))
from (
    values
    ('update public.audit_log set actor_id = null'),
    ('delete from public.audit_log'),
    ('truncate public.audit_log'),
    ('insert into public.audit_log (organization_id, table_name, row_id, action, actor_role)
      values (tests.firm(''north''), ''customers'', gen_random_uuid(), ''insert'', ''authenticated'')')
) as s (statement)
cross join (values ('olivia'), ('adam'), ('mia'), ('otto'), ('anon'), ('service of north'), ('service_role')) as w (who);

select is(tests.attempt(current_user::text, s.statement), 'refused', format('the owner of the tables: %s', s.statement))
from (
    values
    ('update public.audit_log set actor_id = null'),
    ('delete from public.audit_log'),
    ('truncate public.audit_log')
) as s (statement);

-- Redaction is for functions of the owner's. Whoever else says that it is one is refused.
select is(
    tests.attempt(w.who, 'select set_config(''frontdesk.redacting'', ''on'', true); ' || s.statement) in ('refused', 'nothing'),
    true,
    format('%s, who says that it is a redaction: %s', w.who, s.statement)
)
from (
    values
    ('update public.audit_log set actor_id = null'),
    ('delete from public.audit_log'),
    ('truncate public.audit_log')
) as s (statement)
cross join (values ('olivia'), ('mia'), ('otto'), ('anon'), ('service of north'), ('service_role')) as w (who);

select is(
    tests.attempt(current_user::text, 'select set_config(''frontdesk.redacting'', ''on'', true); truncate public.audit_log'),
    'refused',
    'not even a redaction empties the whole log'
);
select is(
    tests.attempt(
        current_user::text,
        'select set_config(''frontdesk.redacting'', ''on'', true);
         delete from public.audit_log where organization_id = tests.firm(''north'')'
    ),
    'yes',
    'the owner of the tables redacts'
);
select is(
    tests.attempt(
        'service of north',
        'select set_config(''frontdesk.redacting'', ''on'', true); update public.appointments set notes = ''unseen''',
        keeps => true
    ),
    'yes',
    'the service changes a visit and says that it is a redaction ...'
);
select is(
    (select l.new_row ->> 'notes' from public.audit_log as l order by l.id desc limit 1),
    'unseen',
    '... and it is written down all the same'
);
select is(
    tests.attempt(
        w.who,
        'select set_config(''frontdesk.importing'', ''on'', true); update public.appointments set notes = ''unseen'''
    ),
    'refused',
    format('%s cannot say that it is an import', w.who)
)
from (values ('olivia'), ('mia'), ('service of north'), ('service_role')) as w (who);

select is(
    tests.sees('otto', 'select count(*) from public.audit_log where organization_id = tests.firm(''north'')'),
    '0',
    'another firm''s owner reads nothing of it'
);

-- The claims are a setting, which whoever may send SQL of their own can set.
select is(
    tests.attempt(
        'service of north',
        format(
            'select set_config(''request.jwt.claims'', %L, true); update public.appointments set notes = ''forged''',
            json_build_object('sub', tests.person('olivia'))
        ),
        keeps => true
    ),
    'yes',
    'the service that claims to be olivia ...'
);
select is(
    (select l.actor_id from public.audit_log as l order by l.id desc limit 1),
    null::uuid,
    '... is not written down as her'
);

select * from finish();
rollback;
