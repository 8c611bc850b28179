-- What the release before last called and nobody calls any more: run at the end of the transaction that replaces functions and policies,
-- whenever this text changes. Lines are added and never removed, so that a database which skips releases loses its leftovers too. A
-- function stays out of this file for as long as a release that calls it may be running (src/db/migrate/release.rs: OLDEST_PROGRAM).

-- 0.2.0: from before 0.1.0.
drop function if exists private.book_appointment(
    uuid, text, text, text, date, time, integer, text, text, text, text
);
drop function if exists private.busy_range(tsrange, interval, text);
drop function if exists private.calendar_of(uuid, private.visit);
drop function if exists private.check_availability(uuid, date, integer);
drop function if exists private.check_availability(uuid, date, integer, text, uuid);
drop function if exists private.day_slots(uuid, date, integer, text, uuid);
drop function if exists private.free_crew(uuid, tsrange, interval, integer, integer, uuid);
drop function if exists private.free_crew(uuid, tsrange, interval, text, integer, integer, tsrange);
drop function if exists private.free_crew(uuid, tsrange, interval, text, integer, integer, tsrange, text);
drop function if exists private.hold_slot(uuid, text, date, time, integer, integer);
drop function if exists private.is_foreign_call(uuid, text);
drop function if exists private.is_free(uuid, date, time, integer);
drop function if exists private.is_free(uuid, date, time, integer, text, uuid);
drop function if exists private.is_open(uuid, jsonb, date);
drop function if exists private.queue_page(uuid, text, timestamptz);
drop function if exists private.refusal(uuid, date, time, integer);
drop function if exists private.refusal(uuid, date, time, private.visit);
drop function if exists private.slots_on(private.calendar, date, text, uuid);
drop function if exists private.windows_reaching(uuid, jsonb, date);
drop type if exists private.calendar;

-- 0.2.0: what private.enter_appointment() does now. Triggers of the same transaction take their place.
drop trigger if exists count_appointments_on_insert on public.appointments;
drop trigger if exists keep_busy_days_on_insert on public.appointments;
drop trigger if exists queue_appointment_messages on public.appointments;

-- 0.2.0: what private.enforce_own_page() does now.
drop trigger if exists enforce_own_contact on public.emergency_notifications;
drop trigger if exists enforce_own_incident on public.emergency_notifications;
drop function if exists private.enforce_own_contact();
drop function if exists private.enforce_own_incident();

-- 0.2.0: what private.add_pages() and private.queue_pages() do now.
drop function if exists private.add_page(private.incident_steps, integer, text, text, text, text, text, text, timestamptz);
drop function if exists private.queue_page(private.incident_steps, integer, uuid, text, text, text, text, timestamptz);

-- 0.2.0: names from between 0.1.0 and 0.2.0, and what private.begin_transfer() does now.
drop function if exists private.ask_transfer(uuid, text, text, text, bytea, text, boolean);
drop function if exists private.book_once(
    uuid, text, text, text, text, bytea, text, boolean, text, jsonb, text, text, date, time, integer, text, text, text, uuid, text
);
drop function if exists private.find_times(uuid, timestamptz, date, integer, uuid, text, text, text, text, boolean);
drop function if exists private.keep_appointment();
drop function if exists private.keep_assistant();
drop function if exists private.keep_busy_days();
drop function if exists private.keep_contact();
drop function if exists private.keep_customer();
drop function if exists private.keep_incident();
drop function if exists private.keep_organization();
drop function if exists private.keep_service();
drop function if exists private.prepare_transfer(uuid, text, text, text, bytea, text, boolean);
drop function if exists private.write_visit(
    uuid, text, uuid, text, text, date, time, integer, text, text, text, text, uuid, text
);
drop function if exists private.write_tool_log(uuid[], text[], text[], text[], jsonb[]);
