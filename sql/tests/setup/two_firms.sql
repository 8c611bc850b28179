-- Two firms with a row in every table, their people, and a way to act as one of them. Loaded before each story.
create schema tests;

create table tests.people (
    name text primary key,
    id uuid not null default gen_random_uuid(),
    firm text,
    role text
);

insert into tests.people (name, firm, role)
values
('olivia', 'north', 'owner'),
('adam', 'north', 'admin'),
('mia', 'north', 'member'),
('max', 'north', 'member'),
('otto', 'south', 'owner'),
('sara', 'south', 'member'),
('nobody', null, null),
('newcomer', null, null);

create table tests.firms (name text primary key, id uuid not null default gen_random_uuid());

insert into tests.firms (name) values ('north'), ('south');

create function tests.firm(name text) returns uuid
language sql
stable
return (select f.id from tests.firms as f where f.name = firm.name);

create function tests.person(name text) returns uuid
language sql
stable
return (select p.id from tests.people as p where p.name = person.name);

-- Runs a statement as somebody, keeps nothing of it, and tells what came of it: `yes` when it touched or returned a row, `nothing`
-- when it did not, `refused` when the database forbade it, else the SQLSTATE and the message. Somebody is a person, `anon`,
-- `service_role`, `service` (bound to no organization) or `service of north`. `claims` says in which of the two forms PostgREST has
-- handed on who signed in.
create function tests.attempt(who text, statement text, claims text default 'claims', keeps boolean default false)
returns text
language plpgsql
as $$
declare
    person constant uuid := tests.person(who);
    role_name constant text := case
        when person is not null then 'authenticated'
        when who like 'service of %' or who = 'service' then 'frontdesk_app'
        else who
    end;
    touched bigint;
    outcome text;
begin
    begin
        perform set_config('request.jwt.claims', '', true);
        perform set_config('request.jwt.claim.sub', '', true);
        perform set_config('request.jwt.claim.role', '', true);
        perform set_config('frontdesk.organization_id', '', true);
        if person is not null and claims = 'claims' then
            perform set_config(
                'request.jwt.claims', json_build_object('sub', person, 'role', role_name)::text, true
            );
        elsif person is not null then
            perform set_config('request.jwt.claim.sub', person::text, true);
            perform set_config('request.jwt.claim.role', role_name, true);
        elsif who like 'service of %' then
            perform set_config(
                'frontdesk.organization_id', tests.firm(substr(who, length('service of ') + 1))::text, true
            );
        end if;
        perform set_config('role', role_name, true);
        execute statement;
        get diagnostics touched = row_count;
        perform set_config('role', 'none', true);
        outcome := case when touched > 0 then 'yes' else 'nothing' end;
        if not keeps then
            raise exception using errcode = 'ZZZZZ';
        end if;
    exception
        when sqlstate 'ZZZZZ' then null;
        when insufficient_privilege then
            outcome := 'refused';
        when others then
            outcome := sqlstate || ' ' || sqlerrm;
    end;
    perform set_config('role', 'none', true);
    return outcome;
end
$$;

-- What a statement returns as somebody, as text.
create function tests.sees(who text, query text) returns text
language plpgsql
as $$
declare
    person constant uuid := tests.person(who);
    seen text;
begin
    perform set_config('request.jwt.claims', coalesce(json_build_object('sub', person)::text, ''), true);
    perform set_config('role', case when person is null then who else 'authenticated' end, true);
    execute query into seen;
    perform set_config('role', 'none', true);
    return seen;
end
$$;

insert into auth.users (id, email, email_confirmed_at)
select p.id, p.name || '@example.com', now()
from tests.people as p;

insert into public.organizations (id, name, industry, timezone)
select f.id, f.name, 'plumbing', 'America/Denver'
from tests.firms as f;

insert into public.organization_members (organization_id, user_id, role)
select tests.firm(p.firm), p.id, p.role
from tests.people as p
where p.firm is not null
order by p.role <> 'owner';

-- How a row is added to each table for a firm. `:firm` stands for its id.
create table tests.additions (table_name text primary key, statement text not null);

create sequence tests.days;
-- A firm has few crews: after the first ones every attempt is for the last.
create sequence tests.crews;

