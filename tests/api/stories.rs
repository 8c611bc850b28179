//! The stories of `sql/tests/`: what each kind of person, the service and a backend may read and write, told in SQL by the words of
//! pgTAP. They run here, a test and a database each, because Rust is all that a machine needs for the tests; the few words of pgTAP
//! that they use come from `sql/tests/setup/tap.sql`, since the extension is not to be had for every server.

use std::{fs, path::Path};

use tokio_postgres::SimpleQueryMessage;

use crate::support::TestDatabase;

fn file(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("sql/tests")
        .join(name);
    fs::read_to_string(path).unwrap()
}

/// Tells a story in a database of its own; every line that is not ok fails it, and so does a story without any.
async fn tell(name: &str) {
    let database = TestDatabase::new().await;
    database.run(&file("setup/tap.sql")).await;
    database.run(&file("setup/two_firms.sql")).await;
    let client = database.connect().await;

    let messages = client.simple_query(&file(&format!("{name}.sql"))).await;

    let messages = messages.unwrap_or_else(|error| panic!("{name}: {:?}", error.as_db_error()));
    let lines: Vec<String> = messages
        .iter()
        .filter_map(|message| match message {
            SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
            _ => None,
        })
        .collect();
    let wrong: Vec<&String> = lines
        .iter()
        .filter(|line| line.starts_with("not ok"))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(lines.iter().any(|line| line.starts_with("ok")), "{lines:?}");
    assert!(
        lines.last().is_some_and(|line| line.starts_with("1..")),
        "the story was told to its end: {lines:?}"
    );
    let days = database.wrong_busy_days().await;
    assert!(days.is_empty(), "{days:#?}");
}

macro_rules! stories {
    ($($name:ident),* $(,)?) => {
        $(
            #[tokio::test]
            async fn $name() {
                tell(stringify!($name)).await;
            }
        )*

        const TOLD: &[&str] = &[$(stringify!($name)),*];
    };
}

stories!(
    audit,
    functions,
    invitations,
    leaving,
    limits,
    owners,
    references,
    secrets,
    who_may_do_what
);

#[test]
fn every_story_is_told() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("sql/tests");
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "sql") {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            assert!(TOLD.contains(&name.as_str()), "{name} is told by no test");
        }
    }
}

#[tokio::test]
async fn a_story_that_is_not_true_fails() {
    let database = TestDatabase::new().await;
    database.run(&file("setup/tap.sql")).await;

    let told: Vec<String> = database
        .column("select v from (values (public.is(1, 2, 'one is two')), (public.ok(null, 'nothing is true'))) as t (v)")
        .await;

    assert!(
        told.iter().all(|line| line.starts_with("not ok")),
        "{told:?}"
    );
}
