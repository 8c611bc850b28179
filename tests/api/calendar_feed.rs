//! The feed of appointments that calendar programs subscribe to, and the command that makes it.

use std::{collections::BTreeMap, process::Output};

use reqwest::{Response, StatusCode};
use serde_json::json;

use crate::support::{
    TestApp, eventually,
    operator::{complaint, object, printed, with_environment},
    process::Process,
};

/// Where the service is reached from outside.
const PUBLIC_URL: &str = "https://calls.example.com";

/// The appointments of two crews, and of another organization.
const APPOINTMENTS: &str = "
update organizations set settings = '{\"capacity\": 2}';
insert into services (id, organization_id, name, duration_minutes)
values ('5e5e5e5e-0000-4000-8000-000000000001', '0f0f0f0f-0000-4000-8000-000000000001', 'Drain cleaning; sinks, tubs', 90);
insert into appointments (
    id, organization_id, service_id, customer_name, customer_phone, service_address, appointment_type, service_description,
    scheduled_date, scheduled_time, duration_minutes, status, crew, created_at, updated_at
) values
    ('a0000000-0000-4000-8000-000000000001', '0f0f0f0f-0000-4000-8000-000000000001', '5e5e5e5e-0000-4000-8000-000000000001',
     'Maria Lopez', '+13035550142', '12 Elm Street, Denver', 'a leak at Rosa''s', 'Slow sink', '2026-12-01', '09:00', 90, 'confirmed', 1,
     '2026-11-20 10:00Z', '2026-11-20 10:00Z'),
    ('a0000000-0000-4000-8000-000000000002', '0f0f0f0f-0000-4000-8000-000000000001', null,
     'Ana Peña', '+13035550143', null, 'a leak at Rosa''s', null, '2026-12-02', '13:30', 60, 'pending', 2,
     '2026-11-20 10:00Z', '2026-11-20 10:00Z'),
    ('a0000000-0000-4000-8000-000000000003', '0f0f0f0f-0000-4000-8000-000000000001', null,
     'Too Old', '+13035550144', null, 'repair', null, '2026-10-23', '09:00', 60, 'completed', 1, default, default),
    ('a0000000-0000-4000-8000-000000000004', '0f0f0f0f-0000-4000-8000-000000000001', null,
     'Last Month', '+13035550144', null, 'repair', null, '2026-10-26', '09:00', 60, 'completed', 1,
     '2026-10-20 10:00Z', '2026-10-26 18:00Z'),
    ('a0000000-0000-4000-8000-000000000005', '0f0f0f0f-0000-4000-8000-000000000001', null,
     'Too Far', '+13035550144', null, 'repair', null, '2027-01-23', '09:00', 60, 'confirmed', 1, default, default);
insert into organizations (id, name, industry, timezone)
values ('0f0f0f0f-0000-4000-8000-000000000002', 'Another One', 'plumbing', 'America/Denver');
insert into appointments (organization_id, customer_name, customer_phone, appointment_type, scheduled_date, scheduled_time)
values ('0f0f0f0f-0000-4000-8000-000000000002', 'Somebody Else', '+13035550199', 'repair', '2026-12-01', '09:00');
";

const FIRST: &str = "a0000000-0000-4000-8000-000000000001@frontdesk";
const SECOND: &str = "a0000000-0000-4000-8000-000000000002@frontdesk";
const LAST_MONTH: &str = "a0000000-0000-4000-8000-000000000004@frontdesk";

/// A service with appointments.
async fn service() -> TestApp {
    let app = TestApp::start().await;
    app.dashboard(APPOINTMENTS).await;
    app
}

fn run(app: &TestApp, arguments: &[&str]) -> Output {
    let url = app.database.url();
    let mut line = vec!["calendar", "feed", "Front Range Plumbing"];
    line.extend(arguments);
    with_environment(
        &line,
        &[("DATABASE_URL", &url), ("FRONTDESK_PUBLIC_URL", PUBLIC_URL)],
    )
}

/// Makes a feed; its path.
fn make(app: &TestApp, arguments: &[&str]) -> String {
    let output = run(app, arguments);
    let printed = printed(&output);
    let path = printed.trim_end().strip_prefix(PUBLIC_URL).unwrap();
    assert!(path.starts_with("/calendar/feed/"), "{path}");
    path.to_owned()
}

async fn get(app: &TestApp, path: &str) -> Response {
    app.http.get(app.url(path)).send().await.unwrap()
}

