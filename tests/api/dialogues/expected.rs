//! What must hold of an answer and of the database after it.

use serde_json::{Value, json};
use tokio_postgres::Client;

use super::{
    form::{Appointment, Offers, Outcome, Rows, Turn},
    line::Line,
};
use crate::support::Spoken;

impl Turn {
    pub fn can_fail(&self) -> bool {
        self.outcome == Outcome::Error
            || !self.says.is_empty()
            || self.options.is_some()
            || self.offers.is_some()
            || self.rows.are_expected()
    }

    pub fn wrong(&self, heard: &Spoken, offered: &[String]) -> Vec<String> {
        let mut wrong = Vec::new();
        let spoken = heard.words.split(" [").next().unwrap();
        let outcome = if heard.is_error {
            Outcome::Error
        } else {
            Outcome::Result
        };
        if outcome != self.outcome {
            wrong.push(format!("it came as {outcome:?}"));
        }
        if self.asks && !spoken.contains('?') {
            wrong.push("the caller is asked nothing".to_owned());
        }
        if !spoken.ends_with(['.', '?', '!']) {
            wrong.push("it is no sentence".to_owned());
        }
        if spoken.contains(['{', '}', '_']) {
            wrong.push("it cannot be spoken".to_owned());
        }
        for never in ["null", "undefined", "2026-*"] {
            if says(spoken, never, &[]) {
                wrong.push(format!("nobody should ever hear {never:?}"));
            }
        }
        for part in self.says.iter().filter(|part| !says(spoken, part, offered)) {
            wrong.push(format!("{part:?} is not heard"));
        }
        for part in self.never.iter().filter(|part| says(spoken, part, offered)) {
            wrong.push(format!("{part:?} is heard"));
        }
        let tokens = heard.tokens();
        if let Some(expected) = &self.options
            && tokens != *expected
        {
            wrong.push(format!("the options should be {expected:?}"));
        }
        if let Some(offers) = &self.offers {
            wrong.extend(offers.wrong(&tokens));
        }
        wrong
    }
}

impl Offers {
    fn wrong(&self, tokens: &[&str]) -> Vec<String> {
        let mut wrong = Vec::new();
        let starts: Vec<(&str, &str)> = tokens
            .iter()
            .filter_map(|token| token.split_once('T'))
            .collect();
        if starts.is_empty() || self.count.is_some_and(|count| count != starts.len()) {
            wrong.push(format!("{} times are offered", starts.len()));
        }
        if !starts.is_sorted() {
            wrong.push("they are not in order of time".to_owned());
        }
        let may_be = |day: &str| self.days.is_empty() || self.days.iter().any(|known| known == day);
        if !starts.iter().all(|(day, _)| may_be(day)) {
            wrong.push(format!("they should be on {:?}", self.days));
        }
        for (_, time) in &starts {
            let is_early = self.from.as_deref().is_some_and(|from| *time < from);
            let is_late = self.before.as_deref().is_some_and(|before| *time >= before);
            if is_early || is_late {
                wrong.push(format!("{time} is not what was asked for"));
            }
        }
        let is_spread = starts.first().is_some_and(|(_, time)| *time < "10:00")
            && starts.last().is_some_and(|(_, time)| *time >= "14:00");
        if self.spread && !is_spread {
            wrong.push("they are not spread over the day".to_owned());
        }
        wrong
    }
}

impl Rows {
    fn are_expected(&self) -> bool {
        self.appointments.is_some()
            || self.cancelled.is_some()
            || self.incidents.is_some()
            || self.tasks.is_some()
            || self.holds.is_some()
            || !self.incident.is_empty()
    }

