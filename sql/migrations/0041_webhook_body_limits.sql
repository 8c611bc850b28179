-- Which organizations have a limit of their own for webhook bodies, of which a service keeps a list: few have one.
-- squawk-ignore-file require-concurrent-index-creation
set local lock_timeout = '5s';
set local statement_timeout = '60s';

create index organizations_webhook_body_bytes on public.organizations (id) where settings ? 'webhook_body_bytes';
