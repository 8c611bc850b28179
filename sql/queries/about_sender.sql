-- What is known of who sent a text message ($2): whether they are a customer, their language, and how often they were helped on today.
select
    o.name::text as organization_name,
    coalesce(o.transfer_phone_number, o.emergency_contact_phone)::text as office,
    coalesce(
        (
            select a.language_preference::text
            from public.customers as c
            join public.appointments as a on a.organization_id = $1 and a.customer_id = c.id
            where c.organization_id = $1 and c.phone_number = $2
            order by a.created_at desc
            limit 1
        ),
        (
            select c.primary_language::text from public.customers as c
            where c.organization_id = $1 and c.phone_number = $2
        ),
        o.settings #>> '{languages,0}'
    ) as language,
    exists (
        select from public.customers as c
        where c.organization_id = $1 and c.phone_number = $2
    ) as is_customer,
    (
        select count(*) from public.sms_communications as s
        where
            s.organization_id = $1
            and s.phone_number = $2
            and s.direction = 'inbound'
            and s.variables ->> 'answer' = 'help'
            and s.created_at > private.clock() - interval '1 day'
    ) as helped
from public.organizations as o
where o.id = $1
