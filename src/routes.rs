//! Which path goes to which handler.

use actix_web::web::{self, ServiceConfig};

use crate::{health, vapi};

/// What providers and load balancers reach.
pub fn public(config: &mut ServiceConfig) {
    config
        .route("/vapi/webhook", web::post().to(vapi::webhook))
        .route(
            "/vapi/webhook/{organization_id}",
            web::post().to(vapi::organization_webhook),
        )
        .route("/health/live", web::get().to(health::live))
        .route("/health/ready", web::get().to(health::ready));
}

/// What only the operator reaches.
pub fn admin(config: &mut ServiceConfig) {
    config.route("/metrics", web::get().to(health::metrics));
}
