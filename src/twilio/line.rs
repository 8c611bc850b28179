//! The line of a call that one of our Twilio accounts carries: the call is given a document that dials the target.
//!
//! The call leaves whoever had it until then, so that Twilio asks this service what comes after the target (`super::transfer`).

use std::{future::Future, pin::Pin};

use uuid::Uuid;

use super::{
    client::{Account, CallUpdate, Client},
    transfer,
};
use crate::calls::line::{Line, LineError, TransferOrder};

/// How many characters Twilio's ids of calls have after `CA`.
const SID_DIGITS: usize = 32;

/// The line of a call that one of our accounts carries.
pub struct TwilioLine {
    client: Client,
    account: Account,
    call_sid: String,
    public_url: String,
    organization_id: Uuid,
}

impl TwilioLine {
    /// The line of an organization's call; `None` for an id that is none of Twilio's, since it becomes a part of an address.
    #[must_use]
    pub fn new(
        client: &Client,
        account: Account,
        call_sid: &str,
        public_url: &str,
        organization_id: Uuid,
    ) -> Option<Self> {
        is_call_sid(call_sid).then(|| Self {
            client: client.clone(),
            account,
            call_sid: call_sid.to_owned(),
            public_url: public_url.to_owned(),
            organization_id,
        })
    }
}

fn is_call_sid(text: &str) -> bool {
    text.strip_prefix("CA").is_some_and(|digits| {
        digits.len() == SID_DIGITS && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

impl Line for TwilioLine {
    fn transfer<'a>(
        &'a self,
        order: &'a TransferOrder,
    ) -> Pin<Box<dyn Future<Output = Result<(), LineError>> + Send + 'a>> {
        Box::pin(async move {
            let document = transfer::dial(
                &self.public_url,
                (self.organization_id, order.transfer_id),
                (&order.number, order.extension.as_deref()),
                order.wait_seconds,
                (&order.announcement, order.language),
            );
            self.client
                .update_call(&self.account, &self.call_sid, &CallUpdate::Twiml(document))
                .await
                .map_err(|problem| LineError(problem.to_string()))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_id_of_twilios_becomes_a_part_of_an_address() {
        assert!(is_call_sid("CA0123456789abcdef0123456789abcdef"));
        for text in [
            "",
            "CA",
            "SM0123456789abcdef0123456789abcdef",
            "CA0123456789abcdef0123456789abcde",
            "CA0123456789abcdef0123456789abcdef0",
            "CA../../Messages.json?0123456789ab",
            "CA0123456789abcdef0123456789abcdeg",
        ] {
            assert!(!is_call_sid(text), "{text}");
        }
    }
}
