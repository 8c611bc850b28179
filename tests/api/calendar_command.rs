//! `frontdesk calendar`: what an operator who connects calendars is told, and what is left behind. The calendars are on a real CalDAV server and on
//! a stand-in for Google.

mod connect;
mod disconnect;
mod google;
mod reconnect;
mod status;

use std::process::Output;

use serde_json::Value;

use crate::support::{
    Operator, Radicale,
    app::SECRETS_KEY,
    operator::{complaint, object, with_input},
};

/// Somebody who connects calendars of a server, while no service runs.
struct Office {
    operator: Operator,
    radicale: Radicale,
}

impl Office {
    /// An organization with nothing, and a server with one calendar.
    async fn new() -> Self {
        let office = Self {
            operator: Operator::new().await,
            radicale: Radicale::start().await,
        };
        office.radicale.make_calendar("work").await;
        office
    }

    /// Runs `frontdesk calendar <command> ORGANIZATION <arguments>`.
    fn calendar(&self, command: &str, arguments: &[&str]) -> Output {
        let settings = [
            ("FRONTDESK_SECRETS_KEY", SECRETS_KEY),
            ("FRONTDESK_CALDAV_PRIVATE", "1"),
        ];
        self.with(&settings, command, arguments, self.radicale.password())
    }

    /// The same with other settings and another password.
    fn with(
        &self,
        settings: &[(&str, &str)],
        command: &str,
        arguments: &[&str],
        password: &str,
    ) -> Output {
        let url = self.operator.database.url();
        let mut environment = vec![("DATABASE_URL", url.as_str())];
        environment.extend(settings);
        let mut line = vec!["calendar", command, self.operator.id.as_str()];
        line.extend(arguments);
        with_input(&line, &environment, password)
    }

    /// Connects to the server, with these arguments besides.
    fn connect(&self, arguments: &[&str]) -> Output {
        let url = self.radicale.url();
        let mut line = vec!["--provider", "caldav", "--address", &url];
        line.extend(["--username", self.radicale.user()]);
        line.extend(arguments);
        self.calendar("connect", &line)
    }

    /// The calendars that are linked.
    fn linked(&self) -> Vec<Value> {
        let listed = object(&self.calendar("list", &["--json"]));
        listed["calendars"].as_array().unwrap().clone()
    }

    /// How many accounts and credentials are stored.
    async fn stored(&self) -> (i64, i64) {
        let count = "select count(*) from private.";
        let database = &self.operator.database;
        (
            database.value(&format!("{count}calendar_accounts")).await,
            database
                .value(&format!("{count}organization_secrets"))
                .await,
        )
    }
}

/// Holds the complaint of a command that is refused to these parts; its exit code is 1.
fn is_refused(output: &Output, parts: &[&str]) {
    let complaint = complaint(output);
    assert_eq!(output.status.code(), Some(1), "{complaint}");
    for part in parts {
        assert!(complaint.contains(part), "{part:?} in {complaint}");
    }
}
