//! An emergency while the database is away: written down in a folder, told to the operator's own number, and opened as soon as the
//! database is back.
//!
//! It is the last line and knows little: not whose call it is, only which number was called. What was written down is opened
//! once; should the process die between opening and forgetting, the emergency is found again by its call. What cannot be opened is
//! set aside, under its name with `.left` behind it: an operator who takes that away has it tried again.

use std::{
    fs::{self, DirBuilder, OpenOptions},
    future::Future,
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
    pin::Pin,
};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    chain,
    channels::Channels,
    emergency,
    incident::{self, Report},
};
use crate::{
    calls::Call,
    db::Database,
    directory::{Directory, Route},
    domain::{language::Language, phone::Phone, urgency::Urgency},
    error::Result,
};

/// The ending of what is written down.
const ENDING: &str = "emergency.json";

/// What is put behind the name of what cannot be opened.
const ASIDE: &str = ".left";

/// Where a message came from that reports an emergency.
#[derive(Clone, Deserialize, Serialize)]
pub struct Origin {
    /// The organization whose own credential proved it: the emergency can be no other's. `None`: the service's own proved it.
    pub proven_for: Option<Uuid>,
    /// Vapi's id of the number that was called.
    pub vapi_phone_number_id: Option<String>,
}

/// An emergency, as much as a message tells of it.
#[derive(Clone, Deserialize, Serialize)]
pub struct Reported {
    /// Vapi's id of the call.
    pub vapi_call_id: Option<String>,
    /// Vapi's id of the assistant.
    pub vapi_assistant_id: Option<String>,
    /// Where it came from.
    #[serde(flatten)]
    pub origin: Origin,
    /// The number that was called.
    pub called: Option<String>,
    /// The caller's number.
    pub caller: Option<String>,
    /// What happened.
    pub words: String,
    /// How bad it is.
    pub urgency: String,
    /// Where.
    pub address: Option<String>,
    /// Where to call back.
    pub callback: Option<String>,
    /// The caller's language.
    pub language: String,
    /// When it was reported.
    pub at: DateTime<Utc>,
}

/// What could be done for an emergency without the database.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Alarmed {
    /// It is written down, and will be opened.
    pub is_kept: bool,
    /// The operator's number was told.
    pub is_told: bool,
}

/// Raises the alarm without the database.
pub trait Reserve: Send + Sync {
    /// Writes an emergency down and tells whoever can be told.
    fn alarm<'a>(
        &'a self,
        reported: &'a Reported,
    ) -> Pin<Box<dyn Future<Output = Alarmed> + Send + 'a>>;
}

/// The folder in which emergencies are kept while the database is away.
#[derive(Clone, Debug)]
pub struct Spool(PathBuf);

