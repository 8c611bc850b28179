//! Sends requests as they are due, and keeps what comes back.
//!
//! One thread drives all connections: on a machine of few cores the generator takes its share from what it measures, so it
//! has to be small. An open loop counts from the moment at which a request was due, whatever it had to wait for, so that a
//! stall of the program is not hidden by requests that were never sent ("coordinated omission").

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::{Duration, Instant},
};

use anyhow::{Result, bail};
use chrono::NaiveDate;
use tokio::{
    sync::Semaphore,
    task::{JoinSet, LocalSet},
};

use super::{
    arrivals::{Arrivals, keep_time, schedule},
    client::Connection,
    messages::{Ask, Messages, Tool},
    record::Recorder,
    report::Run,
    target::{Said, Target},
    verify::Told,
};

/// The most connections of an open loop; beyond them requests wait, and their latency counts.
const MAX_CONNECTIONS: usize = 512;

/// How long an answer may take before it counts as none.
const TIMEOUT: Duration = Duration::from_secs(20);

/// Which organization and time callers ask for.
#[derive(Clone, Copy, Debug)]
pub enum Place {
    /// Any.
    Any,
    /// All ask the first organization for this one of the days at this hour.
    One(usize, u32),
    /// One after the other asks for the next organization and day at this hour, so that no two want the same.
    InTurn(u32),
}

/// What callers ask for, and whom.
pub struct Callers {
    /// The fixtures.
    pub messages: Messages,
    /// How many of a hundred callers use each tool, in the order of [`Tool::ALL`].
    pub mix: Cell<[u32; 4]>,
    /// The first and the last organization that they call.
    pub organizations: Cell<(u32, u32)>,
    /// The days that they ask for.
    pub days: Vec<NaiveDate>,
    /// Which organization and time each asks for.
    pub place: Cell<Place>,
    next: Cell<u64>,
    turn: Cell<u32>,
    random: RefCell<fastrand::Rng>,
}

impl Callers {
    /// Callers that make the same choices in every test.
    pub fn new(messages: Messages, organizations: u32, days: Vec<NaiveDate>) -> Self {
        Self {
            messages,
            mix: Cell::new([100, 0, 0, 0]),
            organizations: Cell::new((1, organizations)),
            days,
            place: Cell::new(Place::Any),
            next: Cell::new(0),
            turn: Cell::new(0),
            random: RefCell::new(fastrand::Rng::with_seed(1)),
        }
    }

    fn next(&self) -> Ask {
        let number = self.next.get();
        self.next.set(number + 1);
        let mut random = self.random.borrow_mut();
        let mix = self.mix.get();
        let mut draw = random.u32(0..mix.iter().sum::<u32>().max(1));
        let tool = Tool::ALL
            .into_iter()
            .zip(mix)
            .find(|(_, share)| {
                let is_it = draw < *share;
                draw = draw.saturating_sub(*share);
                is_it
            })
            .map_or(Tool::Check, |(tool, _)| tool);
        let (first, last) = self.organizations.get();
        let days = self.days.len().max(1);
        let (organization, day, hour) = match self.place.get() {
            Place::One(day, hour) => (first, day, hour),
            Place::Any => (
                random.u32(first..=last),
                random.usize(0..days),
                random.u32(8..18),
            ),
            Place::InTurn(hour) => {
                let turn = self.turn.get();
                self.turn.set(turn + 1);
                let many = last - first + 1;
                let day = usize::try_from(turn / many).unwrap_or_default() % days;
                (first + turn % many, day, hour)
            }
        };
        Ask {
            tool,
            number,
            organization,
            date: self.days.get(day).copied().unwrap_or_default(),
            hour,
        }
    }
}

/// One run.
pub struct Plan<'a> {
    /// What it shows.
    pub name: &'a str,
    /// How requests arrive.
    pub arrivals: Arrivals,
    /// How long they do.
    pub length: Duration,
    /// Follows the choices of a Poisson process.
    pub seed: u64,
}

struct Shared {
    target: Rc<Target>,
    callers: Rc<Callers>,
    recorder: RefCell<Recorder>,
    idle: RefCell<Vec<Connection>>,
}

