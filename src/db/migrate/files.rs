//! The files of `sql/`, compiled in. A test holds these lists against the folders.

use super::File;

macro_rules! files {
    ($folder:literal, [$($name:literal),* $(,)?]) => {
        &[$(File {
            name: concat!($folder, "/", $name),
            text: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/sql/", $folder, "/", $name, ".sql")),
        }),*]
    };
}

/// Tables, types and indexes, in the order in which they are applied; frozen once shipped.
pub(super) const MIGRATIONS: &[File] = files!(
    "migrations",
    [
        "0001_platform",
        "0002_user_profiles",
        "0003_organizations",
        "0004_organization_members",
        "0005_organization_invitations",
        "0006_vapi_assistants",
        "0007_phone_number_assignments",
        "0008_customers",
        "0009_appointments",
        "0010_call_logs",
        "0011_sms_communications",
        "0012_call_transfers",
        "0013_emergency_contacts",
        "0014_emergency_notifications",
        "0015_billing_subscriptions",
        "0016_billing_invoices",
        "0017_special_days",
        "0018_tool_calls",
        "0019_webhook_credentials",
    ]
);

/// Functions and the triggers that use them; each is applied again when its text changes.
pub(super) const FUNCTIONS: &[File] = files!(
    "functions",
    [
        "announce_directory",
        "book_appointment",
        "booking_rules",
        "busy_range",
        "call_statuses",
        "check_availability",
        "check_hours",
        "check_organization",
        "check_special_day",
        "clock",
        "count_appointments",
        "first_instant",
        "forget_tool_calls",
        "free_crew",
        "get_available_time_slots",
        "get_on_call_contact",
        "hours_of",
        "is_free",
        "is_open",
        "keep_user_profile",
        "lock_organization",
        "move_appointments_to_zone",
        "on_call_contacts",
        "opening_windows",
        "place_appointment",
        "refusal",
        "require_organization",
        "update_updated_at_column",
        "weekday",
        "whole_number",
        "windows_reaching",
    ]
);
