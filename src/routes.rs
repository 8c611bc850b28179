//! Which path goes to which handler.

use std::future::ready;

use actix_web::{
    HttpResponse, Resource,
    http::header::ALLOW,
    web::{self, ServiceConfig},
};

use crate::{calendar_callbacks, feed, health, links, twilio, vapi};

/// What providers and load balancers reach.
pub fn public(config: &mut ServiceConfig) {
    config
        .service(posted("/vapi/webhook").route(web::post().to(vapi::webhook)))
        .service(
            posted("/vapi/webhook/{organization_id}")
                .route(web::post().to(vapi::organization_webhook)),
        )
        .service(
            web::scope("/twilio")
                .service(posted("/message-status").route(web::post().to(twilio::status::message)))
                .service(posted("/call-status").route(web::post().to(twilio::status::call)))
                .service(posted("/sms").route(web::post().to(twilio::inbound::message)))
                .service(posted("/voice/page").route(web::post().to(twilio::page::picked_up)))
                .service(posted("/voice/page/key").route(web::post().to(twilio::page::key)))
                .service(posted("/voice/transfer").route(web::post().to(twilio::transfer::ended)))
                .service(posted("/voice/machine").route(web::post().to(twilio::status::call))),
        )
        .service(
            resource("/oncall/{organization_id}/{key_id}/{token}", "GET, POST")
                .route(web::get().to(links::show))
                .route(web::post().to(links::press)),
        )
        .service(
            resource("/calendar/feed/{token}.ics", "GET, HEAD")
                .route(web::get().to(feed::show))
                .route(web::head().to(feed::show)),
        )
        .service(
            read(calendar_callbacks::CALLBACK).route(web::get().to(calendar_callbacks::consent)),
        )
        .service(posted("/calendar/google").route(web::post().to(calendar_callbacks::google)))
        .service(posted("/calendar/microsoft").route(web::post().to(calendar_callbacks::microsoft)))
        .service(
            posted("/calendar/calendly/{channel}")
                .route(web::post().to(calendar_callbacks::calendly)),
        )
        .service(read("/health/live").route(web::get().to(health::live)))
        .service(read("/health/serving").route(web::get().to(health::serving)))
        .service(read("/health/ready").route(web::get().to(health::ready)));
}

/// What only the operator reaches.
pub fn admin(config: &mut ServiceConfig) {
    config.service(read("/metrics").route(web::get().to(health::metrics)));
}

fn read(path: &str) -> Resource {
    resource(path, "GET")
}

fn posted(path: &str) -> Resource {
    resource(path, "POST")
}

/// A path that answers any other method with 405 and with those that it takes.
fn resource(path: &str, allowed: &'static str) -> Resource {
    web::resource(path).default_service(web::to(move || {
        ready(
            HttpResponse::MethodNotAllowed()
                .insert_header((ALLOW, allowed))
                .finish(),
        )
    }))
}
