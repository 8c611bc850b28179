//! Somebody who types commands: the real program, with a clean environment.

use std::{
    io::Write,
    path::Path,
    process::{Command, Output, Stdio},
};

use serde_json::Value;

use super::{
    TestDatabase,
    app::{NOW, SECRETS_KEY},
};

/// An id that no organization has.
pub const NOBODY: &str = "00000000-0000-4000-8000-000000000000";

/// The program with a clean environment, so that no setting of the machine's leaks in.
pub fn frontdesk(url: &str, arguments: &[&str]) -> Output {
    with_environment(
        arguments,
        &[
            ("DATABASE_URL", url),
            ("FRONTDESK_SECRETS_KEY", SECRETS_KEY),
            ("TWILIO_ACCOUNT_SID", "ACtests00000000000000000000000000"),
            ("TWILIO_FROM", "+13035550190"),
        ],
    )
}

/// The program with this environment and no other.
pub fn with_environment(arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_frontdesk"))
        .env_clear()
        .envs(environment.iter().copied())
        .args(arguments)
        .output()
        .unwrap()
}

/// The program with this environment and no other, and this on its standard input.
pub fn with_input(arguments: &[&str], environment: &[(&str, &str)], input: &str) -> Output {
    let mut running = Command::new(env!("CARGO_BIN_EXE_frontdesk"))
        .env_clear()
        .envs(environment.iter().copied())
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that refuses its arguments ends before it reads.
    drop(running.stdin.take().unwrap().write_all(input.as_bytes()));
    running.wait_with_output().unwrap()
}

/// What a terminal shows of a command that asks for something, which is typed there.
pub fn at_terminal(url: &str, arguments: &[&str], typed: &str) -> String {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/calendar/terminal.py");
    let output = Command::new("python3")
        .arg(script)
        .args([typed, env!("CARGO_BIN_EXE_frontdesk")])
        .args(arguments)
        .env("DATABASE_URL", url)
        .env("FRONTDESK_SECRETS_KEY", SECRETS_KEY)
        .env("FRONTDESK_CALDAV_PRIVATE", "1")
        .output()
        .unwrap();
    printed(&output)
}

/// What a command that succeeded printed.
pub fn printed(output: &Output) -> String {
    assert!(output.status.success(), "{}", complaint(output));
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// What a command wrote to standard error.
pub fn complaint(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// What a command printed for programs.
pub fn object(output: &Output) -> Value {
    serde_json::from_str(&printed(output)).unwrap()
}

/// A new organization made by the command, and its id.
pub async fn organization() -> (TestDatabase, String) {
    let database = TestDatabase::new().await;
    let made = object(&frontdesk(
        &database.url(),
        &[
            "org",
            "create",
            "--name",
            "Acme",
            "--industry",
            "plumbing",
            "--timezone",
            "America/Denver",
            "--json",
        ],
    ));
    let id = made["id"].as_str().unwrap().to_owned();
    (database, id)
}

/// Somebody who keeps one organization, in Denver, at [`NOW`].
pub struct Operator {
    /// The database.
    pub database: TestDatabase,
    /// The organization's id.
    pub id: String,
}

impl Operator {
    /// An operator of a new organization that has nothing yet.
    pub async fn new() -> Self {
        let (database, id) = organization().await;
        Self { database, id }
    }

    /// An operator of the same organization, at another time.
    pub fn org_at(&self, now: &str, command: &str, arguments: &[&str]) -> Output {
        let mut line = vec!["org", command];
        line.extend(arguments);
        self.at(now, &line)
    }

    /// Runs any command at a time.
    pub fn at(&self, now: &str, line: &[&str]) -> Output {
        // The commands ask the database what day it is; a connection can tell it.
        let url = self.database.url();
        let and = if url.contains('?') { '&' } else { '?' };
        let url = format!("{url}{and}options=-c%20frontdesk.now%3D{now}");
        frontdesk(&url, line)
    }

    /// Runs `frontdesk org <command> ID <arguments>`.
    pub fn org(&self, command: &str, arguments: &[&str]) -> Output {
        let mut line = vec![self.id.as_str()];
        line.extend(arguments);
        self.org_at(NOW, command, &line)
    }

    /// The sentence of a command that succeeds, without the end of its last line.
    pub fn hears(&self, command: &str, arguments: &[&str]) -> String {
        printed(&self.org(command, arguments)).trim_end().to_owned()
    }

    /// The JSON of a command that succeeds: one line.
    pub fn reads(&self, command: &str, arguments: &[&str]) -> Value {
        let mut arguments = arguments.to_vec();
        arguments.push("--json");
        let output = self.org(command, &arguments);
        assert_eq!(printed(&output).lines().count(), 1, "{}", printed(&output));
        object(&output)
    }

    /// Runs a command that is refused, and holds its complaint to these parts.
    pub fn is_refused(&self, command: &str, arguments: &[&str], parts: &[&str]) {
        let output = self.org(command, arguments);
        let complaint = complaint(&output);
        assert!(!output.status.success(), "{command} {arguments:?}");
        assert!(output.stdout.is_empty(), "{command} {arguments:?}");
        for part in parts {
            assert!(
                complaint.contains(part),
                "{command} {arguments:?}: {complaint}"
            );
        }
    }

    /// Somebody signs up, with a confirmed address.
    pub async fn signs_up(&self, email: &str) {
        self.database
            .run(&format!(
                "insert into auth.users (email, email_confirmed_at, raw_user_meta_data)
                 values ('{email}', now(), '{{\"full_name\": \"Somebody\"}}')"
            ))
            .await;
    }
}
