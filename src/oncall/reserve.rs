//! An emergency while the database is away: written down in a folder, told to the operator's own number, and opened as soon as the
//! database is back.
//!
//! It is the last line and knows little: not whose call it is, only which number was called. What was written down is opened
//! once; should the process die between opening and forgetting, the emergency is found again by its call.

use std::{
    fs::{self, OpenOptions},
    future::Future,
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
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

/// An emergency, as much as a message tells of it.
#[derive(Clone, Deserialize, Serialize)]
pub struct Reported {
    /// Vapi's id of the call.
    pub vapi_call_id: Option<String>,
    /// Vapi's id of the assistant.
    pub vapi_assistant_id: Option<String>,
    /// Vapi's id of the number that was called.
    pub vapi_phone_number_id: Option<String>,
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
        fs::create_dir_all(folder)?;
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

    /// Opens every emergency that was written down; one that cannot be is left where it is.
    ///
    /// # Errors
    ///
    /// When the database fails; the rest is opened later.
    pub async fn replay(
        &self,
        database: &Database,
        directory: &Directory,
        reach: impl Fn(Uuid) -> Channels,
        now: DateTime<Utc>,
    ) -> Result<()> {
        for path in self.kept() {
            let read = fs::read(&path)
                .ok()
                .and_then(|text| serde_json::from_slice::<Reported>(&text).ok());
            let Some(reported) = read else {
                tracing::error!("an emergency in the spool cannot be read; it is left there");
                continue;
            };
            let route = reported.route();
            let Some(organization) = directory.routes.find(&route, now).await? else {
                tracing::error!("an emergency in the spool is nobody's; it is left there");
                continue;
            };
            let channels = reach(organization.id);
            let (call, report) = (reported.call(), reported.report());
            database
                .transaction(&organization.binding(now), async |transaction| {
                    let id = organization.id;
                    emergency::mark(transaction, id, &call, report.urgency).await?;
                    let opened = incident::open(transaction, id, &call, &report).await?;
                    chain::advance(transaction, id, opened.id, channels, now).await
                })
                .await?;
            if fs::remove_file(&path).is_err() {
                tracing::error!("an emergency that was opened could not be taken from the spool");
            }
            tracing::warn!(organization.id = %organization.id, "an emergency from the spool was opened");
        }
        Ok(())
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

impl Reported {
    fn route(&self) -> Route {
        Route {
            vapi_phone_number_id: self.vapi_phone_number_id.clone(),
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
            callback: self
                .callback
                .as_deref()
                .or(self.caller.as_deref())
                .and_then(|text| Phone::parse(text).ok()),
            language: Language::parse(&self.language).unwrap_or(Language::English),
            control_url: None,
        }
    }
}