impl Spool {
    /// The folder, made if it is not there; nobody else on the machine can read it.
    ///
    /// # Errors
    ///
    /// When it can be neither made nor written to.
    pub fn open(folder: &Path) -> io::Result<Self> {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)?;
        let spool = Self(folder.to_owned());
        let probe = spool.0.join(".probe");
        spool.write(&probe, b"")?;
        fs::remove_file(probe)?;
        Ok(spool)
    }

    /// Writes an emergency down so that it survives the machine.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn keep(&self, reported: &Reported) -> io::Result<()> {
        let name = format!(
            "{}-{}.{ENDING}",
            reported.at.format("%Y%m%dT%H%M%S"),
            Uuid::new_v4()
        );
        let unfinished = self.0.join(format!("{name}.part"));
        self.write(&unfinished, &serde_json::to_vec(reported)?)?;
        fs::rename(&unfinished, self.0.join(name))?;
        fs::File::open(&self.0)?.sync_all()
    }

    /// Opens every emergency that was written down. One that fails keeps no other waiting.
    ///
    /// # Errors
    ///
    /// The last failure of the database; what failed is left to be tried again.
    pub async fn replay(
        &self,
        database: &Database,
        directory: &Directory,
        reach: impl Fn(Uuid) -> Channels,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let mut outcome = Ok(());
        for path in self.kept() {
            let read = fs::read(&path)
                .ok()
                .and_then(|text| serde_json::from_slice::<Reported>(&text).ok());
            let Some(reported) = read else {
                set_aside(&path, "it cannot be read");
                continue;
            };
            match reported.reopen(database, directory, &reach, now).await {
                Ok(Some(organization_id)) => {
                    if fs::remove_file(&path).is_err() {
                        tracing::error!(
                            "an emergency that was opened could not be taken from the spool"
                        );
                    }
                    tracing::warn!(organization.id = %organization_id, "an emergency from the spool was opened");
                }
                Ok(None) => set_aside(&path, "it is nobody's"),
                Err(error) => outcome = Err(error),
            }
        }
        outcome
    }

    fn kept(&self) -> Vec<PathBuf> {
        let mut found: Vec<PathBuf> = fs::read_dir(&self.0)
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| {
                path.file_name()
                    .and_then(|name| name.to_str())
                    .is_some_and(|name| name.ends_with(ENDING))
            })
            .collect();
        found.sort();
        found
    }

    #[expect(clippy::unused_self, reason = "only an open spool is written to")]
    fn write(&self, path: &Path, text: &[u8]) -> io::Result<()> {
        let mut file = OpenOptions::new()
            .create(true)
            .truncate(true)
            .write(true)
            .mode(0o600)
            .open(path)?;
        file.write_all(text)?;
        file.sync_all()
    }
}

fn set_aside(path: &Path, why: &str) {
    let mut name = path.as_os_str().to_owned();
    name.push(ASIDE);
    match fs::rename(path, &name) {
        Ok(()) => tracing::error!(why, "an emergency in the spool was set aside"),
        Err(error) => tracing::error!(why, %error, "an emergency in the spool cannot be opened"),
    }
}

impl Reported {
    /// Opens the emergency and pages the first contact; `None` when it is nobody's, or not that of whoever proved it.
    async fn reopen(
        &self,
        database: &Database,
        directory: &Directory,
        reach: impl Fn(Uuid) -> Channels,
        now: DateTime<Utc>,
    ) -> Result<Option<Uuid>> {
        let found = directory.routes.find(&self.route(), now).await?;
        let proven_for = self.origin.proven_for;
        let Some(organization) =
            found.filter(|found| proven_for.is_none_or(|proven_for| found.id == proven_for))
        else {
            return Ok(None);
        };
        let id = organization.id;
        let channels = reach(id);
        let (call, report) = (self.call(), self.report());
        database
            .transaction(&organization.binding(now), async |transaction| {
                emergency::mark(transaction, id, &call, report.urgency).await?;
                let opened = incident::open(transaction, id, &call, &report).await?;
                chain::advance(transaction, id, opened.id, channels, now).await
            })
            .await?;
        Ok(Some(id))
    }

    fn route(&self) -> Route {
        Route {
            vapi_phone_number_id: self.origin.vapi_phone_number_id.clone(),
            vapi_assistant_id: self.vapi_assistant_id.clone(),
            called_number: self.called.clone(),
        }
    }

    fn call(&self) -> Call {
        let phone = |text: &Option<String>| text.as_deref().and_then(Phone::signalled);
        Call {
            vapi_call_id: self.vapi_call_id.clone(),
            vapi_assistant_id: self.vapi_assistant_id.clone(),
            caller: phone(&self.caller),
            called: phone(&self.called),
        }
    }

    fn report(&self) -> Report {
        Report {
            words: self.words.clone(),
            urgency: Urgency::parse(&self.urgency).unwrap_or(Urgency::High),
            address: self.address.clone(),
            callback: None,
            language: Language::parse(&self.language).unwrap_or(Language::English),
            control_url: None,
        }
        .with_callback(self.callback.as_deref(), self.call().caller.as_ref())
    }
}
