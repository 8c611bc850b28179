//! The floor: what this stack takes at least. The same web server, pool, driver and statements as the service, and nothing
//! else: no proof, no parsing, no memory of calls, no words.
//!
//! `POST /<tool>/<organization>/<date>/<time>/<call>` sends the statement that does the tool's work in one round trip.

use std::env;

use actix_web::{App, HttpResponse, HttpServer, web};
use chrono::{NaiveDate, NaiveTime};
use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod};
use frontdesk::clock::machine_time;
use futures_util::future::join4;
use tokio_postgres::types::{ToSql, Type};
use uuid::Uuid;

const BIND: &str = include_str!("../../sql/queries/bind_organization.sql");
const CHECK: &str = include_str!("../../sql/queries/check_availability.sql");
const BOOK: &str = include_str!("../../sql/queries/book_appointment.sql");
const TRANSFER: &str = include_str!("../../sql/queries/open_transfer.sql");
const EMERGENCY: &str = include_str!("../../sql/queries/open_incident.sql");
type Problem = Box<dyn std::error::Error>;
type Values<'a> = &'a [&'a (dyn ToSql + Sync)];

async fn answer(
    pool: web::Data<Pool>,
    path: web::Path<(String, Uuid, NaiveDate, NaiveTime, String)>,
    body: web::Bytes,
) -> Result<HttpResponse, Problem> {
    let (tool, firm, date, time, call) = path.into_inner();
    let (id, now) = (firm.to_string(), machine_time().to_rfc3339());
    let (name, phone, kind, code) = ("Maria Lopez", "+13035550142", "repair", "en");
    let (no, no_id, minutes) = (None::<&str>, None::<Uuid>, 60_i32);
    let (caller, facts) = (format!("+1303{call:0>7}"), serde_json::json!({}));
    let (urgency, status) = ("high", "initiated");
    let check: Values<'_> = &[
        &firm, &now, &date, &minutes, &call, &no_id, &no, &no, &phone, &true,
    ];
    let book: Values<'_> = &[
        &firm, &call, &name, &phone, &date, &time, &minutes, &kind, &no, &no, &code, &no_id, &no,
    ];
    let transfer: Values<'_> = &[
        &firm, &call, &kind, &urgency, &no, &phone, &status, &facts, &no, &code,
    ];
    let emergency: Values<'_> = &[
        &firm, &call, &caller, &caller, &no, &no, &urgency, &kind, &code, &no,
    ];
    let (text, values): (&str, Values<'_>) = match tool.as_str() {
        "book_appointment" => (BOOK, book),
        "transfer_call" => (TRANSFER, transfer),
        "flag_emergency" => (EMERGENCY, emergency),
        _ => (CHECK, check),
    };
    let client = pool.get().await?;
    // Left to itself the server takes a status for a text here and for a varchar there.
    let texts = usize::from(text == TRANSFER) * 6;
    let types = [vec![Type::UUID], vec![Type::TEXT; texts]].concat();
    let statement = client.prepare_typed_cached(text, &types).await?;
    let told = |rows: usize| HttpResponse::Ok().body(format!("{rows}, {}", body.len()));
    if text == CHECK {
        return Ok(told(client.query(&statement, values).await?.len()));
    }
    let bind = client.prepare_cached(BIND).await?;
    let binding: Values<'_> = &[&id, &now, &"9500"];
    let (begun, bound, rows, ended) = join4(
        client.batch_execute("begin"),
        client.query(&bind, binding),
        client.query(&statement, values),
        client.batch_execute("commit"),
    )
    .await;
    begun?;
    bound?;
    ended?;
    Ok(told(rows?.len()))
}

#[actix_web::main]
async fn main() -> Result<(), Problem> {
    let setting = |name: &str| env::var(name).map_err(|_missing| format!("{name} is not set"));
    let mut url: tokio_postgres::Config = setting("DATABASE_URL")?.parse()?;
    url.options("-c plan_cache_mode=force_generic_plan -c jit=off");
    let size = setting("FRONTDESK_POOL_SIZE")?.parse()?;
    let recycling_method = RecyclingMethod::Fast;
    let tls = tokio_postgres::NoTls;
    let manager = Manager::from_config(url, tls, ManagerConfig { recycling_method });
    let pool = web::Data::new(Pool::builder(manager).max_size(size).build()?);
    HttpServer::new(move || {
        App::new()
            .app_data(pool.clone())
            .app_data(web::PayloadConfig::new(4_194_304))
            .service(
                web::resource("/{tool}/{firm}/{date}/{time}/{call}").route(web::post().to(answer)),
            )
    })
    .bind(setting("FRONTDESK_LISTEN")?)?
    .run()
    .await?;
    Ok(())
}
