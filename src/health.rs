//! Whether the service lives, whether it is ready for calls, and its figures.

use std::{sync::atomic::Ordering, time::Duration};

use actix_web::{HttpResponse, web};
use metrics_exporter_prometheus::PrometheusHandle;
use serde_json::json;

use crate::{
    db::{Database, Sql},
    sql,
    startup::Health,
};

const PING: Sql = sql!("ping", []);

/// How long a readiness check waits for the database; load balancers ask every few seconds.
const PATIENCE: Duration = Duration::from_secs(2);

/// `GET /health/live`: 200 for as long as the process answers at all.
pub async fn live() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": "live" }))
}

/// `GET /health/ready`: 200 when calls can be answered from the database, 503 with the reason otherwise.
pub async fn ready(health: web::Data<Health>) -> HttpResponse {
    let problem = if health.stopping.load(Ordering::Relaxed) {
        Some(("stopping", "unknown"))
    } else if !health.is_warm.load(Ordering::Relaxed) {
        Some(("being connected to", "unknown"))
    } else {
        match tokio::time::timeout(PATIENCE, check(&health)).await {
            Ok(Ok(())) => None,
            Ok(Err(problem)) => Some(problem),
            Err(_) => Some(("too slow", "unknown")),
        }
    };
    match problem {
        None => HttpResponse::Ok()
            .json(json!({ "status": "ready", "database": "ok", "migrations": "current" })),
        Some((database, migrations)) => HttpResponse::ServiceUnavailable()
            .json(json!({ "status": "not ready", "database": database, "migrations": migrations })),
    }
}

async fn check(health: &Health) -> Result<(), (&'static str, &'static str)> {
    if let Err(error) = health.database.read_unbound(&PING, &[]).await {
        tracing::warn!(error = error.chain(), "not ready");
        return Err(("unreachable", "unknown"));
    }
    if let Err(error) = health.check_schema().await {
        tracing::error!(error = %error, "not ready");
        return Err(("ok", "not this program's"));
    }
    Ok(())
}

/// `GET /metrics`: the figures in Prometheus' text form.
pub async fn metrics(
    figures: web::Data<PrometheusHandle>,
    database: web::Data<Database>,
) -> HttpResponse {
    let (in_use, open, waiting) = database.load();
    for (state, count) in [("in_use", in_use), ("open", open), ("waiting", waiting)] {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        metrics::gauge!("frontdesk_database_connections", "state" => state).set(f64::from(count));
    }
    figures.run_upkeep();
    HttpResponse::Ok()
        .content_type("text/plain; version=0.0.4; charset=utf-8")
        .body(figures.render())
}
