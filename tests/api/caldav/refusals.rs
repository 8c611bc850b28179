//! Servers that refuse, are limited, or misbehave.

use std::{
    future::ready,
    sync::{Arc, Mutex},
    time::Duration,
};

use frontdesk::{
    calendar::caldav::Client,
    domain::external_calendar::{CalendarError, Listing},
};

use super::{client_at, december, entry, event, timed, told};
use crate::support::http::{Reply, Request, serve};

pub(super) const CALENDAR: &str = "/cal/jobs/";

/// A client of a server that answers so.
pub(super) async fn of(answer: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Client {
    let port = serve(move |request| ready(answer(&request))).await;
    client_at(&format!("http://127.0.0.1:{port}"), "secret")
}

/// What listing a calendar comes to at a server that answers so.
pub(super) async fn listing(
    answer: impl Fn(&Request) -> Reply + Send + Sync + 'static,
) -> Result<Listing, CalendarError> {
    of(answer).await.list(CALENDAR, &december(), None).await
}

pub(super) fn multistatus(responses: &str) -> Reply {
    let body = format!(
        r#"<?xml version="1.0"?><multistatus xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav">{responses}</multistatus>"#
    );
    Reply::Answer(207, Vec::new(), body)
}

pub(super) fn response(href: &str, props: &str) -> String {
    format!(
        "<response><href>{href}</href><propstat><prop>{props}</prop><status>HTTP/1.1 200 OK</status></propstat></response>"
    )
}

pub(super) fn object(name: &str) -> String {
    let data = event(name, &timed("20261203T1000", "20261203T1130"));
    response(
        &format!("{CALENDAR}{name}.ics"),
        &format!("<getetag>\"1\"</getetag><C:calendar-data>{data}</C:calendar-data>"),
    )
}

pub(super) fn asks(request: &Request, word: &str) -> bool {
    String::from_utf8_lossy(&request.body).contains(word)
}

#[tokio::test]
async fn each_refusal_is_told_apart() {
    let limited = |seconds| CalendarError::Limited {
        retry_after: Some(Duration::from_secs(seconds)),
    };
    let refused = |status, code: &str| CalendarError::Refused {
        status,
        code: code.to_owned(),
    };
    let error = "<d:error xmlns:d='DAV:'><d:need-privileges/></d:error>";
    let sentence = "<error xmlns='DAV:'>Divorce lawyer</error>";
    let cases = [
        (401, vec![], "", CalendarError::Revoked),
        (403, vec![], error, refused(403, "need-privileges")),
        (403, vec![], sentence, refused(403, "unknown")),
        (404, vec![], "", CalendarError::Gone),
        (410, vec![], "", CalendarError::Gone),
        (429, vec![("Retry-After", "7")], "", limited(7)),
        (
            429,
            vec![],
            "",
            CalendarError::Limited { retry_after: None },
        ),
        (503, vec![("Retry-After", "999999")], "", limited(3600)),
        (
            503,
            vec![
                ("Date", "Tue, 01 Dec 2026 10:00:00 GMT"),
                ("Retry-After", "Tue, 01 Dec 2026 10:02:00 GMT"),
            ],
            "",
            limited(120),
        ),
        (503, vec![], "", CalendarError::Unavailable("it failed")),
        (500, vec![], "", CalendarError::Unavailable("it failed")),
        (507, vec![], "", refused(507, "unknown")),
        (418, vec![], "", refused(418, "unknown")),
        (
            200,
            vec![],
            "<html>Welcome</html>",
            CalendarError::Unreadable("no multistatus"),
        ),
        (207, vec![], "", CalendarError::Unreadable("no XML")),
        (
            207,
            vec![],
            "<a><b></a>",
            CalendarError::Unreadable("no XML"),
        ),
    ];
    for (status, headers, body, expected) in cases {
        let found = listing(move |_| {
            headers.iter().fold(
                Reply::Answer(status, Vec::new(), body.to_owned()),
                |reply, (name, value)| reply.with(name, value),
            )
        })
        .await;
        assert_eq!(found, Err(expected), "{status}");
    }
    let lost = listing(|_| Reply::Nothing).await;
    assert!(
        matches!(lost, Err(CalendarError::Unavailable(_))),
        "{lost:?}"
    );
}

#[tokio::test]
async fn answers_are_limited_in_size_and_depth_and_entities_are_not_expanded() {
    let large = "x".repeat(5 * 1024 * 1024 + 1);
    assert_eq!(
        listing(move |_| Reply::Answer(207, Vec::new(), large.clone())).await,
        Err(CalendarError::TooLarge)
    );
    let deep = "<a>".repeat(100);
    assert_eq!(
        listing(move |_| Reply::Answer(207, Vec::new(), deep.clone())).await,
        Err(CalendarError::TooLarge)
    );
    let bomb = "<!DOCTYPE a [<!ENTITY b 'bbbbbbbbbb'><!ENTITY c '&b;&b;&b;'>]><multistatus xmlns='DAV:'><sync-token>&c;</sync-token></multistatus>";
    let found = listing(move |_| Reply::Answer(207, Vec::new(), bomb.to_owned())).await;
    assert_eq!(found, Err(CalendarError::Unreadable("no XML")));
}

#[tokio::test]
async fn redirects_are_followed_on_the_same_host_only_and_not_without_end() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let elsewhere = Arc::clone(&seen);
    let other = serve(move |request| {
        elsewhere.lock().unwrap().push(request.clone());
        ready(multistatus(""))
    })
    .await;
    let to = move |host: String| {
        move |_: &Request| Reply::empty(302).with("Location", &format!("{host}/cal/jobs/"))
    };
    let refused = listing(to(format!("http://127.0.0.1:{other}"))).await;
    assert_eq!(
        refused,
        Err(CalendarError::Refused {
            status: 302,
            code: "redirect".to_owned()
        })
    );
    assert!(seen.lock().unwrap().is_empty());
    let endless = listing(to(String::new())).await;
    assert_eq!(
        endless,
        Err(CalendarError::Unavailable("too many redirects"))
    );
    let moved = listing(|request| {
        if request.path == CALENDAR {
            return Reply::empty(308).with("Location", "/new/");
        }
        multistatus("")
    })
    .await;
    assert_eq!(moved.unwrap().resources, []);
}

