//! Microsoft's own Python client against the Microsoft of the tests, so that this one and our client cannot agree by accident. It takes a
//! Python with `msgraph-sdk` in `FRONTDESK_MICROSOFT_PYTHON`; `.ci/run` brings one at night.

use std::{path::Path, process::Stdio};

use crate::support::Microsoft;

#[tokio::test]
async fn microsofts_own_client_gets_along_with_the_microsoft_of_the_tests() {
    let Ok(python) = std::env::var("FRONTDESK_MICROSOFT_PYTHON") else {
        return;
    };
    let microsoft = Microsoft::start().await;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/calendar/microsoft_client.py");
    let output = tokio::process::Command::new(python)
        .arg(script)
        .args([microsoft.api_url(), microsoft.access_token()])
        .stdin(Stdio::null())
        .output()
        .await
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(
        output.status.success(),
        "{}{}",
        text(&output.stdout),
        text(&output.stderr)
    );
    assert!(text(&output.stdout).contains("passed"));
}
