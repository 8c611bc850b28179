-- Foreign keys ignore row level security, so they name the firm: nothing of one firm points into another.
begin;

select no_plan();

create function pg_temp.row_of(table_name text, firm text) returns uuid
language plpgsql
as $$
declare
    found_id uuid;
begin
    execute format('select id from public.%I where organization_id = $1 limit 1', table_name) into found_id using tests.firm(firm);
    return found_id;
end
$$;

select is(
    tests.attempt(
        w.who,
        format(
            'update public.%I set %I = %L where organization_id = tests.firm(''north'')',
            k.table_name, k.key, pg_temp.row_of(k.target, 'south')
        )
    ) like any (array['23503%', 'refused', 'nothing']),
    true,
    format('%s: %s.%s does not point into south', w.who, k.table_name, k.key)
)
from (
    values
    ('appointments', 'customer_id', 'customers'),
    ('appointments', 'service_id', 'services'),
    ('sms_communications', 'customer_id', 'customers'),
    ('phone_number_assignments', 'vapi_assistant_id', 'vapi_assistants'),
    ('call_logs', 'vapi_assistant_id', 'vapi_assistants'),
    ('emergency_notifications', 'emergency_contact_id', 'emergency_contacts'),
    ('emergency_notifications', 'incident_id', 'emergency_incidents'),
    ('sms_communications', 'appointment_id', 'appointments')
) as k (table_name, key, target)
cross join (values ('olivia'), ('mia'), ('service of north'), ('service_role')) as w (who);

select is(
    tests.attempt(
        'olivia',
        format(
            'update public.%I set %I = %L where organization_id = tests.firm(''north'')',
            k.table_name, k.key, pg_temp.row_of(k.target, 'north')
        )
    ),
    'yes',
    format('%s.%s points at what is its own', k.table_name, k.key)
)
from (
    values
    ('appointments', 'customer_id', 'customers'),
    ('appointments', 'service_id', 'services'),
    ('sms_communications', 'customer_id', 'customers'),
    ('phone_number_assignments', 'vapi_assistant_id', 'vapi_assistants'),
    ('call_logs', 'vapi_assistant_id', 'vapi_assistants'),
    ('emergency_notifications', 'emergency_contact_id', 'emergency_contacts'),
    ('emergency_notifications', 'incident_id', 'emergency_incidents'),
    ('sms_communications', 'appointment_id', 'appointments')
) as k (table_name, key, target);

-- A stranger learns nothing of a firm from how a write into it fails.
update public.organizations set settings = '{"capacity": 3}' where id = tests.firm('south');
select is(
    tests.attempt(
        'mia',
        'insert into public.appointments
             (organization_id, customer_name, customer_phone, appointment_type, scheduled_date, scheduled_time, crew)
         values (tests.firm(''south''), ''M'', ''+13035550100'', ''repair'', current_date + 90, ''09:00'', 9)'
    ),
    'refused',
    'not how many crews it has'
);

-- The counters of a customer are not for writing.
select is(
    tests.attempt(
        'mia',
        'update public.customers set total_appointments = 99, last_appointment_date = ''2001-01-01''',
        keeps => true
    ),
    'yes',
    'a client writes back a row that it read'
);
select is(
    (select string_agg(distinct concat(c.total_appointments, c.last_appointment_date), ' ') from public.customers as c),
    '0',
    'and the counters stay as the visits have them'
);

-- Whose answer is no longer true is known by its organization too: ids of visits and of transfers may be alike.
insert into private.tool_calls
    (organization_id, vapi_call_id, tool_call_id, tool, arguments_digest, succeeded, repeatable, answer, effect_id)
values (tests.firm('south'), 'call-1', 'tool-1', 'book_appointment', '', true, true, '{}', pg_temp.row_of('appointments', 'south'));
select is(
    tests.attempt(
        'olivia',
        format(
            'insert into public.call_transfers (id, organization_id, vapi_call_id) values (%1$L, tests.firm(''north''), ''x'');
             update public.call_transfers set status = ''failed'' where id = %1$L',
            pg_temp.row_of('appointments', 'south')
        ),
        keeps => true
    ),
    'yes',
    'a transfer under the id of a visit of south fails ...'
);
select is((select t.repeatable from private.tool_calls as t), true, '... and south''s answer stands');

select is(
    tests.attempt('mia', 'update public.appointments set scheduled_date = ''infinity'''),
    '23514 scheduled_date is infinity; allowed is a day of the years 1 to 9999',
    'a visit is on a day'
);

select * from finish();
rollback;
