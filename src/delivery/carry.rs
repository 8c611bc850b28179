//! One effect, from being taken to being settled.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{
    Delivery,
    request::{Made, Request},
    sender::Sender,
    settle,
};
use crate::{
    calls::{message::LeftMessage, spool::Kind as Kept},
    db::{Binding, OrgTx},
    error::Result,
    messages::{compose, consent, reminders},
    oncall::{chain, reserve::Reported},
    outbox::{
        agenda::{Due, Work},
        attempt::{self, Attempt, Postponed},
        effect::{self, Effect, Kind, State},
        report, retry,
    },
    twilio::{client::Problem, state::ProviderState},
};

/// How long the provider may say nothing of a page before it is asked.
const ASK_AFTER_PAGE: TimeDelta = TimeDelta::seconds(20);
/// How long a call may ring and be listened to before the provider is asked.
const ASK_AFTER_CALL: TimeDelta = TimeDelta::seconds(60);
/// How long the provider may say nothing of any other message.
const ASK_AFTER: TimeDelta = TimeDelta::minutes(10);

/// The most attempts for what may be done twice without harm: a word to the agent, the end of a call, an e-mail.
const HARMLESS_ATTEMPTS: i16 = 4;

/// What is to be done with an effect that was taken.
pub(super) enum Task {
    /// Another worker has it, or it is settled.
    Nothing,
    /// An attempt is written down and is to be made.
    Send(Box<Effect>, Attempt, Request),
    /// An attempt had no end: the provider is to be asked whether it went through.
    Look(Box<Effect>, Sender),
    /// The provider has it, and has been silent.
    Ask(Box<Effect>, Option<Sender>),
}

impl Delivery {
    /// Does one piece of work; false when there was nothing to do, because somebody else has it or had it.
    ///
    /// # Errors
    ///
    /// When the database fails; the work is due again then, now or when its lease is over.
    pub async fn work(&self, due: Due) -> Result<bool> {
        let binding = self.binding(due.organization_id);
        match due.work {
            Work::Incident => {
                let channels = self.channels(due.organization_id);
                self.database
                    .transaction(&binding, async |transaction| {
                        let (id, now) = (due.id, binding.now);
                        chain::advance(transaction, due.organization_id, id, channels, now).await
                    })
                    .await?;
                Ok(true)
            }
            Work::Reminders => {
                reminders::queue(&self.database, due.organization_id, binding.now).await?;
                Ok(true)
            }
            Work::Effect => self.carry_out(due, &binding).await,
        }
    }

