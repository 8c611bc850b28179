//! The request to a provider for a job, and its outcome.

use std::time::Duration;

use uuid::Uuid;

use super::{Runner, sender::Sender};
use crate::{
    db::{OrgTx, Sql},
    domain::phone::Phone,
    error::Result,
    escalation::{email_link, fallback},
    jobs::job::{Job, Kind},
    mail::MailProblem,
    sql,
    twilio::{
        callback::OVERRIDES,
        client::{
            Account, CallScript, CallUpdate, Created, MachineDetection, NewCall, NewMessage,
            Problem, send_digits,
        },
        delivery_status::ProviderState,
    },
    vapi::control::ControlProblem,
};

const SID: Sql = sql!("sid_of_job", [UUID, UUID]);

/// How long a message for a page may wait at the carrier: one that arrives an hour later helps nobody.
const PAGE_VALID_FOR_SECONDS: u32 = 300;
/// How long a call rings: a voicemail picks up later.
const RING_SECONDS: u32 = 25;
/// How long a page may be listened to.
const CALL_SECONDS: u32 = 300;

/// The replies of a mail server to a login that it does not accept (RFC 4954, section 6).
const NO_LOGIN: [u16; 4] = [530, 534, 535, 538];

/// What a provider is requested to do.
pub(super) enum Request {
    Message(Account, NewMessage),
    Call(Account, NewCall),
    HangUp(Account, String),
    /// The call that is to be ended is over, or never was.
    Nothing,
    Mail {
        to: String,
        subject: String,
        text: String,
        id: Uuid,
    },
    Say {
        control_url: String,
        words: String,
    },
    /// A text and a call to the fallback number.
    Fallback(String),
}

/// What came of a request.
pub(super) enum Outcome {
    /// The provider accepted it; delivery reports follow.
    Accepted {
        sid: Option<String>,
        state: ProviderState,
    },
    /// It is done, and no report follows.
    Done(&'static str),
    /// It will never be done, for this reason.
    Refused(String),
    /// Nothing was done: the provider has no time.
    Busy(Option<Duration>),
    /// Nothing was done: the provider could not be reached.
    Unreached,
    /// Nothing was done: the provider refused our account or our number, for this reason.
    Denied(String),
    /// It may have been done.
    Unknown,
}

impl Runner {
    /// The request for a job; the reason where there can be none.
    pub(super) async fn request(
        &self,
        transaction: &OrgTx,
        job: &Job,
        sender: Option<&Sender>,
        attempt: Uuid,
    ) -> Result<Result<Request, &'static str>> {
        let text = |name: &str| job.text(name).map(str::to_owned);
        Ok(match job.kind {
            Kind::Sms | Kind::Voice => match (sender, job.to.clone()) {
                (Some(sender), Some(to)) => self.telephone(job, sender, to, attempt),
                (Some(_), None) => Err("bad_number"),
                (None, _) => Err("no_sender"),
            },
            Kind::HangUp => self.hang_up(transaction, job).await?,
            Kind::Email => match (text("to"), text("subject")) {
                (Some(to), Some(subject)) => Ok(Request::Mail {
                    to,
                    subject,
                    text: self.mail_text(job),
                    id: job.id,
                }),
                _ => Err("no_address"),
            },
            Kind::Say => match (text("control_url"), text("words")) {
                (Some(control_url), Some(words)) => Ok(Request::Say { control_url, words }),
                _ => Err("no_line"),
            },
            Kind::Fallback => match job.incident_id {
                Some(id) if self.can_reach_fallback() => {
                    let organization = job.organization_id;
                    fallback::words(transaction, organization, id)
                        .await?
                        .map(Request::Fallback)
                        .ok_or("no_incident")
                }
                _ => Err("no_fallback_number"),
            },
        })
    }

