//! A Vapi that takes commands for a live call, and remembers them.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// The commands that one call received.
pub struct Line {
    port: u16,
    received: Arc<Mutex<Vec<Value>>>,
}

/// How the line answers a command.
#[derive(Clone, Copy)]
pub enum Answers {
    /// It takes the command.
    Ok,
    /// It answers 500.
    Broken,
    /// It says 200 and names a property that should not exist, as Vapi does for a body that it does not like.
    Disliked,
    /// It never answers.
    Never,
}

impl Line {
    /// A line that answers like this.
    pub async fn new(answers: Answers) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let received = Arc::new(Mutex::new(Vec::new()));
        let commands = Arc::clone(&received);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, answers, Arc::clone(&commands)));
            }
        });
        Self { port, received }
    }

    /// Where commands are sent.
    pub fn control_url(&self) -> String {
        format!("http://127.0.0.1:{}/call/control", self.port)
    }

    /// Its host and port, as the allow-list has them.
    pub fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// What it received.
    pub fn received(&self) -> Vec<Value> {
        self.received.lock().unwrap().clone()
    }
}

async fn serve(mut stream: TcpStream, answers: Answers, received: Arc<Mutex<Vec<Value>>>) {
    let mut request = Vec::new();
    let body = loop {
        let mut chunk = [0_u8; 4096];
        let count = stream.read(&mut chunk).await.unwrap_or(0);
        request.extend_from_slice(&chunk[..count]);
        let text = String::from_utf8_lossy(&request).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| {
                    line.to_lowercase()
                        .strip_prefix("content-length: ")?
                        .parse()
                        .ok()
                })
                .unwrap_or(0);
            if body.len() >= length {
                break body.to_owned();
            }
        }
        if count == 0 {
            return;
        }
    };
    received
        .lock()
        .unwrap()
        .push(serde_json::from_str(&body).unwrap());
    let (status, reply) = match answers {
        Answers::Ok => ("200 OK", json!({})),
        Answers::Broken => ("500 Internal Server Error", json!({})),
        Answers::Disliked => (
            "200 OK",
            json!({ "message": ["property destination should not exist"], "error": "Bad Request" }),
        ),
        Answers::Never => std::future::pending().await,
    };
    let reply = reply.to_string();
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        reply.len()
    );
    drop(stream.write_all(format!("{head}{reply}").as_bytes()).await);
}
