//! Runs one job: claims it, stores an attempt, sends its request, and completes, retries or fails the job.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{
    Runner,
    backoff::chance,
    complete,
    request::{Outcome, Request},
    sender::Sender,
};
use crate::{
    db::{Binding, OrgTx},
    error::Result,
    escalation::escalate,
    jobs::{
        attempt::{self, Attempt, Postponed},
        delivery_report,
        due::{Due, Work},
        job::{self, Job, Kind, State},
        retry,
    },
    messages::{
        compose::{Composed, compose},
        consent::{self, Source},
        reminders,
    },
    outage::{Emergency, LeftMessage, spool},
    twilio::{client::Problem, delivery_status::ProviderState},
};

/// How long to wait for a delivery report of a page before its status is requested.
const PAGE_CHECK_AFTER: TimeDelta = TimeDelta::seconds(20);
/// The same for a call, which rings and is listened to first.
const CALL_CHECK_AFTER: TimeDelta = TimeDelta::seconds(60);
/// The same for any other message.
const CHECK_AFTER: TimeDelta = TimeDelta::minutes(10);

/// How many attempts there are for what may happen twice without harm: a message to the agent, the end of a call, an e-mail.
const MAX_HARMLESS_ATTEMPTS: i16 = 4;

/// What to do with a claimed job.
pub(super) enum Task {
    /// Another worker has claimed it, or it is complete.
    Nothing,
    /// An attempt is stored, and its request is to be sent.
    Send(Box<Job>, Attempt, Request),
    /// The outcome of an attempt is unknown: find out whether it went through.
    Reconcile(Box<Job>, Sender),
    /// The provider accepted it, and no delivery report came.
    CheckStatus(Box<Job>, Option<Sender>),
}

impl Runner {
    /// Does one piece of work that is due; false when there was nothing to do, because another worker has it or had it.
    ///
    /// # Errors
    ///
    /// When the database fails; it is due again then, at once or when its lease expires.
    pub async fn work(&self, due: Due) -> Result<bool> {
        let binding = self.binding(due.organization_id);
        match due.work {
            Work::Incident => {
                let channels = self.channels().of(&self.directory, due.organization_id);
                self.database
                    .transaction(&binding, async |transaction| {
                        let (id, now) = (due.id, binding.now);
                        escalate::advance(transaction, due.organization_id, id, channels, now).await
                    })
                    .await?;
                Ok(true)
            }
            Work::Reminders => {
                reminders::queue(&self.database, due.organization_id, binding.now).await?;
                Ok(true)
            }
            Work::Job => self.run_job(due, &binding).await,
            Work::Calendar => self.read_calendar(due, &binding).await,
            Work::CalendarCopy => self.write_copy(due, &binding).await,
        }
    }

    /// Replays the emergencies and messages that were spooled while the database was away.
    ///
    /// # Errors
    ///
    /// When one failed and is to be tried again.
    pub(super) async fn replay(&self) -> Result<()> {
        let Some(spool) = &self.spool else {
            return Ok(());
        };
        let now = self.clock.now();
        let (database, directory) = (&self.database, &self.directory);
        let channels = self.channels();
        // One that fails does not hold up the others.
        let mut replayed = Ok(());
        for kept in spool.kept::<Emergency>(spool::Kind::Emergency) {
            let opened = kept.said.replay(database, directory, channels, now).await;
            replayed = kept.complete(opened).and(replayed);
        }
        for kept in spool.kept::<LeftMessage>(spool::Kind::Message) {
            let left = kept.said.replay(database, directory, now).await;
            replayed = kept.complete(left).and(replayed);
        }
        if let Err(error) = &replayed {
            tracing::error!(
                error = error.chain(),
                "the spool could not be replayed; it is tried again"
            );
        }
        replayed
    }

    pub(super) fn binding(&self, organization_id: Uuid) -> Binding {
        Binding {
            organization_id,
            now: self.clock.now(),
        }
    }

    async fn run_job(&self, due: Due, binding: &Binding) -> Result<bool> {
        let task = self
            .database
            .transaction(binding, async |transaction| {
                self.claim(transaction, due, binding.now).await
            })
            .await?;
        match task {
            Task::Nothing => return Ok(false),
            Task::Send(job, attempt, request) => {
                let outcome = self.send(&request).await;
                self.complete(&job, attempt, outcome).await?;
            }
            Task::Reconcile(job, sender) => self.reconcile(&job, &sender).await?,
            Task::CheckStatus(job, sender) => self.check_status(&job, sender.as_ref()).await?,
        }
        Ok(true)
    }

