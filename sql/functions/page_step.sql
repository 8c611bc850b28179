-- Pages the contact of a step over each of its channels (private.add_pages()), with the words for each, and moves the incident to that
-- step (private.move_incident()); false, and nothing moves, when there was no page to send.
create or replace function private.page_step(
    org_id uuid,
    incident uuid,
    round smallint,
    step smallint,
    channels text[],
    bodies text[],
    phone text,
    subject text,
    expires timestamptz,
    rounds smallint,
    due timestamptz,
    missed_rounds smallint[],
    missed_steps smallint[],
    missed_reasons text[]
)
returns boolean
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    target record;
    is_paged boolean;
    -- An expression, which costs less than a statement.
    checked constant text := private.require_organization(org_id);
begin
    select s as contact, i.urgency, i.vapi_call_id
    into target
    from private.incident_steps as s
    join public.emergency_incidents as i on i.id = s.incident_id
    where s.organization_id = org_id and s.incident_id = incident and s.step = page_step.step;
    is_paged := private.add_pages(
        target.contact, round, target.urgency, target.vapi_call_id, channels, phone, subject, bodies, expires
    );
    if is_paged then
        perform private.move_incident(
            org_id, incident, 'open', round, step, rounds, due, false, missed_rounds, missed_steps, missed_reasons,
            null, null, null
        );
    end if;
    return is_paged;
end
$$;

revoke execute on function private.page_step(
    uuid, uuid, smallint, smallint, text[], text[], text, text, timestamptz, smallint, timestamptz, smallint[], smallint[], text[]
) from public;
grant execute on function private.page_step(
    uuid, uuid, smallint, smallint, text[], text[], text, text, timestamptz, smallint, timestamptz, smallint[], smallint[], text[]
) to frontdesk_app;
