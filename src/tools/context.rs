//! The context, the request and the answer of a tool.

use std::sync::{Arc, OnceLock};

use chrono::{DateTime, NaiveDate, Offset, Utc};
use chrono_tz::Tz;
use secrecy::SecretString;
use serde_json::{Map, Value};
use tokio::time::Instant;
use uuid::Uuid;

pub use super::note::Note;

use super::arguments::{self, MissingArgument};
use crate::{
    calls::{
        Call,
        journal::{Effect, Journal, Reason},
        languages::{self, Languages},
        line::Line,
        transfer,
    },
    db::{Database, OrgTx},
    directory::Organization,
    domain::{
        danger::{self, Danger},
        language::Language,
        phone::Phone,
        speech::{self, Speech, Voice},
        urgency::Urgency,
    },
    error::{Error, Kind},
    escalation::channels::Channels,
};

/// Everything a tool may use: the verified call, its organization, the database and the time.
#[derive(Clone)]
pub struct Context {
    /// The database.
    pub database: Database,
    /// The organization that the verified call belongs to.
    pub organization: Arc<Organization>,
    /// The call.
    pub call: Arc<Call>,
    /// The caller's line, where it can be commanded.
    pub line: Option<Arc<dyn Line>>,
    /// Where the call takes commands, for those that come when this request is over. Whoever has it can command the call.
    pub control_url: Option<SecretString>,
    /// The ways in which the organization's contacts can be reached.
    pub channels: Channels,
    /// Where the use of a tool is written down.
    pub journal: Journal,
    /// The languages of the calls that are going on.
    pub languages: Languages,
    /// The language in which the caller is answered unless the model asks for another, once it is known.
    pub heard: OnceLock<Language>,
    /// The language of the words in which a danger to life is reported, unless the call was heard in one. It comes before what the customer
    /// prefers.
    pub in_danger: Option<Language>,
    /// The instant that this request takes as now.
    pub now: DateTime<Utc>,
    /// The same instant on the organization's clocks.
    pub local: DateTime<Tz>,
    /// Until when the caller may be kept waiting.
    pub deadline: Instant,
}

impl Context {
    /// The date in the organization's zone.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        self.local.date_naive()
    }

    /// How something is said in a language now.
    #[must_use]
    pub fn voice(&self, language: Language) -> Voice {
        Voice {
            language,
            today: self.today(),
        }
    }

    /// Whether the language in which a request is answered must be looked up.
    #[must_use]
    pub fn asks_language(&self, request: &Request) -> bool {
        request.named_language().is_none() && self.heard.get().is_none()
    }

    /// The language in which a request is answered.
    pub async fn language_of(&self, request: &Request) -> Language {
        if self.asks_language(request) {
            let (database, organization) = (&self.database, &self.organization);
            let number = self.number_of_language();
            let found = languages::find(database, organization, &self.call, number, self.now);
            // Boxed, or the future of every tool would be larger by it.
            match Box::pin(found).await {
                Ok(found) => self.hear(found),
                Err(_) => drop(self.heard.set(self.presumed_language())),
            }
        }
        request.language(self)
    }

    /// Whether the caller could be put through now: their line takes commands, and there is somebody to ring.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn can_transfer(&self, transaction: &OrgTx) -> Result<bool, Error> {
        if self.line.is_none() {
            return Ok(false);
        }
        let id = self.organization.id;
        let choice = transfer::choose(transaction, id, &self.call, Urgency::High).await?;
        Ok(choice.target.is_some())
    }

    /// The number of the customer whose language the caller is answered in, where the call was heard in none.
    #[must_use]
    pub fn number_of_language(&self) -> Option<&str> {
        let caller = self.call.caller.as_ref().map(Phone::as_str);
        caller.filter(|_| self.in_danger.is_none())
    }

    /// The language in which a caller is answered of whom the database knows none.
    fn presumed_language(&self) -> Language {
        self.in_danger.unwrap_or(self.organization.language)
    }

    /// Takes note of the language that the database knows of the caller, if any. Whoever was faster has found the same.
    pub fn hear(&self, found: Option<Language>) {
        let language = found.unwrap_or(self.presumed_language());
        if let Some(call) = self.call.vapi_call_id.clone() {
            let (id, is_heard) = (self.organization.id, self.in_danger.is_some());
            self.languages.hear(id, call, language, is_heard, self.now);
        }
        self.heard.set(self.organization.speaks(language)).ok();
    }
}

