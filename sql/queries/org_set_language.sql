-- Changes the language that an assistant of an organization speaks. No row: it has no such assistant.
update public.vapi_assistants as a
set language = $3
where a.organization_id = $1 and a.vapi_assistant_id = $2
returning a.name::text
