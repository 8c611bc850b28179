//! Whole conversations, as callers and models have them: `fixtures/dialogues/*.yaml`, whose form `fixtures/dialogues/README.md`
//! describes. Each has an organization of its own in one database, and all are served by one service.
//!
//! `DIALOGUE=references` runs only those whose file or title contains the word.

use std::{collections::BTreeMap, fmt::Write as _, path::Path};

use futures_util::{StreamExt, stream};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{Spoken, TestApp, Twilio};

/// Wednesday, 18 November 2026, 09:20 in Chicago.
const NOW: &str = "2026-11-18T15:20:00Z";

/// The fewest conversations, and the fewest of them in Spanish.
const FEWEST: (usize, usize) = (120, 40);

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Dialogue {
    title: String,
    /// What the model passes as `language`, unless the arguments have one.
    #[serde(default = "english")]
    language: String,
    #[serde(default)]
    given: Given,
    turns: Vec<Turn>,
    #[serde(skip)]
    file: String,
}

/// What there is before the call.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Given {
    /// Where the caller calls from; `withheld` if it is not known, a number in Chicago if left out.
    caller: Option<String>,
    /// The windows of a day, such as `09:00-10:00`; none if it is closed. A day that is not named has the usual hours.
    open: BTreeMap<String, Vec<String>>,
    /// Appointments, under the caller's number unless they have their own.
    visits: Vec<Visit>,
    /// The customer whom the caller's number belongs to.
    customer: Option<String>,
    settings: Option<Value>,
    timezone: Option<String>,
}

/// An appointment that there is, or that is expected.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Visit {
    /// `2026-11-19T09:00`, or `option 2` for the second of the last offer.
    at: String,
    name: Option<String>,
    phone: Option<String>,
    address: Option<String>,
    service: Option<String>,
    email: Option<String>,
    description: Option<String>,
    minutes: Option<i32>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Turn {
    /// What the caller said, for the reader.
    #[serde(default, rename = "caller")]
    _caller: Option<String>,
    tool: String,
    #[serde(default)]
    arguments: Value,
    /// The id of the tool call; a new one if left out.
    id: Option<String>,
    /// Whether the same person calls again.
    #[serde(default)]
    calls_again: bool,
    #[serde(default)]
    outcome: Outcome,
    /// Words that are heard. `a|b`: one of them; `book*`: any ending; `{2}`: the hour of the second of the last offer.
    #[serde(default)]
    says: Vec<String>,
    #[serde(default)]
    never: Vec<String>,
    /// Whether the caller is asked something; nothing is booked, moved or cancelled then.
    #[serde(default)]
    asks: bool,
    /// The texts of the options, in order; none if empty.
    options: Option<Vec<String>>,
    offers: Option<Offers>,
    #[serde(default)]
    rows: Rows,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Outcome {
    #[default]
    Result,
    Error,
}

/// What holds of every option, where the exact ones are not said. They are in order of time.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Offers {
    count: Option<usize>,
    /// The days that they are on, each of which has one.
    days: Vec<String>,
    /// The earliest start on any day, and the first that is too late.
    from: Option<String>,
    before: Option<String>,
    /// The first starts before ten and the last from two on.
    spread: bool,
}

/// What the database has after the turn.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Rows {
    /// The appointments that stand, in order of time: these and no others.
    visits: Option<Vec<Visit>>,
    cancelled: Option<i64>,
    incidents: Option<i64>,
    /// Words in what the staff is told of the incidents.
    incident: Vec<String>,
    tasks: Option<i64>,
    /// The starts of the times that are held.
    holds: Option<Vec<String>>,
}

fn english() -> String {
    "en".to_owned()
}

fn corpus() -> Vec<Dialogue> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/dialogues");
    let mut dialogues = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "yaml") {
            continue;
        }
        let file = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        let read: Vec<Dialogue> =
            serde_saphyr::from_str(&text).unwrap_or_else(|error| panic!("{file}: {error}"));
        dialogues.extend(read.into_iter().map(|dialogue| Dialogue {
            file: file.clone(),
            ..dialogue
        }));
    }
    dialogues.sort_by(|a, b| (&a.file, &a.title).cmp(&(&b.file, &b.title)));
    dialogues
}