    /// Claims a job and decides what to do with it. The decision is committed before it is acted on.
    async fn claim(&self, transaction: &OrgTx, due: Due, now: DateTime<Utc>) -> Result<Task> {
        let Some(job) = job::claim(transaction, due.organization_id, due.id).await? else {
            return Ok(Task::Nothing);
        };
        if job.state == State::Accepted {
            let sender = self.sender(transaction, &job).await?;
            attempt::extend(transaction, &job).await?;
            return Ok(Task::CheckStatus(Box::new(job), sender));
        }
        if job.is_urgent() && is_acknowledged(&job) {
            attempt::cancel(transaction, &job, "taken").await?;
            return Ok(Task::Nothing);
        }
        let is_over = job.expires_at.is_some_and(|expires| expires <= now);
        let is_telephone = matches!(job.kind, Kind::Sms | Kind::Voice);
        let is_worn_out =
            job.is_ambiguous() && !is_telephone && job.attempts >= MAX_HARMLESS_ATTEMPTS;
        if is_over || is_worn_out {
            let code = if is_over { "expired" } else { "no_answer" };
            complete::fail(transaction, &job, None, code).await?;
            return Ok(Task::Nothing);
        }
        if job.is_ambiguous()
            && is_telephone
            && let Some(sender) = self.sender(transaction, &job).await?
        {
            attempt::extend(transaction, &job).await?;
            return Ok(Task::Reconcile(Box::new(job), sender));
        }
        self.prepare(transaction, job, now).await
    }

    /// Stores the next attempt, if there is to be one.
    async fn prepare(&self, transaction: &OrgTx, job: Job, now: DateTime<Utc>) -> Result<Task> {
        let mut job = job;
        let mut sms_id = None;
        if job.kind == Kind::Sms && job.sms_id.is_none() {
            if self.sender(transaction, &job).await?.is_none() {
                // Customers of an organization that has no number to text from get no texts; that is no failure.
                attempt::cancel(transaction, &job, "no_sender").await?;
                return Ok(Task::Nothing);
            }
            let (organization, about) = (job.organization_id, job.appointment_id);
            match compose(transaction, organization, about, &job.payload, now).await? {
                Composed::Send {
                    sms_id: stored,
                    to,
                    body,
                } => {
                    sms_id = Some(stored);
                    job.to = Some(to);
                    job.body = Some(body);
                }
                Composed::Later(until) => {
                    let why = Postponed::NotNow;
                    attempt::postpone(transaction, &job, None, why, None, until).await?;
                    return Ok(Task::Nothing);
                }
                Composed::Drop(why) => {
                    attempt::cancel(transaction, &job, why).await?;
                    return Ok(Task::Nothing);
                }
            }
        }
        let sender = match job.kind {
            Kind::Sms | Kind::Voice | Kind::HangUp => self.sender(transaction, &job).await?,
            Kind::Email | Kind::Say | Kind::Fallback => None,
        };
        let id = Uuid::new_v4();
        match self.request(transaction, &job, sender.as_ref(), id).await? {
            Ok(request) => {
                let number = sender.as_ref().and_then(Sender::number);
                let begun = attempt::begin(transaction, &job, id, sms_id, number).await?;
                let waited = (self.clock.now() - job.due_at).to_std().unwrap_or_default();
                metrics::histogram!("frontdesk_job_wait_seconds", "kind" => job.kind.code())
                    .record(waited);
                if begun.may_repeat {
                    metrics::counter!("frontdesk_attempts_repeated_total").increment(1);
                }
                Ok(Task::Send(Box::new(job), begun, request))
            }
            Err(code) => complete::fail(transaction, &job, None, code)
                .await
                .map(|()| Task::Nothing),
        }
    }

    /// Stores the outcome of an attempt.
    async fn complete(&self, job: &Job, attempt: Attempt, outcome: Outcome) -> Result<()> {
        let binding = self.binding(job.organization_id);
        self.database
            .transaction(&binding, async |transaction| {
                let attempt = Some(attempt.id);
                self.complete_in(transaction, job, attempt, outcome, binding.now)
                    .await
            })
            .await
    }

