//! What an organization texts and calls with, and what of it is missing.

use crate::commands::prelude::*;

const QUERY: Sql = sql!("org_sender", [UUID]);

/// The service's own account, as far as this environment knows it.
#[derive(Args)]
pub(in crate::commands) struct ServiceSender {
    /// The service's Twilio account, from which organizations without one text and call.
    #[arg(long, env = "TWILIO_ACCOUNT_SID", value_name = "SID")]
    twilio_account_sid: Option<String>,
    /// The service's own number.
    #[arg(long, env = "TWILIO_FROM", value_name = "NUMBER")]
    twilio_from: Option<String>,
    /// The service's messaging service, which picks a number.
    #[arg(long, env = "TWILIO_MESSAGING_SERVICE_SID", value_name = "SID")]
    twilio_messaging_service_sid: Option<String>,
    /// The service's public address, at which Twilio reports what became of a message.
    #[arg(long, env = "FRONTDESK_PUBLIC_URL", value_name = "URL")]
    public_url: Option<String>,
}

/// What an organization has of its own.
#[derive(Deserialize)]
struct Own {
    /// It has named a Twilio account.
    has_account: bool,
    /// The account's auth token is stored.
    has_token: bool,
    /// It has an active number at Twilio that texts.
    has_number: bool,
}

/// What keeps an organization's messages from being sent.
pub(in crate::commands) struct Obstacle {
    /// What is missing.
    pub(in crate::commands) what: String,
    /// What to do, with each command that it takes.
    pub(in crate::commands) remedy: String,
}

impl ServiceSender {
    /// What keeps an organization's messages from being sent; nothing when they can be.
    pub(in crate::commands) async fn obstacle(
        &self,
        client: &impl GenericClient,
        organization_id: Uuid,
    ) -> anyhow::Result<Option<Obstacle>> {
        let own: Option<Value> = value(client, &QUERY, &[&organization_id]).await?;
        let own = own.map(serde_json::from_value::<Own>).transpose()?;
        Ok(own
            .and_then(|own| self.missing(organization_id, &own))
            .map(|(what, remedy)| Obstacle {
                what: what.to_owned(),
                remedy,
            }))
    }

    fn missing(&self, id: Uuid, own: &Own) -> Option<(&'static str, String)> {
        let set_sid = format!("`frontdesk org set {id} twilio_account_sid=SID`");
        let set_token = format!("`frontdesk org set-secret {id} twilio-auth-token`");
        let add_phone = format!(
            "`frontdesk org add-phone {id} --number NUMBER --provider twilio --capabilities voice,sms`"
        );
        Some(match (own.has_account, own.has_token) {
            (false, true) => (
                "Nothing is texted from its own Twilio account: it has an auth token and no account SID",
                format!("{set_sid} names the account"),
            ),
            (true, false) => (
                "Nothing is texted from its own Twilio account: it has an account SID and no auth token",
                format!("{set_token} stores it from standard input"),
            ),
            (true, true) if !own.has_number => (
                "Nothing can be texted: it has a Twilio account of its own and no active number of it with sms",
                format!("{add_phone} adds a number"),
            ),
            (true, true) if self.public_url.is_none() => (
                "Nothing can be texted: FRONTDESK_PUBLIC_URL is not set here",
                "set FRONTDESK_PUBLIC_URL for the service (and for this command, which checks it)"
                    .to_owned(),
            ),
            (false, false) if self.twilio_account_sid.is_none() => (
                "Nothing can be texted: it has no Twilio account, and TWILIO_ACCOUNT_SID is not set here",
                format!(
                    "give the service an account with TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, TWILIO_FROM and FRONTDESK_PUBLIC_URL (and this \
                     command, which checks it), or the organization one of its own with {set_sid}, {set_token} and {add_phone}, and the service \
                     FRONTDESK_PUBLIC_URL"
                ),
            ),
            (false, false)
                if !own.has_number
                    && self.twilio_from.is_none()
                    && self.twilio_messaging_service_sid.is_none() =>
            {
                (
                    "Nothing can be texted: it has no active number at Twilio with sms, and neither TWILIO_FROM nor \
                     TWILIO_MESSAGING_SERVICE_SID is set here",
                    format!("{add_phone} adds a number"),
                )
            }
            _ => return None,
        })
    }
}
