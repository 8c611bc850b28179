use super::*;

fn settings() -> HmacSettings {
    HmacSettings::new(Algorithm::Sha256, vec!["hush".into()])
}

#[test]
fn settings_that_prove_nothing_are_named_without_the_secret() {
    let problem = |change: &dyn Fn(&mut HmacSettings)| {
        let mut settings = settings();
        change(&mut settings);
        let problem = HmacPlan::new(settings).unwrap_err();
        assert!(!problem.to_string().contains("hush"));
        problem
    };
    let format = |text: &'static str| {
        problem(&move |settings| settings.payload_format = Some(text.to_owned()))
    };
    assert_eq!(
        problem(&|settings| settings.secrets.clear()),
        PlanProblem::EmptySecret
    );
    assert_eq!(
        problem(&|settings| settings.secrets.push(" ".into())),
        PlanProblem::EmptySecret
    );
    assert_eq!(
        problem(&|settings| {
            settings.secrets = vec!["hush!".into()];
            settings.secret_is_base64 = true;
        }),
        PlanProblem::SecretNotBase64
    );
    assert_eq!(
        problem(&|settings| settings.signature_header.clear()),
        PlanProblem::NamelessHeader
    );
    assert_eq!(format("{timestamp}"), PlanProblem::BodyNotSigned);
    assert_eq!(format("{body}"), PlanProblem::TimestampNotSigned);
    assert_eq!(
        format("{timestamp}{body}{svix-id}"),
        PlanProblem::NoMessageIdHeader
    );
    assert_eq!(
        format("{timestamp}{body}{query}"),
        PlanProblem::UnknownPlaceholder
    );
    assert_eq!(
        format("{timestamp}{body}{"),
        PlanProblem::UnknownPlaceholder
    );
    assert_eq!(
        "md5".parse::<Algorithm>(),
        Err(PlanProblem::UnknownAlgorithm)
    );
    assert_eq!(
        "base58".parse::<Encoding>(),
        Err(PlanProblem::UnknownEncoding)
    );
}

#[test]
fn a_format_is_split_at_its_placeholders() {
    assert_eq!(
        pieces("v0:{timestamp}:{body}").unwrap(),
        [
            Piece::Text("v0:".to_owned()),
            Piece::Timestamp,
            Piece::Text(":".to_owned()),
            Piece::Body,
        ]
    );
}

#[test]
fn a_timestamp_counts_seconds_or_milliseconds_or_is_rfc_3339() {
    let wanted = instant("2026-11-23T15:00:00Z");
    assert!(wanted.is_some());
    assert_eq!(instant("1795446000"), wanted);
    assert_eq!(instant("1795446000000"), wanted);
    assert_eq!(instant("2026-11-23T08:00:00.000-07:00"), wanted);
    for unreadable in [
        "soon",
        "17954460.5",
        "99999999999999999999",
        "9223372036854775807",
        "2026-11-23",
    ] {
        assert_eq!(instant(unreadable), None, "{unreadable}");
    }
}

#[test]
fn a_header_full_of_signatures_is_tried_only_so_far() {
    let plan = HmacPlan::new(settings()).unwrap();
    assert_eq!(plan.signatures(&"00,".repeat(1000)).len(), MAX_SIGNATURES);
    assert!(plan.signatures(" , zz").is_empty());
}
