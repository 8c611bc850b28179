//! What the database refused, in words for whoever typed the command.
//!
//! A rule that a trigger raises has its sentence already. A constraint has only a name; its sentence stands here, and a test holds this list
//! against the constraints of every table that a command writes.

use tokio_postgres::error::{DbError, SqlState};

/// The constraints that a command can meet, and what is allowed; those of every table alike are [`ENDINGS`].
pub const CONSTRAINTS: &[(&str, &str)] = &[
    (
        "blocked_numbers_phone_number_check",
        "the number must be written with its country code, as in +13035550199",
    ),
    (
        "blocked_numbers_pkey",
        "the number is blocked already; `frontdesk org blocked` lists those that are",
    ),
    ("crews_number_check", "a crew has a number from 1 to 100"),
    ("crews_skills_check", "a crew has up to 50 skills"),
    (
        "emergency_contacts_phone_extension_check",
        "an extension has 1 to 10 digits",
    ),
    (
        "organization_invitations_invited_by_user_id_fkey",
        "whoever invites has no account any more",
    ),
    (
        "organization_invitations_role_check",
        "the role is owner, admin or member",
    ),
    (
        "organization_invitations_status_check",
        "an invitation is pending, accepted, declined or expired",
    ),
    (
        "organization_invitations_token_key",
        "another invitation has the same token; try again",
    ),
    (
        "organization_members_organization_id_user_id_key",
        "they are a member already; `frontdesk org set-role` changes what they may do",
    ),
    (
        "organization_members_role_check",
        "the role is owner, admin or member",
    ),
    (
        "organization_members_user_id_fkey",
        "their account is not there any more; they must sign up first",
    ),
    (
        "organizations_phone_extensions_check",
        "an extension has 1 to 10 digits",
    ),
    (
        "organizations_pkey",
        "an organization with this id is there already",
    ),
    (
        "phone_number_assignments_active_number",
        "the number is in use by another organization; `frontdesk org remove-phone` takes it from there",
    ),
    (
        "phone_number_assignments_number_is_e164",
        "the number must be written with its country code, as in +13035550100",
    ),
    (
        "phone_number_assignments_organization_id_phone_number_key",
        "the organization has the number already",
    ),
    (
        "phone_number_assignments_phone_provider_check",
        "the provider is vapi, twilio or byo",
    ),
    (
        "phone_number_assignments_vapi_assistant_id_fkey",
        "the assistant is not this organization's; `frontdesk org show` lists those that are",
    ),
    (
        "phone_number_assignments_vapi_id",
        "Vapi's id of the number belongs to another number; `frontdesk org show` lists both",
    ),
    (
        "services_buffer_after_minutes_check",
        "--after takes minutes from 0 to 240",
    ),
    (
        "services_buffer_before_minutes_check",
        "--before takes minutes from 0 to 240",
    ),
    (
        "services_calendly_event_type_check",
        "--calendly-event-type takes the address of an event type: https://api.calendly.com/event_types/ and its id",
    ),
    (
        "services_check",
        "--price takes whole dollars up to 1000000, the lower one first, as in 149-299",
    ),
    (
        "services_check1",
        "--price has no lower amount; write it as in 99, 149-299 or 150-",
    ),
    (
        "services_default",
        "another service is the default; it was made so at the same moment, so try again",
    ),
    (
        "services_duration_minutes_check",
        "--minutes takes a number from 1 to 480",
    ),
    (
        "services_keywords_check",
        "--keywords takes up to 50 words or phrases",
    ),
    (
        "services_name",
        "a service of that name is there already; it was entered at the same moment, so try again",
    ),
    (
        "services_name_check",
        "the service's name is empty; it takes what the business calls it, as in \"Drain cleaning\"",
    ),
    (
        "services_name_es_check",
        "--spanish is empty; it takes the service's name in Spanish",
    ),
    (
        "services_price_from_check",
        "--price takes whole dollars from 0 to 1000000",
    ),
    (
        "services_required_skill_check",
        "--skill is empty; it takes what a crew must be able to do, as in gas",
    ),
    ("vapi_assistants_language_check", "the language is en or es"),
    (
        "vapi_assistants_vapi_assistant_id_key",
        "the assistant is another organization's; `frontdesk org remove-assistant` takes it from there",
    ),
];

/// How constraints are named that many tables have, and what is said of them.
const ENDINGS: [(&str, &str); 4] = [
    (
        "organization_id_fkey",
        "the organization is not there any more",
    ),
    ("_pkey", SAME_MOMENT),
    ("_organization_id_id_key", SAME_MOMENT),
    ("_organization_id_special_date_key", SAME_MOMENT),
];

const SAME_MOMENT: &str = "it was entered at the same moment; try again";

/// What is said of a constraint, if it is one that a command can meet.
#[must_use]
pub fn of_constraint(name: &str) -> Option<&'static str> {
    let own = CONSTRAINTS.iter().find(|(known, _)| *known == name);
    let alike = || ENDINGS.iter().find(|(ending, _)| name.ends_with(ending));
    own.or_else(alike).map(|(_, words)| *words)
}

/// A refusal as a sentence: what was wrong, and what is allowed or what to do.
#[must_use]
pub fn words(refusal: &DbError) -> String {
    if let Some(name) = refusal.constraint() {
        return constraint(name, refusal);
    }
    let code = refusal.code();
    if *code == SqlState::NOT_NULL_VIOLATION {
        let column = refusal.column().unwrap_or("a column");
        return format!("{column} is missing; it must be given");
    }
    if *code == SqlState::STRING_DATA_RIGHT_TRUNCATION {
        return format!(
            "a text is too long for its column ({}); shorten it",
            refusal.message()
        );
    }
    if *code == SqlState::NUMERIC_VALUE_OUT_OF_RANGE {
        return format!(
            "a number is larger than its column takes ({})",
            refusal.message()
        );
    }
    if *code == SqlState::INSUFFICIENT_PRIVILEGE {
        return format!(
            "the database's role may not do this ({}); connect as the owner of the tables, with FRONTDESK_OWNER_URL",
            refusal.message()
        );
    }
    if *code == SqlState::READ_ONLY_SQL_TRANSACTION {
        return "the database takes no writes: it is a standby, or its administrator made it read-only".to_owned();
    }
    if [
        SqlState::LOCK_NOT_AVAILABLE,
        SqlState::QUERY_CANCELED,
        SqlState::T_R_DEADLOCK_DETECTED,
        SqlState::T_R_SERIALIZATION_FAILURE,
    ]
    .contains(code)
    {
        return format!(
            "somebody else is changing the same thing ({}); try again",
            refusal.message()
        );
    }
    // A rule of this schema, which has its own sentence, or a fault whose words are all there is.
    refusal.message().to_owned()
}

fn constraint(name: &str, refusal: &DbError) -> String {
    if let Some(words) = of_constraint(name) {
        return words.to_owned();
    }
    let table = refusal.table().unwrap_or("a table");
    let what = match refusal.code().code() {
        "23505" | "23P01" => "has such a row already",
        "23503" => "refers to something that is not there",
        _ => "does not take this value",
    };
    format!("{table} {what} (rule {name})")
}