impl Shared {
    /// Sends one request on a connection that is free, or on a new one, and counts what came of it.
    async fn ask(&self, due: Instant) {
        let ask = self.callers.next();
        let said = match tokio::time::timeout(TIMEOUT, self.send(&ask)).await {
            Ok(said) => said,
            Err(_elapsed) => Err("no answer in time".to_owned()),
        };
        self.recorder
            .borrow_mut()
            .answered(ask, due.elapsed(), said);
    }

    async fn send(&self, ask: &Ask) -> Result<Said, String> {
        let request = self.target.request(&self.callers.messages, ask);
        let request = request.map_err(|_unsigned| "a request that could not be made".to_owned())?;
        // The program ends those that were idle for seconds.
        let idle = std::iter::from_fn(|| self.idle.borrow_mut().pop())
            .find(|connection| !connection.is_closed());
        let mut connection = match idle {
            Some(connection) => connection,
            None => self
                .target
                .endpoint
                .connect()
                .await
                .map_err(|_refused| "no connection".to_owned())?,
        };
        let answer = connection.send(request).await;
        let answer = answer.map_err(|_closed| "a connection that ended".to_owned())?;
        let said = Target::judge(ask, &answer);
        self.idle.borrow_mut().push(connection);
        said
    }
}

/// Runs a plan against a program: the figures, and what callers were told.
pub fn run(target: &Rc<Target>, callers: &Rc<Callers>, plan: &Plan<'_>) -> Result<(Run, Told)> {
    eprintln!("{}: {}", target.name, plan.name);
    local(async {
        target.is_there().await?;
        let shared = Rc::new(Shared {
            target: Rc::clone(target),
            callers: Rc::clone(callers),
            recorder: RefCell::new(Recorder::begin(target)),
            idle: RefCell::default(),
        });
        match plan.arrivals {
            Arrivals::Closed(callers) => closed(&shared, callers, plan.length).await,
            _ => open(&shared, plan).await,
        }
        shared.idle.take();
        let recorder = shared.recorder.replace(Recorder::begin(target));
        Ok(recorder.end(target, plan.name))
    })
}

/// Waits for work of one thread.
fn local<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    LocalSet::new().block_on(&runtime, work)
}

/// Asks once, again and again until the program listens, and waits for the answer.
pub fn first_answer(target: &Rc<Target>, callers: &Rc<Callers>) -> Result<()> {
    local(async {
        target.is_there().await?;
        let ask = callers.next();
        let request = target.request(&callers.messages, &ask)?;
        let answer = target.endpoint.connect().await?.send(request).await?;
        match Target::judge(&ask, &answer) {
            Ok(_) => Ok(()),
            Err(wrong) => bail!("the first answer is wrong: {wrong}"),
        }
    })
}

/// Each caller asks again as soon as they are answered.
async fn closed(shared: &Rc<Shared>, callers: usize, length: Duration) {
    let end = shared.recorder.borrow().begun() + length;
    let mut tasks = JoinSet::new();
    for _ in 0..callers {
        let shared = Rc::clone(shared);
        tasks.spawn_local(async move {
            while Instant::now() < end {
                shared.ask(Instant::now()).await;
            }
        });
    }
    while tasks.join_next().await.is_some() {}
}

/// Requests are sent when they are due, whether the ones before were answered or not.
async fn open(shared: &Rc<Shared>, plan: &Plan<'_>) {
    let begun = shared.recorder.borrow().begun();
    let mut random = fastrand::Rng::with_seed(plan.seed);
    let mut due = keep_time(begun, schedule(plan.arrivals, plan.length, &mut random));
    let places = Rc::new(Semaphore::new(MAX_CONNECTIONS));
    let mut tasks = JoinSet::new();
    while let Some(moment) = due.recv().await {
        let (shared, places) = (Rc::clone(shared), Rc::clone(&places));
        tasks.spawn_local(async move {
            // The semaphore is never closed.
            let place = places.acquire().await;
            shared.ask(moment).await;
            drop(place);
        });
        while tasks.try_join_next().is_some() {}
    }
    while tasks.join_next().await.is_some() {}
}
