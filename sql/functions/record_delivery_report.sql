-- Records what is known of a job that was sent: from the provider's answer, from its callbacks, or from reconciling. Reports come late,
-- twice and out of order; `rank` says how far along each is (null: nobody knows), and one that says no more than is known changes
-- nothing. The message or page of the job follows it, and so do the pages that share its call. When a page has failed and its step has no
-- other telephone channel left, the incident escalates at once. `progress` is underway, sent, delivered or failed; a final report is the
-- last that is waited for.
create or replace function private.record_delivery_report(
    org_id uuid,
    job uuid,
    attempt uuid,
    sid text,
    status_text text,
    rank integer,
    progress text,
    is_final boolean,
    code text,
    reconcile_at timestamptz
)
returns boolean
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    known private.outbox;
    at constant timestamptz := private.clock();
begin
    perform private.require_organization(org_id);
    select o.* into known
    from private.outbox as o
    where o.organization_id = org_id and o.id = job
    for no key update;
    if not found then
        return false;
    end if;
    if attempt is not null then
        update private.outbox_attempts as a
        set
            finished_at = coalesce(a.finished_at, at),
            outcome = case when progress = 'failed' and sid is null then 'refused' else 'accepted' end,
            error_code = coalesce(code, a.error_code)
        where a.id = attempt and a.effect_id = job and a.outcome is distinct from 'accepted';
    end if;
    if known.state = 'cancelled' and known.provider_sid is null and sid is null then
        return false;
    end if;
    if rank is null then
        -- An unknown status says nothing of how far the job has come; it is recorded as it is.
        update private.outbox as o set provider_status = status_text where o.id = job and o.settled_at is null;
        return false;
    end if;
    if rank <= known.provider_rank then
        update private.outbox as o set provider_sid = sid where o.id = job and o.provider_sid is null and sid is not null;
        return false;
    end if;

    update private.outbox as o
    set
        state = case
            when progress = 'failed' then 'failed'
            when is_final then 'done'
            else 'accepted'
        end,
        due_at = case
            when is_final then null
            when o.state = 'accepted' then o.due_at
            else reconcile_at
        end,
        settled_at = case when is_final then at end,
        provider_sid = coalesce(o.provider_sid, sid),
        provider_status = status_text,
        provider_rank = rank,
        error_code = coalesce(code, o.error_code)
    where o.id = job;

    update public.sms_communications as s
    set
        twilio_message_sid = coalesce(s.twilio_message_sid, sid),
        provider_status = left(status_text, 50),
        error_code = coalesce(left(code, 50), s.error_code),
        sent_at = case when progress in ('sent', 'delivered') then coalesce(s.sent_at, at) else s.sent_at end,
        delivered_at = case when progress = 'delivered' then coalesce(s.delivered_at, at) else s.delivered_at end,
        status = case
            when progress = 'failed' and status_text = 'undelivered' then 'undelivered'
            when progress = 'underway' then s.status
            else progress
        end
    where s.id = known.sms_id;

    update public.emergency_notifications as n
    set
        provider_sid = coalesce(n.provider_sid, sid),
        provider_status = left(status_text, 50),
        error_code = coalesce(left(code, 50), n.error_code),
        sent_at = case when progress in ('sent', 'delivered') then coalesce(n.sent_at, at) else n.sent_at end,
        delivered_at = case when progress = 'delivered' then coalesce(n.delivered_at, at) else n.delivered_at end,
        status = case
            -- Who passed, or was given up, is not called back by what the provider says later.
            when n.status in ('acknowledged', 'failed') or progress = 'underway' then n.status
            else progress
        end
    where n.id = known.notification_id and known.kind <> 'hang_up';
    if progress = 'failed' and known.kind <> 'hang_up' then
        perform private.skip_unreachable_step(known.notification_id);
        perform private.end_shared_page(known.notification_id, coalesce(code, status_text));
    end if;
    return true;
end
$$;

revoke execute on function private.record_delivery_report(
    uuid, uuid, uuid, text, text, integer, text, boolean, text, timestamptz
) from public;
grant execute on function private.record_delivery_report(
    uuid, uuid, uuid, text, text, integer, text, boolean, text, timestamptz
) to frontdesk_app;
