//! When requests are due.

use std::{
    str::FromStr,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// How requests arrive.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Arrivals {
    /// So many callers, each of whom asks again as soon as they are answered.
    Closed(usize),
    /// So many a second, evenly.
    Constant(f64),
    /// So many a second on average, each independent of the others.
    Poisson(f64),
    /// So many at once, every so many seconds.
    Burst(u32, f64),
}

impl FromStr for Arrivals {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        const ALLOWED: &str =
            "closed:8, constant:500, poisson:500 or burst:300/5 (at once, every so many seconds)";
        let (kind, rest) = text.split_once(':').context(ALLOWED)?;
        let number = |text: &str| -> Result<f64> {
            let number: f64 = text.parse().context(ALLOWED)?;
            if !(number > 0.0 && number <= 1_000_000.0) {
                bail!(ALLOWED);
            }
            Ok(number)
        };
        Ok(match kind {
            "closed" => match rest.parse() {
                Ok(callers @ 1..=10_000) => Self::Closed(callers),
                _ => bail!(ALLOWED),
            },
            "constant" => Self::Constant(number(rest)?),
            "poisson" => Self::Poisson(number(rest)?),
            "burst" => {
                let (many, seconds) = rest.split_once('/').context(ALLOWED)?;
                Self::Burst(many.parse().context(ALLOWED)?, number(seconds)?)
            }
            _ => bail!(ALLOWED),
        })
    }
}

impl std::fmt::Display for Arrivals {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Closed(callers) => write!(formatter, "closed:{callers}"),
            Self::Constant(rate) => write!(formatter, "constant:{rate}"),
            Self::Poisson(rate) => write!(formatter, "poisson:{rate}"),
            Self::Burst(many, seconds) => write!(formatter, "burst:{many}/{seconds}"),
        }
    }
}

/// The times, from the beginning of a run, at which the requests of an open loop are due; none for a closed loop.
pub fn schedule(arrivals: Arrivals, length: Duration, random: &mut fastrand::Rng) -> Vec<Duration> {
    let within = |moment: &f64| *moment < length.as_secs_f64();
    let evenly = |apart: f64| {
        (0_u32..)
            .map(move |nth| f64::from(nth) * apart)
            .take_while(within)
            .map(Duration::from_secs_f64)
    };
    match arrivals {
        Arrivals::Constant(rate) => evenly(1.0 / rate).collect(),
        Arrivals::Poisson(rate) => {
            // The time between two arrivals of a Poisson process is exponentially distributed.
            let mut apart = || -(1.0 - random.f64()).ln() / rate;
            std::iter::successors(Some(0.0), |moment| Some(moment + apart()))
                .take_while(within)
                .map(Duration::from_secs_f64)
                .collect()
        }
        Arrivals::Burst(many, seconds) => evenly(seconds)
            .flat_map(|moment| (0..many).map(move |_| moment))
            .collect(),
        Arrivals::Closed(_) => Vec::new(),
    }
}

/// Tells each moment when it has come. A thread of its own keeps the time: a runtime's timers are a millisecond coarse.
pub fn keep_time(begun: Instant, due: Vec<Duration>) -> UnboundedReceiver<Instant> {
    let (sender, receiver) = unbounded_channel();
    thread::spawn(move || {
        for moment in due {
            let moment = begun + moment;
            thread::sleep(moment.saturating_duration_since(Instant::now()));
            if sender.send(moment).is_err() {
                break;
            }
        }
    });
    receiver
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrivals_are_read_or_refused_with_what_is_allowed() {
        for (text, read) in [
            ("closed:8", Arrivals::Closed(8)),
            ("constant:500", Arrivals::Constant(500.0)),
            ("poisson:0.5", Arrivals::Poisson(0.5)),
            ("burst:300/5", Arrivals::Burst(300, 5.0)),
        ] {
            assert_eq!(text.parse::<Arrivals>().unwrap(), read);
            assert_eq!(read.to_string(), text);
        }
        for text in [
            "closed",
            "closed:0",
            "closed:-1",
            "poisson:0",
            "poisson:nan",
            "poisson:inf",
            "burst:5",
            "x:1",
        ] {
            let refused = text.parse::<Arrivals>().unwrap_err().to_string();
            assert!(refused.contains("burst:300/5"), "{text}: {refused}");
        }
    }

    #[test]
    fn an_open_loop_is_due_as_often_as_was_asked_for() {
        let mut random = fastrand::Rng::with_seed(1);
        let length = Duration::from_secs(100);
        let count = |arrivals, random: &mut _| schedule(arrivals, length, random).len();
        assert_eq!(count(Arrivals::Constant(50.0), &mut random), 5_000);
        // Three standard deviations of a Poisson count.
        let poisson = count(Arrivals::Poisson(50.0), &mut random);
        assert!((4_788..=5_212).contains(&poisson), "{poisson}");
        assert_eq!(count(Arrivals::Burst(30, 10.0), &mut random), 300);
        assert_eq!(count(Arrivals::Closed(8), &mut random), 0);
    }
}