/// One call of one tool, as the provider's message gives it.
#[derive(Clone, Debug)]
pub struct Request {
    /// The provider's id of the tool call; the legacy message has none.
    pub id: Option<String>,
    /// The name of the tool, as the model wrote it.
    pub name: String,
    /// The arguments; `None` when they were not JSON or not an object.
    pub arguments: Option<Map<String, Value>>,
    /// The words in arguments that could not be read.
    pub unreadable: Option<String>,
    /// The language that the call was heard in, once it is known whose call it is.
    pub heard: OnceLock<Language>,
}

/// The most characters of a model's own text that are written to the log.
const MAX_LOGGED: usize = 64;

impl Request {
    /// The language that the model asks to be answered in if the organization offers it, else the call's as far as it is
    /// known.
    #[must_use]
    pub fn language(&self, context: &Context) -> Language {
        let named = self.named_language();
        let language = named.or_else(|| context.heard.get().copied());
        context
            .organization
            .speaks(language.unwrap_or_else(|| context.presumed_language()))
    }

    /// The language that the model asks for, else the one that the call was heard in, else that of the caller's words.
    #[must_use]
    pub fn language_told(&self) -> Option<Language> {
        let known = self.named_language().or(self.heard.get().copied());
        known.or_else(|| Language::of_words(&self.words().join(" ")))
    }

    /// The language in which a call is answered of which nothing else is known.
    #[must_use]
    pub fn language_of_words(&self) -> Language {
        self.language_told().unwrap_or(Language::English)
    }

    /// Every text in the arguments, readable or not.
    #[must_use]
    pub fn words(&self) -> Vec<String> {
        let given = self.arguments.iter().flat_map(Map::values);
        given
            .flat_map(arguments::texts)
            .chain(self.unreadable.clone())
            .collect()
    }

    /// The danger to life in the words of any argument.
    #[must_use]
    pub fn danger(&self) -> Option<Danger> {
        self.words()
            .iter()
            .filter_map(|words| danger::find(words))
            .min()
    }

    /// The name for the log: models invent names of any length.
    #[must_use]
    pub fn logged_name(&self) -> &str {
        cut(&self.name)
    }

    /// The id for the log.
    #[must_use]
    pub fn logged_id(&self) -> Option<&str> {
        self.id.as_deref().map(cut)
    }

    /// The language that the model asks to be answered in.
    #[must_use]
    pub fn named_language(&self) -> Option<Language> {
        let arguments = self.arguments.as_ref()?;
        Language::parse(arguments.get("language")?.as_str()?)
    }
}

fn cut(text: &str) -> &str {
    text.char_indices()
        .nth(MAX_LOGGED)
        .and_then(|(end, _)| text.get(..end))
        .unwrap_or(text)
}

/// What the caller is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The words: `Ok` for an answer, `Err` for a tool call that failed or lacked something.
    pub words: Result<Speech, Speech>,
    /// What the model needs beside them and does not read aloud.
    pub note: Option<String>,
    /// What came of it, for the journal and the metrics; never anybody's data.
    pub outcome: &'static str,
    /// What stopped the tool, unless it did its work.
    pub stopped_by: Option<Kind>,
    /// The times that the caller is offered, in the order in which they are named.
    pub offered: Vec<String>,
    /// What the journal keeps beside; apart, since an answer is moved through many futures.
    pub logged: Box<Logged>,
}

/// What the journal keeps of an answer beside its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logged {
    /// Why this is the answer.
    pub reason: Reason,
    /// What the tool set off.
    pub effects: Vec<Effect>,
}

/// A business answer of a tool.
pub trait Outcome {
    /// The answer in one line that can be spoken.
    fn say(&self, voice: Voice) -> Speech;

    /// Its name in the journal and the metrics.
    fn label(&self) -> &'static str;

    /// Whether the tool did what it is for. A success that is asked for again in the same call is answered with the
    /// same words instead of being done twice.
    fn succeeded(&self) -> bool;

    /// What the model needs beside the words; an answer with a date in it has a note.
    fn note(&self) -> Option<Note> {
        None
    }

    /// Whether the words name hours, so that a caller from elsewhere must hear whose clock they are on.
    fn names_hours(&self) -> bool {
        false
    }

    /// Whether the caller named another zone, so that they must hear whose clock the hours are on.
    fn names_zone(&self) -> bool {
        false
    }

    /// Whether the options of the note are times that the caller is offered, so that "the first one" is known for one of them.
    fn offers(&self) -> bool {
        false
    }

