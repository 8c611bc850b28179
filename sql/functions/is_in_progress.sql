-- Whether a call goes on, by its status and when it was last heard of. Vapi may never tell that a call has ended: after an hour of silence
-- it is over.
create or replace function private.is_in_progress(call_status text, heard_at timestamptz) returns boolean
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return coalesce(
        call_status <> 'ended'
        and call_status = any(private.call_statuses())
        and heard_at > now() - interval '1 hour',
        false
    );
end
$$;

revoke execute on function private.is_in_progress(text, timestamptz) from public;
