-- Who was told meanwhile that an emergency is taken is paged for it again, whatever else they were just paged for (private.bundle_page()).
set local lock_timeout = '500ms';
set local statement_timeout = '60s';

alter table public.emergency_incidents add column reopened_at timestamptz;

comment on column public.emergency_incidents.reopened_at is 'when it was last opened again, after somebody had it or nobody took it';
