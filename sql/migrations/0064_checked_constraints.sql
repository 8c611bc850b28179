-- Made in migration 0062, when no row could break them; looked at here, without a lock that would keep writers out.
set local lock_timeout = '500ms';
set local statement_timeout = '60s';

alter table public.emergency_incidents
validate constraint emergency_incidents_urgency_check,
validate constraint emergency_incidents_language_code_check,
validate constraint emergency_incidents_status_check,
validate constraint emergency_incidents_acknowledged_via_check;

alter table public.emergency_notifications validate constraint emergency_notifications_declined_via_check;

alter table private.outbox
validate constraint outbox_kind_check,
validate constraint outbox_priority_check,
validate constraint outbox_state_check,
validate constraint outbox_check;

alter table public.staff_tasks
validate constraint staff_tasks_kind_check,
validate constraint staff_tasks_status_check;

alter table private.daily_usage validate constraint daily_usage_kind_check;
