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
        "0020_service_role",
        "0021_invitation_tokens",
        "0022_organization_secrets",
        "0023_sealed_webhook_credentials",
        "0024_audit_log",
        "0025_platform_search_path",
        "0026_phone_number_form",
    ]
);

/// Functions and the triggers that use them; each is applied again when its text changes.
pub(super) const FUNCTIONS: &[File] = files!(
    "functions",
    [
        "accept_invitation",
        "admit_writer",
        "announce_directory",
        "book_appointment",
        "booking_rules",
        "bound_organization",
        "busy_range",
        "call_statuses",
        "caller",
        "check_availability",
        "check_hours",
        "check_organization",
        "check_special_day",
        "clock",
        "colleague_ids",
        "count_appointments",
        "drop_policies",
        "find_organization",
        "first_instant",
        "forget_tool_calls",
        "free_crew",
        "get_available_time_slots",
        "get_on_call_contact",
        "hide_secrets",
        "hours_of",
        "is_foreign_call",
        "is_free",
        "is_open",
        "keep_audit_log",
        "keep_counters",
        "keep_invitation",
        "keep_organization",
        "keep_owner",
        "keep_profile_email",
        "keep_references",
        "keep_user_profile",
        "live_webhook_credentials",
        "lock_organization",
        "move_appointments_to_zone",
        "on_call_contacts",
        "opening_windows",
        "organization_ids",
        "place_appointment",
        "refusal",
        "require_organization",
        "unsealed_organizations",
        "update_updated_at_column",
        "weekday",
        "whole_number",
        "windows_reaching",
        "write_audit_log",
    ]
);

/// Row level security and grants, a table each; applied again when its text changes, once the functions are there.
pub(super) const POLICIES: &[File] = files!(
    "policies",
    [
        "appointments",
        "audit_log",
        "billing_invoices",
        "billing_subscriptions",
        "call_logs",
        "call_transfers",
        "customers",
        "emergency_contacts",
        "emergency_notifications",
        "organization_invitations",
        "organization_members",
        "organization_secrets",
        "organizations",
        "phone_number_assignments",
        "schema_history",
        "sms_communications",
        "special_days",
        "tool_calls",
        "user_profiles",
        "vapi_assistants",
        "webhook_credentials",
    ]
);