/// The text of a feed.
async fn text(app: &TestApp, path: &str) -> String {
    let response = get(app, path).await;
    assert_eq!(response.status(), StatusCode::OK);
    let text = response.text().await.unwrap();
    assert!(text.starts_with("BEGIN:VCALENDAR\r\n") && text.ends_with("END:VCALENDAR\r\n"));
    assert!(
        text.split("\r\n")
            .all(|line| line.len() <= 75 && !line.contains('\n')),
        "{text}"
    );
    text
}

/// The properties of the events of a feed by their UID.
async fn events(app: &TestApp, path: &str) -> BTreeMap<String, BTreeMap<String, String>> {
    let text = text(app, path).await.replace("\r\n ", "");
    text.split("BEGIN:VEVENT\r\n")
        .skip(1)
        .map(|event| {
            let properties: BTreeMap<String, String> = event
                .lines()
                .take_while(|line| *line != "END:VEVENT")
                .map(|line| {
                    let (name, value) = line.split_once(':').unwrap();
                    (name.to_owned(), value.to_owned())
                })
                .collect();
            (properties["UID"].clone(), properties)
        })
        .collect()
}

#[tokio::test]
async fn a_feed_has_the_appointments_from_thirty_days_ago_to_the_horizon() {
    let app = service().await;
    let path = make(&app, &[]);

    let response = get(&app, &path).await;
    let headers = response.headers().clone();
    assert_eq!(headers["content-type"], "text/calendar; charset=utf-8");
    assert_eq!(headers["cache-control"], "private");
    let text = response.text().await.unwrap();

    assert_eq!(
        text,
        "BEGIN:VCALENDAR\r\n\
         VERSION:2.0\r\n\
         PRODID:-//frontdesk//frontdesk//EN\r\n\
         X-WR-CALNAME:Front Range Plumbing\r\n\
         REFRESH-INTERVAL;VALUE=DURATION:PT15M\r\n\
         X-PUBLISHED-TTL:PT15M\r\n\
         BEGIN:VEVENT\r\n\
         UID:a0000000-0000-4000-8000-000000000004@frontdesk\r\n\
         SEQUENCE:0\r\n\
         DTSTAMP:20261026T180000Z\r\n\
         LAST-MODIFIED:20261026T180000Z\r\n\
         DTSTART:20261026T150000Z\r\n\
         DTEND:20261026T160000Z\r\n\
         STATUS:CONFIRMED\r\n\
         SUMMARY:Appointment\r\n\
         END:VEVENT\r\n\
         BEGIN:VEVENT\r\n\
         UID:a0000000-0000-4000-8000-000000000001@frontdesk\r\n\
         SEQUENCE:0\r\n\
         DTSTAMP:20261120T100000Z\r\n\
         LAST-MODIFIED:20261120T100000Z\r\n\
         DTSTART:20261201T160000Z\r\n\
         DTEND:20261201T173000Z\r\n\
         STATUS:CONFIRMED\r\n\
         SUMMARY:Drain cleaning\\; sinks\\, tubs\r\n\
         LOCATION:12 Elm Street\\, Denver\r\n\
         END:VEVENT\r\n\
         BEGIN:VEVENT\r\n\
         UID:a0000000-0000-4000-8000-000000000002@frontdesk\r\n\
         SEQUENCE:0\r\n\
         DTSTAMP:20261120T100000Z\r\n\
         LAST-MODIFIED:20261120T100000Z\r\n\
         DTSTART:20261202T203000Z\r\n\
         DTEND:20261202T213000Z\r\n\
         STATUS:TENTATIVE\r\n\
         SUMMARY:Appointment\r\n\
         END:VEVENT\r\n\
         END:VCALENDAR\r\n"
    );
}

#[tokio::test]
async fn a_feed_of_a_crew_has_its_appointments_alone() {
    let app = service().await;
    let (whole, first, second) = (
        make(&app, &[]),
        make(&app, &["--crew", "1"]),
        make(&app, &["--crew", "2"]),
    );

    let uids = async |path: &str| -> Vec<String> { events(&app, path).await.into_keys().collect() };
    assert_eq!(uids(&whole).await, [FIRST, SECOND, LAST_MONTH]);
    assert_eq!(uids(&first).await, [FIRST, LAST_MONTH]);
    assert_eq!(uids(&second).await, [SECOND]);
    let name = "X-WR-CALNAME:Front Range Plumbing (crew 2)\r\n";
    assert!(text(&app, &second).await.contains(name));

    app.dashboard("update appointments set crew = 1 where customer_name = 'Ana Peña'")
        .await;
    assert_eq!(uids(&first).await, [FIRST, SECOND, LAST_MONTH]);
    assert!(uids(&second).await.is_empty());
    let refused = run(&app, &["--crew", "3"]);
    assert!(complaint(&refused).contains("has crews 1 to 2; there is no crew 3"));
}

