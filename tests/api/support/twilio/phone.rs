//! Somebody with a telephone: what they get, and what they do.

use xml::reader::{EventReader, XmlEvent};

use super::{
    ACCOUNT, NUMBER, Twilio,
    callbacks::{self, Callback},
    server::state_of_call,
    world::Call,
};
use crate::support::eventually;

/// Somebody with a telephone.
#[derive(Clone)]
pub struct Contact {
    twilio: Twilio,
    number: String,
}

/// A text message that somebody got.
pub struct Received {
    contact: Contact,
    from: String,
    /// What it says.
    pub body: String,
    /// How long it was valid, in seconds, if that was said.
    pub validity: Option<String>,
}

/// What the service answers a text message.
#[derive(Debug)]
pub struct Answer(Option<String>);

/// A call that rings, or goes on.
pub struct Ringing {
    contact: Contact,
    sid: String,
    said: String,
    action: Option<String>,
    otherwise: Option<String>,
}

impl Contact {
    pub(super) fn new(twilio: Twilio, number: &str) -> Self {
        Self {
            twilio,
            number: number.to_owned(),
        }
    }

    /// Waits for a text message with these words.
    pub async fn expects_sms(&self, words: &str) -> Received {
        eventually(
            &format!("a text to {} with {words:?}", self.number),
            async || {
                let mut world = self.twilio.world();
                let message = world.messages.iter_mut().find(|message| {
                    message.to == self.number
                        && message.body.contains(words)
                        && !message.is_expected
                })?;
                message.is_expected = true;
                Some(Received {
                    contact: self.clone(),
                    from: message.from.clone(),
                    body: message.body.clone(),
                    validity: message.validity.clone(),
                })
            },
        )
        .await
    }

    /// Waits for a call.
    pub async fn expects_call(&self) -> Ringing {
        eventually(&format!("a call to {}", self.number), async || {
            let mut world = self.twilio.world();
            let call = world
                .calls
                .iter_mut()
                .find(|call| call.to == self.number && !call.is_expected)?;
            call.is_expected = true;
            Some(Ringing {
                contact: self.clone(),
                sid: call.sid.clone(),
                said: String::new(),
                action: None,
                otherwise: None,
            })
        })
        .await
    }

    /// Sends a text message to the service's number.
    pub async fn texts(&self, body: &str) -> Answer {
        self.texts_to(NUMBER, body, &[]).await
    }

    /// Sends a text message to one of our numbers, with further fields.
    pub async fn texts_to(&self, to: &str, body: &str, more: &[(&str, &str)]) -> Answer {
        let sid = self.twilio.world().sid("SM");
        self.texts_as(&sid, to, body, more).await
    }

    /// Sends a text message under this id, as Twilio does when it repeats one.
    pub async fn texts_as(&self, sid: &str, to: &str, body: &str, more: &[(&str, &str)]) -> Answer {
        let mut fields: Vec<(String, String)> = [
            ("MessageSid", sid),
            ("SmsSid", sid),
            ("SmsMessageSid", sid),
            ("From", &self.number),
            ("To", to),
            ("Body", body),
            ("NumMedia", "0"),
            ("NumSegments", "1"),
            ("SmsStatus", "received"),
        ]
        .iter()
        .chain(more)
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
        fields.push(("FromCity".to_owned(), String::new()));
        let callback = Callback {
            account: ACCOUNT.to_owned(),
            url: "/twilio/sms".to_owned(),
            fields,
        };
        let (status, document) = callbacks::post(&self.twilio.world, &callback)
            .await
            .expect("the service is there");
        assert_eq!(status, 200, "{document}");
        Answer(play(&document).message)
    }
}

impl Received {
    /// From which number it came.
    pub fn from(&self) -> &str {
        &self.from
    }

    /// Answers it.
    pub async fn replies(&self, body: &str) -> Answer {
        self.contact.texts_to(&self.from, body, &[]).await
    }
}

impl Answer {
    /// The answer has these words.
    pub fn expects(&self, words: &str) -> &Self {
        let text = self.0.as_deref().unwrap_or("(silence)");
        assert!(text.contains(words), "expected {words:?} in {text:?}");
        self
    }