    pub(super) async fn complete_in(
        &self,
        transaction: &OrgTx,
        job: &Job,
        attempt: Option<Uuid>,
        outcome: Outcome,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let (why, code, retry_after) = match outcome {
            Outcome::Accepted { sid, state } => {
                let (sid, again) = (sid.as_deref(), now + check_after(job));
                return complete::accepted(transaction, job, attempt, sid, &state, again).await;
            }
            Outcome::Done(status) => {
                return complete::done(transaction, job, attempt, status).await;
            }
            Outcome::Refused(code) => {
                if code == complete::OPTED_OUT
                    && let Some(phone) = &job.to
                {
                    let (organization, source) = (job.organization_id, Source::Carrier);
                    consent::record(transaction, organization, phone, false, source, None).await?;
                }
                return complete::fail(transaction, job, attempt, &code).await;
            }
            Outcome::Busy(retry_after) => (Postponed::Busy, "429".to_owned(), retry_after),
            Outcome::Unreached => (Postponed::Unreached, "unreached".to_owned(), None),
            Outcome::Denied(code) => (Postponed::Denied, code, None),
            Outcome::Unknown => (Postponed::Unknown, "no_answer".to_owned(), None),
        };
        let tries = job.attempts + 1;
        let is_reconciled = job.is_page() && matches!(job.kind, Kind::Sms | Kind::Voice);
        let pause = if why == Postponed::Unknown {
            (is_reconciled || tries < MAX_HARMLESS_ATTEMPTS)
                .then(|| retry::reconcile_after(job.is_page(), TimeDelta::zero()))
        } else {
            retry::pause(job.is_urgent(), tries, retry_after, chance())
        };
        complete::again(transaction, job, attempt, why, &code, pause, now).await
    }

    /// Requests the status of a job of which no report came.
    async fn check_status(&self, job: &Job, sender: Option<&Sender>) -> Result<()> {
        let (answer, is_known) = match (sender, &job.provider_sid) {
            (Some(sender), Some(sid)) => match self.state_of(job, &sender.account, sid).await {
                Ok(state) => (Some(state), true),
                Err(problem) => (
                    None,
                    matches!(problem, Problem::Refused { status: 404, .. }),
                ),
            },
            _ => (None, true),
        };
        let binding = self.binding(job.organization_id);
        self.database
            .transaction(&binding, async |transaction| {
                let organization = job.organization_id;
                if let Some(state) = &answer {
                    let report = state.report(None, job.provider_sid.as_deref(), None);
                    delivery_report::record(transaction, organization, job.id, &report).await?;
                    if report.is_final {
                        return Ok(());
                    }
                }
                if !is_known && job.expires_at.is_none_or(|expires| expires > binding.now) {
                    // That the provider does not answer says nothing of what it has.
                    let again = Some(binding.now + check_after(job));
                    return delivery_report::defer(transaction, organization, job.id, again).await;
                }
                let is_with_carrier = answer.as_ref().is_some_and(ProviderState::has_left);
                if job.is_page() && job.kind == Kind::Sms && !is_with_carrier {
                    // It may never arrive, and somebody is standing in water.
                    return complete::fail(transaction, job, None, "no_callback").await;
                }
                let old = job
                    .earlier
                    .is_none_or(|earlier| binding.now - earlier.started_at > CHECK_AFTER * 6);
                let again = (!old && (job.kind == Kind::Voice || !job.is_page()))
                    .then(|| binding.now + check_after(job));
                delivery_report::defer(transaction, organization, job.id, again).await
            })
            .await
    }
}

/// Whether the incident that a page is for has been acknowledged or closed.
fn is_acknowledged(job: &Job) -> bool {
    job.incident_status
        .as_deref()
        .is_some_and(|status| !matches!(status, "open" | "exhausted"))
}

fn check_after(job: &Job) -> TimeDelta {
    match (job.kind, job.is_page()) {
        (Kind::Voice, _) => CALL_CHECK_AFTER,
        (_, true) => PAGE_CHECK_AFTER,
        _ => CHECK_AFTER,
    }
}