#[tokio::test]
async fn a_cancelled_appointment_stays_for_a_week_as_cancelled() {
    let app = service().await;
    let path = make(&app, &[]);
    app.at("2026-11-23T16:00:00Z");
    app.dashboard(
        "update appointments set status = 'cancelled' where customer_name = 'Maria Lopez'",
    )
    .await;

    let now = events(&app, &path).await;
    assert_eq!(now[FIRST]["STATUS"], "CANCELLED");
    assert_eq!(now[FIRST]["SEQUENCE"], "1");
    app.at("2026-11-30T15:59:59Z");
    assert!(events(&app, &path).await.contains_key(FIRST));
    app.at("2026-11-30T16:00:00Z");
    assert!(!events(&app, &path).await.contains_key(FIRST));
}

#[tokio::test]
async fn each_change_that_a_calendar_shows_raises_the_sequence_and_nothing_else_does() {
    let app = service().await;
    let path = make(&app, &[]);
    let mut last = 0;
    for change in [
        "scheduled_time = '10:00'",
        "scheduled_date = '2026-12-03'",
        "duration_minutes = 120",
        "crew = 2",
        "service_address = '14 Elm Street'",
        "customer_name = 'Maria Lopez Ruiz'",
        "customer_phone = '+13035550145'",
        "service_description = 'Slow tub'",
        "appointment_type = 'installation'",
        "service_id = null",
        "status = 'pending'",
        "status = 'confirmed'",
        // Nobody sets it back.
        "revision = 0",
        "scheduled_time = '11:00', revision = 3",
    ] {
        app.dashboard(&format!(
            "update appointments set {change} where id = 'a0000000-0000-4000-8000-000000000001'"
        ))
        .await;
        let event = events(&app, &path).await.remove(FIRST).unwrap();
        last += 1;
        assert_eq!(event["SEQUENCE"], last.to_string(), "{change}");
        assert_ne!(event["LAST-MODIFIED"], "20261120T100000Z", "{change}");
    }
    app.dashboard(
        "update appointments set notes = 'call first', sms_sent = true, scheduled_time = '11:00'",
    )
    .await;
    let event = &events(&app, &path).await[FIRST];
    assert_eq!(event["SEQUENCE"], last.to_string());
    assert_eq!(event["DTSTART"], "20261203T180000Z");
}

#[tokio::test]
async fn the_bytes_are_the_same_until_something_changes_and_are_not_sent_again() {
    let app = service().await;
    let path = make(&app, &[]);
    let first = get(&app, &path).await;
    let tag = first.headers()["etag"].to_str().unwrap().to_owned();
    let bytes = first.bytes().await.unwrap();
    assert!(tag.starts_with('"'), "{tag} is strong");
    // Some look at the head first.
    let head = app.http.head(app.url(&path)).send().await.unwrap();
    assert_eq!(head.status(), StatusCode::OK);
    assert_eq!(head.headers()["etag"], tag);
    assert_eq!(head.headers()["content-length"], bytes.len().to_string());
    assert!(head.bytes().await.unwrap().is_empty());
    app.at("2026-11-23T23:00:00Z");
    let asked = async |known: &str| {
        let request = app.http.get(app.url(&path)).header("If-None-Match", known);
        request.send().await.unwrap()
    };

    assert_eq!(get(&app, &path).await.bytes().await.unwrap(), bytes);
    for known in [
        tag.clone(),
        format!("W/{tag}"),
        format!("\"x\", {tag}"),
        "*".to_owned(),
    ] {
        let response = asked(&known).await;
        assert_eq!(response.status(), StatusCode::NOT_MODIFIED, "{known}");
        assert_eq!(response.headers()["etag"], tag);
        assert!(response.bytes().await.unwrap().is_empty());
    }
    for known in ["\"x\"", "no tag", ""] {
        assert_eq!(asked(known).await.status(), StatusCode::OK, "{known}");
    }

    app.dashboard("update appointments set status = 'confirmed' where status = 'pending'")
        .await;
    let response = asked(&tag).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_ne!(response.headers()["etag"], tag);
}

