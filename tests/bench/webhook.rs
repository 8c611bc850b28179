//! How long a message takes before and after its tools: verifying, parsing and replying. `cargo bench --bench webhook`.

#![expect(
    clippy::unwrap_used,
    reason = "a benchmark whose work cannot be made ready has nothing to time"
)]

mod messages;

use divan::Bencher;
use messages::{PARSE, REPLY, VERIFY, Work};

fn main() {
    divan::main();
}

/// The work of this name. One that does not come out as it should would be timed for something else.
fn ready(name: &str) -> Work {
    let work = Work::named(name).unwrap();
    assert!(work.run(), "{name} fails");
    work
}

fn bench(bencher: Bencher<'_, '_>, name: &str) {
    let work = ready(name);
    bencher.bench(|| work.run());
}

#[divan::bench(args = VERIFY)]
fn verify(bencher: Bencher<'_, '_>, name: &str) {
    bench(bencher, name);
}

#[divan::bench(args = PARSE)]
fn parse(bencher: Bencher<'_, '_>, name: &str) {
    bench(bencher, name);
}

#[divan::bench(args = REPLY)]
fn reply(bencher: Bencher<'_, '_>, name: &str) {
    bench(bencher, name);
}
