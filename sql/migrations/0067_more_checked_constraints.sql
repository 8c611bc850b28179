-- Made in migration 0066, when no row could break them; looked at here, without a lock that would keep writers out.
set local lock_timeout = '500ms';
set local statement_timeout = '60s';

alter table public.customers validate constraint customers_primary_language_check;

alter table public.appointments
validate constraint appointments_status_check,
validate constraint appointments_language_preference_check,
validate constraint appointments_calendar_provider_check;

alter table public.call_transfers
validate constraint call_transfers_status_check,
validate constraint call_transfers_outcome_check;

alter table public.emergency_notifications validate constraint emergency_notifications_status_check;

alter table public.sms_communications
validate constraint sms_communications_direction_check,
validate constraint sms_communications_status_check;
