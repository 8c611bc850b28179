//! The page of one incident that people read: its facts, its steps, what came of each page, and what happened in order.

use chrono::{DateTime, Utc};

use super::show::{Incident, Job, Page, Step};
use crate::commands::{
    local::Local,
    output::{cell, facts, joined, part, rows},
};

impl Incident {
    pub(super) fn page(&self, local: Local) -> String {
        let mut sections = vec![self.head(local), self.steps(), self.pages(local)];
        let mut events = self.events();
        events.sort_by_key(|(at, _)| *at);
        let lines: Vec<String> = events
            .into_iter()
            .map(|(at, what)| format!("  {}  {what}", local.second(at)))
            .collect();
        sections.push(format!("What happened\n{}", lines.join("\n")));
        sections.join("\n\n")
    }

    fn head(&self, local: Local) -> String {
        let next = match self.next_at {
            Some(at) if self.status == "open" => format!(", next at {}", local.second(at)),
            _ => String::new(),
        };
        let acknowledged = self.acknowledged_at.map(|at| {
            format!(
                "{} by {}, {}",
                local.second(at),
                self.responder(),
                self.acknowledged_via.as_deref().unwrap_or("unknown")
            )
        });
        let known = [
            ("id", Some(self.id.clone())),
            (
                "opened",
                Some(format!(
                    "{}, {}",
                    local.second(self.opened_at),
                    self.timezone
                )),
            ),
            ("status", Some(self.status.clone())),
            ("urgency", Some(self.urgency.clone())),
            ("round", Some(format!("{}{next}", self.rounds()))),
            ("acknowledged", acknowledged),
            ("closed", self.closed_at.map(|at| local.second(at))),
            ("call back", self.callback_number.clone()),
            ("address", self.service_address.clone()),
            ("message", Some(self.message.replace(['\n', '\r'], " "))),
            (
                "calls",
                (!self.calls.is_empty()).then(|| self.calls.join(", ")),
            ),
        ];
        let head = format!("Incident {} of {}", self.code, self.organization);
        format!("{head}\n{}", facts(14, known))
    }

    /// In which round it is. Rounds in which nobody could be paged are over at once, and say nothing.
    fn rounds(&self) -> String {
        if !self.pages.iter().any(|page| page.channel != "none") {
            return "none, because nobody could be paged".to_owned();
        }
        let (round, rounds, each) = (self.round, self.rounds, self.rounds_at_a_time);
        let added = if rounds > each {
            format!(" ({each} at a time: it was escalated again)")
        } else {
            String::new()
        };
        format!("{round} of {rounds}{added}")
    }

    fn responder(&self) -> &str {
        self.acknowledged_by.as_deref().unwrap_or("the staff")
    }

    fn steps(&self) -> String {
        let headings = ["step", "who", "number", "channels", "waits"];
        part("Steps", rows(&headings, self.steps.iter().map(Step::cells)))
    }

    fn pages(&self, local: Local) -> String {
        let cells = |page: &Page| {
            vec![
                cell(&page.round.into()),
                self.who(page),
                page.channel().to_owned(),
                page.first_at().map(|at| local.time(at)).unwrap_or_default(),
                page.state(),
                cell(&page.attempts.into()),
            ]
        };
        let headings = [
            "round",
            "who",
            "channel",
            "at",
            "what came of it",
            "attempts",
        ];
        part("Pages", rows(&headings, self.pages.iter().map(cells)))
    }

    /// The contact of a page, by name or number.
    fn who(&self, page: &Page) -> String {
        let step = self
            .steps
            .iter()
            .find(|step| Some(step.number) == page.step);
        step.map(Step::named)
            .or_else(|| page.phone.clone())
            .unwrap_or_else(|| "somebody who is no longer a contact".to_owned())
    }

    /// What happened and when, in any order.
    fn events(&self) -> Vec<(DateTime<Utc>, String)> {
        let mut events = vec![(self.opened_at, "opened".to_owned())];
        for page in &self.pages {
            let about = format!(
                "{} to {}, round {}",
                page.channel(),
                self.who(page),
                page.round.unwrap_or_default()
            );
            events.extend(page.events(&about));
        }
        events.extend(self.jobs.iter().map(Job::event));
        for task in &self.tasks {
            events.push((
                task.at,
                format!("task for the staff ({}): {}", task.kind, task.status),
            ));
            let done = task
                .done_at
                .map(|at| (at, "the staff's task is done".to_owned()));
            events.extend(done);
        }
        let acknowledged = self.acknowledged_at.map(|at| {
            let via = self.acknowledged_via.as_deref().unwrap_or("unknown");
            (at, format!("acknowledged by {}, {via}", self.responder()))
        });
        events.extend(acknowledged);
        events.extend(self.closed_at.map(|at| (at, "closed".to_owned())));
        events
    }
}

impl Step {
    fn named(&self) -> String {
        match (&self.name, self.is_last_resort) {
            (Some(name), _) => name.clone(),
            (None, true) => "the emergency number".to_owned(),
            (None, false) => format!("step {}", self.number + 1),
        }
    }

