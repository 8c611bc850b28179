-- PostgreSQL reads the checks of a table anew for each statement that writes to it. As a list in one constant, a check says the same in a
-- quarter of the words. What is there already was checked before, so that it need not be checked again.
set local lock_timeout = '500ms';
set local statement_timeout = '60s';

lock table
    public.emergency_incidents,
    public.emergency_notifications,
    private.outbox,
    public.staff_tasks,
    private.daily_usage
in access exclusive mode;

alter table public.emergency_incidents
drop constraint emergency_incidents_urgency_check,
drop constraint emergency_incidents_language_code_check,
drop constraint emergency_incidents_status_check,
drop constraint emergency_incidents_acknowledged_via_check,
add constraint emergency_incidents_urgency_check check (urgency::text = any ('{low,normal,high,critical}'::text[])) not valid,
add constraint emergency_incidents_language_code_check check (language_code::text = any ('{en,es}'::text[])) not valid,
add constraint emergency_incidents_status_check check (status::text = any ('{open,exhausted,acknowledged,closed}'::text[])) not valid,
add constraint emergency_incidents_acknowledged_via_check check (acknowledged_via::text = any ('{sms,voice,link,staff}'::text[])) not valid;

alter table public.emergency_notifications
drop constraint emergency_notifications_declined_via_check,
add constraint emergency_notifications_declined_via_check check (declined_via::text = any ('{sms,voice,link}'::text[])) not valid;

alter table private.outbox
drop constraint outbox_kind_check,
drop constraint outbox_priority_check,
drop constraint outbox_state_check,
drop constraint outbox_check,
add constraint outbox_kind_check check (kind = any ('{sms,voice,hang_up,email,say,fallback}'::text[])) not valid,
add constraint outbox_priority_check check (priority between 0::smallint and 9::smallint) not valid,
add constraint outbox_state_check
check (state = any ('{pending,sending,unknown,accepted,done,failed,cancelled}'::text[])) not valid,
add constraint outbox_check check (due_at is not null or state = any ('{accepted,done,failed,cancelled}'::text[])) not valid;

alter table public.staff_tasks
drop constraint staff_tasks_kind_check,
drop constraint staff_tasks_status_check,
add constraint staff_tasks_kind_check
check (kind::text = any ('{emergency,callback,question,delivery,owner,calendar}'::text[])) not valid,
add constraint staff_tasks_status_check check (status::text = any ('{open,done}'::text[])) not valid;

alter table private.daily_usage
drop constraint daily_usage_kind_check,
add constraint daily_usage_kind_check check (kind = any ('{message,page,transfer}'::text[])) not valid;
