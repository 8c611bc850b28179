-- What the files of sql/functions/ did beside creating and replacing, and no longer do.
--
-- A function cannot be replaced by one whose result or parameter names differ. Databases that were migrated before 0.1.0 may hold
-- these six in an older shape, which no release calls. Where the shape is today's nothing is dropped: 0.1.0 is calling it.
set local lock_timeout = '500ms';
set local statement_timeout = '60s';

do $$
declare
    found record;
begin
    for found in
        select p.oid::regprocedure as signature
        from (
            values
            (
                'private.book_appointment(uuid,text,text,text,date,time,integer,text,text,text,text,uuid,text)',
                '{org_id,call_id,name,phone,wanted_date,wanted_time,minutes,kind,address,description,language,service,postal_code,outcome,appointment_id,booked_name,slot_date,start_time,end_time}',
                'record'
            ),
            (
                'private.booking_rules(jsonb)',
                '{settings,capacity,lead_time,lead_days,horizon_days,step,before_minutes,after_minutes,travel_minutes}',
                'record'
            ),
            ('private.end_shared_page(uuid,text)', '{shared,reason}', 'void'),
            (
                'private.open_incident(uuid,text,text,text,text,text,text,text,text,text)',
                '{org_id,call_id,caller,callback,address,address_key,severity,words,language,control_url,incident_id,is_new,is_added}',
                'record'
            ),
            ('private.opening_windows(jsonb,date)', '{hours,day}', 'tsrange[]'),
            ('private.serves(jsonb,text)', '{postal_codes,postal_code}', 'boolean')
        ) as w (signature, names, result)
        join pg_catalog.pg_proc as p on p.oid = to_regprocedure(w.signature)
        where p.proargnames is distinct from w.names::text[] or p.prorettype <> w.result::regtype
    loop
        execute format('drop function %s', found.signature);
    end loop;
end
$$;

-- References of a row are held to its organization by triggers (functions/keep_references), which take the place of these. Dropping
-- a constraint locks its table even where there is none, so each is looked for first.
do $$
declare
    found record;
begin
    for found in
        select k.conrelid::regclass as from_table, k.conname
        from (
            values
            ('public.appointments', 'appointments_organization_id_customer_id_fkey'),
            ('public.sms_communications', 'sms_communications_organization_id_customer_id_fkey'),
            ('public.phone_number_assignments', 'phone_number_assignments_organization_id_vapi_assistant_id_fkey'),
            ('public.call_logs', 'call_logs_organization_id_vapi_assistant_id_fkey'),
            ('public.emergency_notifications', 'emergency_notifications_organization_id_emergency_contact__fkey')
        ) as w (from_table, name)
        join pg_catalog.pg_constraint as k on k.conrelid = to_regclass(w.from_table) and k.conname = w.name
        order by w.from_table
    loop
        execute format('alter table %s drop constraint %I', found.from_table, found.conname);
    end loop;
end
$$;
