//! The line of a call that Vapi carries, commanded through the call's control URL.

use std::{future::Future, pin::Pin, sync::Arc};

use super::{
    control::{CallControl, ControlUrl},
    destination::{Handover, TransferDestination},
};
use crate::{
    calls::{
        line::{Carrier, Line, LineError, TransferOrder},
        transfer::words,
    },
    directory::TransferMode,
};

/// The line of a call that Vapi carries.
pub struct VapiLine {
    control: Arc<CallControl>,
    url: ControlUrl,
    can_return: bool,
}

/// The carriers over which a warm transfer can bring the caller back (<https://docs.vapi.ai/calls/assistant-based-warm-transfer>): the
/// others refuse the only mode that does.
const RETURNING: [&str; 2] = ["twilio", "vapi.sip"];

impl VapiLine {
    /// The line behind a control URL that was checked.
    #[must_use]
    pub fn new(control: &Arc<CallControl>, url: ControlUrl, carrier: Option<&Carrier>) -> Self {
        Self {
            control: Arc::clone(control),
            url,
            can_return: can_return(carrier),
        }
    }
}

impl Line for VapiLine {
    fn transfer<'a>(
        &'a self,
        order: &'a TransferOrder,
    ) -> Pin<Box<dyn Future<Output = Result<(), LineError>> + Send + 'a>> {
        Box::pin(async move {
            self.control
                .transfer(
                    &self.url,
                    &destination(order, "", self.can_return),
                    &order.announcement,
                )
                .await
                .map_err(|problem| LineError(problem.to_string()))
        })
    }
}

/// An order in Vapi's words. `message` is what the caller hears; a live command says that in its `content`, and an empty
/// message beside it keeps them from hearing it twice. Where a warm transfer can come back, it does.
#[must_use]
pub fn destination(order: &TransferOrder, message: &str, can_return: bool) -> TransferDestination {
    TransferDestination {
        number: order.number.as_str().to_owned(),
        extension: order.extension.clone(),
        message: Some(message.to_owned()),
        handover: match (order.mode, &order.briefing) {
            (TransferMode::Blind, _) => Handover::Blind,
            (TransferMode::Warm, Some(text)) => Handover::Briefing(text.clone()),
            (TransferMode::Warm, None) => Handover::Summary,
        },
        fallback: can_return.then(|| words::back_again(order.language).to_owned()),
    }
}

/// Whether a warm transfer of a call can bring the caller back to the assistant.
#[must_use]
pub fn can_return(carrier: Option<&Carrier>) -> bool {
    carrier.is_some_and(|carrier| RETURNING.contains(&carrier.provider.as_str()))
}
