//! Databases that are slow, and servers that are stopped and started again.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use frontdesk::db::{
    embedded::{self, Server},
    migrate,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream, UnixStream},
};
use tokio_postgres::{Client, NoTls, config::Host};

use super::database::{RUNTIME, TestDatabase, data_directory};

/// A way to a database on which every answer can be made to take longer.
pub struct SlowWay {
    port: u16,
    name: String,
    delay: Arc<AtomicU64>,
}

impl SlowWay {
    /// A way to a database, which takes no longer at first.
    pub async fn to(database: &TestDatabase) -> Self {
        let config: tokio_postgres::Config = database.url().parse().unwrap();
        let socket = match (&config.get_hosts()[0], config.get_ports().first()) {
            (Host::Unix(folder), port) => {
                folder.join(format!(".s.PGSQL.{}", port.copied().unwrap_or(5432)))
            }
            (Host::Tcp(host), _) => panic!("{host} is no socket"),
        };
        let listener = RUNTIME
            .spawn(TcpListener::bind("127.0.0.1:0"))
            .await
            .unwrap()
            .unwrap();
        let port = listener.local_addr().unwrap().port();
        let delay = Arc::new(AtomicU64::new(0));
        let shared = Arc::clone(&delay);
        RUNTIME.spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                RUNTIME.spawn(carry(client, socket.clone(), Arc::clone(&shared)));
            }
        });
        Self {
            port,
            name: config.get_dbname().unwrap().to_owned(),
            delay,
        }
    }

    /// Where the database is on this way, for the service's role.
    pub fn url(&self) -> String {
        format!(
            "postgresql://frontdesk_app@127.0.0.1:{}/{}?sslmode=disable",
            self.port, self.name
        )
    }

    /// From now on every answer takes this much longer.
    pub fn takes(&self, delay: Duration) {
        let millis = u64::try_from(delay.as_millis()).unwrap();
        self.delay.store(millis, Ordering::Relaxed);
    }
}

async fn carry(client: TcpStream, socket: PathBuf, delay: Arc<AtomicU64>) {
    let Ok(server) = UnixStream::connect(socket).await else {
        return;
    };
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    RUNTIME.spawn(async move {
        drop(tokio::io::copy(&mut from_client, &mut to_server).await);
    });
    let mut chunk = vec![0; 65_536];
    while let Ok(count @ 1..) = from_server.read(&mut chunk).await {
        // The answer itself, not the test, is what takes its time.
        tokio::time::sleep(Duration::from_millis(delay.load(Ordering::Relaxed))).await;
        if to_client.write_all(&chunk[..count]).await.is_err() {
            break;
        }
    }
}

/// A PostgreSQL of one test's own, which can be stopped and started.
pub struct OwnServer {
    folder: PathBuf,
    server: Option<Server>,
}

impl OwnServer {
    /// A server with a migrated database named `frontdesk` and the organization of `seed`.
    pub async fn with(seed: &str) -> Self {
        let folder = data_directory("own");
        let mut own = Self {
            folder,
            server: None,
        };
        own.starts().await;
        own.connect("postgres")
            .await
            .batch_execute("create database frontdesk")
            .await
            .unwrap();
        let mut client = own.connect("frontdesk").await;
        migrate::migrate(&mut client).await.unwrap();
        let login = "alter role frontdesk_app login";
        client.batch_execute(login).await.unwrap();
        client.batch_execute(seed).await.unwrap();
        own
    }

    /// Where its database is, for the service's role.
    pub fn service_url(&self) -> String {
        self.server().url_of("frontdesk_app", "frontdesk")
    }

    /// A connection of the test's own.
    pub async fn connect(&self, database: &str) -> Client {
        let url = self.server().url(database);
        let (client, connection) = tokio_postgres::connect(&url, NoTls).await.unwrap();
        tokio::spawn(connection);
        client
    }

    /// The server is gone, in the middle of whatever it does.
    pub async fn stops(&mut self) {
        let mut server = self.server.take().unwrap();
        let stopped = tokio::task::spawn_blocking(move || server.stop());
        stopped.await.unwrap().unwrap();
    }

    /// The server is there, at the same address.
    pub async fn starts(&mut self) {
        let folder = self.folder.clone();
        let started = tokio::task::spawn_blocking(move || {
            let installation = embedded::find_or_install(&mut |line| eprintln!("{line}")).unwrap();
            let options = embedded::Options {
                data_directory: folder,
                durable: false,
                settings: Vec::new(),
            };
            Server::start(&installation, options).unwrap()
        });
        self.server = Some(started.await.unwrap());
    }

    fn server(&self) -> &Server {
        self.server.as_ref().expect("the server runs")
    }
}

impl Drop for OwnServer {
    fn drop(&mut self) {
        drop(self.server.take());
        drop(std::fs::remove_dir_all(&self.folder));
    }
}
