//! Two organizations that link one calendar.

use uuid::Uuid;

use super::free;
use crate::support::{
    Linked,
    app::ORGANIZATION_ID,
    appointments::books,
    linked::timed,
    operator::{object, printed},
};

const OTHER: Uuid = uuid::uuid!("0f0f0f0f-0000-4000-8000-000000000002");

async fn free_of_the_other(linked: &Linked) -> Vec<String> {
    let now = linked.app.clock.now().to_rfc3339();
    linked
        .app
        .database
        .column(&format!(
            "select to_char(s.start_time, 'HH24:MI')
             from (select set_config('frontdesk.now', '{now}', false)) as clock,
                 lateral get_available_time_slots('{OTHER}', '2026-12-01', 60) as s
             where s.is_available"
        ))
        .await
}

#[tokio::test]
async fn each_has_its_own_rows_and_sees_the_others_appointments_as_foreign_events() {
    let linked = Linked::start("{}").await;
    let app = &linked.app;
    app.database
        .run(&format!(
            "insert into organizations (id, name, industry, timezone) values ('{OTHER}', 'Other', 'hvac', 'America/Denver')"
        ))
        .await;
    let (id, url) = (OTHER.to_string(), linked.radicale.url());
    let mut line = vec!["calendar", "connect", &id, "--provider", "caldav", "--json"];
    line.extend(["--address", &url, "--username", linked.radicale.user()]);
    line.extend(["--calendar", &linked.calendar]);
    object(&linked.command(&line, linked.radicale.password()));
    linked
        .enters("dentist", &timed("20261201T1000", "20261201T1100"))
        .await;
    linked.reads().await;
    assert_eq!(free(app, "2026-12-01").await.len(), 9);
    assert_eq!(free_of_the_other(&linked).await.len(), 9);

    let said = books(&app.caller(), "2026-12-01T14:00").await;
    assert!(said.says("You're booked"), "{}", said.words);
    app.settles().await;
    linked.reads().await;
    let foreign: Vec<String> = app
        .database
        .column(
            "select organization_id || ' ' || lower(span) from private.external_events order by 1",
        )
        .await;
    assert_eq!(
        foreign,
        [
            format!("{ORGANIZATION_ID} 2026-12-01 10:00:00"),
            format!("{OTHER} 2026-12-01 10:00:00"),
            format!("{OTHER} 2026-12-01 14:00:00"),
        ]
    );
    let of_the_other = free_of_the_other(&linked).await;
    assert!(
        !of_the_other.contains(&"14:00".to_owned()),
        "{of_the_other:?}"
    );
    assert_eq!(free(app, "2026-12-01").await.len(), 8);

    // Now an appointment of the other is over one of ours: each is told of its own.
    app.dashboard(&format!(
        "insert into appointments (organization_id, customer_name, customer_phone, appointment_type, scheduled_date, scheduled_time)
         values ('{OTHER}', 'Ruth', '+13035550110', 'repair', '2026-12-01', '14:00')"
    ))
    .await;
    app.settles().await;
    assert_eq!(linked.ours().await.len(), 2);
    linked.reads().await;

    for (mine, others) in [(ORGANIZATION_ID, OTHER), (OTHER, ORGANIZATION_ID)] {
        for command in ["list", "status", "conflicts"] {
            let id = mine.to_string();
            let text = printed(&linked.command(&["calendar", command, &id, "--json"], ""));
            for table in [
                "calendar_accounts",
                "calendar_links",
                "calendar_copies",
                "calendar_conflicts",
            ] {
                let ids: Vec<String> = app
                    .database
                    .column(&format!(
                        "select id::text from private.{table} where organization_id = '{others}'"
                    ))
                    .await;
                assert!(!ids.iter().any(|id| text.contains(id)), "{command}: {text}");
            }
        }
        let tables = [
            "calendar_accounts",
            "calendar_links",
            "external_events",
            "calendar_copies",
            "calendar_conflicts",
            "busy_days",
        ];
        for table in tables {
            let seen: Vec<Uuid> = {
                let client = app.database.connect().await;
                client
                    .batch_execute(&format!(
                        "set role frontdesk_app; select set_config('frontdesk.organization_id', '{mine}', false)"
                    ))
                    .await
                    .unwrap();
                let rows = client
                    .query(&format!("select organization_id from private.{table}"), &[])
                    .await
                    .unwrap();
                rows.iter().map(|row| row.get(0)).collect()
            };
            assert!(seen.iter().all(|id| *id == mine), "{table}");
            // An appointment of one overlaps what it sees of the other's, entered before it or after it.
            assert!(!seen.is_empty() || table == "calendar_conflicts", "{table}");
        }
        // Nobody else can bring a listing, or a claim, to an end.
        let theirs: Uuid = app
            .database
            .value(&format!(
                "select id from private.calendar_links where organization_id = '{others}'"
            ))
            .await;
        let client = app.database.connect().await;
        client
            .batch_execute(&format!(
                "set role frontdesk_app; select set_config('frontdesk.organization_id', '{mine}', false)"
            ))
            .await
            .unwrap();
        let applied = "select is_applied from private.apply_calendar_listing($1, $2, null, true, '[]', null, '2026-11-22', '2027-01-24')";
        let own = client.query_one(applied, &[&mine, &theirs]).await.unwrap();
        assert!(!own.get::<_, bool>(0));
        let refused = client.query_one(applied, &[&others, &theirs]).await;
        assert!(refused.is_err(), "{refused:?}");
        let claimed = client
            .query(
                "select from private.claim_calendar($1, $2, 60)",
                &[&mine, &theirs],
            )
            .await
            .unwrap();
        assert!(claimed.is_empty());
    }

    // One that disconnects leaves the other as it is.
    printed(&linked.command(&["calendar", "disconnect", &id, "--json"], ""));
    assert_eq!(free(app, "2026-12-01").await.len(), 8);
}
