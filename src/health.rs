//! Whether the service lives, whether it is ready for calls, and its figures.

use std::sync::atomic::Ordering;

use actix_web::{HttpResponse, web};
use serde_json::json;

use crate::{
    db::Database,
    telemetry::{self, Figures},
};

mod state;

pub use state::{DatabaseState, Health, SchemaError};
use state::{Problem, TIMEOUT};

/// The process's own metrics, by Prometheus' standard names (`process_start_time_seconds` and its kin).
#[cfg(target_os = "linux")]
static PROCESS: std::sync::LazyLock<metrics_process::Collector> = std::sync::LazyLock::new(|| {
    let collector = metrics_process::Collector::default();
    collector.describe();
    collector
});

/// `GET /health/live`: 200 for as long as the process answers at all.
pub async fn live() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": "live" }))
}

/// `GET /health/serving`: 200 for as long as calls should come here, 503 once the service was told to stop.
///
/// It is what a load balancer routes by. A database that is away, read-only or has another schema changes nothing: callers then hear an
/// honest sentence, and emergencies are kept; a load balancer that took the instance away would answer them with its own error page. The
/// state of the database is what was last seen of it, so that nothing is waited for.
pub async fn serving(health: web::Data<Health>) -> HttpResponse {
    let database = health.database_state.borrow().name();
    if health.stopping.load(Ordering::Relaxed) {
        return HttpResponse::ServiceUnavailable()
            .json(json!({ "status": "stopping", "database": database }));
    }
    HttpResponse::Ok().json(json!({ "status": "serving", "database": database }))
}

/// `GET /health/ready`: 200 when calls can be answered from the database, 503 with the reason otherwise.
pub async fn ready(health: web::Data<Health>) -> HttpResponse {
    let problem = if health.stopping.load(Ordering::Relaxed) {
        Some(("stopping", "unknown"))
    } else if !health.is_warm() {
        Some(("being connected to", "unknown"))
    } else {
        match tokio::time::timeout(2 * TIMEOUT, check(&health)).await {
            Ok(Ok(())) => None,
            Ok(Err(problem)) => Some(problem),
            Err(_) => Some(("too slow", "unknown")),
        }
    };
    match problem {
        // A release goes no further than the first instance that would keep nothing of what callers say in an outage.
        None if health.spool_is_broken.load(Ordering::Relaxed) => HttpResponse::ServiceUnavailable()
            .json(json!({ "status": "not ready", "database": "ok", "migrations": "current", "spool": "not writable" })),
        None => HttpResponse::Ok()
            .json(json!({ "status": "ready", "database": "ok", "migrations": "current" })),
        Some((database, migrations)) => HttpResponse::ServiceUnavailable()
            .json(json!({ "status": "not ready", "database": database, "migrations": migrations })),
    }
}

async fn check(health: &Health) -> Result<(), Problem> {
    health.write_probe.check(&health.database).await?;
    if let Err(error) = health.check_schema().await {
        tracing::error!(error = %error, "not ready");
        return Err(("ok", "not this program's"));
    }
    if !health.has_functions().await {
        return Err(("ok", "a function is missing"));
    }
    Ok(())
}

/// `GET /metrics`: the figures in Prometheus' text form.
pub async fn metrics(figures: web::Data<Figures>, database: web::Data<Database>) -> HttpResponse {
    let (in_use, open, waiting) = database.load();
    for (state, count) in [("in_use", in_use), ("open", open), ("waiting", waiting)] {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        metrics::gauge!("frontdesk_database_connections", "state" => state).set(f64::from(count));
    }
    #[cfg(target_os = "linux")]
    PROCESS.collect();
    HttpResponse::Ok()
        .content_type("text/plain; version=0.0.4; charset=utf-8")
        .body(telemetry::render(&figures))
}
