-- Who takes an emergency now? One row; its phone is null when the organization has nobody and no number.
select
    c.id,
    c.name::text,
    c.phone::text,
    c.call_enabled,
    c.metadata ->> 'on_call_source' as source
from public.get_on_call_contact($1, $2) as c