    pub async fn wrong(&self, client: &Client, line: &Line, offered: &[String]) -> Vec<String> {
        if !self.are_expected() {
            return Vec::new();
        }
        let query = include_str!("../../../fixtures/dialogues/rows.sql");
        let row = client
            .query_one(query, &[&line.organization])
            .await
            .unwrap();
        let rows: Value = row.get(0);
        let mut wrong = Vec::new();
        for (name, expected) in [
            ("cancelled", self.cancelled),
            ("incidents", self.incidents),
            ("tasks", self.tasks),
        ] {
            if expected.is_some_and(|expected| rows[name] != expected) {
                wrong.push(format!("the database has {} {name}", rows[name]));
            }
        }
        if self
            .holds
            .as_ref()
            .is_some_and(|holds| rows["holds"] != json!(holds))
        {
            wrong.push(format!("the holds are {}", rows["holds"]));
        }
        let told = rows["told"].as_str().unwrap_or_default();
        for part in self
            .incident
            .iter()
            .filter(|part| !says(told, part, offered))
        {
            wrong.push(format!("the staff is not told {part:?}: {told}"));
        }
        if let Some(appointments) = &self.appointments {
            let found = rows["visits"].as_array().unwrap();
            let is_same = found.len() == appointments.len()
                && appointments
                    .iter()
                    .zip(found)
                    .all(|(appointment, row)| appointment.is(row, offered));
            if !is_same {
                wrong.push(format!("the visits are {}", rows["visits"]));
            }
        }
        wrong
    }
}

impl Appointment {
    fn is(&self, row: &Value, offered: &[String]) -> bool {
        let at = match self.at.strip_prefix("option ") {
            Some(number) => offered.get(number.parse::<usize>().unwrap() - 1),
            None => Some(&self.at),
        };
        at.is_some_and(|at| row["at"] == *at.as_str())
            && self.minutes.is_none_or(|minutes| row["minutes"] == minutes)
            && [
                ("name", &self.name),
                ("phone", &self.phone),
                ("address", &self.address),
                ("service", &self.service),
                ("email", &self.email),
                ("description", &self.description),
            ]
            .into_iter()
            .filter_map(|(name, expected)| Some((name, expected.as_ref()?)))
            .all(|(name, expected)| says(row[name].as_str().unwrap_or_default(), expected, &[]))
    }
}

/// Whether one of the alternatives stands in the words, from the start of a word to the end of one, whatever its case.
fn says(words: &str, part: &str, offered: &[String]) -> bool {
    let words = words.to_lowercase();
    part.split('|')
        .any(|phrase| match phrase.strip_prefix('{') {
            Some(number) => {
                let nth: usize = number.trim_end_matches('}').parse().unwrap();
                offered
                    .get(nth - 1)
                    .is_some_and(|token| hours(token).iter().any(|hour| stands(&words, hour)))
            }
            None => stands(&words, &phrase.to_lowercase()),
        })
}

fn stands(words: &str, phrase: &str) -> bool {
    let (phrase, is_open) = match phrase.strip_suffix('*') {
        Some(phrase) => (phrase, true),
        None => (phrase, false),
    };
    words.match_indices(phrase).any(|(at, found)| {
        let before = words[..at].chars().next_back();
        let after = words[at + found.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric)
            && (is_open || !after.is_some_and(char::is_alphanumeric))
    })
}

/// The hour of an option, as it may be said in either language.
fn hours(token: &str) -> Vec<String> {
    const HOURS: [(&str, &str); 12] = [
        ("twelve", "doce"),
        ("one", "una"),
        ("two", "dos"),
        ("three", "tres"),
        ("four", "cuatro"),
        ("five", "cinco"),
        ("six", "seis"),
        ("seven", "siete"),
        ("eight", "ocho"),
        ("nine", "nueve"),
        ("ten", "diez"),
        ("eleven", "once"),
    ];
    let Some((hour, minute)) = token
        .split_once('T')
        .and_then(|(_, time)| time.split_once(':'))
    else {
        return Vec::new();
    };
    let (english, spanish) = HOURS[hour.parse::<usize>().unwrap() % 12];
    match (hour, minute) {
        ("12", "00") => vec![
            "noon".to_owned(),
            "twelve".to_owned(),
            spanish.to_owned(),
            "mediodía".to_owned(),
        ],
        (_, "30") => vec![format!("{english} thirty"), format!("{spanish} y media")],
        _ => vec![english.to_owned(), spanish.to_owned()],
    }
}