#[test]
fn the_corpus_is_large_and_each_turn_of_it_can_fail() {
    let corpus = corpus();
    let spanish = corpus.iter().filter(|d| d.language == "es").count();
    assert!(
        corpus.len() >= FEWEST.0 && spanish >= FEWEST.1,
        "{} dialogues, {spanish} in Spanish",
        corpus.len()
    );
    for Dialogue { title, turns, .. } in &corpus {
        assert!((2..=6).contains(&turns.len()), "{title}");
        assert!(turns.iter().all(Turn::can_fail), "{title}");
    }
    let mut titles: Vec<&String> = corpus.iter().map(|dialogue| &dialogue.title).collect();
    titles.sort_unstable();
    titles.dedup();
    assert_eq!(titles.len(), corpus.len(), "two have one title");
}

#[tokio::test]
async fn every_conversation_goes_as_its_caller_expects() {
    let only = std::env::var("DIALOGUE").unwrap_or_default();
    let corpus: Vec<Dialogue> = corpus()
        .into_iter()
        .filter(|dialogue| dialogue.file.contains(&only) || dialogue.title.contains(&only))
        .collect();
    let twilio = Twilio::start().await;
    twilio.expects_anything();
    let builder = TestApp::builder().await.twilio(&twilio);
    for (nth, dialogue) in corpus.iter().enumerate() {
        builder
            .database()
            .run(&Line::new(nth, dialogue).set_up(&dialogue.given))
            .await;
    }
    let app = builder.setting("--now", NOW).start().await;

    let failed: Vec<String> = stream::iter(corpus.iter().enumerate())
        .map(async |(nth, dialogue)| plays(&app, &Line::new(nth, dialogue), dialogue).await.err())
        .buffered(16)
        .filter_map(std::future::ready)
        .collect()
        .await;

    assert!(
        failed.is_empty(),
        "{} of {} conversations went wrong:\n\n{}",
        failed.len(),
        corpus.len(),
        failed.join("\n")
    );
}

/// Has the conversation, up to the first turn that goes wrong.
async fn plays(app: &TestApp, line: &Line, dialogue: &Dialogue) -> Result<(), String> {
    let mut caller = app.caller();
    caller.number.clone_from(&line.caller);
    let mut offered = Vec::new();
    for (at, turn) in dialogue.turns.iter().enumerate() {
        if turn.calls_again {
            caller = app.caller();
            caller.number.clone_from(&line.caller);
        }
        let mut arguments = turn.arguments.clone();
        if let Some(arguments) = arguments.as_object_mut() {
            arguments
                .entry("language")
                .or_insert_with(|| json!(dialogue.language));
        }
        let id = turn.id.clone().unwrap_or_else(|| format!("turn-{at}"));
        let mut message = caller.tool_calls(&[(&id, &turn.tool, arguments)]);
        message["message"]["call"]["phoneNumberId"] = json!(line.id("number"));
        message["message"]["call"]["assistantId"] = json!(line.id("assistant"));
        message["message"]["phoneNumber"] =
            json!({ "id": line.id("number"), "number": line.called });
        let heard = Spoken::of(&app.reply(&message).await["results"][0]);

        let mut wrong = turn.wrong(&heard, &offered);
        wrong.extend(turn.rows.wrong(app, line, &offered).await);
        if !wrong.is_empty() {
            return Err(format!(
                "{}: {}\n  turn {}: {} {}\n  heard: {}\n  but {}\n",
                dialogue.file,
                dialogue.title,
                at + 1,
                turn.tool,
                turn.arguments,
                heard.words,
                wrong.join("\n  and ")
            ));
        }
        let options: Vec<String> = heard.tokens().into_iter().map(str::to_owned).collect();
        if !options.is_empty() {
            offered = options;
        }
    }
    Ok(())
}

/// The organization of one dialogue, and who calls it.
struct Line {
    organization: Uuid,
    called: String,
    caller: Option<String>,
}

impl Line {
    fn new(nth: usize, dialogue: &Dialogue) -> Self {
        let caller = match dialogue.given.caller.as_deref() {
            Some("withheld") => None,
            Some(number) => Some(number.to_owned()),
            None => Some(format!("+1312555{:04}", 1_000 + nth)),
        };
        Self {
            organization: Uuid::from_u128(0x0d1a_0000_0000_4000_8000_0000_0000_0000 + nth as u128),
            called: format!("+1773555{:04}", 1_000 + nth),
            caller,
        }
    }

