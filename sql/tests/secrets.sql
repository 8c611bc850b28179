-- A credential that a client writes is out of every client's reach at once, and stays.
begin;

select no_plan();

select is(
    tests.attempt(
        'olivia',
        'update public.organizations
         set twilio_auth_token = ''s3cret'', byo_sip_credentials = ''{"password": "s3cret"}'', google_refresh_token = ''s3cret'',
             outlook_refresh_token = ''s3cret'', calendly_api_key = ''s3cret''',
        keeps => true
    ),
    'yes',
    'an owner writes credentials where they always were'
);
select is(
    (select count(*) from public.organizations as o where to_jsonb(o)::text like '%s3cret%'),
    0::bigint,
    'they are not kept there'
);
select is(
    (select array_agg(s.name order by s.name) from private.organization_secrets as s
     where s.organization_id = tests.firm('north') and s.secret like '%s3cret%' and s.key_id is null),
    '{byo_sip_credentials,calendly_api_key,google_refresh_token,outlook_refresh_token,twilio_auth_token}',
    'but where the service finds them'
);
select is(
    (select count(*) from public.audit_log as l where to_jsonb(l)::text like '%s3cret%'),
    0::bigint,
    'the audit log does not tell them'
);
select is(
    (
        select count(*) from public.audit_log as l
        where l.table_name = 'organization_secrets' and l.actor_id = tests.person('olivia')
    ),
    5::bigint,
    'but who set them'
);
select is(
    tests.attempt(w.who, 'select from private.organization_secrets'),
    w.comes,
    format('%s reads them: %s', w.who, w.comes)
)
from (
    values
    ('olivia', 'refused'), ('adam', 'refused'), ('otto', 'refused'), ('anon', 'refused'), ('service_role', 'refused'),
    ('service', 'nothing'), ('service of south', 'nothing'), ('service of north', 'yes')
) as w (who, comes);
select is(
    tests.attempt(w.who, 'select from private.webhook_credentials'),
    'refused',
    format('%s reads no webhook secrets', w.who)
)
from (values ('olivia'), ('anon'), ('service_role')) as w (who);

-- What the service keeps for itself it keeps a firm at a time.
insert into private.webhook_credentials (organization_id, secret) select f.id, f.name from tests.firms as f;
insert into private.tool_calls
    (organization_id, vapi_call_id, tool_call_id, tool, arguments_digest, succeeded, repeatable, answer)
select f.id, 'call-1', 'tool-1', 'book_appointment', '', true, true, '{}'
from tests.firms as f;
select is(
    tests.attempt(w.who, format('select from %s where organization_id = %L', t.name, tests.firm('north'))),
    w.comes,
    format('%s reads %s of north', w.who, t.name)
)
from (values ('private.webhook_credentials'), ('private.tool_calls'), ('private.organization_secrets')) as t (name)
cross join (
    values ('service', 'nothing'), ('service of south', 'nothing'), ('service of north', 'yes')
) as w (who, comes);
select is(tests.attempt('service', t.statement), 'nothing', format('unbound: %s', t.statement))
from (
    values
    ('update private.webhook_credentials set key_id = ''x'''),
    ('update private.organization_secrets set key_id = ''x'''),
    ('update private.tool_calls set repeatable = false')
) as t (statement);
select is(tests.attempt('service of north', t.statement), 'refused', format('the service: %s', t.statement))
from (
    values
    ('delete from private.tool_calls'),
    ('insert into private.webhook_credentials (organization_id, secret) values (gen_random_uuid(), ''planted'')'),
    ('update private.webhook_credentials set retired_at = now()'),
    (
        format(
            'insert into private.tool_calls
                 (organization_id, vapi_call_id, tool_call_id, tool, arguments_digest, succeeded, repeatable, answer)
             values (%L, ''call-2'', ''tool-2'', ''book_appointment'', '''', true, true, ''{}'')',
            tests.firm('south')
        )
    )
) as t (statement);

-- What a dashboard reads it may write back.
select is(
    tests.attempt(
        'olivia',
        'update public.organizations set name = ''North'', twilio_auth_token = null, byo_sip_credentials = null',
        keeps => true
    ),
    'yes',
    'a row that was read is written back'
);
select is((select count(*) from private.organization_secrets), 5::bigint, 'and nothing is lost');
select is(
    tests.attempt(
        'olivia',
        'update public.organizations set twilio_auth_token = '''', byo_sip_credentials = ''{}''',
        keeps => true
    ),
    'yes',
    'an empty value ...'
);
select is((select count(*) from private.organization_secrets), 3::bigint, '... forgets a credential');
select is(
    tests.attempt(
        'olivia',
        format(
            'update public.organizations set id = %L, calendly_api_key = ''mine'' where id = %L',
            tests.firm('south'), tests.firm('north')
        )
    ) like any (array['refused', '23505%', '23503%']),
    true,
    'nobody writes another firm''s'
);

insert into public.organizations (id, name, industry, twilio_auth_token)
values (gen_random_uuid(), 'third', 'hvac', 's3cret');
select is(
    (select count(*) from private.organization_secrets as s where s.name = 'twilio_auth_token'),
    1::bigint,
    'a firm that comes with one has it moved too'
);

select * from finish();
rollback;
