//! Writes an appointment into a linked calendar, or removes it there: whatever is to stand there now.

use std::time::Duration;

use chrono::TimeDelta;

use super::read::asked_pause;
use crate::{
    db::Binding,
    domain::external_calendar::{CalendarError, Entry, Written},
    error::Result,
    jobs::{
        due::Due,
        retry,
        run::{Runner, backoff::chance},
    },
    sync::copy::{self, Copy, LEASE_SECONDS, Need},
};

/// How long writing may take, with all requests; less than a claim lasts.
const TIMEOUT: Duration = Duration::from_secs(LEASE_SECONDS.unsigned_abs() as u64 - 6);

/// How long it is tried at least; an appointment that is over then is not written any more.
const MIN_ATTEMPTS: i32 = 20;

impl Runner {
    /// Brings a copy of an appointment to where it is to be; false when somebody else does.
    pub(in crate::jobs::run) async fn write_copy(
        &self,
        due: Due,
        binding: &Binding,
    ) -> Result<bool> {
        let (organization, id) = (due.organization_id, due.id);
        // What somebody made of the event there comes first, in a transaction of its own: it may move the appointment.
        self.database
            .transaction(binding, async |transaction| {
                copy::follow(transaction, organization, id).await
            })
            .await?;
        let claimed = self
            .database
            .transaction(binding, async |transaction| {
                let Some(copy) = copy::claim(transaction, organization, id).await? else {
                    return Ok(None);
                };
                let need = super::client::need(&copy);
                if need == Need::Nothing {
                    copy.release(transaction).await?;
                } else if need == Need::Put
                    && copy.known.is_none()
                    && let Some(resource) = super::client::resource(&copy)
                {
                    copy.expect(transaction, &resource).await?;
                }
                Ok(Some((copy, need)))
            })
            .await?;
        let Some((copy, need)) = claimed else {
            return Ok(false);
        };
        match (need, &copy.entry) {
            (Need::Put, Some(entry)) => self.put(&copy, entry).await?,
            (Need::Reword, _) => self.reword(&copy).await?,
            (Need::Remove, _) => self.remove(&copy).await?,
            _ => {}
        }
        Ok(true)
    }

    async fn put(&self, copy: &Copy, entry: &Entry) -> Result<()> {
        let written = in_time(self.put_now(copy, entry)).await;
        match written {
            Ok(written) => {
                let binding = self.binding(copy.account.organization_id);
                self.database
                    .transaction(&binding, async |transaction| {
                        copy.complete(transaction, &written).await
                    })
                    .await
            }
            Err(problem) => self.fail_to_write(copy, &problem).await,
        }
    }

    async fn put_now(&self, copy: &Copy, entry: &Entry) -> Result<Written, CalendarError> {
        let put = async |known: Option<&Written>| {
            self.calendars
                .put(&copy.account, &copy.calendar, known, entry)
                .await
        };
        let mut known = copy.written().cloned();
        if let (Some(earlier), true) = (&known, copy.says_too_much()) {
            match self.calendars.reword(copy, earlier).await {
                Err(CalendarError::Gone) => {}
                reworded => known = Some(reworded?),
            }
        }
        match (put(known.as_ref()).await, known) {
            // The appointment was changed here as well: what it is now counts.
            (Err(CalendarError::Changed), Some(known)) => {
                let etag = None;
                put(Some(&Written { etag, ..known })).await
            }
            (written, _) => written,
        }
    }

    async fn reword(&self, copy: &Copy) -> Result<()> {
        let Some(known) = &copy.known else {
            return Ok(());
        };
        let reworded = in_time(self.calendars.reword(copy, known)).await;
        let etag = match reworded {
            Ok(written) => written.etag,
            // It says nothing any more.
            Err(CalendarError::Gone) => None,
            Err(problem) => return self.fail_to_write(copy, &problem).await,
        };
        let binding = self.binding(copy.account.organization_id);
        self.database
            .transaction(&binding, async |transaction| {
                copy.complete_rewording(transaction, etag.as_deref()).await
            })
            .await
    }

    async fn remove(&self, copy: &Copy) -> Result<()> {
        let removed = match &copy.known {
            Some(known) => {
                // Whatever somebody made of it: the appointment is off.
                let known = Written {
                    resource: known.resource.clone(),
                    etag: None,
                };
                let removed = self.calendars.remove(&copy.account, &copy.calendar, &known);
                in_time(removed).await
            }
            None => Ok(()),
        };
        match removed {
            Ok(()) | Err(CalendarError::Gone) => {
                let binding = self.binding(copy.account.organization_id);
                self.database
                    .transaction(&binding, async |transaction| copy.remove(transaction).await)
                    .await
            }
            Err(problem) => self.fail_to_write(copy, &problem).await,
        }
    }

    async fn fail_to_write(&self, copy: &Copy, problem: &CalendarError) -> Result<()> {
        tracing::warn!(
            organization.id = %copy.account.organization_id,
            calendar.link = %copy.link_id,
            calendar.attempts = copy.attempts,
            error = %problem,
            "an appointment cannot be written into a linked calendar"
        );
        let binding = self.binding(copy.account.organization_id);
        let is_booking =
            copy.account.provider == "calendly" && copy.entry.is_some() && copy.written().is_none();
        self.database
            .transaction(&binding, async |transaction| {
                let (again_at, with_new_id) = match problem {
                    CalendarError::Revoked if copy.account.believes(copy.attempts - 1) => {
                        return copy.account.revoke(transaction).await;
                    }
                    CalendarError::Refused { status, .. } if is_booking => {
                        return copy.refuse(transaction, *status).await;
                    }
                    // Somebody deleted it there, and it was changed here since. Where nothing was written yet, it is the calendar that is gone.
                    CalendarError::Gone | CalendarError::IdTaken
                        if copy.entry.is_some()
                            && copy.need() != Need::Reword
                            && (copy.written().is_some() || *problem == CalendarError::IdTaken) =>
                    {
                        let pause = retry::new_id_pause(copy.attempts, chance());
                        let pause = TimeDelta::from_std(pause).unwrap_or(TimeDelta::hours(1));
                        (Some(binding.now + pause), true)
                    }
                    _ => {
                        let asked = asked_pause(&copy.account, problem);
                        let pause = retry::calendar_pause(copy.attempts - 1, asked, chance());
                        let pause = TimeDelta::from_std(pause).unwrap_or(TimeDelta::hours(1));
                        let is_over = match &copy.entry {
                            Some(entry) if copy.need() == Need::Put => entry.end < binding.now,
                            _ => copy.attempts >= MIN_ATTEMPTS,
                        };
                        ((!is_over).then(|| binding.now + pause), false)
                    }
                };
                copy.retry(transaction, problem.code(), again_at, with_new_id)
                    .await
            })
            .await
    }
}

async fn in_time<T>(
    request: impl Future<Output = std::result::Result<T, CalendarError>>,
) -> std::result::Result<T, CalendarError> {
    tokio::time::timeout(TIMEOUT, request)
        .await
        .unwrap_or(Err(CalendarError::Unavailable("timeout")))
}