#[tokio::test]
async fn a_private_address_is_not_asked_unless_it_is_allowed() {
    for address in [
        "127.0.0.1",
        "https://127.0.0.1:5232",
        "https://10.0.0.1",
        "https://[::1]/",
        "http://example.com",
    ] {
        let client = Client::new(address, "office", "secret".into(), false);
        assert!(
            matches!(client, Err(CalendarError::Refused { status: 0, .. })),
            "{address}"
        );
    }
    // A name is looked up when it is asked.
    let client = Client::new("localhost", "office", "secret".into(), false).unwrap();
    assert_eq!(
        client.calendars().await,
        Err(CalendarError::Refused {
            status: 0,
            code: "private_address".to_owned()
        })
    );
    for address in ["", "https://", "not an address", "ftp://example.com"] {
        assert!(
            Client::new(address, "office", "secret".into(), true).is_err(),
            "{address}"
        );
    }
}

#[tokio::test]
async fn a_server_that_cannot_filter_or_tell_changes_is_listed_whole_each_time() {
    let listing = listing(|request| match request.method.as_str() {
        "REPORT" if asks(request, "calendar-multiget") => {
            multistatus(&(object("one") + &object("not-asked-for")))
        }
        "REPORT" => Reply::empty(501),
        _ if request.header("depth") == Some("0") => multistatus(&response(CALENDAR, "")),
        // The collection, one in it, something elsewhere, and the same object in two forms.
        _ => multistatus(
            &[
                CALENDAR,
                "/cal/jobs/sub/",
                "/other/x.ics",
                "/cal/jobs/one.ics",
                "http://127.0.0.1/cal/jobs/y.ics",
                "/cal/jobs/%6fne.ics",
            ]
            .map(|href| response(href, "<getetag>\"1\"</getetag>"))
            .concat(),
        ),
    })
    .await
    .unwrap();
    assert_eq!((listing.is_full, listing.cursor.clone()), (true, None));
    assert_eq!(
        told(&listing),
        ["one.ics 20261203T170000Z/20261203T183000Z"]
    );
}

#[tokio::test]
async fn changes_that_come_in_parts_are_put_together() {
    let part = |token: &str, more: bool, removed: &str| {
        let removed = format!(
            "<response><href>{CALENDAR}{removed}.ics</href><status>HTTP/1.1 404 Not Found</status></response>"
        );
        let more = if more {
            format!(
                "<response><href>{CALENDAR}</href><status>HTTP/1.1 507 Insufficient Storage</status></response>"
            )
        } else {
            String::new()
        };
        multistatus(&format!("{removed}{more}<sync-token>{token}</sync-token>"))
    };
    let client = of(move |request| {
        if asks(request, "sync-token>1<") {
            part("2", true, "one")
        } else {
            part("3", false, "two")
        }
    })
    .await;
    let listing = client.list(CALENDAR, &december(), Some("1")).await.unwrap();
    assert_eq!(
        (told(&listing), listing.cursor.as_deref()),
        (
            vec!["one.ics deleted".to_owned(), "two.ics deleted".to_owned()],
            Some("3")
        )
    );
    // A server that never comes to an end.
    let client = of(move |_| part("1", true, "one")).await;
    assert_eq!(
        client.list(CALENDAR, &december(), Some("1")).await,
        Err(CalendarError::CursorExpired)
    );
}

