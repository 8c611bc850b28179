-- Records an emergency that a call reports, with whom a new one is told (private.report_emergency()). No row comes back when the call is
-- recorded under another organization.
select
    r.incident_id,
    r.is_new,
    r.is_added,
    r.code,
    r.rounds,
    r.organization_name,
    r.timezone,
    r.step,
    r.name,
    r.phone,
    r.extension,
    r.email,
    r.by_sms,
    r.by_voice,
    r.by_email,
    r.language_code,
    r.timeout_seconds,
    r.is_last_resort,
    r.is_opted_out,
    r.is_own,
    r.was_texted,
    r.dial_countries,
    r.others
from private.report_emergency($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) as r
