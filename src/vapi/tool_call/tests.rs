use super::*;
use serde_json::json;

fn calls(message: &Value) -> Vec<ToolCall> {
    of_lists(&Fields::read(&message.to_string()).unwrap())
}

fn only(message: &Value) -> ToolCall {
    let calls = calls(message);
    assert_eq!(calls.len(), 1, "{calls:?}");
    calls.into_iter().next().unwrap()
}

fn call(id: Option<&str>, name: &str, arguments: &Value) -> ToolCall {
    ToolCall {
        id: id.map(str::to_owned),
        name: name.to_owned(),
        arguments: Ok(arguments.as_object().unwrap().clone()),
    }
}

#[test]
fn every_entry_key_and_encoding_is_read_in_every_list() {
    let given = json!({"date": "2026-12-01"});
    let text = given.to_string();
    let twice = json!(text).to_string();
    let mut seen = 0;
    for list in ["toolCallList", "toolCalls", "toolWithToolCallList"] {
        for key in ["arguments", "parameters"] {
            for encoded in [given.clone(), json!(text), json!(twice)] {
                for entry in [
                    json!({"id": "a", "function": {"name": "n", key: encoded}}),
                    json!({"id": "a", "name": "n", key: encoded}),
                    json!({"id": "a", "function": {"name": "n"}, key: encoded}),
                ] {
                    let entry = if list == "toolWithToolCallList" {
                        json!({"toolCall": entry})
                    } else {
                        entry
                    };
                    assert_eq!(
                        only(&json!({list: [entry]})),
                        call(Some("a"), "n", &given),
                        "{list} {key} {encoded}"
                    );
                    seen += 1;
                }
            }
        }
    }
    assert_eq!(seen, 54);
}

#[test]
fn arguments_that_are_not_there_are_none() {
    for arguments in [
        json!(null),
        json!(""),
        json!(" "),
        json!("null"),
        json!({}),
        json!("{}"),
    ] {
        let entry = json!({"id": "a", "function": {"name": "n", "arguments": arguments}});
        assert_eq!(
            only(&json!({"toolCallList": [entry]})),
            call(Some("a"), "n", &json!({})),
            "{arguments}"
        );
    }
    assert_eq!(
        only(&json!({"toolCallList": [{"id": "a", "name": "n"}]})),
        call(Some("a"), "n", &json!({}))
    );
}

#[test]
fn unreadable_arguments_keep_the_id_and_the_name() {
    for (arguments, problem) in [
        (json!("{\"date\": \"2026-"), ArgumentsProblem::NotJson),
        (json!("tomorrow at nine"), ArgumentsProblem::NotJson),
        (json!("{} {}"), ArgumentsProblem::NotJson),
        (json!("\"tomorrow\""), ArgumentsProblem::NotJson),
        (json!("[1]"), ArgumentsProblem::NotAnObject),
        (json!("\"\\\"{}\\\"\""), ArgumentsProblem::NotAnObject),
        (json!([1]), ArgumentsProblem::NotAnObject),
        (json!(7), ArgumentsProblem::NotAnObject),
    ] {
        let entry = json!({"id": "a", "name": "n", "arguments": arguments});
        let call = only(&json!({"toolCalls": [entry]}));
        assert_eq!((call.id.as_deref(), call.name.as_str()), (Some("a"), "n"));
        let read = call.arguments.map_err(|unreadable| unreadable.problem);
        assert_eq!(read, Err(problem), "{arguments}");
    }
}

#[test]
fn the_schema_of_a_declaration_is_never_taken_for_arguments() {
    let schema = json!({"type": "object", "properties": {"date": {"type": "string"}}});
    let call = only(&json!({"toolWithToolCallList": [{
        "type": "function", "name": "n", "parameters": schema,
        "function": {"name": "declared", "parameters": schema},
        "toolCall": {"id": "a"},
    }]}));
    assert_eq!(call.arguments, Ok(Map::new()));
    assert_eq!(call.name, "declared");
}

#[test]
fn static_parameters_beside_the_arguments_are_not_arguments() {
    let call = only(&json!({"toolCallList": [{
        "id": "a", "name": "n", "parameters": [{"key": "k", "value": "v"}],
    }]}));
    assert_eq!(call.arguments, Ok(Map::new()));
}

#[test]
fn the_same_id_in_several_lists_is_one_call_with_the_richest_arguments() {
    let rich = json!({"date": "2026-12-01", "time": "9"});
    let calls = calls(&json!({
        "toolCallList": [
            {"id": "a", "function": {"name": "n", "arguments": {}}},
            {"id": "b", "function": {"name": "m", "arguments": "{"}},
        ],
        "toolCalls": [
            {"id": "b", "function": {"name": "m", "arguments": rich}},
            {"id": "a", "function": {"arguments": {"date": "2026-12-01"}}},
        ],
        "toolWithToolCallList": [
            {"toolCall": {"id": "a", "function": {"name": "n", "arguments": rich}}},
            {"toolCall": {"id": "c", "name": "o"}},
        ],
    }));
    assert_eq!(
        calls,
        [
            call(Some("a"), "n", &rich),
            call(Some("b"), "m", &rich),
            call(Some("c"), "o", &json!({})),
        ]
    );
}

#[test]
fn calls_without_an_id_are_told_apart_within_a_list_and_matched_across_lists() {
    let entry = json!({"name": "n", "arguments": {"a": 1}});
    let twice = json!({"toolCallList": [entry, entry]});
    assert_eq!(calls(&twice).len(), 2);
    let repeated = json!({"toolCallList": [entry], "toolCalls": [entry]});
    assert_eq!(calls(&repeated).len(), 1);
    let named = json!({"toolCallList": [entry, entry], "toolCalls": [
        {"id": "x", "name": "n", "arguments": {"a": 1}},
        {"id": "y", "name": "n", "arguments": {"a": 1}},
    ]});
    let ids: Vec<_> = calls(&named).into_iter().map(|call| call.id).collect();
    assert_eq!(ids, [Some("x".to_owned()), Some("y".to_owned())]);
}

#[test]
fn an_entry_without_a_name_is_still_a_call() {
    assert_eq!(
        only(&json!({"toolCallList": [{"id": "a", "type": "function"}]})),
        call(Some("a"), "", &json!({}))
    );
}

#[test]
fn what_is_no_entry_is_passed_over() {
    let message = json!({
        "toolCallList": [null, 7, "text", [], {}],
        "toolCalls": {"id": "a"},
        "toolWithToolCallList": [{"function": {"name": "declared"}}, {"toolCall": null}],
    });
    assert_eq!(calls(&message), []);
}

#[test]
fn every_one_of_endless_calls_is_there_to_be_answered() {
    let endless: Vec<_> = (0..20_000)
        .map(|id| json!({"id": id, "name": "n"}))
        .collect();
    let lists = json!({"toolCallList": endless, "toolCalls": endless});
    assert_eq!(calls(&lists).len(), 20_000);
    let nameless = vec![json!({"name": "n"}); 300];
    let lists = json!({"toolCallList": nameless, "toolCalls": nameless});
    assert_eq!(calls(&lists).len(), 300);
}

#[test]
fn the_debug_form_shows_no_arguments() {
    let shown = format!("{:?}", call(Some("a"), "n", &json!({"name": "Rosa"})));
    assert!(!shown.contains("Rosa"), "{shown}");
    assert!(shown.contains("Ok(1)"), "{shown}");
}
