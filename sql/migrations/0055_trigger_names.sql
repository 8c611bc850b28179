-- Triggers are named after what they do: `enforce_<rule>` refuses or corrects a row, `maintain_<data>` updates what is derived from it,
-- `after_<table>_<event>` follows up. Until the functions are replaced, the renamed triggers call functions by their old names.
--
-- On a new database there is none of them yet. All tables are locked first, or none, so that the calls that wait meanwhile wait briefly.
set local lock_timeout = '500ms';
set local statement_timeout = '60s';

lock table
    public.appointments,
    public.audit_log,
    public.billing_invoices,
    public.billing_subscriptions,
    public.blocked_numbers,
    public.call_logs,
    public.call_transfers,
    public.crews,
    public.customers,
    public.emergency_contacts,
    public.emergency_incidents,
    public.emergency_notifications,
    public.organization_invitations,
    public.organization_members,
    public.organizations,
    public.phone_number_assignments,
    private.outbox,
    public.services,
    public.sms_communications,
    public.sms_consents,
    public.special_days,
    public.staff_tasks,
    public.user_profiles,
    public.vapi_assistants
in access exclusive mode;

do $$
declare
    found record;
begin
    for found in
        select t.tgname, c.oid::regclass as table_name, w.new_name
        from (
            values
            ('announce_change', 'announce_jobs_on_update'),
            ('announce_work', 'announce_jobs_on_insert'),
            ('forget_tool_calls_on_change', 'expire_saved_answers_on_change'),
            ('forget_tool_calls_on_delete', 'expire_saved_answers_on_delete'),
            ('forget_tool_calls_on_failure', 'expire_saved_answers_on_failure'),
            ('keep_appointment', 'enforce_own_appointment'),
            ('keep_assistant', 'enforce_own_assistant'),
            ('keep_audit_log', 'enforce_append_only'),
            ('keep_busy_days_on_delete', 'maintain_busy_days_on_delete'),
            ('keep_busy_days_on_update', 'maintain_busy_days_on_update'),
            ('keep_consent', 'after_sms_consents_insert'),
            ('keep_contact', 'enforce_own_contact'),
            ('keep_counters', 'enforce_customer_counters_on_insert'),
            ('keep_counters_on_update', 'enforce_customer_counters_on_update'),
            ('keep_customer', 'enforce_own_customer'),
            ('keep_incident', 'enforce_own_incident'),
            ('keep_incident_state', 'enforce_incident_status'),
            ('keep_invitation', 'enforce_valid_invitation'),
            ('keep_organization', 'enforce_same_organization'),
            ('keep_owner_on_delete', 'enforce_owner_on_delete'),
            ('keep_owner_on_update', 'enforce_owner_on_update'),
            ('keep_profile_email', 'enforce_profile_email'),
            ('keep_reminder_schedule_on_insert', 'maintain_reminder_schedule_on_insert'),
            ('keep_reminder_schedule_on_update', 'maintain_reminder_schedule_on_update'),
            ('keep_service', 'enforce_own_service'),
            ('keep_sms_flags', 'after_sms_communications_update'),
            ('keep_transfer_state', 'enforce_transfer_status')
        ) as w (old_name, new_name)
        join pg_catalog.pg_trigger as t on t.tgname = w.old_name and not t.tgisinternal
        join pg_catalog.pg_class as c on c.oid = t.tgrelid
        where c.relnamespace in ('public'::regnamespace, 'private'::regnamespace)
        order by 2, 1
    loop
        execute format('alter trigger %I on %s rename to %I', found.tgname, found.table_name, found.new_name);
    end loop;
end
$$;
