//! The line of a call that Vapi carries, commanded through the call's control URL.

use std::{future::Future, pin::Pin, sync::Arc};

use super::{
    control::{CallControl, ControlUrl},
    destination::{Handover, TransferDestination},
};
use crate::{
    calls::line::{Line, LineError, TransferOrder},
    directory::TransferMode,
};

/// The line of a call that Vapi carries.
pub struct VapiLine {
    control: Arc<CallControl>,
    url: ControlUrl,
}

impl VapiLine {
    /// The line behind a control URL that was checked.
    #[must_use]
    pub fn new(control: &Arc<CallControl>, url: ControlUrl) -> Self {
        Self {
            control: Arc::clone(control),
            url,
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
                .transfer(&self.url, &destination(order, ""), &order.announcement)
                .await
                .map_err(|problem| LineError(problem.to_string()))
        })
    }
}

/// An order in Vapi's words. `message` is what the caller hears; a live command says that in its `content`, and an empty
/// message beside it keeps them from hearing it twice.
#[must_use]
pub fn destination(order: &TransferOrder, message: &str) -> TransferDestination {
    TransferDestination {
        number: order.number.as_str().to_owned(),
        message: Some(message.to_owned()),
        handover: match (order.mode, &order.briefing) {
            (TransferMode::Blind, _) => Handover::Blind,
            (TransferMode::Warm, Some(text)) => Handover::Briefing(text.clone()),
            (TransferMode::Warm, None) => Handover::Summary,
        },
    }
}
