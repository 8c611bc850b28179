-- As migration 0062, for the tables that a booking, a transfer, a page and a text message write to.
set local lock_timeout = '500ms';
set local statement_timeout = '60s';

lock table
    public.customers,
    public.appointments,
    public.call_transfers,
    public.emergency_notifications,
    public.sms_communications
in access exclusive mode;

alter table public.customers
drop constraint customers_primary_language_check,
add constraint customers_primary_language_check check (primary_language::text = any ('{en,es}'::text[])) not valid;

alter table public.appointments
drop constraint appointments_status_check,
drop constraint appointments_language_preference_check,
drop constraint appointments_calendar_provider_check,
add constraint appointments_status_check
check (status::text = any ('{pending,confirmed,cancelled,completed,no_show}'::text[])) not valid,
add constraint appointments_language_preference_check check (language_preference::text = any ('{en,es}'::text[])) not valid,
add constraint appointments_calendar_provider_check
check (calendar_provider::text = any ('{google,outlook,calendly,none}'::text[])) not valid;

alter table public.call_transfers
drop constraint call_transfers_status_check,
drop constraint call_transfers_outcome_check,
add constraint call_transfers_status_check
check (status::text = any ('{initiated,connecting,connected,completed,failed,no_answer}'::text[])) not valid,
add constraint call_transfers_outcome_check
check (outcome::text = any ('{connected,busy,no_answer,declined,voicemail,failed}'::text[])) not valid;

alter table public.emergency_notifications
drop constraint emergency_notifications_status_check,
add constraint emergency_notifications_status_check
check (status::text = any ('{pending,sent,delivered,failed,acknowledged}'::text[])) not valid;

alter table public.sms_communications
drop constraint sms_communications_direction_check,
drop constraint sms_communications_status_check,
add constraint sms_communications_direction_check check (direction::text = any ('{inbound,outbound}'::text[])) not valid,
add constraint sms_communications_status_check
check (status::text = any ('{sent,delivered,failed,undelivered}'::text[])) not valid;
