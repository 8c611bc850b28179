//! What the commands do at Google.

use tokio::net::TcpStream;

use crate::support::{
    LinkedGoogle, TestApp,
    app::{ORGANIZATION_ID, SECRETS_KEY},
    consent::connect,
    operator::{complaint, printed, with_environment},
};

impl LinkedGoogle {
    fn disconnect(&self) -> std::process::Output {
        let id = ORGANIZATION_ID.to_string();
        let settings: Vec<String> = self
            .google
            .settings()
            .into_iter()
            .flat_map(|(name, value)| [name.to_owned(), value])
            .collect();
        let mut line = vec!["calendar", "disconnect", &id];
        line.extend(settings.iter().map(String::as_str));
        let url = self.app.database.url();
        with_environment(
            &line,
            &[
                ("DATABASE_URL", url.as_str()),
                ("FRONTDESK_SECRETS_KEY", SECRETS_KEY),
            ],
        )
    }
}

#[tokio::test]
async fn disconnecting_closes_the_channel_and_gives_the_consent_back() {
    let builder = TestApp::builder()
        .await
        .setting("--public-url", "https://calls.example.com");
    let linked = LinkedGoogle::with(builder, "{}").await;
    linked.reads().await;
    linked.has_one_channel().await;
    assert_eq!(linked.google.refresh_tokens().len(), 1);

    let ended = linked.disconnect();

    assert!(printed(&ended).contains("the account is disconnected"));
    assert_eq!(complaint(&ended), "");
    assert!(linked.google.channels().is_empty());
    assert!(linked.google.refresh_tokens().is_empty());
    linked.google.assert_discreet();
}

#[tokio::test]
async fn the_consent_stays_where_another_organization_has_the_same_account() {
    let linked = LinkedGoogle::start("{}").await;
    // Google takes back all that an owner granted this service, whoever asked.
    linked
        .app
        .database
        .run(
            "insert into organizations (id, name, industry, timezone)
             values ('0f0f0f0f-0000-4000-8000-00000000000f', 'Acme', 'plumbing', 'America/Denver');
             insert into private.calendar_accounts (organization_id, provider, username, secret_name)
             select '0f0f0f0f-0000-4000-8000-00000000000f', provider, username, 'calendar/0f0f0f0f-0000-4000-8000-0000000000aa'
             from private.calendar_accounts",
        )
        .await;

    printed(&linked.disconnect());

    assert_eq!(linked.google.refresh_tokens().len(), 1);
}

#[tokio::test]
async fn a_google_that_is_away_keeps_no_link() {
    let linked = LinkedGoogle::start("{}").await;
    linked
        .google
        .fail_next_token(&[crate::support::http::Failure::new(503, "backendError")]);
    let ended = linked.disconnect();
    assert!(printed(&ended).contains("is not linked any more"));
    let links: i64 = linked
        .app
        .database
        .value("select count(*) from private.calendar_links")
        .await;
    assert_eq!(links, 0);
}

#[tokio::test]
async fn a_connection_that_the_browser_opens_too_early_holds_no_consent_up() {
    let linked = LinkedGoogle::start("{}").await;
    let again = connect(&linked.app, &linked.google, &["--loopback"], async |page| {
        let page = url::Url::parse(page).unwrap();
        let (_, redirect) = page
            .query_pairs()
            .find(|(name, _)| name == "redirect_uri")
            .unwrap();
        let redirect = url::Url::parse(&redirect).unwrap();
        let address = ("127.0.0.1", redirect.port().unwrap());
        let silent = TcpStream::connect(address).await.unwrap();
        // One that is reset is no end either.
        let reset = TcpStream::connect(address).await.unwrap();
        reset.set_zero_linger().unwrap();
        drop(reset);
        silent
    })
    .await;
    assert_eq!(again["events"], 0);
}
