//! What the tools that look for a time share: what was offered before, what the caller means, and what is free.

use chrono::{NaiveDate, NaiveDateTime};
use tokio_postgres::Row;

use super::{
    context::Context,
    found::Found,
    offer::{Offer, Reason},
    service::Requirements,
    when::Wanted,
};
use crate::{
    db::{Multirange, OrgTx, Params, Record, Sql},
    domain::{
        language::Language,
        when::{Days, TimeOfDay},
    },
    error::Result,
    sql,
};

/// Reads what is free.
pub const QUERY: Sql = sql!(
    "check_availability",
    [
        UUID,
        TIMESTAMPTZ,
        DATE,
        INT4,
        UUID,
        TEXT,
        TEXT,
        TEXT,
        TEXT,
        BOOL
    ]
);
/// Reads what is busy on a plain day.
pub const BUSY: Sql = sql!("busy_on", [UUID, TIMESTAMPTZ, DATE, INT8, TEXT, TEXT, BOOL]);
const LAST_OFFER: Sql = sql!("last_offer", [UUID, TEXT]);

/// How many days are searched for the time of day that is wanted, before the first one that has anything is offered.
const MAX_DAYS: usize = 7;

/// The form of an option's text.
const TOKEN: &str = "%Y-%m-%dT%H:%M";

/// The calendar as one request sees it.
#[derive(Clone, Copy)]
pub struct Calendar<'a> {
    /// The call.
    pub context: &'a Context,
    /// The transaction of a tool that writes; reads take a connection from the pool.
    pub transaction: Option<&'a OrgTx>,
    /// What the appointment is for.
    pub requirements: &'a Requirements,
}

