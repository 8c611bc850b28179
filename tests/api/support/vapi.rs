//! Vapi's API for tools: it holds what it is sent to Vapi's own schema, and keeps it.

use std::sync::{Arc, LazyLock, Mutex};

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use jsonschema::Validator;
use serde_json::{Value, json};

/// The private key that opens the account.
pub const PRIVATE_KEY: &str = "the-private-key-of-the-tests";

static CREATE: LazyLock<Validator> = LazyLock::new(|| {
    validator(include_str!(
        "../../../fixtures/schema/vapi/create_function_tool.json"
    ))
});
static UPDATE: LazyLock<Validator> = LazyLock::new(|| {
    validator(include_str!(
        "../../../fixtures/schema/vapi/update_function_tool.json"
    ))
});

fn validator(schema: &str) -> Validator {
    jsonschema::validator_for(&serde_json::from_str(schema).unwrap()).unwrap()
}

/// Vapi with one account.
pub struct Vapi {
    port: u16,
    account: web::Data<Account>,
}

#[derive(Default)]
struct Account {
    tools: Mutex<Vec<Value>>,
    assistants: Mutex<Vec<Value>>,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Vapi {
    /// Begins to answer, with these tools in the account.
    pub fn with(tools: Vec<Value>) -> Self {
        let account = web::Data::new(Account {
            tools: Mutex::new(tools),
            ..Account::default()
        });
        let (sender, receiver) = std::sync::mpsc::channel();
        let data = account.clone();
        std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let server = HttpServer::new(move || {
                    App::new()
                        .app_data(data.clone())
                        .route("/assistant", web::get().to(list_assistants))
                        .route("/tool", web::get().to(list))
                        .route("/tool", web::post().to(create))
                        .route("/tool/{id}", web::patch().to(update))
                })
                .workers(1)
                .disable_signals()
                .bind("127.0.0.1:0")
                .unwrap();
                sender.send(server.addrs()[0].port()).unwrap();
                server.run().await.unwrap();
            });
        });
        Self {
            port: receiver.recv().unwrap(),
            account,
        }
    }

    /// Gives the account assistants.
    pub fn has_assistants(&self, assistants: Vec<Value>) {
        *self.account.assistants.lock().unwrap() = assistants;
    }

    /// Where it answers.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The tools of the account.
    pub fn tools(&self) -> Vec<Value> {
        self.account.tools.lock().unwrap().clone()
    }

    /// What was asked of the tools, in order: `GET`, `POST`, `PATCH <id>`.
    pub fn requests(&self) -> Vec<String> {
        self.account.requests.lock().unwrap().clone()
    }
}

/// Lets in whoever has the key, and takes down what was asked.
fn admits(request: &HttpRequest, account: &Account, what: String) -> Option<HttpResponse> {
    account.requests.lock().unwrap().push(what);
    let key = request.headers().get("Authorization");
    let is_right = key.is_some_and(|key| key == &format!("Bearer {PRIVATE_KEY}"));
    (!is_right).then(|| {
        HttpResponse::Unauthorized().json(json!({ "message": "Invalid Key", "statusCode": 401 }))
    })
}

fn faults(schema: &Validator, body: &Value) -> Option<HttpResponse> {
    let faults: Vec<String> = schema
        .iter_errors(body)
        .map(|fault| format!("{} {fault}", fault.instance_path()))
        .collect();
    (!faults.is_empty()).then(|| {
        HttpResponse::BadRequest()
            .json(json!({ "message": faults, "error": "Bad Request", "statusCode": 400 }))
    })
}

async fn list(request: HttpRequest, account: web::Data<Account>) -> HttpResponse {
    if let Some(refusal) = admits(&request, &account, "GET".to_owned()) {
        return refusal;
    }
    HttpResponse::Ok().json(&*account.tools.lock().unwrap())
}

async fn list_assistants(request: HttpRequest, account: web::Data<Account>) -> HttpResponse {
    let key = request.headers().get("Authorization");
    assert!(key.is_some_and(|key| key == &format!("Bearer {PRIVATE_KEY}")));
    HttpResponse::Ok().json(&*account.assistants.lock().unwrap())
}

/// The version after this one: v2 after v1.
fn next_version(version: &Value) -> Value {
    let number = version.as_str().and_then(|text| text.strip_prefix('v'));
    let number: u32 = number.and_then(|number| number.parse().ok()).unwrap_or(0);
    json!(format!("v{}", number + 1))
}

async fn create(
    request: HttpRequest,
    account: web::Data<Account>,
    body: web::Json<Value>,
) -> HttpResponse {
    let refusal = admits(&request, &account, "POST".to_owned());
    if let Some(refusal) = refusal.or_else(|| faults(&CREATE, &body)) {
        return refusal;
    }
    let mut tools = account.tools.lock().unwrap();
    let mut tool = body.into_inner();
    tool["id"] = json!(format!("tool-{}", tools.len() + 1));
    tool["latestVersion"] = json!("v1");
    tool["orgId"] = json!("an-org");
    tool["createdAt"] = json!("2026-11-23T15:00:00.000Z");
    tool["updatedAt"] = json!("2026-11-23T15:00:00.000Z");
    tools.push(tool.clone());
    HttpResponse::Created().json(tool)
}

async fn update(
    request: HttpRequest,
    account: web::Data<Account>,
    id: web::Path<String>,
    body: web::Json<Value>,
) -> HttpResponse {
    let refusal = admits(&request, &account, format!("PATCH {id}"));
    if let Some(refusal) = refusal.or_else(|| faults(&UPDATE, &body)) {
        return refusal;
    }
    let mut tools = account.tools.lock().unwrap();
    let Some(tool) = tools.iter_mut().find(|tool| tool["id"] == id.as_str()) else {
        return HttpResponse::NotFound().json(json!({ "message": "Not Found", "statusCode": 404 }));
    };
    for (name, value) in body.as_object().unwrap() {
        tool[name] = value.clone();
    }
    tool["latestVersion"] = next_version(&tool["latestVersion"]);
    HttpResponse::Ok().json(tool)
}
