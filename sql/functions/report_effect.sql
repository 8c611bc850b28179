-- Takes down what is known of an effect that was sent: from the provider's answer, from its callbacks, or from asking it. Reports come
-- late, twice and out of order; `rank` says how far along each is (null: nobody knows), and one that says no more than is known
-- changes nothing. The message
-- or page that the effect belongs to follows it, and so do the pages that share its call. A page that failed, when no other telephone
-- channel of that step is left, moves the chain on at once. `progress` is underway, sent, delivered or failed; a final report is the last that is waited for.
create or replace function private.report_effect(
    org_id uuid,
    effect uuid,
    attempt uuid,
    sid text,
    status_text text,
    rank integer,
    progress text,
    is_final boolean,
    code text,
    ask_again_at timestamptz
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
    where o.organization_id = org_id and o.id = effect
    for update;
    if not found then
        return false;
    end if;
    if attempt is not null then
        update private.outbox_attempts as a
        set
            finished_at = coalesce(a.finished_at, at),
            outcome = case when progress = 'failed' and sid is null then 'refused' else 'accepted' end,
            error_code = coalesce(code, a.error_code)
        where a.id = attempt and a.effect_id = effect and a.outcome is distinct from 'accepted';
    end if;
    if known.state = 'cancelled' and known.provider_sid is null and sid is null then
        return false;
    end if;
    if rank is null then
        -- A word that is not known says nothing of how far it has come; it is kept as it is.
        update private.outbox as o set provider_status = status_text where o.id = effect and o.settled_at is null;
        return false;
    end if;
    if rank <= known.provider_rank then
        update private.outbox as o set provider_sid = sid where o.id = effect and o.provider_sid is null and sid is not null;
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
            else ask_again_at
        end,
        settled_at = case when is_final then at end,
        provider_sid = coalesce(o.provider_sid, sid),
        provider_status = status_text,
        provider_rank = rank,
        error_code = coalesce(code, o.error_code)
    where o.id = effect;

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
        perform private.pass_over(known.notification_id);
        perform private.end_shared_page(known.notification_id, coalesce(code, status_text));
    end if;
    return true;
end
$$;

revoke execute on function private.report_effect(
    uuid, uuid, uuid, text, text, integer, text, boolean, text, timestamptz
) from public;
grant execute on function private.report_effect(
    uuid, uuid, uuid, text, text, integer, text, boolean, text, timestamptz
) to frontdesk_app;