impl Calendar<'_> {
    /// What is free at the time that is wanted, or instead of it.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn find(&self, wanted: Wanted) -> Result<Found> {
        let offer = match wanted.days {
            Days::On(date) => self.ask(date).await?,
            days => Box::pin(self.search(days, wanted.time)).await?,
        };
        let is_closed_throughout = match wanted.days {
            Days::Within(first, last) if offer.day().is_none_or(|day| day > last) => {
                Box::pin(self.is_closed(first, last)).await?
            }
            _ => false,
        };
        Ok(Found {
            wanted,
            offer,
            is_closed_throughout,
        })
    }

    /// The calendar's answer about one day.
    async fn ask(&self, date: NaiveDate) -> Result<Offer> {
        match self.ask_plain(date).await? {
            Some(offer) => Ok(offer),
            // Boxed, or the future of every tool would be larger by it.
            None => Box::pin(self.ask_any(date)).await,
        }
    }

    async fn ask_any(&self, date: NaiveDate) -> Result<Offer> {
        let context = self.context;
        let number = context.number_of_language();
        let asks_language = context.heard.get().is_none();
        let params: Params<'_> = &[
            &context.organization.id,
            &context.now,
            &date,
            &self.requirements.minutes,
            &self.requirements.service,
            &self.requirements.address,
            &self.requirements.postal_code,
            &context.call.vapi_call_id,
            &number,
            &asks_language,
        ];
        let row = self.row(&QUERY, params).await?;
        if asks_language {
            self.hear(QUERY.get(&row, "language")?);
        }
        Offer::from_row(&QUERY, date, &row)
    }

    /// What is free on a day whose slots are remembered: only the busy time is asked for. None where it is not such a day, or nothing is
    /// free on it.
    async fn ask_plain(&self, date: NaiveDate) -> Result<Option<Offer>> {
        let context = self.context;
        let organization = &context.organization;
        let (Some(calendar), Some(needs)) = (&organization.calendar, self.requirements.needs)
        else {
            return Ok(None);
        };
        if calendar.travels() && self.requirements.address.is_some() {
            return Ok(None);
        }
        let Some(day) = calendar.plain_day(date, needs, context.now, organization.zone) else {
            return Ok(None);
        };
        let number = context.number_of_language();
        let asks_language = context.heard.get().is_none();
        let params: Params<'_> = &[
            &organization.id,
            &context.now,
            &date,
            &calendar.version,
            &context.call.vapi_call_id,
            &number,
            &asks_language,
        ];
        let row = self.row(&BUSY, params).await?;
        let mut found: Record<'_> = BUSY.get(&row, 0)?;
        // Null where the calendar is gone.
        let is_current: Option<bool> = found.column().map_err(BUSY.shape())?;
        let busy: Option<Vec<Multirange>> = found.column().map_err(BUSY.shape())?;
        if asks_language {
            self.hear(found.column().map_err(BUSY.shape())?);
        }
        Ok(match (is_current, busy) {
            (Some(true), Some(busy)) => {
                let busy: Vec<_> = busy.into_iter().map(|crew| crew.0).collect();
                Offer::open(date, day.free(&busy))
            }
            _ => None,
        })
    }

    /// The only row of a statement that binds itself.
    async fn row(&self, statement: &Sql, params: Params<'_>) -> Result<Row> {
        let context = self.context;
        let rows = if let Some(transaction) = self.transaction {
            transaction.query(statement, params).await?
        } else {
            let binding = context.organization.binding(context.now);
            context.database.ask(&binding, statement, params).await?
        };
        rows.into_iter()
            .next()
            .ok_or_else(|| statement.shape()("the statement returned no row"))
    }

    fn hear(&self, language: Option<&str>) {
        self.context.hear(language.and_then(Language::parse));
    }

    /// The first of several days that has a slot at the time that is wanted; else the first that has any.
    async fn search(&self, days: Days, time: TimeOfDay) -> Result<Offer> {
        let mut first: Option<Offer> = None;
        let mut day = days.first().max(self.context.today());
        for _ in 0..MAX_DAYS {
            let offer = self.ask(day).await?;
            let Some(found) = offer.day().filter(|found| days.contains(*found)) else {
                return Ok(first.unwrap_or(offer));
            };
            let offer = offer.found_on(found);
            if offer.slots.iter().any(|slot| time.contains(slot.start)) {
                return Ok(offer);
            }
            first = first.or(Some(offer));
            match found.succ_opt().filter(|next| days.contains(*next)) {
                Some(next) => day = next,
                None => break,
            }
        }
        match first {
            Some(offer) => Ok(offer),
            None => self.ask(day).await,
        }
    }

    /// Whether the organization is closed on each of these days; of a longer stretch it is not said.
    async fn is_closed(&self, first: NaiveDate, last: NaiveDate) -> Result<bool> {
        let days: Vec<NaiveDate> = first
            .iter_days()
            .take_while(|day| *day <= last)
            .take(MAX_DAYS + 1)
            .collect();
        if days.len() > MAX_DAYS {
            return Ok(false);
        }
        for day in days {
            if !self.ask(day).await?.is_closed() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Those of these days that are neither over nor too far away.
    pub(super) async fn bookable(&self, days: Vec<NaiveDate>) -> Result<Vec<NaiveDate>> {
        let mut bookable = Vec::new();
        for day in days {
            if !matches!(self.ask(day).await?.reason, Reason::Past | Reason::TooFar) {
                bookable.push(day);
            }
        }
        Ok(bookable)
    }

    /// The options that this call was offered last, and those that it was offered before that, in the order in which they were named.
    pub(super) async fn offered(&self) -> Result<[Vec<NaiveDateTime>; 2]> {
        let context = self.context;
        let Some(call_id) = &context.call.vapi_call_id else {
            return Ok([Vec::new(), Vec::new()]);
        };
        let params: Params<'_> = &[&context.organization.id, call_id];
        let rows = if let Some(transaction) = self.transaction {
            transaction.query(&LAST_OFFER, params).await?
        } else {
            context.journal.flush(context.deadline).await;
            let binding = context.organization.binding(context.now);
            context.database.read(&binding, &LAST_OFFER, params).await?
        };
        let options = |row: Option<&Row>| -> Result<Vec<NaiveDateTime>> {
            let Some(row) = row else {
                return Ok(Vec::new());
            };
            let offered: Vec<&str> = LAST_OFFER.get(row, "offered")?;
            let times = offered.into_iter();
            Ok(times
                .filter_map(|token| NaiveDateTime::parse_from_str(token, TOKEN).ok())
                .collect())
        };
        Ok([options(rows.first())?, options(rows.get(1))?])
    }
}