    fn id(&self, of: &str) -> String {
        format!("{of}-{}", self.organization)
    }

    fn set_up(&self, given: &Given) -> String {
        let id = self.organization;
        let phone = self.caller.as_deref().unwrap_or("unknown");
        let zone = given.timezone.as_deref().unwrap_or("America/Chicago");
        let usual = json!([{ "open": "08:00", "close": "17:00" }]);
        let mut settings = json!({ "hours": {
            "monday": usual, "tuesday": usual, "wednesday": usual, "thursday": usual, "friday": usual,
        }});
        for (name, value) in given.settings.iter().filter_map(Value::as_object).flatten() {
            settings[name] = value.clone();
        }
        let mut sql = include_str!("../../fixtures/dialogues/organization.sql").to_owned();
        for (name, value) in [
            ("{id}", id.to_string()),
            ("{zone}", zone.to_owned()),
            ("{settings}", settings.to_string()),
            ("{assistant}", self.id("assistant")),
            ("{number}", self.id("number")),
            ("{called}", self.called.clone()),
        ] {
            sql = sql.replace(name, &value);
        }
        for (day, windows) in &given.open {
            let windows: Vec<Value> = windows
                .iter()
                .map(|window| window.split_once('-').unwrap())
                .map(|(open, close)| json!({ "open": open, "close": close }))
                .collect();
            let windows = json!(windows);
            write!(sql, "insert into special_days (organization_id, special_date, hours) values ('{id}', '{day}', '{windows}');").unwrap();
        }
        if let Some(name) = &given.customer {
            write!(sql, "insert into customers (organization_id, name, phone_number) values ('{id}', '{name}', '{phone}');").unwrap();
        }
        for visit in &given.visits {
            let name = visit.name.as_deref().unwrap_or("Maria Lopez");
            let phone = visit.phone.as_deref().unwrap_or(phone);
            let address = visit.address.as_deref().unwrap_or("12 Elm Street");
            let service = visit.service.as_deref().unwrap_or("Service visit");
            let minutes = visit.minutes.unwrap_or(60);
            let (day, time) = visit.at.split_once('T').unwrap();
            write!(
                sql,
                "insert into appointments (organization_id, customer_name, customer_phone, service_address, appointment_type,
                     service_id, scheduled_date, scheduled_time, duration_minutes, status)
                 select '{id}', '{name}', '{phone}', '{address}', s.name, s.id, '{day}', '{time}', {minutes}, 'confirmed'
                 from services as s where s.organization_id = '{id}' and s.name = '{service}';"
            )
            .unwrap();
        }
        sql
    }
}

impl Turn {
    fn can_fail(&self) -> bool {
        !self.says.is_empty()
            || self.options.is_some()
            || self.offers.is_some()
            || self.rows.are_expected()
    }

    fn wrong(&self, heard: &Spoken, offered: &[String]) -> Vec<String> {
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
        for never in ["null", "undefined", "2026-*", "the details right"] {
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
        let mut days: Vec<&str> = starts.iter().map(|(day, _)| *day).collect();
        days.dedup();
        if !self.days.is_empty() && days != self.days {
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
        self.visits.is_some()
            || self.cancelled.is_some()
            || self.incidents.is_some()
            || self.tasks.is_some()
            || self.holds.is_some()
            || !self.incident.is_empty()
    }

    async fn wrong(&self, app: &TestApp, line: &Line, offered: &[String]) -> Vec<String> {
        if !self.are_expected() {
            return Vec::new();
        }
        let query = include_str!("../../fixtures/dialogues/rows.sql");
        let rows = app.database.rows(query, &[&line.organization]).await;
        let rows: Value = rows[0].get(0);
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
        if let Some(visits) = &self.visits {
            let found = rows["visits"].as_array().unwrap();
            let is_same = found.len() == visits.len()
                && visits
                    .iter()
                    .zip(found)
                    .all(|(visit, row)| visit.is(row, offered));
            if !is_same {
                wrong.push(format!("the visits are {}", rows["visits"]));
            }
        }
        wrong
    }
}

impl Visit {
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
