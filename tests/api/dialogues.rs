//! Whole conversations, as callers and models have them: `fixtures/dialogues/*.yaml`, whose form `fixtures/dialogues/README.md`
//! describes. Each has an organization of its own in one database, and all are served by one service.
//!
//! `DIALOGUE=references` runs only those whose file or title contains the word.

use futures_util::{StreamExt, stream};
use serde_json::json;
use tokio_postgres::Client;

mod expected;
mod form;
mod line;

use form::{Dialogue, Turn, corpus};
use line::Line;

use crate::support::{Spoken, TestApp, Twilio};

/// Wednesday, 18 November 2026, 09:20 in Chicago.
const NOW: &str = "2026-11-18T15:20:00Z";

/// The fewest conversations, and the fewest of them in Spanish.
const FEWEST: (usize, usize) = (120, 40);

#[test]
fn the_corpus_is_large_and_each_turn_of_it_can_fail() {
    let corpus = corpus();
    let spanish = corpus.iter().filter(|d| d.language == "es").count();
    assert!(
        corpus.len() >= FEWEST.0 && spanish >= FEWEST.1,
        "{} dialogues, {spanish} in Spanish",
        corpus.len()
    );
    for Dialogue { title, turns, .. } in &corpus {
        assert!((2..=6).contains(&turns.len()), "{title}");
        assert!(turns.iter().all(Turn::can_fail), "{title}");
    }
    let mut titles: Vec<&String> = corpus.iter().map(|dialogue| &dialogue.title).collect();
    titles.sort_unstable();
    titles.dedup();
    assert_eq!(titles.len(), corpus.len(), "two have one title");
}

#[tokio::test]
async fn every_conversation_goes_as_its_caller_expects() {
    let only = std::env::var("DIALOGUE").unwrap_or_default();
    let corpus: Vec<Dialogue> = corpus()
        .into_iter()
        .filter(|dialogue| dialogue.file.contains(&only) || dialogue.title.contains(&only))
        .collect();
    let twilio = Twilio::start().await;
    twilio.expects_anything();
    let builder = TestApp::builder().await.twilio(&twilio);
    // One by one: what the rows of an organization set off takes longer within the transaction that has set off the same for others.
    for (nth, one) in corpus.iter().enumerate() {
        let organization = Line::new(nth, one).set_up(&one.given);
        builder.database().run_again(&organization).await;
    }
    let app = builder.setting("--now", NOW).start().await;
    let client = app.database.connect().await;

    let failed: Vec<String> = stream::iter(corpus.iter().enumerate())
        .map(async |(nth, dialogue)| {
            plays(&app, &client, &Line::new(nth, dialogue), dialogue)
                .await
                .err()
        })
        .buffered(16)
        .filter_map(std::future::ready)
        .collect()
        .await;

    assert!(
        failed.is_empty(),
        "{} of {} conversations went wrong:\n\n{}",
        failed.len(),
        corpus.len(),
        failed.join("\n")
    );
}

/// Has the conversation, up to the first turn that goes wrong.
async fn plays(
    app: &TestApp,
    client: &Client,
    line: &Line,
    dialogue: &Dialogue,
) -> Result<(), String> {
    let mut caller = app.caller();
    caller.number.clone_from(&line.caller);
    let mut offered = Vec::new();
    for (at, turn) in dialogue.turns.iter().enumerate() {
        if turn.calls_again {
            caller = app.caller();
            caller.number.clone_from(&line.caller);
        }
        let mut arguments = turn.arguments.clone();
        if let Some(arguments) = arguments.as_object_mut() {
            arguments
                .entry("language")
                .or_insert_with(|| json!(dialogue.language));
        }
        let id = turn.id.clone().unwrap_or_else(|| format!("turn-{at}"));
        let mut message = caller.tool_calls(&[(&id, &turn.tool, arguments)]);
        message["message"]["call"]["phoneNumberId"] = json!(line.id("number"));
        message["message"]["call"]["assistantId"] = json!(line.id("assistant"));
        message["message"]["phoneNumber"] =
            json!({ "id": line.id("number"), "number": line.called });
        let heard = Spoken::of(&app.reply(&message).await["results"][0]);

        let mut wrong = turn.wrong(&heard, &offered);
        wrong.extend(turn.rows.wrong(client, line, &offered).await);
        if !wrong.is_empty() {
            return Err(format!(
                "{}: {}\n  turn {}: {} {}\n  heard: {}\n  but {}\n",
                dialogue.file,
                dialogue.title,
                at + 1,
                turn.tool,
                turn.arguments,
                heard.words,
                wrong.join("\n  and ")
            ));
        }
        let options: Vec<String> = heard.tokens().into_iter().map(str::to_owned).collect();
        if !options.is_empty() {
            offered = options;
        }
    }
    Ok(())
}
