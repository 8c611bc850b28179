//! Words that count from something: from what this call was offered ("an hour later"), or from an appointment of the caller's ("later than my
//! Monday appointment").

use super::{
    appointment::{self, Appointment, Proof},
    calendar::Calendar,
    named,
};
use crate::{
    db::{OrgTx, Priority},
    domain::when::{self, Reading},
    error::Result,
};

impl Calendar<'_> {
    /// What words mean that count from what this call was offered last: "an hour later", "same time on Friday", "the next day".
    pub(super) async fn beside_offer(
        &self,
        date: Option<&str>,
        time: Option<&str>,
    ) -> Result<Option<Reading>> {
        let [offered, _] = self.offered().await?;
        let read = when::understand_beside(date, time, &offered, self.context.local);
        Ok(read.and_then(std::result::Result::ok))
    }

    /// What words mean that count from an appointment of the caller's: "later than my Monday appointment".
    pub(super) async fn beside_appointment(
        &self,
        date: Option<&str>,
        time: Option<&str>,
        known: Reading,
    ) -> Result<Option<Reading>> {
        let mut words = [date, time].into_iter().flatten();
        if !words.any(named::is_named) {
            return Ok(None);
        }
        let context = self.context;
        let proof = Proof::default();
        let found = if let Some(transaction) = self.transaction {
            appointment::of_caller(context, transaction, &proof).await?
        } else {
            let binding = context.organization.binding(context.now);
            let database = context.database.with_priority(Priority::Read);
            let work = async |transaction: &OrgTx| {
                appointment::of_caller(context, transaction, &proof).await
            };
            database.transaction(&binding, work).await?
        };
        let is_meant =
            |it: &Appointment| it.is_live && known.days.is_none_or(|days| days.contains(it.date));
        let found = found.unwrap_or_default();
        let mut meant = found.iter().filter(|appointment| is_meant(appointment));
        let (Some(appointment), None) = (meant.next(), meant.next()) else {
            return Ok(None);
        };
        let from = appointment.date.and_time(appointment.start);
        Ok(when::understand_move(date, time, from, self.context.local).ok())
    }
}
