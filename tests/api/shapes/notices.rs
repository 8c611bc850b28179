//! Messages that call no tool.

use super::*;

#[tokio::test]
async fn a_tool_without_a_name_and_an_empty_list_are_answered_all_the_same() {
    let app = TestApp::shared().await;

    let nameless = heard_once(&app, "messages/tool_call_without_a_name").await;
    assert!(nameless.is_error, "{}", nameless.words);
    assert!(nameless.says("can't do that"), "{}", nameless.words);

    assert_eq!(
        replied(&app, "messages/tool_calls_empty").await,
        json!({ "results": [] })
    );
}

#[tokio::test]
async fn a_message_that_names_no_call_is_nobodys_and_says_so() {
    let app = TestApp::shared().await;

    for name in [
        "messages/tool_calls_without_a_call",
        "messages/nulls_everywhere",
    ] {
        let heard = heard_once(&app, name).await;
        assert!(heard.is_error, "{name}: {}", heard.words);
        assert!(heard.says("not set up"), "{name}: {}", heard.words);
    }
}

#[tokio::test]
async fn a_notice_is_acknowledged_and_its_call_is_kept() {
    let app = TestApp::shared().await;

    for name in NOTICES {
        assert_eq!(replied(&app, name).await, json!({}), "{name}");
    }

    let calls = app
        .database
        .object(
            "select jsonb_object_agg(right(vapi_call_id, 2), call_status) as kept from call_logs",
        )
        .await;
    assert_eq!(
        calls["kept"],
        json!({
            "45": "ringing", "46": "ended", "47": "forwarding",
            "56": "ended", "57": "ended", "58": "ended", "59": "ended",
        })
    );
}

#[tokio::test]
async fn a_report_of_every_year_is_kept_with_its_transcript_and_its_length() {
    for (name, seconds) in [
        ("messages/end_of_call_report_2024", 63),
        ("messages/end_of_call_report_2026", 79),
    ] {
        let app = TestApp::shared().await;

        assert_eq!(replied(&app, name).await, json!({}));

        let row = app.database.object("select * from call_logs").await;
        assert_eq!(row["call_duration"], seconds, "{name}");
        let transcript = row["transcript"].as_str().unwrap();
        assert!(transcript.starts_with("AI: Thanks for calling"), "{name}");
        assert!(
            row["summary"].as_str().unwrap().contains("water heater"),
            "{name}"
        );
    }
}

#[tokio::test]
async fn a_question_of_vapis_own_gets_its_own_reply() {
    let app = TestApp::shared().await;
    app.database.run(OFFICE).await;

    for name in [
        "messages/assistant_request_phone",
        "messages/assistant_request_sip",
    ] {
        assert_eq!(
            replied(&app, name).await["assistantId"],
            app.assistant_id,
            "{name}"
        );
    }
    let transfer = replied(&app, "messages/transfer_destination_request").await;
    assert_eq!(transfer.as_object().unwrap().len(), 1, "{transfer}");
    assert_eq!(transfer["destination"]["type"], "number");
    assert_eq!(transfer["destination"]["number"], "+13035550101");
}