insert into tests.additions (table_name, statement)
values
(
    'organization_members',
    $$insert into public.organization_members (organization_id, user_id, role)
      values (:firm, tests.person('newcomer'), 'member')$$
),
(
    'organization_invitations',
    $$insert into public.organization_invitations (organization_id, invited_by_user_id, invited_email, role, token)
      values (:firm, coalesce(auth.uid(), tests.person('otto')), 'nobody@example.com', 'member', gen_random_uuid()::text)$$
),
(
    'blocked_numbers',
    $$insert into public.blocked_numbers (organization_id, phone_number)
      values (:firm, '+1303555' || lpad(nextval('tests.days')::text, 4, '0'))$$
),
(
    'services',
    $$insert into public.services (organization_id, name)
      values (:firm, 'service ' || nextval('tests.days')::text)$$
),
(
    'crews',
    $$insert into public.crews (organization_id, number) values (:firm, least(nextval('tests.crews'), 100))$$
),
(
    'vapi_assistants',
    $$insert into public.vapi_assistants
          (organization_id, vapi_assistant_id, name, industry, language, system_prompt, voice_config)
      values (:firm, gen_random_uuid()::text, 'Ava', 'plumbing', 'en', '', '{}')$$
),
(
    'phone_number_assignments',
    $$insert into public.phone_number_assignments (organization_id, phone_number, phone_provider)
      values (:firm, '+1303555' || lpad(nextval('tests.days')::text, 4, '0'), 'vapi')$$
),
(
    'customers',
    $$insert into public.customers (organization_id, name, phone_number)
      values (:firm, 'Ruth', '+1303555' || lpad(nextval('tests.days')::text, 4, '0'))$$
),
(
    'appointments',
    $$insert into public.appointments
          (organization_id, customer_name, customer_phone, appointment_type, scheduled_date, scheduled_time)
      values (:firm, 'Ruth', '+13035550199', 'repair', current_date + nextval('tests.days')::integer, '09:00')$$
),
(
    'call_logs',
    $$insert into public.call_logs (organization_id, vapi_call_id, customer_phone_number, call_status)
      values (:firm, gen_random_uuid()::text, 'unknown', 'ended')$$
),
(
    'sms_communications',
    $$insert into public.sms_communications
          (organization_id, phone_number, message_content, message_type, language_code, direction)
      values (:firm, '+13035550199', 'Hello', 'confirmation', 'en', 'outbound')$$
),
(
    'call_transfers',
    $$insert into public.call_transfers (organization_id, vapi_call_id) values (:firm, 'call-1')$$
),
(
    'emergency_contacts',
    $$insert into public.emergency_contacts (organization_id, name, phone) values (:firm, 'Dana', '+13035550103')$$
),
(
    'emergency_notifications',
    $$insert into public.emergency_notifications (organization_id, notification_type, urgency, message)
      values (:firm, 'emergency', 'high', 'Water')$$
),
(
    'billing_subscriptions',
    $$insert into public.billing_subscriptions
          (organization_id, stripe_subscription_id, stripe_customer_id, status, plan_name,
           current_period_start, current_period_end)
      values (:firm, gen_random_uuid()::text, 'cus_1', 'active', 'pro', now(), now())$$
),
(
    'billing_invoices',
    $$insert into public.billing_invoices (organization_id, stripe_invoice_id, amount_paid, status)
      values (:firm, gen_random_uuid()::text, 100, 'paid')$$
),
(
    'special_days',
    $$insert into public.special_days (organization_id, special_date)
      values (:firm, current_date + nextval('tests.days')::integer)$$
),
(
    'staff_tasks',
    $$insert into public.staff_tasks (organization_id, kind, summary) values (:firm, 'question', 'Is Tuesday free?')$$
),
(
    'emergency_incidents',
    $$insert into public.emergency_incidents (organization_id, urgency, message) values (:firm, 'high', 'Water')$$
),
(
    'sms_consents',
    $$insert into public.sms_consents (organization_id, phone_number, status, source)
      values (:firm, '+13035550199', 'withdrawn', 'staff')$$
),
(
    'audit_log',
    $$insert into public.audit_log (organization_id, table_name, row_id, action, actor_role)
      values (:firm, 'customers', gen_random_uuid(), 'insert', 'authenticated')$$
);

do $$
declare
    addition record;
    firm record;
begin
    for addition in select a.table_name, a.statement from tests.additions as a
    loop
        for firm in select f.id from tests.firms as f
        loop
            -- The newcomer stays one: members are there already.
            if addition.table_name <> 'organization_members' then
                execute replace(addition.statement, ':firm', quote_literal(firm.id) || '::uuid');
            end if;
        end loop;
    end loop;
end
$$;

grant usage on schema tests to public;
grant select on all tables in schema tests to public;
grant usage on sequence tests.days, tests.crews to public;
