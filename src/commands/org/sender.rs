//! From where an organization's messages are sent, and why none are.

use clap::Args;

use super::overview::Organization;

/// The service's own account, as far as this environment knows it.
#[derive(Args)]
#[expect(
    clippy::struct_field_names,
    reason = "a field's name is that of its option, as `frontdesk serve` has it"
)]
pub(super) struct ServiceSender {
    /// The service's Twilio account, from which organizations without one text and call.
    #[arg(
        long,
        env = "TWILIO_ACCOUNT_SID",
        value_name = "SID",
        default_value = ""
    )]
    twilio_account_sid: String,
    /// The service's own number.
    #[arg(long, env = "TWILIO_FROM", value_name = "NUMBER", default_value = "")]
    twilio_from: String,
    /// The service's messaging service, which picks a number.
    #[arg(
        long,
        env = "TWILIO_MESSAGING_SERVICE_SID",
        value_name = "SID",
        default_value = ""
    )]
    twilio_messaging_service_sid: String,
}

impl ServiceSender {
    /// What keeps the organization's messages from being sent; nothing when they can be.
    pub(super) fn why_nothing_is_texted(&self, organization: &Organization) -> Option<String> {
        let is_set = |text: &str| !text.trim().is_empty();
        let id = organization.id;
        let has_number = organization.phone_numbers.iter().any(|number| {
            number.active
                && number.provider == "twilio"
                && number.capabilities.iter().any(|use_| use_ == "sms")
        });
        let has_token = organization
            .credentials
            .iter()
            .any(|name| name == "twilio_auth_token");
        let add_phone = format!(
            "`frontdesk org add-phone {id} --number NUMBER --provider twilio --capabilities voice,sms`"
        );
        if organization.has_account != has_token {
            let (has, lacks, remedy) = if has_token {
                (
                    "auth token",
                    "account SID",
                    "set twilio_account_sid of the organization".to_owned(),
                )
            } else {
                (
                    "account SID",
                    "auth token",
                    format!("`frontdesk org set-secret {id} twilio-auth-token` sets it"),
                )
            };
            return Some(format!(
                "Nothing is texted from its own Twilio account: it has an {has} and no {lacks}; {remedy}."
            ));
        }
        if organization.has_account {
            return (!has_number).then(|| {
                format!(
                    "Nothing can be texted: it has a Twilio account of its own and no active number of it with sms; {add_phone} adds one."
                )
            });
        }
        if !is_set(&self.twilio_account_sid) {
            return Some(
                "Nothing can be texted: it has no Twilio account, and TWILIO_ACCOUNT_SID is not set here; give the service one (and this \
                 command, to check it), or bring the organization's own with twilio_account_sid and `frontdesk org set-secret`."
                    .to_owned(),
            );
        }
        let has_from = is_set(&self.twilio_from) || is_set(&self.twilio_messaging_service_sid);
        (!has_number && !has_from).then(|| {
            format!(
                "Nothing can be texted: it has no active number at Twilio with sms, and neither TWILIO_FROM nor TWILIO_MESSAGING_SERVICE_SID \
                 is set; {add_phone} adds a number."
            )
        })
    }
}
