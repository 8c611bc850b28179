-- These indexes served composite foreign keys, which are gone (sql/functions/keep_references.sql); each has a sibling on the reference alone,
-- and most one on the organization alone. The log of calls is written at every tool call, so that it is to have no index which nobody asks.
-- squawk-ignore-file require-concurrent-index-deletion
set local lock_timeout = '5s';
set local statement_timeout = '60s';

drop index public.call_logs_assistant;
drop index public.emergency_notifications_contact;
drop index public.sms_communications_customer;
drop index public.appointments_customer;
