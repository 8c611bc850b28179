//! An emergency that could not be taken down, because the database is away or slow.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::{
    desk::{Desk, Sender, call},
    message::CallFacts,
};
use crate::{
    domain::language::Language,
    oncall::reserve::Origin,
    tools::{Answer, Request, flag_emergency},
};

/// How long the last line may take: the caller has waited already, and Vapi waits for twenty seconds.
const ALARM: Duration = Duration::from_secs(5);

impl Desk {
    /// An emergency that could not be taken down goes another way, and its caller hears that.
    pub(super) async fn alarmed(
        &self,
        sender: Sender,
        facts: &CallFacts,
        requests: &[Request],
        answers: Vec<Answer>,
        now: DateTime<Utc>,
    ) -> Vec<Answer> {
        let mut heard = Vec::with_capacity(answers.len());
        for (request, answer) in requests.iter().zip(answers) {
            let language = request.language_or(Language::English);
            let reported = match answer.outcome {
                "unreachable" | "late" => {
                    let origin = Origin {
                        proven_for: match sender {
                            Sender::Service => None,
                            Sender::Organization(id) => Some(id),
                        },
                        vapi_phone_number_id: facts.phone_number_id.clone(),
                    };
                    flag_emergency::reported(request, &call(facts), origin, language, now)
                }
                _ => None,
            };
            let Some(reported) = reported else {
                heard.push(answer);
                continue;
            };
            let raised = tokio::time::timeout(ALARM, self.reserve.alarm(&reported)).await;
            let words = flag_emergency::alarmed(request, raised.unwrap_or_default(), language);
            heard.push(words.unwrap_or(answer));
        }
        heard
    }
}
