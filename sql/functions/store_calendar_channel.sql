-- Stores the channel that announces changes of a linked calendar, the SHA-256 of its secret (null: the same), what it watches, when it
-- closes, and, where its provider signs with the secret, that secret sealed.
create or replace function private.store_calendar_channel(
    org_id uuid, link uuid, channel text, hash bytea, watched text, closes_at timestamptz, signing_key text, sealed_with text
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform private.require_organization(org_id);
    update private.calendar_links as l
    set
        channel_id = channel,
        channel_secret = coalesce(hash, l.channel_secret),
        channel_resource = watched,
        channel_expires_at = closes_at
    where l.organization_id = org_id and l.id = link;
    if found and signing_key is not null then
        insert into private.organization_secrets as s (organization_id, name, secret, key_id)
        values (org_id, 'calendar/' || link, signing_key, sealed_with)
        on conflict (organization_id, name) do update
        set secret = excluded.secret, key_id = excluded.key_id, set_at = now();
    end if;
end
$$;

revoke execute on function private.store_calendar_channel(uuid, uuid, text, bytea, text, timestamptz, text, text) from public;
grant execute on function private.store_calendar_channel(uuid, uuid, text, bytea, text, timestamptz, text, text) to frontdesk_app;
