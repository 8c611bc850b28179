//! What our own events say. It is asked for where it is to be changed, to leave what their owner wrote.

use reqwest::Method;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Client, TELL_NOBODY, WRITTEN_FIELDS, if_match, written};
use crate::domain::external_calendar::{CalendarError, Words, Written};

/// What is asked of an event of ours.
const FIELDS: &str = "etag,status,summary,location,description";

#[derive(Deserialize)]
struct Found {
    etag: Option<String>,
    status: Option<String>,
    summary: Option<String>,
    location: Option<String>,
    description: Option<String>,
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
            .query(&[("fields", FIELDS)]);
        let found: Found = self.api.get(request).await?;
        if found.status.is_none_or(|status| status == "cancelled") {
            return Err(CalendarError::Gone);
        }
        let words = Words {
            title: found.summary,
            place: found.location,
            description: found.description,
        };
        Ok((words, found.etag))
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
        let fields = [
            ("summary", &words.title),
            ("location", &words.place),
            ("description", &words.description),
        ];
        let body: Map<String, Value> = fields
            .into_iter()
            .filter_map(|(name, text)| {
                let text = text.as_ref()?;
                let value = (!text.is_empty()).then(|| json!(text));
                Some((name.to_owned(), value.unwrap_or(Value::Null)))
            })
            .collect();
        let request = self
            .event(Method::PATCH, calendar, &known.resource)?
            .query(&[TELL_NOBODY, ("fields", WRITTEN_FIELDS)])
            .json(&body);
        let answer = self.api.send(if_match(request, known)).await?;
        Ok(written(known.resource.clone(), &answer))
    }
}