    fn telephone(
        &self,
        job: &Job,
        sender: &Sender,
        to: Phone,
        attempt: Uuid,
    ) -> Result<Request, &'static str> {
        let Some(base) = &self.public_url else {
            return Err("no_public_url");
        };
        let organization = job.organization_id;
        let names = format!("organization={organization}&attempt={attempt}");
        if job.kind == Kind::Sms {
            let body = job.body.clone().ok_or("no_text")?;
            return Ok(Request::Message(
                sender.account.clone(),
                NewMessage {
                    to,
                    from: sender.from.clone(),
                    body,
                    status_callback: Some(format!(
                        "{base}/twilio/message-status?{names}{OVERRIDES}"
                    )),
                    validity_seconds: job.is_page().then_some(PAGE_VALID_FOR_SECONDS),
                },
            ));
        }
        let crate::twilio::client::Sender::Number(from) = &sender.from else {
            return Err("no_sender");
        };
        Ok(Request::Call(
            sender.account.clone(),
            NewCall {
                to,
                from: from.clone(),
                script: CallScript::Url(format!("{base}/twilio/voice/page?{names}")),
                status_callback: Some(format!("{base}/twilio/call-status?{names}{OVERRIDES}")),
                status_events: &["initiated", "ringing", "answered", "completed"],
                send_digits: job.extension.as_deref().map(send_digits),
                // Twilio does not listen for a machine where it dials an extension.
                machine_detection: job.extension.is_none().then(|| MachineDetection {
                    callback: format!("{base}/twilio/voice/machine?{names}"),
                }),
                timeout_seconds: Some(RING_SECONDS),
                time_limit_seconds: Some(CALL_SECONDS),
            },
        ))
    }

    async fn hang_up(
        &self,
        transaction: &OrgTx,
        job: &Job,
    ) -> Result<Result<Request, &'static str>> {
        let call = job.text("effect_id");
        let call = call.and_then(|text| Uuid::parse_str(text).ok());
        let Some(account) = self.account(job.organization_id) else {
            return Ok(Err("no_sender"));
        };
        let rows = transaction
            .query(&SID, &[&job.organization_id, &call])
            .await?;
        let Some(row) = rows.first() else {
            return Ok(Ok(Request::Nothing));
        };
        let is_final: bool = SID.get(row, "is_final")?;
        Ok(Ok(match SID.get(row, "provider_sid")? {
            Some(sid) if !is_final => Request::HangUp(account, sid),
            // Whoever picks up meanwhile hears from the call itself that the incident was acknowledged.
            _ => Request::Nothing,
        }))
    }

    /// Sends the request.
    pub(super) async fn send(&self, request: &Request) -> Outcome {
        match request {
            Request::Message(account, message) => {
                let sent = self.twilio.send_message(account, message).await;
                accepted(sent, ProviderState::message)
            }
            Request::Call(account, call) => {
                let placed = self.twilio.place_call(account, call).await;
                accepted(placed, ProviderState::call)
            }
            Request::HangUp(account, sid) => {
                let ended = self
                    .twilio
                    .update_call(account, sid, &CallUpdate::Complete)
                    .await;
                match ended {
                    Ok(()) => Outcome::Done("ended"),
                    // A call that is over cannot be ended again.
                    Err(
                        Problem::Refused { status: 404, .. }
                        | Problem::Refused {
                            code: Some(21220), ..
                        },
                    ) => Outcome::Done("over"),
                    Err(problem) => refused(&problem),
                }
            }
            Request::Nothing => Outcome::Done("over"),
            Request::Mail {
                to,
                subject,
                text,
                id,
            } => match &self.mailer {
                Some(mailer) => match mailer.send(to, subject, text, *id).await {
                    Ok(()) => Outcome::Done("sent"),
                    Err(MailProblem::Refused(code)) if NO_LOGIN.contains(&code) => {
                        Outcome::Denied(code.to_string())
                    }
                    Err(MailProblem::Refused(code)) => Outcome::Refused(code.to_string()),
                    Err(MailProblem::Later(_)) => Outcome::Busy(None),
                    Err(MailProblem::Unreached) => Outcome::Unreached,
                    Err(MailProblem::Unknown) => Outcome::Unknown,
                },
                None => Outcome::Refused("no_mailer".to_owned()),
            },
            Request::Say { control_url, words } => self.say(control_url, words).await,
            // It may arrive twice; it is for the operator, and better than not at all.
            Request::Fallback(words) => {
                if self.page_fallback(words).await {
                    Outcome::Done("told")
                } else {
                    Outcome::Unreached
                }
            }
        }
    }

    /// The page, and a link that acknowledges the incident. Opening it only shows a button: mail servers follow links too.
    fn mail_text(&self, job: &Job) -> String {
        let text = job.body.clone().unwrap_or_default();
        let link = job.notification_id.and_then(|page| {
            let base = self.public_url.as_deref()?;
            email_link::make(&self.keyring, base, job.organization_id, page)
        });
        match link {
            Some(link) => format!("{text}\n\n{link}\n"),
            None => format!("{text}\n"),
        }
    }

    async fn say(&self, control_url: &str, words: &str) -> Outcome {
        let Ok(url) = self.control_hosts.check(control_url) else {
            return Outcome::Refused("bad_line".to_owned());
        };
        match self.control.add_message(&url, words).await {
            Ok(()) => Outcome::Done("told"),
            Err(ControlProblem::NoAnswer(_)) => Outcome::Unknown,
            Err(_) => Outcome::Refused("not_taken".to_owned()),
        }
    }
}

fn accepted(
    sent: Result<Created, Problem>,
    state: fn(&str, Option<&str>) -> ProviderState,
) -> Outcome {
    match sent {
        Ok(created) => Outcome::Accepted {
            state: state(created.status.as_deref().unwrap_or("queued"), None),
            sid: created.sid,
        },
        Err(problem) => refused(&problem),
    }
}

pub(super) fn refused(problem: &Problem) -> Outcome {
    match problem {
        Problem::Refused { code, status } => {
            let reason = code.map_or_else(|| format!("http_{status}"), |code| code.to_string());
            if problem.is_denial() {
                Outcome::Denied(reason)
            } else {
                Outcome::Refused(reason)
            }
        }
        Problem::Busy { retry_after } => Outcome::Busy(*retry_after),
        Problem::Unreached => Outcome::Unreached,
        Problem::Unknown => Outcome::Unknown,
    }
}
