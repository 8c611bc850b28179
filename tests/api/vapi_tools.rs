//! `frontdesk tools`: what a voice agent is told of the tools is what the code takes, in the form in which Vapi takes it.

use std::process::Output;

use serde_json::{Value, json};

use crate::support::{
    TestApp,
    operator::{complaint, printed, with_environment},
    vapi::{PRIVATE_KEY, Vapi},
};

const PUBLIC: (&str, &str) = ("FRONTDESK_PUBLIC_URL", "https://desk.example.com");

fn tools() -> Vec<Value> {
    serde_json::from_str(&printed(&with_environment(&["tools"], &[PUBLIC]))).unwrap()
}

fn push(vapi: &Vapi, arguments: &[&str]) -> Output {
    let arguments = [&["tools", "push"], arguments].concat();
    let url = vapi.url();
    with_environment(
        &arguments,
        &[
            PUBLIC,
            ("VAPI_API_URL", &url),
            ("VAPI_PRIVATE_KEY", PRIVATE_KEY),
        ],
    )
}

fn named<'a>(tools: &'a [Value], name: &str) -> &'a Value {
    let tool = tools.iter().find(|tool| tool["function"]["name"] == name);
    tool.unwrap_or_else(|| panic!("no {name}"))
}

#[test]
fn the_tools_are_printed_as_vapi_takes_them() {
    let arguments = ["tools", "--credential-id", "cred-1"];
    let tools: Vec<Value> =
        serde_json::from_str(&printed(&with_environment(&arguments, &[PUBLIC]))).unwrap();

    let check = named(&tools, "check_availability");
    assert_eq!(check["type"], "function");
    assert_eq!(check["async"], false);
    let server = &check["server"];
    assert_eq!(server["url"], "https://desk.example.com/vapi/webhook");
    assert_eq!(server["timeoutSeconds"], 20);
    assert_eq!(server["credentialId"], "cred-1");
    let excluded = server["backoffPlan"]["excludedStatusCodes"]
        .as_array()
        .unwrap();
    for status in [400, 401, 403, 404, 413, 422, 429] {
        assert!(excluded.contains(&json!(status)), "{status}");
    }
    assert!(
        excluded
            .iter()
            .all(|status| (400..500).contains(&status.as_i64().unwrap()))
    );
    assert_eq!(
        check["parameters"],
        json!([
            { "key": "caller_number", "value": "{{ customer.number }}" },
            { "key": "call_id", "value": "{{ call.id }}" },
        ])
    );
    assert_eq!(check["function"]["parameters"]["required"], json!(["date"]));
    let kinds: Vec<&str> = check["messages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|message| message["type"].as_str().unwrap())
        .collect();
    assert_eq!(
        kinds,
        [
            "request-start",
            "request-response-delayed",
            "request-failed"
        ]
    );
    for message in check["messages"].as_array().unwrap() {
        let languages: Vec<&Value> = message["contents"]
            .as_array()
            .unwrap()
            .iter()
            .map(|content| &content["language"])
            .collect();
        assert_eq!(languages, ["en", "es"], "{message}");
    }
}

#[tokio::test]
async fn every_tool_that_is_printed_is_known_and_takes_what_it_is_said_to_take() {
    let app = TestApp::start().await;

    for tool in tools() {
        let function = &tool["function"];
        let name = function["name"].as_str().unwrap();
        let arguments: serde_json::Map<String, Value> = function["parameters"]["properties"]
            .as_object()
            .unwrap()
            .iter()
            .filter(|(_, property)| property["enum"].is_null())
            .map(|(name, property)| {
                let value = match property["type"].as_str().unwrap() {
                    "integer" => json!(30),
                    _ => json!("tomorrow at nine"),
                };
                (name.clone(), value)
            })
            .collect();
        let heard = app.caller().asks(name, Value::Object(arguments)).await;
        assert!(
            !heard.says("I did not get the details right"),
            "{name}: {}",
            heard.words
        );
        assert!(!heard.says("I can't do that"), "{name}: {}", heard.words);
    }
}

#[test]
fn what_would_change_is_shown_first_and_changed_when_that_is_asked() {
    let vapi = Vapi::with(vec![json!({ "id": "other", "type": "endCall" })]);

    let shown = printed(&push(&vapi, &[]));
    assert!(shown.contains("book_appointment (new):\n"), "{shown}");
    assert!(shown.contains("+  \"type\": \"function\""), "{shown}");
    assert!(
        shown.contains("12 to change; nothing was changed."),
        "{shown}"
    );
    assert_eq!(vapi.requests(), ["GET"]);

    let shown = printed(&push(&vapi, &["--yes"]));
    assert!(
        shown.contains("The tools are as they should be."),
        "{shown}"
    );
    assert_eq!(vapi.tools().len(), 13);
    for tool in tools() {
        let kept = named(
            &vapi.tools()[1..],
            tool["function"]["name"].as_str().unwrap(),
        )
        .clone();
        assert_eq!(kept["function"], tool["function"]);
        assert_eq!(kept["messages"], tool["messages"]);
    }

    // A second time there is nothing to do.
    let before = vapi.requests().len();
    let shown = printed(&push(&vapi, &["--yes"]));
    assert!(
        shown.contains("book_appointment: as it should be\n"),
        "{shown}"
    );
    assert_eq!(vapi.requests()[before..], ["GET"]);
}

#[test]
fn a_tool_that_differs_is_changed_and_the_difference_is_shown() {
    let mut there = tools();
    for (nth, tool) in there.iter_mut().enumerate() {
        tool["id"] = json!(format!("tool-{nth}"));
        // Vapi gives back what it was given with more around it.
        tool["createdAt"] = json!("2026-11-23T15:00:00.000Z");
        tool["server"]["timeoutSeconds"] = json!(20.0);
        tool["server"]["staticIpAddressesEnabled"] = json!(false);
    }
    let book = there
        .iter_mut()
        .find(|tool| tool["function"]["name"] == "book_appointment")
        .unwrap();
    let id = book["id"].as_str().unwrap().to_owned();
    book["function"]["description"] = json!("Books anything at all.");
    book["server"]["url"] = json!("https://old.example.com/vapi/webhook");
    let vapi = Vapi::with(there);

    let shown = printed(&push(&vapi, &[]));
    assert!(
        shown.contains("-    \"description\": \"Books anything at all.\""),
        "{shown}"
    );
    assert!(
        shown.contains("-    \"url\": \"https://old.example.com/vapi/webhook\""),
        "{shown}"
    );
    assert!(
        shown.contains("1 to change; nothing was changed."),
        "{shown}"
    );
    assert!(shown.contains("hold_slot: as it should be\n"), "{shown}");

    printed(&push(&vapi, &["--yes"]));
    assert_eq!(vapi.requests(), ["GET", "GET", &format!("PATCH {id}")]);
    assert_eq!(
        named(&vapi.tools(), "book_appointment")["server"]["url"],
        "https://desk.example.com/vapi/webhook"
    );
}

#[test]
fn two_tools_of_one_name_are_left_for_a_person_to_sort_out() {
    let twice =
        |id: &str| json!({ "id": id, "type": "function", "function": { "name": "hold_slot" } });
    let vapi = Vapi::with(vec![twice("a"), twice("b")]);

    let refused = push(&vapi, &["--yes"]);

    assert!(!refused.status.success());
    let complaint = complaint(&refused);
    assert!(
        complaint.contains("2 tools of the account are called hold_slot; delete all but one"),
        "{complaint}"
    );
    assert_eq!(vapi.requests(), ["GET"]);
}

#[test]
fn what_is_missing_or_refused_is_said_and_the_key_is_not() {
    let vapi = Vapi::with(Vec::new());
    let url = vapi.url();
    for (environment, expected) in [
        (vec![PUBLIC], "VAPI_PRIVATE_KEY is not set"),
        (
            vec![("VAPI_PRIVATE_KEY", "not-the-key-at-all")],
            "FRONTDESK_PUBLIC_URL is not set",
        ),
        (
            vec![
                PUBLIC,
                ("VAPI_PRIVATE_KEY", "not-the-key-at-all"),
                ("VAPI_API_URL", &url),
            ],
            "Vapi refused with status 401: Invalid Key",
        ),
        (
            vec![
                PUBLIC,
                ("VAPI_PRIVATE_KEY", "not-the-key-at-all"),
                ("VAPI_API_URL", "http://127.0.0.1:1"),
            ],
            "Vapi gave no answer",
        ),
    ] {
        let refused = with_environment(&["tools", "push"], &environment);
        let complaint = complaint(&refused);
        assert!(!refused.status.success(), "{complaint}");
        assert!(complaint.contains(expected), "{complaint}");
        assert!(!complaint.contains("not-the-key"), "{complaint}");
    }
}

#[test]
fn the_prompt_names_tools_and_variables_that_there_are() {
    let prompt = printed(&with_environment(&["tools", "prompt"], &[]));

    let tools = tools();
    for word in prompt.split(|letter: char| !(letter.is_ascii_lowercase() || letter == '_')) {
        if word.contains('_')
            && !["business_name", "local_date", "local_time", "time_zone"].contains(&word)
        {
            named(&tools, word);
        }
    }
    assert!(prompt.contains("{{business_name}}"), "{prompt}");
}