#[tokio::test]
async fn the_organization_says_how_much_its_calendars_show() {
    let app = service().await;
    let path = make(&app, &[]);
    let sees = async |details: &str| {
        app.rules(&json!({ "calendar": { "details": details } }))
            .await;
        let text = text(&app, &path).await.replace("\r\n ", "");
        [
            "Drain cleaning",
            "12 Elm Street",
            "Maria Lopez",
            "+13035550142",
            "Slow sink",
            "Rosa",
        ]
        .map(|word| text.contains(word))
    };

    assert_eq!(sees("none").await, [true, true, false, false, false, false]);
    assert_eq!(sees("name").await, [true, true, true, false, false, false]);
    assert_eq!(sees("full").await, [true; 6]);
    let events = events(&app, &path).await;
    assert_eq!(
        events[FIRST]["SUMMARY"],
        "Drain cleaning\\; sinks\\, tubs: Maria Lopez"
    );
    assert_eq!(events[FIRST]["DESCRIPTION"], "Slow sink\\n+13035550142");
    assert_eq!(events[SECOND]["SUMMARY"], "Appointment: Ana Peña");
    assert_eq!(
        events[SECOND]["DESCRIPTION"],
        "a leak at Rosa's\\n+13035550143"
    );

    // A value from before it was checked shows nothing more.
    app.database
        .run(
            "alter table organizations disable trigger user;
             update organizations set settings = '{\"calendar\": {\"details\": [\"full\"]}}';
             alter table organizations enable trigger user",
        )
        .await;
    assert!(!text(&app, &path).await.contains("Maria"));
}

#[tokio::test]
async fn long_and_odd_words_are_folded_and_begin_no_property() {
    let app = service().await;
    let path = make(&app, &[]);
    let odd = "ñandú 🚿 日本語".repeat(12);
    app.rules(&json!({ "calendar": { "details": "full" } }))
        .await;
    app.database
        .rows(
            "update appointments set customer_name = $1, service_description = $2, service_address = $3
             where id = 'a0000000-0000-4000-8000-000000000001'",
            &[&odd, &"a\r\nATTENDEE:mailto:x@example.com\nEND:VEVENT", &"1\\2; 3\u{0007}"],
        )
        .await;

    let events = events(&app, &path).await;
    let event = &events[FIRST];
    assert_eq!(
        event["SUMMARY"],
        format!("Drain cleaning\\; sinks\\, tubs: {odd}")
    );
    assert_eq!(event["LOCATION"], "1\\\\2\\; 3");
    assert!(event["DESCRIPTION"].starts_with("a\\nATTENDEE:mailto"));
    assert!(!event.contains_key("ATTENDEE"));
    assert_eq!(events.len(), 3);
}

#[tokio::test]
async fn a_time_that_the_clocks_repeat_is_the_first_one_and_one_that_they_skip_is_shown() {
    let app = service().await;
    let path = make(&app, &[]);
    app.at("2026-10-30T15:00:00Z");
    app.dashboard(
        "update appointments set status = 'confirmed', scheduled_date = '2026-11-01', scheduled_time = '01:30', duration_minutes = 120
         where id = 'a0000000-0000-4000-8000-000000000001'",
    )
    .await;
    let event = events(&app, &path).await.remove(FIRST).unwrap();
    assert_eq!(
        (&*event["DTSTART"], &*event["DTEND"]),
        ("20261101T073000Z", "20261101T093000Z")
    );

    app.at("2027-03-01T15:00:00Z");
    app.dashboard(
        "update appointments set scheduled_date = '2027-03-14', scheduled_time = '02:30' where id = 'a0000000-0000-4000-8000-000000000001'",
    )
    .await;
    let event = events(&app, &path).await.remove(FIRST).unwrap();
    assert_eq!(event["DTSTART"], "20270314T093000Z");
}

