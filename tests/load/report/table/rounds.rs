//! Runs that are rounds of the same, taken together.

use std::collections::BTreeMap;

use super::super::{Latency, Run, Usage};

/// Runs of the same name, program and arrivals.
pub struct Rounds {
    /// The first one, with the median of the rounds for each figure; errors are added up, and the slowest answer is that of all.
    pub middle: Run,
    /// How many rounds there were.
    pub many: usize,
    /// The fewest answers a second of a round.
    pub least: f64,
    /// The most answers a second of a round.
    pub most: f64,
}

impl Rounds {
    /// Whether a run is a round of these; by its arrivals too, as all rates of a ramp have one name.
    pub fn has(&self, run: &Run) -> bool {
        let ours = &self.middle;
        (&ours.name, &ours.program, &ours.arrivals) == (&run.name, &run.program, &run.arrivals)
    }
}

/// Runs by what they are rounds of, in the order of the first of each.
pub fn rounds(runs: &[Run]) -> Vec<Rounds> {
    let mut all: Vec<Rounds> = Vec::new();
    for run in runs {
        if !all.iter().any(|rounds| rounds.has(run)) {
            all.push(Rounds {
                middle: run.clone(),
                many: 1,
                least: run.per_second,
                most: run.per_second,
            });
        }
    }
    for rounds in &mut all {
        let same: Vec<&Run> = runs.iter().filter(|run| rounds.has(run)).collect();
        rounds.many = same.len();
        let rates = || same.iter().map(|run| run.per_second);
        rounds.least = rates().fold(f64::INFINITY, f64::min);
        rounds.most = rates().fold(0.0, f64::max);
        together(&mut rounds.middle, &same);
    }
    all
}

fn together(run: &mut Run, rounds: &[&Run]) {
    let figure = |of: fn(&Run) -> f64| median(rounds.iter().map(|run| of(run)).collect());
    run.seconds = figure(|run| run.seconds);
    run.per_second = figure(|run| run.per_second);
    run.answered = middle(rounds.iter().map(|run| run.answered).collect());
    run.all = latency(&rounds.iter().map(|run| run.all).collect::<Vec<_>>());
    let mut tools: BTreeMap<String, Vec<Latency>> = BTreeMap::new();
    for (tool, latency) in rounds.iter().flat_map(|run| &run.tools) {
        tools.entry(tool.clone()).or_default().push(*latency);
    }
    run.tools = tools
        .into_iter()
        .map(|(tool, all)| (tool, latency(&all)))
        .collect();
    run.errors.clear();
    for (class, many) in rounds.iter().flat_map(|run| &run.errors) {
        *run.errors.entry(class.clone()).or_default() += many;
    }
    let used = |of: fn(&Run) -> Option<Usage>| {
        usage(&rounds.iter().filter_map(|run| of(run)).collect::<Vec<_>>())
    };
    run.service = used(|run| run.service);
    run.postgresql = used(|run| run.postgresql);
    run.generator = used(|run| run.generator);
}

fn latency(rounds: &[Latency]) -> Latency {
    let figure = |of: fn(&Latency) -> u64| middle(rounds.iter().map(of).collect());
    Latency {
        count: figure(|latency| latency.count),
        p50: figure(|latency| latency.p50),
        p90: figure(|latency| latency.p90),
        p95: figure(|latency| latency.p95),
        p99: figure(|latency| latency.p99),
        p999: figure(|latency| latency.p999),
        max: rounds
            .iter()
            .map(|latency| latency.max)
            .max()
            .unwrap_or_default(),
    }
}

fn usage(rounds: &[Usage]) -> Option<Usage> {
    let figure = |of: fn(&Usage) -> f64| median(rounds.iter().map(of).collect());
    (!rounds.is_empty()).then(|| Usage {
        cpu_us_per_answer: figure(|usage| usage.cpu_us_per_answer),
        cores: figure(|usage| usage.cores),
        resident_mib: figure(|usage| usage.resident_mib),
    })
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or_default()
}

fn middle(mut figures: Vec<u64>) -> u64 {
    figures.sort_unstable();
    figures.get(figures.len() / 2).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{super::sample::sample, *};

    #[test]
    fn rounds_are_taken_together_and_other_arrivals_are_not() {
        let first = sample().runs.first().unwrap().clone();
        let mut runs = vec![first.clone(), first.clone(), first.clone(), first];
        for (run, rate) in runs.iter_mut().zip([300.0, 100.0, 200.0, 900.0]) {
            run.per_second = rate;
            run.all.p99 = if rate > 250.0 { 9_000 } else { 1_000 };
            run.all.max = if rate < 150.0 { 77_000 } else { 10_000 };
        }
        runs.last_mut().unwrap().arrivals = "another".to_owned();
        let all = rounds(&runs);
        let figures: Vec<_> = all
            .iter()
            .map(|one| (one.many, one.least, one.middle.per_second, one.most))
            .collect();
        assert_eq!(
            figures,
            [(3, 100.0, 200.0, 300.0), (1, 900.0, 900.0, 900.0)]
        );
        let three = &all.first().unwrap().middle;
        assert_eq!((three.all.p99, three.all.max), (1_000, 77_000));
        assert_eq!(three.errors.values().sum::<u64>(), 9);
    }
}