    /// There is no answer.
    pub fn expects_silence(&self) {
        assert_eq!(self.0, None);
    }
}

impl Ringing {
    /// Picks up, and hears these words.
    pub async fn picks_up_and_hears(&mut self, words: &str) {
        self.tells("in-progress").await;
        let url = self.call().url;
        self.goes_to(&url, &[]).await;
        self.hears(words);
    }

    /// Has heard these words.
    pub fn hears(&self, words: &str) {
        assert!(
            self.said.contains(words),
            "expected {words:?} in {:?}",
            self.said
        );
    }

    /// Presses a key, and hears these words.
    pub async fn presses_and_hears(&mut self, key: &str, words: &str) {
        let action = self.action.take().expect("a key is asked for");
        self.goes_to(&action, &[("Digits", key)]).await;
        self.hears(words);
    }

    /// Presses nothing until the time is over.
    pub async fn waits(&mut self) {
        self.action = None;
        match self.otherwise.take() {
            Some(url) => self.goes_to(&url, &[]).await,
            None => self.tells("completed").await,
        }
    }

    /// Whether the call is over.
    pub fn is_over(&self) -> bool {
        matches!(self.call().status.as_str(), "completed" | "canceled")
    }

    /// Nobody picks up.
    pub async fn is_not_answered(&mut self) {
        self.tells("no-answer").await;
    }

    /// Hangs up.
    pub async fn hangs_up(&mut self) {
        self.tells("completed").await;
    }

    fn call(&self) -> Call {
        self.contact.twilio.world().call(&self.sid).clone()
    }

    async fn tells(&mut self, state: &str) {
        let call = {
            let mut world = self.contact.twilio.world();
            let call = world.call(&self.sid);
            call.status = state.to_owned();
            call.clone()
        };
        if let Some(callback) = state_of_call(&call, state) {
            callbacks::post(&self.contact.twilio.world, &callback).await;
        }
    }

    async fn goes_to(&mut self, url: &str, more: &[(&str, &str)]) {
        let call = self.call();
        let mut fields = vec![
            ("CallSid".to_owned(), call.sid.clone()),
            ("CallStatus".to_owned(), "in-progress".to_owned()),
            ("From".to_owned(), call.from.clone()),
            ("To".to_owned(), call.to.clone()),
        ];
        fields.extend(
            more.iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
        );
        let callback = Callback {
            account: call.account.clone(),
            url: url.to_owned(),
            fields,
        };
        let (status, document) = callbacks::post(&self.contact.twilio.world, &callback)
            .await
            .expect("the service is there");
        assert_eq!(status, 200, "{document}");
        let played = play(&document);
        self.said = played.said;
        self.action = played.action;
        self.otherwise = played.redirect;
        if played.hangs_up && self.action.is_none() {
            self.tells("completed").await;
        }
    }
}

/// What a document makes a telephone do.
#[derive(Default)]
struct Played {
    said: String,
    message: Option<String>,
    action: Option<String>,
    redirect: Option<String>,
    hangs_up: bool,
}

fn play(document: &str) -> Played {
    let mut played = Played::default();
    let mut within = Vec::new();
    for event in EventReader::from_str(document) {
        match event.expect("a document that can be read") {
            XmlEvent::StartElement {
                name, attributes, ..
            } => {
                if name.local_name == "Gather" {
                    played.action = attributes
                        .iter()
                        .find(|attribute| attribute.name.local_name == "action")
                        .map(|attribute| attribute.value.clone());
                }
                played.hangs_up |= name.local_name == "Hangup";
                within.push(name.local_name);
            }
            XmlEvent::EndElement { .. } => {
                within.pop();
            }
            XmlEvent::Characters(text) => match within.last().map(String::as_str) {
                Some("Say") => played.said += &text,
                Some("Body" | "Message") => played.message = Some(text),
                Some("Redirect") => played.redirect = Some(text),
                _ => {}
            },
            _ => {}
        }
    }
    played
}
