//! When a job is retried, and when it is failed.

use std::time::Duration;

use chrono::TimeDelta;

/// How many attempts there are for what no incident waits for.
const ATTEMPTS: i16 = 8;
const FIRST_PAUSE: Duration = Duration::from_secs(10);
const MAX_PAUSE: Duration = Duration::from_hours(1);

const FIRST_CALENDAR_PAUSE: Duration = Duration::from_secs(2);

/// After how many attempts another id is not tried at once any more.
const NEW_IDS: i32 = 5;

/// What an incident waits for is retried every few seconds for about a minute, and once a minute from then on, until it expires:
/// a provider that fails has paged nobody.
const FIRST_URGENT_PAUSE: Duration = Duration::from_millis(500);
const URGENT_PAUSE: Duration = Duration::from_secs(5);
const URGENT_ATTEMPTS: i16 = 15;
const LATER_URGENT_PAUSE: Duration = Duration::from_mins(1);

/// How long the provider is given to show an attempt that had no answer, before it is reconciled.
const URGENT_RECONCILE_PAUSE: Duration = Duration::from_secs(2);
const RECONCILE_PAUSE: Duration = Duration::from_secs(30);

/// How long to wait before the attempt after the `attempts`th, or `None` when there is none: twice as long each time, give or
/// take half of it by `chance` (0 to 255), so that many that failed together do not come back together.
///
/// The provider's `retry_after` counts when it is longer, within the longest pause.
#[must_use]
pub fn pause(
    is_urgent: bool,
    attempts: i16,
    retry_after: Option<Duration>,
    chance: u8,
) -> Option<Duration> {
    let (first, longest) = match (is_urgent, attempts) {
        (true, ..URGENT_ATTEMPTS) => (FIRST_URGENT_PAUSE, URGENT_PAUSE),
        (true, _) => (FIRST_URGENT_PAUSE, LATER_URGENT_PAUSE),
        (false, ..ATTEMPTS) => (FIRST_PAUSE, MAX_PAUSE),
        (false, _) => return None,
    };
    let doublings = u32::try_from(attempts.max(1) - 1).unwrap_or(0);
    let regular = first
        .saturating_mul(2_u32.saturating_pow(doublings))
        .min(longest);
    // 0.5 to 1.5 times as long.
    let spread = regular / 2 + regular * u32::from(chance) / 255;
    Some(spread.max(retry_after.unwrap_or_default()).min(longest))
}

/// How long to wait before the next request to a calendar that failed so often in a row: it is never given up. The provider's `retry_after`
/// counts when it is longer.
#[must_use]
pub fn calendar_pause(failures: i32, retry_after: Option<Duration>, chance: u8) -> Duration {
    let doublings = u32::try_from(failures).unwrap_or(0);
    let regular = FIRST_CALENDAR_PAUSE
        .saturating_mul(2_u32.saturating_pow(doublings))
        .min(MAX_PAUSE);
    let spread = regular / 2 + regular * u32::from(chance) / 510;
    spread.max(retry_after.unwrap_or_default())
}

/// How long after an id was used up another one is tried: at once, unless a server says so of each.
#[must_use]
pub fn new_id_pause(attempts: i32, chance: u8) -> Duration {
    match attempts - NEW_IDS {
        ..=0 => Duration::ZERO,
        more => calendar_pause(more, None, chance),
    }
}

/// How long to wait before an attempt without an answer, begun `ago`, is reconciled.
#[must_use]
pub fn reconcile_after(is_urgent: bool, ago: TimeDelta) -> Duration {
    if is_urgent && ago < TimeDelta::minutes(1) {
        URGENT_RECONCILE_PAUSE
    } else {
        RECONCILE_PAUSE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_end_and_are_spread() {
        let regular = |attempts| pause(false, attempts, None, 127);
        let seconds: Vec<u64> = (1..=8).map_while(regular).map(|it| it.as_secs()).collect();
        assert_eq!(seconds, [9, 19, 39, 79, 159, 319, 638]);
        assert_eq!(regular(8), None);
        assert_eq!(pause(false, 1, None, 0), Some(Duration::from_secs(5)));
        assert_eq!(pause(false, 1, None, 255), Some(Duration::from_secs(15)));
    }

    #[test]
    fn what_an_emergency_waits_for_is_tried_every_few_seconds_for_a_minute_and_never_given_up() {
        let regular: Vec<_> = (1..=17)
            .map(|attempts| pause(true, attempts, None, 127).map(|pause| pause.as_millis()))
            .map(Option::unwrap)
            .collect();
        assert_eq!(regular[..5], [499, 998, 1_996, 3_992, 4_990]);
        assert_eq!(regular[13..], [4_990, 59_882, 59_882, 59_882]);
        let first_minute: u128 = regular[..14].iter().sum();
        assert!((50_000..70_000).contains(&first_minute), "{first_minute}");
        assert!(pause(true, i16::MAX, None, 255).is_some());
    }

    #[test]
    fn another_id_is_tried_at_once_a_few_times_and_later_and_later_then() {
        let seconds = |attempts| new_id_pause(attempts, 255).as_secs();
        assert_eq!([0, 1, 5].map(seconds), [0, 0, 0]);
        assert_eq!([6, 7, 8, i32::MAX].map(seconds), [4, 8, 16, 3_600]);
    }

    #[test]
    fn what_the_provider_asks_for_is_kept_to_within_bounds() {
        let (minute, day) = (Duration::from_mins(1), Duration::from_hours(24));
        assert_eq!(pause(false, 1, Some(minute), 0), Some(minute));
        assert_eq!(pause(true, 1, Some(minute), 0), Some(URGENT_PAUSE));
        assert_eq!(pause(false, 1, Some(day), 0), Some(MAX_PAUSE));
    }
}
