-- Whose call is this, and what does a call need to know of that organization? Asked by Vapi's phone number id, Vapi's assistant id and the
-- called number, any of which may be null. No row: nobody's.
--
-- To whom the call leads is told by a function that hands out ids; all else is read after binding to that one, as every reader of its
-- rows is. The assistant that speaks decides the language: the one in the message, else the one assigned to the number, else the
-- organization's first.
create or replace function private.organization_of_call(number_id text, assistant_id text, called_number text)
returns table (
    organization_id uuid,
    name varchar,
    timezone varchar,
    language varchar,
    vapi_assistant_id varchar,
    transfer_phone_number varchar,
    emergency_contact_phone varchar,
    transfer_mode varchar,
    languages jsonb,
    services jsonb
)
language plpgsql
volatile
rows 1
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
declare
    assigned uuid;
begin
    select f.organization_id, f.assigned_assistant_id
    into organization_id, assigned
    from private.find_organization(number_id, assistant_id, called_number) as f;
    if organization_id is null then
        return;
    end if;
    perform set_config('frontdesk.organization_id', organization_id::text, true);
    return query
    select
        o.id,
        o.name,
        private.time_zone(o.timezone)::varchar,
        s.language,
        s.vapi_assistant_id,
        o.transfer_phone_number,
        o.emergency_contact_phone,
        o.transfer_mode,
        o.settings -> 'languages',
        (
            select
                coalesce(
                    jsonb_agg(
                        jsonb_build_object(
                            'id', v.id, 'name', v.name, 'name_es', v.name_es,
                            -- An array in the database may have more than one dimension, and nulls.
                            'keywords', array(select k.word from unnest(v.keywords) as k (word) where k.word is not null),
                            'is_default', v.is_default, 'duration_minutes', v.duration_minutes,
                            'buffer_before_minutes', v.buffer_before_minutes,
                            'buffer_after_minutes', v.buffer_after_minutes, 'required_skill', v.required_skill
                        )
                        order by v.name, v.id
                    ),
                    '[]'
                )
            from public.services as v
            where v.organization_id = o.id and v.is_active
        )
    from public.organizations as o
    left join lateral (
        select a.vapi_assistant_id, a.language
        from public.vapi_assistants as a
        where a.organization_id = o.id and a.is_active
        order by
            (a.vapi_assistant_id = assistant_id) desc nulls last,
            (a.id = assigned) desc nulls last,
            a.created_at,
            a.id
        limit 1
    ) as s on true
    where o.id = organization_of_call.organization_id;
end
$$;

revoke execute on function private.organization_of_call(text, text, text) from public;
grant execute on function private.organization_of_call(text, text, text) to frontdesk_app;
