//! The bare server: what this stack takes at least. The same web server and driver as the service, the plain tables and statements
//! of `tests/load/plain`, one round trip a tool call, and nothing else.

use std::env;

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, http::header::HeaderValue, web};
use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use tokio_postgres::types::ToSql;

const CHECK: &str = include_str!("plain/check.sql");
const BOOK: &str = include_str!("plain/book.sql");
const TRANSFER: &str = include_str!("plain/transfer.sql");
const EMERGENCY: &str = include_str!("plain/emergency.sql");

type Problem = Box<dyn std::error::Error>;

#[derive(Deserialize)]
struct Envelope {
    message: Message,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Message {
    call: Call,
    #[serde(default)]
    tool_call_list: Vec<ToolCall>,
    #[serde(default)]
    tool_with_tool_call_list: Vec<Declared>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Call {
    id: String,
    phone_number_id: String,
    customer: Customer,
}

#[derive(Deserialize)]
struct Customer {
    number: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Declared {
    tool_call: ToolCall,
}

#[derive(Deserialize)]
struct ToolCall {
    id: String,
    function: Option<Function>,
    name: Option<String>,
    #[serde(alias = "parameters")]
    arguments: Option<Given>,
}

#[derive(Deserialize)]
struct Function {
    name: String,
    #[serde(alias = "parameters")]
    arguments: Given,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Given {
    Text(String),
    Fields(Arguments),
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Arguments {
    date: String,
    time: String,
    duration_minutes: Option<i32>,
    customer_name: String,
    customer_phone: Option<String>,
    appointment_type: Option<String>,
    reason: String,
    urgency: String,
    description: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    name: String,
    tool_call_id: String,
    result: String,
}

#[derive(Serialize)]
struct Reply {
    results: [Answer; 1],
}

/// What a worker has.
struct Worker {
    pool: Pool,
    key: Hmac<Sha256>,
}

impl Worker {
    fn is_authentic(&self, request: &HttpRequest, body: &[u8]) -> bool {
        let header = |name: &str| request.headers().get(name).map(HeaderValue::as_bytes);
        let timestamp = header("x-timestamp").unwrap_or_default();
        let mut mac = self.key.clone();
        mac.update(timestamp);
        mac.update(b".");
        mac.update(body);
        header("x-signature")
            .and_then(|signature| hex::decode(signature).ok())
            .is_some_and(|signature| mac.verify_slice(&signature).is_ok())
    }

    async fn first<T: for<'a> tokio_postgres::types::FromSql<'a>>(
        &self,
        sql: &str,
        values: &[&(dyn ToSql + Sync)],
    ) -> Result<T, Problem> {
        let client = self.pool.get().await?;
        let statement = client.prepare_cached(sql).await?;
        Ok(client.query_one(&statement, values).await?.try_get(0)?)
    }

    async fn answer(&self, tool: &str, call: &Call, given: &Arguments) -> Result<String, Problem> {
        let (number, id) = (&call.phone_number_id, &call.id);
        let caller = &call.customer.number;
        let Arguments { date, time, .. } = given;
        Ok(match tool {
            "check_availability" => {
                let minutes = given.duration_minutes.unwrap_or(60);
                let times: Vec<String> = self.first(CHECK, &[number, date, &minutes]).await?;
                format!("On {date} these are free: {}.", times.join(", "))
            }
            "book_appointment" => {
                let phone = given.customer_phone.as_ref().unwrap_or(caller);
                let kind = given.appointment_type.as_deref().unwrap_or("repair");
                let name = &given.customer_name;
                let outcome: String = self
                    .first(BOOK, &[number, id, name, phone, date, time, &kind])
                    .await?;
                match outcome.as_str() {
                    "booked" => format!("You're booked on {date} at {time}."),
                    _ => format!("{time} on {date} is not free."),
                }
            }
            "transfer_call" => {
                let values: [&(dyn ToSql + Sync); 4] = [number, id, &given.reason, &given.urgency];
                let phone: String = self.first(TRANSFER, &values).await?;
                format!("Connecting you to {phone}.")
            }
            "flag_emergency" => {
                let message = &given.description;
                let values: [&(dyn ToSql + Sync); 5] =
                    [number, id, message, &given.urgency, caller];
                let name: String = self.first(EMERGENCY, &values).await?;
                format!("{name} is being told.")
            }
            other => return Err(format!("no tool is called {other}").into()),
        })
    }
}

async fn webhook(
    request: HttpRequest,
    body: web::Bytes,
    worker: web::Data<Worker>,
) -> Result<HttpResponse, Problem> {
    if !worker.is_authentic(&request, &body) {
        return Ok(HttpResponse::Unauthorized().finish());
    }
    let Message {
        call,
        tool_call_list,
        tool_with_tool_call_list,
    } = serde_json::from_slice::<Envelope>(&body)?.message;
    let declared = tool_with_tool_call_list.into_iter();
    let mut calls = tool_call_list
        .into_iter()
        .chain(declared.map(|declared| declared.tool_call));
    let tool_call = calls.next().ok_or("no tool call")?;
    let (name, given) = match tool_call.function {
        Some(function) => (function.name, function.arguments),
        None => tool_call
            .name
            .zip(tool_call.arguments)
            .ok_or("no function")?,
    };
    let given = match given {
        Given::Text(text) => serde_json::from_str(&text)?,
        Given::Fields(fields) => fields,
    };
    let answer = Answer {
        result: worker.answer(&name, &call, &given).await?,
        name,
        tool_call_id: tool_call.id,
    };
    Ok(HttpResponse::Ok().json(Reply { results: [answer] }))
}

fn setting(name: &str) -> Result<String, Problem> {
    Ok(env::var(name).map_err(|_missing| format!("{name} is not set"))?)
}

#[actix_web::main]
async fn main() -> Result<(), Problem> {
    const WORKERS: usize = 2;
    let url: tokio_postgres::Config = setting("DATABASE_URL")?.parse()?;
    let connections = setting("FRONTDESK_POOL_SIZE")?.parse::<usize>()? / WORKERS;
    let key = Hmac::new_from_slice(setting("VAPI_HMAC_SECRET")?.as_bytes())?;
    HttpServer::new(move || {
        let recycling_method = RecyclingMethod::Fast;
        let config = ManagerConfig { recycling_method };
        let manager = Manager::from_config(url.clone(), tokio_postgres::NoTls, config);
        // Each worker has connections of its own, as the service has.
        let pool = Pool::builder(manager).max_size(connections.max(1)).build();
        let worker = pool.ok().map(|pool| Worker {
            pool,
            key: key.clone(),
        });
        App::new()
            .app_data(web::PayloadConfig::new(4_194_304))
            .configure(|app| {
                if let Some(worker) = worker {
                    app.app_data(web::Data::new(worker));
                }
            })
            .service(web::resource("/vapi/webhook").route(web::post().to(webhook)))
    })
    .workers(WORKERS)
    .bind(setting("FRONTDESK_LISTEN")?)?
    .run()
    .await?;
    Ok(())
}