#[tokio::test]
async fn an_object_that_cannot_be_read_keeps_nobody_from_the_others() {
    let listing = listing(|request| {
        if asks(request, "calendar-multiget") {
            let garbage = response(
                "/cal/jobs/bad.ics",
                "<getetag>\"1\"</getetag><C:calendar-data>&#60;garbage</C:calendar-data>",
            );
            return multistatus(&(object("one") + &garbage));
        }
        multistatus(
            &["one", "bad"]
                .map(|name| response(&format!("{CALENDAR}{name}.ics"), "<getetag>\"1\"</getetag>"))
                .concat(),
        )
    })
    .await
    .unwrap();
    assert_eq!(
        told(&listing),
        ["one.ics 20261203T170000Z/20261203T183000Z"]
    );
    assert_eq!(listing.resources.len(), 2);
}

#[tokio::test]
async fn a_batch_that_is_too_large_is_asked_for_in_parts() {
    let listing = listing(|request| {
        let names = ["one", "two", "three"];
        if !asks(request, "calendar-multiget") {
            return multistatus(
                &names
                    .map(|name| {
                        response(&format!("{CALENDAR}{name}.ics"), "<getetag>\"1\"</getetag>")
                    })
                    .concat(),
            );
        }
        let asked = names
            .into_iter()
            .filter(|name| asks(request, &format!("{name}.ics")));
        let objects: Vec<_> = asked.map(object).collect();
        let padding = "x".repeat(if objects.len() > 1 {
            6 * 1024 * 1024
        } else {
            0
        });
        multistatus(&(objects.concat() + "<x>" + &padding + "</x>"))
    })
    .await
    .unwrap();
    assert_eq!(told(&listing).len(), 3);
}

#[tokio::test]
async fn a_version_that_is_not_told_is_asked_for() {
    let client = of(|request| match request.method.as_str() {
        "PUT" => Reply::empty(201),
        _ => multistatus(&response(&request.path, "<getetag>\"5\"</getetag>")),
    })
    .await;
    let written = client.put(CALENDAR, None, &entry()).await.unwrap();
    assert_eq!(written.etag.as_deref(), Some("\"5\""));
}

#[tokio::test]
async fn a_calendar_that_can_only_be_read_or_has_no_events_is_known() {
    let calendar = |name: &str, props: &str| {
        response(
            &format!("/cal/{name}/"),
            &format!(
                "<resourcetype><collection/><C:calendar/></resourcetype><displayname>{name}</displayname>{props}"
            ),
        )
    };
    let privileges = |name: &str| {
        format!(
            "<current-user-privilege-set><privilege><read/></privilege><privilege><{name}/></privilege></current-user-privilege-set>"
        )
    };
    let answer = move |request: &Request| {
        match request.path.as_str() {
        "/.well-known/caldav" => Reply::empty(301).with("Location", "/dav/"),
        "/dav/" => multistatus(&response("/dav/", "<current-user-principal><href>/me/</href></current-user-principal>")),
        "/me/" => multistatus(&response("/me/", "<C:calendar-home-set><href>/cal</href></C:calendar-home-set>")),
        "/cal/" => multistatus(
            &[
                response("/cal/", "<resourcetype><collection/></resourcetype>"),
                calendar("mine", &privileges("write")),
                calendar("theirs", &privileges("read-free-busy")),
                calendar("tasks", "<C:supported-calendar-component-set><C:comp name='VTODO'/></C:supported-calendar-component-set>"),
            ]
            .concat(),
        ),
        _ => Reply::empty(404),
    }
    };
    let found = of(answer).await.calendars().await.unwrap();
    let found: Vec<_> = found
        .iter()
        .map(|calendar| {
            (
                calendar.id.as_str(),
                calendar.name.as_str(),
                calendar.is_writable,
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            ("/cal/mine/", "mine", true),
            ("/cal/theirs/", "theirs", false)
        ]
    );
}
