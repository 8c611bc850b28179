//! What our own events say. It is asked for where it is to be changed, to leave what their owner wrote.

use reqwest::Method;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Client, event::Item};
use crate::domain::external_calendar::{CalendarError, Words, Written};

/// What is asked of an event of ours.
const FIELDS: (&str, &str) = ("$select", "subject,location,body,changeKey");

/// Graph keeps bodies as HTML.
const AS_TEXT: &str = "outlook.body-content-type=\"text\"";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Found {
    change_key: Option<String>,
    subject: Option<String>,
    location: Option<Location>,
    body: Option<Body>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    display_name: Option<String>,
}

#[derive(Deserialize)]
struct Body {
    content: Option<String>,
}

impl Client {
    /// What an event of ours says, and its version.
    ///
    /// # Errors
    ///
    /// `Gone` where it is not there any more, and others.
    pub async fn words(
        &self,
        calendar: &str,
        id: &str,
    ) -> Result<(Words, Option<String>), CalendarError> {
        let request = self
            .event(Method::GET, calendar, id)?
            .query(&[FIELDS])
            .header("prefer", AS_TEXT);
        let found: Found = self.api.get(request).await?;
        let words = Words {
            title: found.subject,
            place: found.location.and_then(|location| location.display_name),
            description: found.body.and_then(|body| body.content),
        };
        Ok((words, found.change_key))
    }

    /// Has an event of ours say something else, and leaves the rest of it.
    ///
    /// # Errors
    ///
    /// `Changed` where somebody changed it since, and others.
    pub async fn reword(
        &self,
        calendar: &str,
        known: &Written,
        words: &Words,
    ) -> Result<Written, CalendarError> {
        self.check(calendar, known).await?;
        let fields = [
            ("subject", words.title.as_ref().map(|text| json!(text))),
            (
                "location",
                words
                    .place
                    .as_ref()
                    .map(|text| json!({ "displayName": text })),
            ),
            (
                "body",
                words
                    .description
                    .as_ref()
                    .map(|text| json!({ "contentType": "text", "content": text })),
            ),
        ];
        let body: Map<String, Value> = fields
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?)))
            .collect();
        let request = self
            .event(Method::PATCH, calendar, &known.resource)?
            .json(&body);
        let answer = self.api.send(request).await?;
        let item: Item = answer.read_if_any().unwrap_or_default();
        Ok(Written {
            resource: known.resource.clone(),
            etag: item.change_key,
        })
    }
}