    /// The appointment or transfer that was made.
    fn effect(&self) -> Option<Uuid> {
        None
    }

    /// The appointments that the answer asks about, in the order in which they are named: the next words may be about one of them.
    fn visits(&self) -> Vec<Uuid> {
        Vec::new()
    }

    /// Why this is the answer, for the journal: the code is a label, and what it is about names nobody.
    fn reason(&self) -> Reason {
        Reason::new(self.label())
    }

    /// What the tool set off, for the journal.
    fn effects(&self) -> Vec<Effect> {
        Vec::new()
    }
}

/// Why a tool gives no business answer.
#[derive(Debug)]
pub enum Failure {
    /// An argument is missing or cannot be used: the caller is asked for it.
    Missing(MissingArgument),
    /// The service could not do its work.
    Stopped(Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Stopped(error)
    }
}

impl From<MissingArgument> for Failure {
    fn from(missing: MissingArgument) -> Self {
        Self::Missing(missing)
    }
}

/// The words, and for a caller from elsewhere whose clock the hours in them are on.
fn with_zone(context: &Context, outcome: &dyn Outcome, language: Language) -> Speech {
    let words = outcome.say(context.voice(language));
    let call = &context.call;
    let zone = context.organization.zone;
    let offset = |zone: Tz| context.now.with_timezone(&zone).offset().fix();
    // Another area code of the same zone has the same hours.
    let is_from_elsewhere = call
        .caller
        .as_ref()
        .is_some_and(|caller| match caller.zone() {
            Some(theirs) => theirs != zone && offset(theirs) != offset(zone),
            None => call
                .called
                .as_ref()
                .is_some_and(|ours| caller.is_far_from(ours)),
        });
    let matters = outcome.names_zone() || is_from_elsewhere && outcome.names_hours();
    if !matters {
        return words;
    }
    let zone = speech::zone_sentence(zone, language);
    // A question stays the last thing that is heard.
    let words = words.as_str();
    let question = words.rsplit_once(". ").filter(|_| words.ends_with('?'));
    Speech::new(match question {
        Some((before, question)) => format!("{before}. {zone} {question}"),
        None => [words, &zone].join(" "),
    })
}

impl Logged {
    /// A reason, where nothing was set off.
    #[must_use]
    pub fn only(reason: Reason) -> Self {
        Self {
            reason,
            effects: Vec::new(),
        }
    }
}

impl Answer {
    /// The answer that an outcome makes.
    #[must_use]
    pub fn of(context: &Context, outcome: &dyn Outcome, language: Language) -> Self {
        let zone = context.organization.zone;
        let note = outcome.note();
        Self {
            words: Ok(with_zone(context, outcome, language)),
            note: note.as_ref().map(|note| note.write(context.today(), zone)),
            outcome: outcome.label(),
            stopped_by: None,
            offered: note
                .filter(|_| outcome.offers())
                .map_or_else(Vec::new, |note| note.options),
            logged: Box::new(Logged {
                reason: outcome.reason(),
                effects: outcome.effects(),
            }),
        }
    }

    /// An answer that is its words alone.
    #[must_use]
    pub fn plain(words: Result<Speech, Speech>, outcome: &'static str) -> Self {
        Self {
            words,
            note: None,
            outcome,
            stopped_by: None,
            offered: Vec::new(),
            logged: Box::new(Logged::only(Reason::new(outcome))),
        }
    }

    /// Tells the model which arguments could not be read, so that it asks for them.
    #[must_use]
    pub fn with_unreadable(mut self, names: &[&str]) -> Self {
        if !names.is_empty() {
            let unread = format!("not understood, ask for it: {}", names.join(", "));
            self.note = Some(match self.note {
                Some(note) => format!("{note}; {unread}"),
                None => unread,
            });
        }
        self
    }

    /// The words alone, for the journal.
    #[must_use]
    pub fn spoken(&self) -> &str {
        let (Ok(words) | Err(words)) = &self.words;
        words.as_str()
    }

    /// The words, and behind them in brackets what is for the model.
    ///
    /// # Errors
    ///
    /// The words of a tool call that failed.
    pub fn text(&self) -> Result<String, String> {
        let noted = |words: &Speech| match &self.note {
            Some(note) => [words.as_str(), " [", note, "]"].concat(),
            None => words.to_string(),
        };
        match &self.words {
            Ok(words) => Ok(noted(words)),
            Err(words) => Err(noted(words)),
        }
    }
}
