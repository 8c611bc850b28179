-- Pages the contact of a step over each of its channels (private.page_contact()), with the words for each, and moves the chain to it
-- (private.move_incident()); false, and nothing moves, when there was no page to send.
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
    page uuid;
    is_paged boolean := false;
begin
    for nth in 1 .. cardinality(channels)
    loop
        page := private.page_contact(org_id, incident, round, step, channels[nth], phone, subject, bodies[nth], expires);
        is_paged := is_paged or page is not null;
    end loop;
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
