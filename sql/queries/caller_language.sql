-- The language in which a caller is answered: what the call ($2) was heard in, else what the customer with that number ($3)
-- prefers.
select
    coalesce(
        (
            select c.language_detected from public.call_logs as c
            where c.organization_id = $1 and c.vapi_call_id = $2
        ),
        (
            select c.primary_language from public.customers as c
            where c.organization_id = $1 and c.phone_number = $3
        )
    ) as language
