//! How cost grows: the same check and the same booking on a small database and on a big one, in turns.

use std::time::Duration;

use anyhow::{Context, Result};

use super::{
    arrivals::Arrivals,
    generator::{Place, Plan, run},
    report::Run,
    scenarios::{BOOKINGS, CHECKS, FREE_HOUR, Test, right},
    stage::{self, Running, Size},
};

/// A check and a booking by the number of appointments.
pub const APPOINTMENTS: [&str; 2] = ["a check by appointments", "a booking by appointments"];
/// The same by the number of organizations.
pub const ORGANIZATIONS: [&str; 2] = ["a check by organizations", "a booking by organizations"];
/// The same by the appointments of a day.
pub const DENSITY: [&str; 2] = [
    "a check by appointments of a day",
    "a booking by appointments of a day",
];

/// So many appointments of an hour each on each of the days that are asked for: six for each crew, none at the hour that is booked.
const FILL: &str = "
    insert into public.appointments (
        organization_id, customer_name, customer_phone, service_address, appointment_type, scheduled_date, scheduled_time,
        duration_minutes, status, crew
    )
    select
        md5('organization ' || $1::int8)::uuid, 'Customer', '+13035550142', n.n || ' Elm Street', 'repair', d.day,
        '08:00'::time + n.n % 6 * interval '90 minutes', 60, 'confirmed', 1 + n.n / 6
    from unnest($3::date[]) as d (day)
    cross join generate_series(0, $2::int8 - 1) as n (n)";

/// A service and those of its organizations that are called.
type Side<'a> = (&'a Running, (u32, u32));

impl Test<'_> {
    /// How cost grows with the appointments, with the organizations, and with the appointments of a day.
    pub fn growth(&mut self) -> Result<()> {
        let size = |organizations, appointments| Size {
            organizations,
            appointments,
        };
        let by_appointments = (size(1_000, 10), size(1_000, 1_000));
        let by_organizations = (size(10, 100), size(10_000, 100));
        for (names, (few, many)) in [
            (APPOINTMENTS, by_appointments),
            (ORGANIZATIONS, by_organizations),
        ] {
            let started = |size: Size| {
                let database = self.stage.database(size)?;
                self.callers.organizations.set((1, size.organizations));
                self.frontdesk(&database)
            };
            let (small, big) = (started(few)?, started(many)?);
            let sides = [
                (&big, (1, many.organizations)),
                (&small, (1, few.organizations)),
            ];
            self.against(names, sides)?;
        }
        let database = self.stage.database(size(10, 10))?;
        self.fill(&database)?;
        self.callers.organizations.set((1, 2));
        let running = self.frontdesk(&database)?;
        self.against(DENSITY, [(&running, (2, 2)), (&running, (1, 1))])?;
        self.callers
            .organizations
            .set((1, self.settings.size.organizations));
        Ok(())
    }

    /// Organizations with capacity 10: the first with ten appointments a day, the second with sixty.
    fn fill(&self, database: &str) -> Result<()> {
        let url = self.stage.owner_url(database);
        stage::block_on(async {
            let client = stage::connect(&url).await?;
            let crews = "update public.organizations set settings = '{\"capacity\": 10}'";
            client.batch_execute(crews).await?;
            for (organization, appointments) in [(1_i64, 10_i64), (2, 60)] {
                let days = &self.callers.days;
                client
                    .execute(FILL, &[&organization, &appointments, days])
                    .await?;
            }
            client.batch_execute("vacuum analyze").await?;
            anyhow::Ok(())
        })?
    }

    /// Measures both sides in turns: of checks the processor time of service and PostgreSQL together, of the bookings that were made
    /// the median latency with nothing else going on, since each of them takes a slot for good.
    fn against(&mut self, [check, book]: [&'static str; 2], sides: [Side<'_>; 2]) -> Result<()> {
        for round in 0..self.settings.rounds {
            self.callers.place.set(Place::Any);
            self.callers.mix.set(CHECKS);
            let cost = |run: &Run| Some(run.own_us? + run.postgresql_us?);
            let ratio = self.ratio(
                check,
                Arrivals::Closed(4),
                self.length(),
                round,
                sides,
                cost,
            )?;
            self.report.growth.entry(check).or_default().push(ratio);
            self.callers.place.set(Place::InTurn(FREE_HOUR));
            self.callers.mix.set(BOOKINGS);
            let second = Duration::from_secs(1);
            let cost = |run: &Run| run.booking_us;
            let ratio = self.ratio(book, Arrivals::Constant(40.0), second, round, sides, cost)?;
            self.report.growth.entry(book).or_default().push(ratio);
        }
        self.callers.place.set(Place::Any);
        Ok(())
    }

    /// The first side's cost over the second's. Each goes first in turn.
    fn ratio(
        &self,
        name: &str,
        arrivals: Arrivals,
        length: Duration,
        round: u32,
        sides: [Side<'_>; 2],
        cost: impl Fn(&Run) -> Option<f64>,
    ) -> Result<f64> {
        let plan = Plan {
            name,
            arrivals,
            length,
            seed: u64::from(round),
        };
        let measured = |(running, organizations): Side<'_>| {
            self.callers.organizations.set(organizations);
            let (run, _) = run(&running.target, self.callers, &plan)?;
            right(&run)?;
            cost(&run).with_context(|| format!("{name}: nothing was measured"))
        };
        let [big, small] = sides;
        let (big, small) = if round.is_multiple_of(2) {
            (measured(big)?, measured(small)?)
        } else {
            let small = measured(small)?;
            (measured(big)?, small)
        };
        Ok(big / small)
    }
}
