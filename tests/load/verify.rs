//! What the database shows after a run: that nobody was told what is not so, and that nothing is lost.

use anyhow::Result;
use chrono::NaiveTime;

use super::{
    messages::{Ask, Messages, Tool},
    report::Verdict,
    stage,
};

/// Pairs of appointments of one crew that overlap, one of them made in the run.
const OVERLAPS: &str = "
    select count(*)
    from public.appointments as a
    inner join public.appointments as b
        on b.organization_id = a.organization_id and b.crew = a.crew and b.busy && a.busy and b.id <> a.id
    where
        a.vapi_call_id like $1
        and a.status in ('pending', 'confirmed') and b.status in ('pending', 'confirmed')";

/// Callers who were told that they are booked, without exactly one appointment of their call at that time.
const TOLD_WRONG: &str = "
    select count(*)
    from unnest($1::text[], $2::int8[], $3::date[], $4::time[]) as t (call_id, organization, day, hour)
    where
        1 <> (
            select count(*) from public.appointments as a
            where
                a.vapi_call_id = t.call_id
                and a.organization_id = md5('organization ' || t.organization)::uuid
                and a.scheduled_date = t.day and a.scheduled_time = t.hour
                and a.status = 'confirmed'
        )";

/// Appointments whose caller was told neither that they are booked nor that it is not known yet.
const UNTOLD: &str = "
    select count(*) from public.appointments as a
    where
        a.vapi_call_id like $1
        and not exists (select from unnest($2::text[]) as t (call_id) where t.call_id = a.vapi_call_id)";

/// Calls that were answered, and of which the database keeps no transfer or no emergency. A second call from one number belongs to the
/// emergency of the first.
const LOST: &str = "
    select count(*)
    from unnest($1::text[], $2::bool[]) as t (call_id, is_emergency)
    where
        not exists (
            select from public.call_transfers as c where not t.is_emergency and c.vapi_call_id = t.call_id
            union all
            select from private.incident_calls as c where t.is_emergency and c.vapi_call_id = t.call_id
        )";

/// Calls of the run with the use of a tool stored: in their row already, or waiting to be added to it.
const LOGGED: &str = "
    select count(*)
    from (
        select c.vapi_call_id from public.call_logs as c
        where c.vapi_call_id like $1 and jsonb_array_length(c.tools_used) = 1
        union
        select t.vapi_call_id from private.tool_log as t where t.vapi_call_id like $1
    ) as c";

/// What callers were told.
#[derive(Default)]
pub struct Told {
    /// Who was told that they are booked.
    pub booked: Vec<Ask>,
    /// Who was answered by another tool that writes.
    pub written: Vec<Ask>,
    /// Who was told that it is not known yet whether they are booked.
    pub unsure: Vec<Ask>,
    /// How many were answered at all.
    pub answered: u64,
}

impl Told {
    /// Adds what callers of another run were told.
    pub fn add(&mut self, other: Self) {
        self.answered += other.answered;
        self.booked.extend(other.booked);
        self.written.extend(other.written);
        self.unsure.extend(other.unsure);
    }
}

/// Compares the database with what callers were told. The service must have stopped: it writes its log after it answers.
pub fn verify(owner_url: &str, messages: &Messages, told: &Told) -> Result<Vec<Verdict>> {
    stage::block_on(async {
        let client = stage::connect(owner_url).await?;
        let ours = format!("{}%", messages.prefix());
        let count = async |sql: &str, params: &[&(dyn tokio_postgres::types::ToSql + Sync)]| {
            let row = client.query_one(sql, params).await?;
            anyhow::Ok(u64::try_from(row.try_get::<_, i64>(0)?)?)
        };
        let ids = |asks: &[Ask]| -> Vec<String> {
            let ids = asks.iter().map(|ask| messages.call_id(ask.number));
            ids.collect()
        };
        let booked = told.booked.iter();
        let organizations: Vec<_> = booked
            .clone()
            .map(|ask| i64::from(ask.organization))
            .collect();
        let days: Vec<_> = booked.clone().map(|ask| ask.date).collect();
        let hours = booked.map(|ask| NaiveTime::from_hms_opt(ask.hour, 0, 0).unwrap_or_default());
        let hours: Vec<_> = hours.collect();
        let (booked, written) = (ids(&told.booked), ids(&told.written));
        let known = [booked.as_slice(), &ids(&told.unsure)].concat();
        let emergencies: Vec<_> = told
            .written
            .iter()
            .map(|ask| ask.tool == Tool::Emergency)
            .collect();
        let logged = count(LOGGED, &[&ours]).await?;
        Ok([
            (
                "overlapping appointments of one crew",
                count(OVERLAPS, &[&ours]).await?,
            ),
            (
                "callers told to be booked without exactly one appointment",
                count(TOLD_WRONG, &[&booked, &organizations, &days, &hours]).await?,
            ),
            (
                "appointments whose caller was not told",
                count(UNTOLD, &[&ours, &known]).await?,
            ),
            (
                "transfers and emergencies that are not stored",
                count(LOST, &[&written, &emergencies]).await?,
            ),
            (
                "answered calls that are not in the call log",
                told.answered.saturating_sub(logged),
            ),
        ]
        .map(|(what, found)| Verdict::none(what, found))
        .into())
    })?
}
