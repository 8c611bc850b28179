//! What the tools that look for a time share: what was offered before, what the caller means, and what is free.

use chrono::{NaiveDate, NaiveDateTime};
use tokio_postgres::Row;

use super::{context::Context, found::Found, offer::Offer, service::Wish, when::Wanted};
use crate::{
    db::{OrgTx, Params, Sql},
    domain::{
        language::Language,
        phone::Phone,
        when::{Days, TimeOfDay},
    },
    error::Result,
    sql,
};

/// Reads what is free.
pub const QUERY: Sql = sql!(
    "check_availability",
    [UUID, TEXT, DATE, INT4, TEXT, UUID, TEXT, TEXT, TEXT, BOOL]
);
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
    /// The transaction of a tool that changes something; without one the pool is asked.
    pub transaction: Option<&'a OrgTx>,
    /// What the appointment is for.
    pub wish: &'a Wish,
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
            days => self.search(days, wanted.time).await?,
        };
        let is_closed_throughout = match wanted.days {
            Days::Within(first, last) if offer.day().is_none_or(|day| day > last) => {
                self.is_closed(first, last).await?
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
        let context = self.context;
        let binding = context.organization.binding(context.now);
        let number = context.call.caller.as_ref().map(Phone::as_str);
        let asks_language = context.heard.get().is_none();
        let params: Params<'_> = &[
            &context.organization.id,
            &binding.at(),
            &date,
            &self.wish.minutes,
            &context.call.vapi_call_id,
            &self.wish.service,
            &self.wish.address,
            &self.wish.postal_code,
            &number,
            &asks_language,
        ];
        let rows = match self.transaction {
            Some(transaction) => transaction.query(&QUERY, params).await?,
            None => context.database.ask(&binding, &QUERY, params).await?,
        };
        if asks_language && let Some(row) = rows.first() {
            let language: Option<&str> = row.try_get("language").map_err(QUERY.shape())?;
            context.hear(language.and_then(Language::parse));
        }
        Offer::from_rows(&QUERY, date, &rows)
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
            let offered: Vec<&str> = row.try_get("offered").map_err(LAST_OFFER.shape())?;
            let times = offered.into_iter();
            Ok(times
                .filter_map(|token| NaiveDateTime::parse_from_str(token, TOKEN).ok())
                .collect())
        };
        Ok([options(rows.first())?, options(rows.get(1))?])
    }
}
