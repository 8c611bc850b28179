-- A function that is asked for a firm answers only those whom it is open to.
begin;

select no_plan();

-- A type of one's own by the name of a built-in would be found first, and its check run as the owner of the function. This stands
-- first: a function looks its types up once a session.
select is(
    tests.attempt(
        'service of north',
        $s$
        create function pg_temp.spy() returns boolean language plpgsql as $$
        begin
            if current_user <> 'frontdesk_app' then
                raise exception 'as the owner';
            end if;
            return true;
        end
        $$;
        create domain pg_temp.uuid as pg_catalog.uuid check (pg_temp.spy());
        create domain pg_temp.jsonb as pg_catalog.jsonb check (pg_temp.spy());
        create domain pg_temp.text as pg_catalog.text check (pg_temp.spy());
        update public.appointments set notes = 'x';
        select public.get_on_call_contact(tests.firm('north'), 'high')
        $s$
    ),
    'yes',
    'the service runs nothing of its own as the owner'
);

select is(
    tests.attempt(
        w.who,
        -- A Monday to come: on a day without opening hours nothing is had by anybody.
        replace(
            replace(f.call, ':firm', quote_literal(tests.firm('south')) || '::uuid'),
            ':day',
            quote_literal(date_trunc('week', current_date)::date + 14) || '::date'
        )
    ),
    w.comes,
    format('%s asks %s of south', w.who, f.call)
)
from (
    values
    ('select count(*) from public.get_available_time_slots(:firm, :day)'),
    ('select public.get_on_call_contact(:firm, ''high'')'),
    ('select private.check_availability(:firm, :day, row(60, null, null, null, null, null), null, null)'),
    ('select private.day_slots(:firm, :day, row(60, null, null, null, null, null), null, null)'),
    ('select private.caller_language(:firm, ''call-1'', ''+13035550199'')'),
    ('select private.hold_slot(:firm, ''call-1'', :day, ''09:00'', 60, 5, null)'),
    ('select private.release_hold(:firm, ''call-1'')'),
    (
        'select private.book_appointment(:firm, ''call-1'', ''Ruth'', ''+13035550199'', :day, ''09:00'', 60,'
        || ' ''repair'', null, null, ''en'', null, null)'
    )
) as f (call)
cross join (
    values
    ('mia', 'refused'), ('olivia', 'refused'), ('otto', 'refused'), ('anon', 'refused'),
    ('service', 'refused'), ('service of north', 'refused'), ('service of south', 'yes')
) as w (who, comes);

-- What a caller waits for binds itself, unless the transaction is bound already.
select is(
    tests.attempt(
        w.who,
        format(
            'select private.available_times(%L, now(), current_date + 7, 60, null, null, null, ''call-1'', null, true)',
            (select f.id from tests.firms as f where f.name = 'south')
        )
    ),
    w.comes,
    format('%s asks for the free times of south', w.who)
)
from (
    values
    ('mia', 'refused'), ('olivia', 'refused'), ('otto', 'refused'), ('anon', 'refused'),
    ('service', 'yes'), ('service of north', 'refused'), ('service of south', 'yes')
) as w (who, comes);

select is(
    tests.attempt(
        'service_role',
        format('select count(*) from public.get_available_time_slots(%L, current_date + 7)', tests.firm('south'))
    ),
    'yes',
    'a backend asks for any firm'
);

-- Were they ever granted to clients, membership would still decide.
grant usage on schema private to authenticated;
grant execute on all functions in schema public, private to authenticated;
select is(
    tests.attempt(w.who, format(f.call, tests.firm(w.firm))),
    w.comes,
    format('%s asks %s of %s', w.who, f.call, w.firm)
)
from (
    values
    ('select count(*) from public.get_available_time_slots(%L, current_date + 7)'),
    ('select public.get_on_call_contact(%L, ''high'')')
) as f (call)
cross join (
    values
    ('mia', 'north', 'yes'), ('mia', 'south', 'refused'), ('otto', 'south', 'yes'), ('otto', 'north', 'refused'),
    ('nobody', 'north', 'refused')
) as w (who, firm, comes);

select * from finish();
rollback;
