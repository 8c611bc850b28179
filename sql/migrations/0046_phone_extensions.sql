-- The extension behind a telephone number, which is dialled once the number has answered. One that is written behind the number itself
-- counts first (private.phone_extension()).
set local lock_timeout = '5s';
set local statement_timeout = '60s';

alter table public.emergency_contacts
add column phone_extension varchar(10),
add constraint emergency_contacts_phone_extension_check check (phone_extension ~ '^[0-9]{1,10}$') not valid;

alter table public.organizations
add column transfer_phone_extension varchar(10),
add column emergency_phone_extension varchar(10),
add constraint organizations_phone_extensions_check
check (
    coalesce(transfer_phone_extension ~ '^[0-9]{1,10}$', true) and coalesce(emergency_phone_extension ~ '^[0-9]{1,10}$', true)
) not valid;

comment on column public.emergency_contacts.phone_extension is 'goes with phone: whoever changes one writes both';
comment on column public.organizations.transfer_phone_extension is 'goes with transfer_phone_number';
comment on column public.organizations.emergency_phone_extension is 'goes with emergency_contact_phone';

alter table private.incident_steps add column extension text;
