-- Enters an assistant of an organization; entered again, it takes the new name and language. Prompt and voice are kept
-- at Vapi, so the columns that the schema wants for them begin empty.
insert into public.vapi_assistants as a (
    organization_id,
    vapi_assistant_id,
    name,
    industry,
    language,
    system_prompt,
    voice_config
)
select o.id, $2, $3, o.industry, $4, '', '{}'
from public.organizations as o
where o.id = $1
on conflict (vapi_assistant_id) do update
set name = excluded.name, language = excluded.language, is_active = true
where a.organization_id = excluded.organization_id
returning a.id
