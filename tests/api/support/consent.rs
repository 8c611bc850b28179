//! An owner who agrees in a browser that a calendar is connected.

use std::{
    io::{BufRead, BufReader},
    process::{Command, Stdio},
};

use serde_json::Value;

use super::{
    TestApp,
    app::{ORGANIZATION_ID, SECRETS_KEY},
};

/// Runs `frontdesk calendar connect` with settings and arguments, opens the page that it names, and gives what it printed.
pub async fn connect(app: &TestApp, settings: &[(&str, String)], arguments: &[&str]) -> Value {
    connect_after(app, settings, arguments, async |_page| ()).await
}

/// The same; before the owner agrees, something happens that knows the page where they are asked. What it gives back lives until the end.
pub async fn connect_after<T>(
    app: &TestApp,
    settings: &[(&str, String)],
    arguments: &[&str],
    before: impl AsyncFnOnce(&str) -> T,
) -> Value {
    let url = app.database.url();
    let and = if url.contains('?') { '&' } else { '?' };
    let now = app.clock.now().to_rfc3339().replace('+', "%2B");
    let mut running = Command::new(env!("CARGO_BIN_EXE_frontdesk"))
        .env_clear()
        .env(
            "DATABASE_URL",
            format!("{url}{and}options=-c%20frontdesk.now%3D{now}"),
        )
        .env("FRONTDESK_SECRETS_KEY", SECRETS_KEY)
        .args([
            "calendar",
            "connect",
            &ORGANIZATION_ID.to_string(),
            "--json",
        ])
        .args(
            settings
                .iter()
                .flat_map(|(name, value)| [*name, value.as_str()]),
        )
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut complaints = BufReader::new(running.stderr.take().unwrap()).lines();
    let (page, said) = tokio::task::spawn_blocking(move || {
        let mut said = Vec::new();
        let page = complaints.by_ref().map(Result::unwrap).find(|line| {
            said.push(line.clone());
            line.starts_with("http")
        });
        (page, (said, complaints))
    })
    .await
    .unwrap();
    // A browser, whose owner agrees, follows where it is sent.
    let mut held = None;
    if let Some(page) = page {
        held = Some(before(&page).await);
        app.http.get(page).send().await.unwrap();
    }
    let printed = tokio::task::spawn_blocking(move || {
        let (mut lines, rest) = said;
        lines.extend(rest.map(Result::unwrap));
        let output = running.wait_with_output().unwrap();
        assert!(output.status.success(), "{lines:?}");
        serde_json::from_slice(&output.stdout).unwrap()
    })
    .await
    .unwrap();
    drop(held);
    printed
}
