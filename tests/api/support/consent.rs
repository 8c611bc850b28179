//! An owner who agrees in a browser that a calendar is connected.

use std::{
    io::{BufRead, BufReader},
    process::{Command, Stdio},
};

use serde_json::Value;

use super::{
    Provider, TestApp,
    app::{ORGANIZATION_ID, SECRETS_KEY},
};

/// Runs `frontdesk calendar connect` for the own calendar of an account, with arguments, and opens the page that it names once something has
/// happened that knows this page. What that gives back lives until the end. Gives what the command printed.
pub async fn connect<T>(
    app: &TestApp,
    provider: &Provider,
    arguments: &[&str],
    before: impl AsyncFnOnce(&str) -> T,
) -> Value {
    let now = app.clock.now().to_rfc3339();
    // A browser, whose owner agrees, follows where it is sent.
    let browser = async |page: &str| {
        let held = before(page).await;
        app.http.get(page).send().await.unwrap();
        held
    };
    let environment = provider.environment();
    let (printed, _) = run(
        (&app.database.url(), &now),
        provider,
        environment,
        arguments,
        browser,
    )
    .await;
    printed
}

/// The same with any browser, environment, and database at a time; what the command printed, and what it said.
pub async fn run<T>(
    (url, now): (&str, &str),
    provider: &Provider,
    environment: Vec<(String, String)>,
    arguments: &[&str],
    browser: impl AsyncFnOnce(&str) -> T,
) -> (Value, Vec<String>) {
    let and = if url.contains('?') { '&' } else { '?' };
    let now = now.replace('+', "%2B");
    let url = format!("{url}{and}options=-c%20frontdesk.now%3D{now}");
    let mut running = Command::new(env!("CARGO_BIN_EXE_frontdesk"))
        .env_clear()
        .env("DATABASE_URL", url)
        .env("FRONTDESK_SECRETS_KEY", SECRETS_KEY)
        .envs(environment)
        .args(["calendar", "connect", &ORGANIZATION_ID.to_string()])
        .arg("--json")
        .args(provider.arguments())
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
    let mut held = None;
    if let Some(page) = page {
        held = Some(browser(&page).await);
    }
    let printed = tokio::task::spawn_blocking(move || {
        let (mut lines, rest) = said;
        lines.extend(rest.map(Result::unwrap));
        let output = running.wait_with_output().unwrap();
        assert!(output.status.success(), "{lines:?}");
        (serde_json::from_slice(&output.stdout).unwrap(), lines)
    })
    .await
    .unwrap();
    drop(held);
    printed
}