    /// Takes up the emergencies and messages that came while the database was away.
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
        let reach = |organization| self.channels(organization);
        // One that fails keeps no other waiting.
        let mut replayed = Ok(());
        for kept in spool.kept::<Reported>(Kept::Emergency) {
            let opened = kept.said.take_up(database, directory, reach, now).await;
            replayed = kept.settle(opened).and(replayed);
        }
        for kept in spool.kept::<LeftMessage>(Kept::Message) {
            let left = kept.said.take_up(database, directory, now).await;
            replayed = kept.settle(left).and(replayed);
        }
        if let Err(error) = &replayed {
            tracing::error!(
                error = error.chain(),
                "what is in the spool could not be taken up; it is tried again"
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

    async fn carry_out(&self, due: Due, binding: &Binding) -> Result<bool> {
        let task = self
            .database
            .transaction(binding, async |transaction| {
                self.take(transaction, due, binding.now).await
            })
            .await?;
        match task {
            Task::Nothing => return Ok(false),
            Task::Send(effect, attempt, request) => {
                let made = self.make(&request).await;
                self.settle(&effect, Some(attempt), made).await?;
            }
            Task::Look(effect, sender) => self.look(&effect, &sender).await?,
            Task::Ask(effect, sender) => self.ask(&effect, sender.as_ref()).await?,
        }
        Ok(true)
    }

    /// Takes an effect and decides what is to be done with it. What is decided here is committed before it is done.
    async fn take(&self, transaction: &OrgTx, due: Due, now: DateTime<Utc>) -> Result<Task> {
        let Some(effect) = effect::lock(transaction, due.organization_id, due.id).await? else {
            return Ok(Task::Nothing);
        };
        if effect.state == State::Accepted {
            let sender = self.sender(transaction, &effect).await?;
            attempt::hold(transaction, &effect).await?;
            return Ok(Task::Ask(Box::new(effect), sender));
        }
        if effect.is_urgent() && is_taken(&effect) {
            attempt::drop_unsent(transaction, &effect, "taken").await?;
            return Ok(Task::Nothing);
        }
        let is_over = effect.expires_at.is_some_and(|expires| expires <= now);
        let is_telephone = matches!(effect.kind, Kind::Sms | Kind::Voice);
        let is_worn_out =
            effect.is_ambiguous() && !is_telephone && effect.attempts >= HARMLESS_ATTEMPTS;
        if is_over || is_worn_out {
            let code = if is_over { "expired" } else { "no_answer" };
            settle::fail(transaction, &effect, None, code).await?;
            return Ok(Task::Nothing);
        }
        if effect.is_ambiguous()
            && is_telephone
            && let Some(sender) = self.sender(transaction, &effect).await?
        {
            attempt::hold(transaction, &effect).await?;
            return Ok(Task::Look(Box::new(effect), sender));
        }
        self.prepare(transaction, effect, now).await
    }

    /// Writes the next attempt down, if there is to be one.
    async fn prepare(
        &self,
        transaction: &OrgTx,
        effect: Effect,
        now: DateTime<Utc>,
    ) -> Result<Task> {
        let mut effect = effect;
        let mut sms_id = None;
        if effect.kind == Kind::Sms && effect.sms_id.is_none() {
            if self.sender(transaction, &effect).await?.is_none() {
                // Customers of an organization that has nothing to text with are told nothing; that is no failure.
                attempt::drop_unsent(transaction, &effect, "no_sender").await?;
                return Ok(Task::Nothing);
            }
            let (organization, payload) = (effect.organization_id, &effect.payload);
            match compose::compose(
                transaction,
                organization,
                effect.appointment_id,
                payload,
                now,
            )
            .await?
            {
                compose::Composed::Send {
                    sms_id: written,
                    to,
                    body,
                } => {
                    sms_id = Some(written);
                    effect.to = Some(to);
                    effect.body = Some(body);
                }
                compose::Composed::Later(until) => {
                    let why = Postponed::NotNow;
                    attempt::postpone(transaction, &effect, None, why, None, until).await?;
                    return Ok(Task::Nothing);
                }
                compose::Composed::Drop(why) => {
                    attempt::drop_unsent(transaction, &effect, why).await?;
                    return Ok(Task::Nothing);
                }
            }
        }
        let sender = match effect.kind {
            Kind::Sms | Kind::Voice | Kind::HangUp => self.sender(transaction, &effect).await?,
            Kind::Email | Kind::Say | Kind::Fallback => None,
        };
        let id = Uuid::new_v4();
        match self
            .request(transaction, &effect, sender.as_ref(), id)
            .await?
        {
            Ok(request) => {
                let number = sender.as_ref().and_then(Sender::number);
                let begun = attempt::begin(transaction, &effect, id, sms_id, number).await?;
                let waited = (self.clock.now() - effect.due_at)
                    .to_std()
                    .unwrap_or_default();
                metrics::histogram!("frontdesk_effect_wait_seconds", "kind" => effect.kind.code())
                    .record(waited);
                if begun.may_repeat {
                    metrics::counter!("frontdesk_effects_repeated_total").increment(1);
                }
                Ok(Task::Send(Box::new(effect), begun, request))
            }
            Err(code) => settle::fail(transaction, &effect, None, code)
                .await
                .map(|()| Task::Nothing),
        }
    }

    /// Writes down what came of an attempt.
    async fn settle(&self, effect: &Effect, attempt: Option<Attempt>, made: Made) -> Result<()> {
        let binding = self.binding(effect.organization_id);
        let attempt = attempt.map(|attempt| attempt.id);
        self.database
            .transaction(&binding, async |transaction| {
                self.settle_in(transaction, effect, attempt, made, binding.now)
                    .await
            })
            .await
    }

    pub(super) async fn settle_in(
        &self,
        transaction: &OrgTx,
        effect: &Effect,
        attempt: Option<Uuid>,
        made: Made,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let (why, code, asked) = match made {
            Made::Accepted { sid, state } => {
                let (sid, again) = (sid.as_deref(), now + ask_after(effect));
                return settle::accepted(transaction, effect, attempt, sid, &state, again).await;
            }
            Made::Done(status) => return settle::done(transaction, effect, attempt, status).await,
            Made::Refused(code) => {
                if code == settle::OPTED_OUT
                    && let Some(phone) = &effect.to
                {
                    let organization = effect.organization_id;
                    consent::learn(transaction, organization, phone).await?;
                }
                return settle::fail(transaction, effect, attempt, &code).await;
            }
            Made::Busy(asked) => (Postponed::Busy, "429".to_owned(), asked),
            Made::Unreached => (Postponed::Unreached, "unreached".to_owned(), None),
            Made::Denied(code) => (Postponed::Denied, code, None),
            Made::Unknown => (Postponed::Unknown, "no_answer".to_owned(), None),
        };
        let tries = effect.attempts + 1;
        let is_looked_for = effect.is_page() && matches!(effect.kind, Kind::Sms | Kind::Voice);
        let pause = if why == Postponed::Unknown {
            (is_looked_for || tries < HARMLESS_ATTEMPTS)
                .then(|| retry::look_after(effect.is_page(), TimeDelta::zero()))
        } else {
            retry::pause(effect.is_urgent(), tries, asked, chance())
        };
        settle::again(transaction, effect, attempt, why, &code, pause, now).await
    }

    /// Asks the provider about an effect of which nothing was heard.
    async fn ask(&self, effect: &Effect, sender: Option<&Sender>) -> Result<()> {
        let (answer, was_asked) = match (sender, &effect.provider_sid) {
            (Some(sender), Some(sid)) => match self.state_of(effect, &sender.account, sid).await {
                Ok(state) => (Some(state), true),
                Err(problem) => (
                    None,
                    matches!(problem, Problem::Refused { status: 404, .. }),
                ),
            },
            _ => (None, true),
        };
        let binding = self.binding(effect.organization_id);
        self.database
            .transaction(&binding, async |transaction| {
                let organization = effect.organization_id;
                if let Some(state) = &answer {
                    let heard = state.report(None, effect.provider_sid.as_deref(), None);
                    report::record(transaction, organization, effect.id, &heard).await?;
                    if heard.is_final {
                        return Ok(());
                    }
                }
                if !was_asked
                    && effect
                        .expires_at
                        .is_none_or(|expires| expires > binding.now)
                {
                    // That the provider cannot be asked says nothing of what it has.
                    let again = Some(binding.now + ask_after(effect));
                    return report::rest(transaction, organization, effect.id, again).await;
                }
                let is_with_carrier = answer.as_ref().is_some_and(ProviderState::has_left);
                if effect.is_page() && effect.kind == Kind::Sms && !is_with_carrier {
                    // Nobody knows that it will ever arrive, and somebody is standing in water.
                    return settle::fail(transaction, effect, None, "no_callback").await;
                }
                let old = effect
                    .earlier
                    .is_none_or(|earlier| binding.now - earlier.started_at > ASK_AFTER * 6);
                let again = (!old && (effect.kind == Kind::Voice || !effect.is_page()))
                    .then(|| binding.now + ask_after(effect));
                report::rest(transaction, organization, effect.id, again).await
            })
            .await
    }
}

/// Whether the emergency that a page is for needs nobody any more.
fn is_taken(effect: &Effect) -> bool {
    effect
        .incident_status
        .as_deref()
        .is_some_and(|status| !matches!(status, "open" | "exhausted"))
}

fn ask_after(effect: &Effect) -> TimeDelta {
    match (effect.kind, effect.is_page()) {
        (Kind::Voice, _) => ASK_AFTER_CALL,
        (_, true) => ASK_AFTER_PAGE,
        _ => ASK_AFTER,
    }
}

/// A random byte; without randomness pauses are merely regular.
fn chance() -> u8 {
    let mut byte = [127_u8];
    match getrandom::fill(&mut byte) {
        Ok(()) | Err(_) => byte.first().copied().unwrap_or(127),
    }
}
