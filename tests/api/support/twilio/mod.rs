//! A Twilio of the tests' own: its API, the telephones behind it, and the callbacks that it signs with code of its own.
//!
//! Nothing in it waits: what happens, happens when a request comes or a test says so. Whatever was sent that no test
//! expected fails the test.

mod callbacks;
mod phone;
mod server;
mod world;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard},
};

pub use phone::{Answer, Contact, Received};
pub use world::Behaves;
use world::World;

use crate::support::eventually;

/// The service's account.
pub const ACCOUNT: &str = "ACtests00000000000000000000000000";
/// Its auth token.
pub const TOKEN: &str = "the-token-of-the-tests";
/// Its number.
pub const NUMBER: &str = "+13035550190";
/// Under which address it believes to reach the service.
pub const PUBLIC_URL: &str = "https://calls.example.test";

/// A Twilio.
#[derive(Clone)]
pub struct Twilio {
    world: Arc<Mutex<World>>,
    port: u16,
    _watch: Arc<Watch>,
}

/// Fails the test if something came that it did not expect.
struct Watch(Arc<Mutex<World>>);

impl Twilio {
    /// A Twilio that nobody has asked for anything.
    pub async fn start() -> Self {
        // A test that starts no service of its own has chosen none yet.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let world = Arc::new(Mutex::new(World::default()));
        let port = server::start(Arc::clone(&world)).await;
        Self {
            _watch: Arc::new(Watch(Arc::clone(&world))),
            world,
            port,
        }
    }

    /// What the service must be told to use it.
    pub fn settings(&self) -> Vec<(&'static str, String)> {
        vec![
            ("--twilio-account-sid", ACCOUNT.to_owned()),
            ("--twilio-auth-token", TOKEN.to_owned()),
            ("--twilio-api-url", self.url()),
            ("--twilio-from", NUMBER.to_owned()),
            ("--public-url", PUBLIC_URL.to_owned()),
        ]
    }

    /// Where its API is.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// From now on its callbacks reach the service at this port.
    pub fn reaches(&self, port: u16) {
        self.world().app_port = Some(port);
    }

    /// Somebody with a telephone.
    pub fn contact(&self, number: &str) -> Contact {
        Contact::new(self.clone(), number)
    }

    /// How the next requests for a number go, one after the other; once they are used up, all is well again.
    pub fn to(&self, number: &str, behaves: &[Behaves]) {
        self.world()
            .behaviours
            .entry(number.to_owned())
            .or_default()
            .extend(behaves.iter().cloned());
    }

    /// From now on every request goes like this.
    pub fn is_down(&self, outage: Behaves) {
        let is_gone = outage == Behaves::Gone;
        self.world().outage = Some(outage);
        // It stops listening with the next connection, which must not be the service's: that one would be closed, not refused.
        while is_gone && std::net::TcpStream::connect(("127.0.0.1", self.port)).is_ok() {}
    }

    /// From now on all is well again.
    pub fn is_back(&self) {
        self.world().outage = None;
    }

    /// Another account, whose callbacks are signed with its own token.
    pub fn account(&self, sid: &str, token: &str) {
        self.world()
            .accounts
            .insert(sid.to_owned(), token.to_owned());
    }

    /// A call that came in from outside, which this account carries; its id.
    pub fn carries(&self, from: &str) -> String {
        let mut world = self.world();
        let sid = world.sid("CA");
        world.calls.push(world::Call {
            sid: sid.clone(),
            account: ACCOUNT.to_owned(),
            to: NUMBER.to_owned(),
            from: from.to_owned(),
            url: String::new(),
            callback: None,
            machine_callback: None,
            status: "in-progress".to_owned(),
            is_expected: true,
        });
        sid
    }

    /// Sends the callbacks that were held back.
    pub async fn release(&self) {
        let held = std::mem::take(&mut self.world().held);
        for callback in held {
            callbacks::post(&self.world, &callback).await;
        }
    }

    /// Waits until every callback that was to be sent has been answered.
    pub async fn is_quiet(&self) {
        eventually("every callback is answered", async || {
            let world = self.world();
            (world.underway == 0 && !world.requests.is_empty()).then_some(())
        })
        .await;
    }

    /// How many of each message and call there were, by number and words; a call has none.
    pub fn counts(&self) -> BTreeMap<(String, String), usize> {
        let world = self.world();
        let mut counts = BTreeMap::new();
        for message in &world.messages {
            *counts
                .entry((message.to.clone(), message.body.clone()))
                .or_default() += 1;
        }
        for call in &world.calls {
            *counts.entry((call.to.clone(), String::new())).or_default() += 1;
        }
        counts
    }

    /// The requests that change something, with their fields.
    pub fn requests(&self) -> Vec<(String, Vec<(String, String)>)> {
        self.world().requests.clone()
    }

    /// What is called before and after each request that makes something takes effect.
    pub fn on_request(&self, hook: impl Fn(&'static str) + Send + Sync + 'static) {
        self.world().hook = Some(Arc::new(hook));
    }

    /// Posts a form to the service, signed with a token, and gives the answer's status and body.
    pub async fn posts_signed(
        &self,
        token: Option<&str>,
        path: &str,
        fields: &[(&str, &str)],
    ) -> (u16, String) {
        callbacks::raw(&self.world, token, path, fields).await
    }

    /// Everything that is still unexpected counts as expected: for tests that look at something else.
    pub fn expects_anything(&self) {
        self.world().is_indifferent = true;
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap()
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let world = self.0.lock().unwrap();
        let unexpected = world.unexpected();
        assert!(
            unexpected.is_empty() || world.is_indifferent,
            "unexpected:\n{}",
            unexpected.join("\n")
        );
    }
}
