//! What commands write to standard output, and who reads it.

use std::process::Command;

use crate::support::operator::{complaint, frontdesk, organization, printed};

#[tokio::test]
async fn a_reader_that_closes_the_pipe_early_is_no_failure() {
    let (database, id) = organization().await;
    let url = database.url();
    for line in [
        &["org", "show", &id] as &[&str],
        &["org", "show", &id, "--json"],
        &["migrate"],
        &["tools", "prompt"],
        &["secrets", "new-key"],
    ] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = Command::new(env!("CARGO_BIN_EXE_frontdesk"))
            .env_clear()
            .env("DATABASE_URL", &url)
            .args(line)
            .stdout(writer)
            .output()
            .unwrap();

        assert!(output.status.success(), "{line:?}: {}", complaint(&output));
        assert_eq!(complaint(&output), "", "{line:?}");
    }
}

#[tokio::test]
async fn what_others_wrote_does_not_steer_the_terminal() {
    let (database, id) = organization().await;
    database
        .run("update organizations set name = e'Acme\\x1b[2J\\u202eevil\\nForged: line'")
        .await;

    database
        .run(&format!(
            "insert into call_logs (organization_id, vapi_call_id, customer_phone_number, call_status)
             values ('{id}', e'call-\\x1b[2J-7', e'+1303\\x1b]0;x\\x07', 'ended')"
        ))
        .await;

    let calls = printed(&frontdesk(&database.url(), &["call", "list", "--org", &id]));
    assert!(calls.contains("+1303]0;x "), "{calls:?}");
    assert!(!calls.contains(['\u{1b}', '\u{7}']), "{calls:?}");
    for line in [&["org", "show", &id] as &[&str], &["org", "list"]] {
        let shown = printed(&frontdesk(&database.url(), line));
        assert!(shown.contains("Acme[2Jevil"), "{shown}");
        assert!(!shown.contains(['\u{1b}', '\u{202e}']), "{shown:?}");
    }
}
