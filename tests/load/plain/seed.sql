-- The same organizations and appointments as in fixtures/seed/big.sql, in the plain tables; the indexes last.
do $$
declare
    organizations constant integer := current_setting('big.organizations');
    visits constant integer := current_setting('big.appointments');
begin
    insert into organizations (id, name, timezone, transfer_phone, settings)
    select
        md5('organization ' || o.n)::uuid,
        'Organization ' || o.n,
        (array['America/New_York', 'America/Chicago', 'America/Denver', 'America/Los_Angeles', 'America/Phoenix'])[1 + o.n % 5],
        '+13035550102',
        case when o.n % 4 = 1 then '{"hours": {"saturday": {"open": "08:00", "close": "12:00"}}}' else '{}' end::jsonb
    from generate_series(1, organizations) as o (n);
    insert into phone_numbers (organization_id, phone_number, vapi_id)
    select
        md5('organization ' || o.n)::uuid,
        '+1719' || lpad((2 * o.n + k.n)::text, 7, '0'),
        format('big-number-%s-%s', o.n, k.n)
    from generate_series(1, organizations) as o (n)
    cross join generate_series(1, 2) as k (n);
    insert into contacts (organization_id, name, phone, priority, is_primary, available_from, available_to)
    select
        md5('organization ' || o.n)::uuid,
        'Contact ' || k.n,
        '+1720' || lpad((4 * o.n + k.n)::text, 7, '0'),
        k.n,
        k.n = 1,
        case k.n when 2 then '18:00'::time when 3 then '06:00' end,
        case k.n when 2 then '06:00'::time when 3 then '18:00' end
    from generate_series(1, organizations) as o (n)
    cross join generate_series(1, 4) as k (n);
    insert into customers (id, organization_id, name, phone)
    select
        md5(format('customer %s %s', o.n, k.n))::uuid,
        md5('organization ' || o.n)::uuid,
        'Customer ' || k.n,
        '+1303' || lpad(k.n::text, 7, '0')
    from generate_series(1, organizations) as o (n)
    cross join generate_series(0, visits / 5) as k (n);
    insert into appointments (
        organization_id, customer_id, vapi_call_id, customer_name, customer_phone, appointment_type, scheduled_date,
        scheduled_time, duration_minutes, status
    )
    select
        md5('organization ' || o.n)::uuid,
        md5(format('customer %s %s', o.n, v.n % (visits / 5)))::uuid,
        format('big-call-%s-%s', o.n, v.n),
        'Customer ' || v.n % (visits / 5),
        '+1303' || lpad((v.n % (visits / 5))::text, 7, '0'),
        'repair',
        v.day,
        '08:00'::time + v.n % 6 * interval '90 minutes',
        60 + v.n % 2 * 30,
        case
            when v.n % 7 = 0 then 'cancelled'
            when v.day >= current_date then (array['confirmed', 'confirmed', 'pending'])[1 + v.n % 3]
            else (array['completed', 'completed', 'no_show'])[1 + v.n % 3]
        end
    from generate_series(1, organizations) as o (n)
    cross join lateral (
        select s.n, current_date - visits / 9 + s.n / 6 as day from generate_series(0, visits - 1) as s (n)
    ) as v;
end
$$;
create unique index on phone_numbers (vapi_id) where is_active;
create index on phone_numbers (organization_id);
create index on contacts (organization_id);
create index on customers (phone);
create index on appointments (organization_id, scheduled_date, scheduled_time)
include (duration_minutes) where status in ('pending', 'confirmed');
create index on appointments (organization_id);
create index on appointments (scheduled_date);
create index on appointments (status);
create index on appointments (customer_phone);
create index on call_logs (organization_id);
create index on call_logs (created_at);
create index on call_logs (status);
