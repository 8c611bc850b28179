-- People who sign in, one row each.
set local lock_timeout = '5s';
set local statement_timeout = '60s';

create table public.user_profiles (
    id uuid primary key references auth.users (id) on delete cascade,
    full_name varchar(255),
    preferred_language varchar(5) default 'en',
    email varchar(255),
    created_at timestamptz default now(),
    updated_at timestamptz default now()
);

alter table public.user_profiles enable row level security;
revoke truncate, trigger, references on public.user_profiles from anon, authenticated;
