-- What an organization ($1) has of its own to text and call with: a Twilio account, its auth token, and a number (sender_number.sql).
select
    jsonb_build_object(
        'has_account', coalesce(trim(o.twilio_account_sid), '') <> '',
        'has_token', exists (
            select from private.organization_secrets as s
            where s.organization_id = o.id and s.name = 'twilio_auth_token'
        ),
        'has_number', exists (
            select from public.phone_number_assignments as p
            where p.organization_id = o.id and p.is_active and p.phone_provider = 'twilio' and 'sms' = any(p.capabilities)
        )
    )
from public.organizations as o
where o.id = $1