    fn cells(&self) -> Vec<String> {
        let number = match (&self.phone, &self.extension) {
            (Some(phone), Some(extension)) => format!("{phone} x{extension}"),
            (Some(phone), None) => phone.clone(),
            (None, _) => String::new(),
        };
        let leads = |channel: &&String| match channel.as_str() {
            "email" => self.email.is_some(),
            _ => self.phone.is_some(),
        };
        let channels: Vec<&str> = self
            .channels
            .iter()
            .filter(leads)
            .map(|one| channel(one))
            .collect();
        let who = if self.is_last_resort {
            format!("{}, last", self.named())
        } else {
            self.named()
        };
        vec![
            (self.number + 1).to_string(),
            who,
            number,
            channels.join(", "),
            format!("{} s", self.timeout_seconds),
        ]
    }
}

impl Page {
    fn channel(&self) -> &str {
        channel(&self.channel)
    }

    fn first_at(&self) -> Option<DateTime<Utc>> {
        let tries = self.tries.iter().flatten();
        tries.map(|one| one.at).min().or(Some(self.queued_at))
    }

    /// What came of it, in a few words.
    fn state(&self) -> String {
        let error = self.error.as_deref();
        match (self.status.as_deref(), error, self.state.as_deref()) {
            (Some("acknowledged"), ..) => "acknowledged".to_owned(),
            (Some("failed"), Some("declined"), _) => match &self.declined_via {
                Some(via) => format!("declined, {via}"),
                None => "declined".to_owned(),
            },
            (Some("failed"), Some(error), _) => format!("failed: {}", explained(error)),
            (Some("failed"), None, _) => "failed".to_owned(),
            (Some(status @ ("sent" | "delivered")), ..) => status.to_owned(),
            (_, Some("expired"), Some("failed" | "cancelled")) => "expired unsent".to_owned(),
            (_, Some(error), Some("failed")) => format!("failed: {}", explained(error)),
            (_, _, Some("cancelled")) => "cancelled".to_owned(),
            (_, _, Some("done")) => "done".to_owned(),
            (_, _, Some("accepted")) => "accepted by the provider".to_owned(),
            (_, _, None) if self.bundled == Some(true) => "paged with another incident".to_owned(),
            (_, error, state) => {
                let state = state.unwrap_or("pending");
                error.map_or_else(|| state.to_owned(), |error| format!("{state}: {error}"))
            }
        }
    }

    fn events(&self, about: &str) -> Vec<(DateTime<Utc>, String)> {
        let mut events = Vec::new();
        let tries = self.tries.as_deref().unwrap_or_default();
        for (nth, one) in tries.iter().enumerate() {
            let mut what = if nth == 0 {
                about.to_owned()
            } else {
                format!("{about}, attempt {}", nth + 1)
            };
            let came = joined([one.outcome.as_deref(), one.error.as_deref()]);
            if !came.is_empty() {
                what = format!("{what}: {came}");
            }
            events.push((one.at, what));
        }
        if tries.is_empty() {
            let at = self.settled_at.unwrap_or(self.queued_at);
            events.push((at, format!("{about}: {}", self.state())));
        }
        let mut add = |at: Option<DateTime<Utc>>, what: &str| {
            events.extend(at.map(|at| (at, format!("{about}: {what}"))));
        };
        add(self.sent_at, "sent");
        add(self.delivered_at, "delivered");
        add(self.acknowledged_at, "acknowledged");
        if self.status.as_deref() == Some("failed") && !tries.is_empty() {
            let at = match self.error.as_deref() {
                Some("declined") => self.declined_at.or(self.updated_at),
                _ => self.settled_at.or(self.updated_at),
            };
            add(at, &self.state());
        }
        events
    }
}

impl Job {
    fn event(&self) -> (DateTime<Utc>, String) {
        let what = match (self.kind.as_str(), self.about.as_deref()) {
            ("say", Some("accepted")) => "the caller is told that somebody has it".to_owned(),
            ("say", Some("exhausted")) => "the caller is told that nobody has confirmed".to_owned(),
            ("say", _) => "the caller is told".to_owned(),
            ("fallback", _) => "the fallback number is paged".to_owned(),
            (_, about) => format!(
                "text to {} ({})",
                self.phone.as_deref().unwrap_or("unknown"),
                about.unwrap_or("update")
            ),
        };
        let state = self.status.as_deref().unwrap_or(&self.state);
        let what = match &self.error {
            Some(error) => format!("{what}: {state}, {error}"),
            None => format!("{what}: {state}"),
        };
        (self.settled_at.unwrap_or(self.queued_at), what)
    }
}

fn channel(code: &str) -> &str {
    match code {
        "sms" => "text",
        "voice" => "call",
        "email" => "e-mail",
        "none" => "no page",
        other => other,
    }
}

/// Why nobody was paged, or a page failed, in words where it is a code of ours.
fn explained(error: &str) -> String {
    match error {
        "own_number" => "the contact's number is the organization's own",
        "bad_number" => "the contact has no number that can be dialled",
        "not_dialled" => "the number is in a country that is not dialled",
        "opted_out" => "the number wants no texts",
        "no_channel" => "no way to reach the contact is set up",
        "daily_limit" => "the day's pages are used up",
        "expired" => "it expired before it could be sent",
        "no_answer" => "no answer",
        "unreached" => "the provider could not be reached",
        "no_sender" => "the organization has no number to send from",
        "no_callback" => "the provider has not said what became of it",
        "no_public_url" => "FRONTDESK_PUBLIC_URL is not set",
        other => other,
    }
    .to_owned()
}
