//! A service whose organization has a calendar on a real CalDAV server, linked by the command.

use std::process::Output;

use super::{
    Caller, Radicale, TestApp,
    app::{Builder, ORGANIZATION_ID, SECRETS_KEY},
    operator::{object, with_input},
};

/// The service, the server, and the calendar that is linked.
pub struct Linked {
    /// The service.
    pub app: TestApp,
    /// The server.
    pub radicale: Radicale,
    /// The path of the calendar.
    pub calendar: String,
}

impl Linked {
    /// A calendar that is linked to the whole organization, with settings of the organization.
    pub async fn start(settings: &str) -> Self {
        Self::with(TestApp::builder().await, settings, &[]).await
    }

    /// The same with settings of the service, and arguments of the command.
    pub async fn with(builder: Builder, settings: &str, arguments: &[&str]) -> Self {
        let radicale = Radicale::start().await;
        let calendar = radicale.make_calendar("office").await;
        let app = builder.switch("--caldav-private").start().await;
        app.database
            .run(&format!("update organizations set settings = '{settings}'"))
            .await;
        let linked = Self {
            app,
            radicale,
            calendar,
        };
        object(&linked.connect(&linked.calendar, arguments));
        linked.app.settles().await;
        linked
    }

    /// Runs `frontdesk calendar connect` for a calendar of the server.
    pub fn connect(&self, calendar: &str, arguments: &[&str]) -> Output {
        let (id, url) = (ORGANIZATION_ID.to_string(), self.radicale.url());
        let mut line = vec!["calendar", "connect", &id, "--provider", "caldav", "--json"];
        line.extend(["--address", &url, "--username", self.radicale.user()]);
        line.extend(["--calendar", calendar]);
        line.extend(arguments);
        self.command(&line, self.radicale.password())
    }

    /// Runs any command, at the time that it is.
    pub fn command(&self, line: &[&str], input: &str) -> Output {
        let now = self.app.clock.now().to_rfc3339().replace('+', "%2B");
        let url = self.app.database.url();
        let and = if url.contains('?') { '&' } else { '?' };
        let url = format!("{url}{and}options=-c%20frontdesk.now%3D{now}");
        let environment = [
            ("DATABASE_URL", url.as_str()),
            ("FRONTDESK_SECRETS_KEY", SECRETS_KEY),
            ("FRONTDESK_CALDAV_PRIVATE", "1"),
        ];
        with_input(line, &environment, input)
    }

    /// Somebody enters an event, or changes it: `time` are the lines of its start and end, on Denver's clock unless they say otherwise.
    pub async fn enters(&self, uid: &str, lines: &str) {
        let path = format!("{}{uid}.ics", self.calendar);
        self.radicale.put(&path, &event(uid, lines)).await;
    }

    /// Has the calendar read now, and whatever follows from it done.
    pub async fn reads(&self) {
        self.app.reads_calendars().await;
    }

    /// The objects of the calendar that somebody else would see, without what was entered by [`Self::enters`].
    pub async fn ours(&self) -> Vec<(String, String)> {
        let mut objects = self.radicale.list(&self.calendar).await;
        objects.retain(|(_, text)| text.contains("X-FRONTDESK-APPOINTMENT"));
        objects
    }

    /// The times that a caller is offered on a day.
    pub async fn offers(&self, caller: &Caller<'_>, day: &str) -> Vec<String> {
        let args = serde_json::json!({ "date": day });
        let heard = caller.asks("check_availability", args).await;
        heard.tokens().into_iter().map(str::to_owned).collect()
    }

    /// The times that are free on a day, all of them.
    pub async fn free(&self, day: &str) -> Vec<String> {
        self.app.free(day).await
    }
}

/// An object with one event, and a title and a place that nobody is to read.
pub fn event(uid: &str, lines: &str) -> String {
    let lines = lines.replace('\n', "\r\n");
    format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//somebody else//EN\r\nBEGIN:VEVENT\r\nUID:{uid}\r\n\
         DTSTAMP:20261101T000000Z\r\nSUMMARY:Divorce lawyer\r\nLOCATION:Courthouse\r\nDESCRIPTION:bring papers\r\n\
         {lines}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
}

/// The lines of an event from one time to another, in Denver.
pub fn timed(start: &str, end: &str) -> String {
    format!("DTSTART;TZID=America/Denver:{start}00\nDTEND;TZID=America/Denver:{end}00")
}
