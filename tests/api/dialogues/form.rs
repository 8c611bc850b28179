//! The form of a conversation.

use std::{collections::BTreeMap, path::Path};

use serde::Deserialize;
use serde_json::Value;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dialogue {
    pub title: String,
    /// What the model passes as `language`, unless the arguments have one.
    #[serde(default = "english")]
    pub language: String,
    #[serde(default)]
    pub given: Given,
    pub turns: Vec<Turn>,
    #[serde(skip)]
    pub file: String,
}

/// What there is before the call.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Given {
    /// Where the caller calls from; `withheld` if it is not known, a number in Chicago if left out.
    pub caller: Option<String>,
    /// The windows of a day, such as `09:00-10:00`; none if it is closed. A day that is not named has the usual hours.
    pub open: BTreeMap<String, Vec<String>>,
    /// Appointments, under the caller's number unless they have their own.
    pub appointments: Vec<Appointment>,
    /// The customer whom the caller's number belongs to.
    pub customer: Option<String>,
    pub settings: Option<Value>,
    pub timezone: Option<String>,
}

/// An appointment that there is, or that is expected.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Appointment {
    /// `2026-11-19T09:00`, or `option 2` for the second of the last offer.
    pub at: String,
    pub name: Option<String>,
    pub phone: Option<String>,
    pub address: Option<String>,
    pub service: Option<String>,
    pub email: Option<String>,
    pub description: Option<String>,
    pub minutes: Option<i32>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Turn {
    /// What the caller said, for the reader.
    #[serde(default, rename = "caller")]
    pub _caller: Option<String>,
    pub tool: String,
    #[serde(default)]
    pub arguments: Value,
    /// The id of the tool call; a new one if left out.
    pub id: Option<String>,
    /// Whether the same person calls again.
    #[serde(default)]
    pub calls_again: bool,
    #[serde(default)]
    pub outcome: Outcome,
    /// Words that are heard. `a|b`: one of them; `book*`: any ending; `{2}`: the hour of the second of the last offer.
    #[serde(default)]
    pub says: Vec<String>,
    #[serde(default)]
    pub never: Vec<String>,
    /// Whether the caller is asked something; nothing is booked, moved or cancelled then.
    #[serde(default)]
    pub asks: bool,
    /// The texts of the options, in order; none if empty.
    pub options: Option<Vec<String>>,
    pub offers: Option<Offers>,
    #[serde(default)]
    pub rows: Rows,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    #[default]
    Result,
    Error,
}

/// What holds of every option, where the exact ones are not said. They are in order of time.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Offers {
    pub count: Option<usize>,
    /// The days that they may be on; any if empty.
    pub days: Vec<String>,
    /// The earliest start on any day, and the first that is too late.
    pub from: Option<String>,
    pub before: Option<String>,
    /// The first starts before ten and the last from two on.
    pub spread: bool,
}

/// What the database has after the turn.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Rows {
    /// The appointments that stand, in order of time: these and no others.
    pub appointments: Option<Vec<Appointment>>,
    pub cancelled: Option<i64>,
    pub incidents: Option<i64>,
    /// Words in what the staff is told of the incidents.
    pub incident: Vec<String>,
    pub tasks: Option<i64>,
    /// The starts of the times that are held.
    pub holds: Option<Vec<String>>,
}

fn english() -> String {
    "en".to_owned()
}

/// All conversations, by file and title.
pub fn corpus() -> Vec<Dialogue> {
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