#[tokio::test]
async fn an_address_is_shown_once_and_another_one_ends_it() {
    let app = service().await;
    let path = make(&app, &[]);
    let again = run(&app, &[]);
    assert!(!again.status.success() && again.stdout.is_empty());
    for part in ["has a feed since 20", "cannot be shown again", "--rotate"] {
        assert!(complaint(&again).contains(part), "{}", complaint(&again));
    }

    let rotated = run(&app, &["--rotate", "--json"]);
    let told = object(&rotated);
    assert!(complaint(&rotated).contains("The one before is not valid any more"));
    let new = told["url"]
        .as_str()
        .unwrap()
        .strip_prefix(PUBLIC_URL)
        .unwrap();
    assert!(told["replaced"].is_string());
    assert_ne!(new, path);
    assert_eq!(get(&app, &path).await.status(), StatusCode::NOT_FOUND);
    assert_eq!(events(&app, new).await.len(), 3);

    assert!(
        printed(&run(&app, &["--remove"])).contains("Removed the feed of Front Range Plumbing")
    );
    assert_eq!(get(&app, new).await.status(), StatusCode::NOT_FOUND);
    assert!(complaint(&run(&app, &["--remove"])).contains("has no feed"));

    let token = path
        .trim_start_matches("/calendar/feed/")
        .trim_end_matches(".ics");
    let entries: Vec<String> = app
        .database
        .column(
            "select concat_ws(' ', action, old_row, new_row) from audit_log
             where table_name = 'calendar_feeds' and organization_id = '0f0f0f0f-0000-4000-8000-000000000001' order by id",
        )
        .await;
    let actions: Vec<&str> = entries
        .iter()
        .map(|entry| entry.split(' ').next().unwrap())
        .collect();
    assert_eq!(actions, ["insert", "update", "delete"]);
    assert!(!entries.concat().contains("token") && !entries.concat().contains(token));
}

#[tokio::test]
async fn the_command_needs_an_address_that_others_can_reach() {
    let app = service().await;
    let url = app.database.url();
    let line = ["calendar", "feed", "Front Range Plumbing"];
    let refused = with_environment(&line, &[("DATABASE_URL", &url)]);
    assert!(complaint(&refused).contains("FRONTDESK_PUBLIC_URL"));
    let plain = [
        ("DATABASE_URL", &*url),
        ("FRONTDESK_PUBLIC_URL", "http://calls.example.com"),
    ];
    assert!(complaint(&with_environment(&line, &plain)).contains("an https address"));
    let feeds: i64 = app
        .database
        .value("select count(*) from private.calendar_feeds")
        .await;
    assert_eq!(feeds, 0);
}

#[tokio::test]
async fn what_is_no_feed_is_answered_the_same_whatever_is_wrong() {
    let app = service().await;
    let path = make(&app, &[]);
    let nothing = async |path: &str| {
        let response = get(&app, path).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
        assert!(response.bytes().await.unwrap().is_empty(), "{path}");
    };

    let unknown = format!("/calendar/feed/{}.ics", "A".repeat(43));
    for path in [
        &*unknown,
        "/calendar/feed/x.ics",
        "/calendar/feed/%FF%00.ics",
        "/calendar/feed/.ics",
        &format!("/calendar/feed/{}.ics", "A".repeat(5_000)),
        path.trim_end_matches(".ics"),
        &path.replace(".ics", ".ics.ics"),
    ] {
        nothing(path).await;
    }
    app.database
        .run("insert into private.suspensions (organization_id) values ('0f0f0f0f-0000-4000-8000-000000000001')")
        .await;
    nothing(&path).await;
    app.database.run("delete from private.suspensions").await;
    assert_eq!(events(&app, &path).await.len(), 3);
    app.database
        .run("select private.delete_organization('0f0f0f0f-0000-4000-8000-000000000001', true)")
        .await;
    nothing(&path).await;
    let feeds: i64 = app
        .database
        .value("select count(*) from private.calendar_feeds")
        .await;
    assert_eq!(feeds, 0);
}

#[tokio::test]
async fn no_log_has_the_token_and_an_outage_is_told() {
    let app = service().await;
    let path = make(&app, &[]);
    let token = path
        .trim_start_matches("/calendar/feed/")
        .trim_end_matches(".ics");
    let process = Process::start(&app.database, &[("FRONTDESK_LOG", "trace")]).await;
    let url = format!("http://127.0.0.1:{}{path}", process.port);
    let status = async |url: &str| process.http.get(url).send().await.unwrap().status();

    assert_eq!(status(&url).await, StatusCode::OK);
    app.database.goes_away().await;
    assert_eq!(status(&url).await, StatusCode::SERVICE_UNAVAILABLE);

    // What the process wrote takes a moment to be read.
    let log = eventually("the outage is in the log", async || {
        let log = format!("{:?}", process.log());
        log.contains("a calendar feed could not be read")
            .then_some(log)
    })
    .await;
    assert!(!log.contains(token), "{log}");
}
