-- Does a tool call that books, in one statement: binds itself as private.bind() does, lets the tools of the call work one after another,
-- looks for a saved answer (as private.begin_tool_call()), books, and saves the answer that tells of it: the one in the caller's language,
-- which it looks up where it is not told. Each step sees what was committed before it began.
--
-- The slots of a plain day are looked up together with all that is to be known before, and an appointment that needs nothing special is booked
-- or refused there and then; private.book_appointment() does the others, and those that meet another who books.
--
-- `answers` has an answer in each language that may be spoken, and under `requested` those for an appointment that is not confirmed yet
-- (private.is_unconfirmed()); the release before has none of these.
--
-- `outcome` is `repeated` with the answer that was given before, `booked` with the appointment, or that of private.book_appointment() with its rows,
-- for which no answer is saved yet.
create or replace function private.book_idempotently(
    org_id uuid,
    at text,
    call_id text,
    tool_call text,
    tool text,
    digest bytea,
    number text,
    asks_language boolean,
    default_language text,
    answers jsonb,
    name text,
    phone text,
    wanted_date date,
    wanted_time time,
    minutes integer,
    kind text,
    address text,
    description text,
    service uuid,
    postal_code text
)
returns table (
    outcome text,
    appointment_id uuid,
    booked_name text,
    slot_date date,
    start_time time,
    end_time time,
    answer jsonb,
    language text
)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
set jit = off
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_variable
declare
    -- Expressions, which cost less than a statement. Who waits for a lock gives its connection back before long.
    bound constant text := set_config('frontdesk.organization_id', org_id::text, true)
        || set_config('frontdesk.now', at, true) || set_config('lock_timeout', '2s', true);
    -- As sql/queries/lock_call.sql.
    locked constant text := pg_advisory_xact_lock(hashtextextended('call ' || org_id || ' ' || call_id, 0));
    is_alone constant boolean := private.try_lock_organization(org_id);
    spoken text := default_language;
    is_plain boolean;
    free time[];
    is_slot boolean;
    is_too_soon boolean;
    customer uuid;
begin
    select
        (
            select t.answer
            from private.tool_calls as t
            where
                t.organization_id = org_id
                and t.vapi_call_id = call_id
                and (t.tool_call_id = tool_call or (t.repeatable and t.tool = tool and t.arguments_digest = digest))
            order by (t.tool_call_id = tool_call) desc, t.created_at desc
            limit 1
        ),
        -- As private.caller_language() has it.
        case
            when asks_language then coalesce(
                (
                    select l.language_detected from public.call_logs as l
                    where l.organization_id = org_id and l.vapi_call_id = call_id
                ),
                (
                    select n.primary_language from public.customers as n
                    where n.organization_id = org_id and n.phone_number = number
                )
            )
        end,
        -- A day and an appointment for which private.is_free() needs no more than this, and nothing that this call has booked already.
        service is null
        and d.is_plain
        and (address is null or not d.travels)
        and (d.postal_codes is null or private.serves(d.postal_codes, coalesce(postal_code, '')))
        and not exists (
            select from public.appointments as a
            where
                a.organization_id = org_id
                and a.vapi_call_id = call_id
                and a.scheduled_date = wanted_date
                and a.scheduled_time = wanted_time
                and a.status in ('pending', 'confirmed')
        ),
        s.free,
        s.is_slot,
        wanted_date + wanted_time < d.earliest,
        -- One of whom an appointment tells nothing new.
        (
            select c.id from public.customers as c
            where
                c.organization_id = org_id
                and c.phone_number = phone
                and (c.address is not null or address is null)
                and (c.name = left(name, 255) or not private.is_nobody(c.name))
        )
    into answer, language, is_plain, free, is_slot, is_too_soon, customer
    from (select) as one
    left join private.plain_day(org_id, private.clock(), wanted_date, coalesce(minutes, 60), null, null) as d on true
    left join lateral (
        select
            array_agg(s.start_time) filter (where s.is_free) as free,
            bool_or(s.start_time = wanted_time) as is_slot
        from private.plain_slots(
            wanted_date, coalesce(minutes, 60), d.starts, d.rooms, d.earliest, d.before, d.after, d.busy, d.capacity
        ) as s
    ) as s on true;
    if answer is not null then
        outcome := 'repeated';
        language := null;
        return next;
        return;
    end if;
    if answers ? language then
        spoken := language;
    end if;
    if is_plain and is_slot and wanted_time <> all(free) then
        -- As private.refusal() has it.
        outcome := case when is_too_soon then 'too_soon' else 'taken' end;
        appointment_id := (
            select a.id from public.appointments as a
            where
                a.organization_id = org_id
                and a.customer_phone = phone
                and a.scheduled_date = wanted_date
                and a.scheduled_time = wanted_time
                and a.status in ('pending', 'confirmed')
            limit 1
        );
        slot_date := wanted_date;
        foreach start_time in array free loop
            end_time := start_time + make_interval(mins => coalesce(minutes, 60));
            return next;
        end loop;
        return;
    end if;
    if is_plain and is_alone and wanted_time = any(free) then
        begin
            appointment_id := private.write_appointment(
                org_id, call_id, customer, name, phone, wanted_date, wanted_time, coalesce(minutes, 60), kind, address, description,
                spoken, null, postal_code
            );
            outcome := 'booked';
            booked_name := left(name, 255);
            slot_date := wanted_date;
            start_time := wanted_time;
            end_time := wanted_time + make_interval(mins => coalesce(minutes, 60));
        exception
            -- Somebody who does not take the lock was first, or the customer was deleted meanwhile.
            when exclusion_violation or foreign_key_violation then null;
        end;
    end if;
    if outcome is null then
        for outcome, appointment_id, booked_name, slot_date, start_time, end_time in
            select b.outcome, b.appointment_id, b.booked_name, b.slot_date, b.start_time, b.end_time
            from private.book_appointment(
                org_id, call_id, name, phone, wanted_date, wanted_time, minutes, kind, address, description, spoken, service,
                postal_code
            ) as b
        loop
            exit when outcome = 'booked';
            return next;
        end loop;
    end if;
    if outcome = 'booked' then
        insert into private.tool_calls (
            organization_id, vapi_call_id, tool_call_id, tool, arguments_digest, succeeded, repeatable, answer, effect_id
        )
        values (
            org_id, call_id, tool_call, tool, digest, true, true,
            coalesce(
                case when private.is_unconfirmed(appointment_id) then answers -> 'requested' -> spoken end,
                answers -> spoken
            ),
            appointment_id
        );
        return next;
    end if;
end
$$;

revoke execute on function private.book_idempotently(
    uuid, text, text, text, text, bytea, text, boolean, text, jsonb, text, text, date, time, integer, text, text, text, uuid, text
) from public;
grant execute on function private.book_idempotently(
    uuid, text, text, text, text, bytea, text, boolean, text, jsonb, text, text, date, time, integer, text, text, text, uuid, text
) to frontdesk_app;
