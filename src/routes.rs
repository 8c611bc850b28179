//! Which path goes to which handler.

use actix_web::web::{self, ServiceConfig};

use crate::{health, links, twilio, vapi};

/// The largest body that Twilio may send, in bytes: its forms hold a message of 1,600 characters and a few dozen short fields.
const TWILIO_BODY: usize = 64 * 1_024;

/// What providers and load balancers reach.
pub fn public(config: &mut ServiceConfig) {
    config
        .route("/vapi/webhook", web::post().to(vapi::webhook))
        .route(
            "/vapi/webhook/{organization_id}",
            web::post().to(vapi::organization_webhook),
        )
        .service(
            web::scope("/twilio")
                .app_data(web::PayloadConfig::new(TWILIO_BODY))
                .route("/message-status", web::post().to(twilio::status::message))
                .route("/call-status", web::post().to(twilio::status::call))
                .route("/sms", web::post().to(twilio::inbound::message))
                .route("/voice/page", web::post().to(twilio::page::picked_up))
                .route("/voice/page/key", web::post().to(twilio::page::key))
                .route("/voice/transfer", web::post().to(twilio::transfer::ended))
                .route("/voice/machine", web::post().to(twilio::status::machine)),
        )
        .route(
            "/oncall/{organization_id}/{key_id}/{token}",
            web::get().to(links::show),
        )
        .route(
            "/oncall/{organization_id}/{key_id}/{token}",
            web::post().to(links::press),
        )
        .route("/health/live", web::get().to(health::live))
        .route("/health/ready", web::get().to(health::ready));
}

/// What only the operator reaches.
pub fn admin(config: &mut ServiceConfig) {
    config.route("/metrics", web::get().to(health::metrics));
}
