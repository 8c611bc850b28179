//! A way to the server on which answers get lost.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// Passes on what is sent to a server, and what it answers.
pub struct Proxy {
    /// Its address.
    pub url: String,
    loses: Arc<AtomicBool>,
}

impl Proxy {
    pub async fn to(server: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let loses = Arc::new(AtomicBool::new(false));
        let (server, flag) = (
            server.trim_start_matches("http://").to_owned(),
            Arc::clone(&loses),
        );
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(pass(client, server.clone(), Arc::clone(&flag)));
            }
        });
        Self { url, loses }
    }

    /// Loses the next answer: the server has done what it was asked, and nobody hears of it.
    pub fn lose_the_next_answer(&self) {
        self.loses.store(true, Ordering::SeqCst);
    }
}

async fn pass(mut client: TcpStream, server: String, loses: Arc<AtomicBool>) {
    let mut server = TcpStream::connect(server).await.unwrap();
    let (mut sent, mut answered) = ([0; 8192], [0; 8192]);
    loop {
        tokio::select! {
            count = client.read(&mut sent) => match count {
                Ok(count) if count > 0 => server.write_all(&sent[..count]).await.unwrap(),
                _ => return,
            },
            count = server.read(&mut answered) => match count {
                Ok(count) if count > 0 => {
                    if loses.swap(false, Ordering::SeqCst) {
                        return;
                    }
                    if client.write_all(&answered[..count]).await.is_err() {
                        return;
                    }
                }
                _ => return,
            },
        }
    }
}
