//! stub
pub mod compose {
    use crate::{db::OrgTx, domain::phone::Phone, error::Result};
    use chrono::{DateTime, Utc};
    use uuid::Uuid;
    pub enum Composed {
        Send {
            sms_id: Uuid,
            to: Phone,
            body: String,
        },
        Later(DateTime<Utc>),
        Drop(&'static str),
    }
    pub async fn compose(
        _: &OrgTx,
        _: Uuid,
        _: &serde_json::Value,
        _: DateTime<Utc>,
    ) -> Result<Composed> {
        Ok(Composed::Drop("stub"))
    }
}
pub mod consent {
    use crate::{db::OrgTx, domain::phone::Phone, error::Result};
    use uuid::Uuid;
    pub async fn learn(_: &OrgTx, _: Uuid, _: &Phone) -> Result<()> {
        Ok(())
    }
}
pub mod reminders {
    use crate::{db::Database, error::Result};
    use chrono::{DateTime, Utc};
    use uuid::Uuid;
    pub async fn queue(_: &Database, _: Uuid, _: DateTime<Utc>) -> Result<u64> {
        Ok(0)
    }
}
