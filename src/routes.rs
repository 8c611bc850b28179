//! Which path goes to which handler.

use actix_web::web::{self, ServiceConfig};

use crate::{calendar_callbacks, feed, health, links, twilio, vapi};

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
                .route("/message-status", web::post().to(twilio::status::message))
                .route("/call-status", web::post().to(twilio::status::call))
                .route("/sms", web::post().to(twilio::inbound::message))
                .route("/voice/page", web::post().to(twilio::page::picked_up))
                .route("/voice/page/key", web::post().to(twilio::page::key))
                .route("/voice/transfer", web::post().to(twilio::transfer::ended))
                .route("/voice/machine", web::post().to(twilio::status::call)),
        )
        .route(
            "/oncall/{organization_id}/{key_id}/{token}",
            web::get().to(links::show),
        )
        .route(
            "/oncall/{organization_id}/{key_id}/{token}",
            web::post().to(links::press),
        )
        .route("/calendar/feed/{token}.ics", web::get().to(feed::show))
        .route("/calendar/feed/{token}.ics", web::head().to(feed::show))
        .route(
            calendar_callbacks::CALLBACK,
            web::get().to(calendar_callbacks::consent),
        )
        .route(
            "/calendar/google",
            web::post().to(calendar_callbacks::google),
        )
        .route(
            "/calendar/microsoft",
            web::post().to(calendar_callbacks::microsoft),
        )
        .route(
            "/calendar/calendly/{channel}",
            web::post().to(calendar_callbacks::calendly),
        )
        .route("/health/live", web::get().to(health::live))
        .route("/health/serving", web::get().to(health::serving))
        .route("/health/ready", web::get().to(health::ready));
}

/// What only the operator reaches.
pub fn admin(config: &mut ServiceConfig) {
    config.route("/metrics", web::get().to(health::metrics));
}
