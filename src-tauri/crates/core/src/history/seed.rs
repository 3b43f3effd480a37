//! Made-up entries, to see a long history. None of them has a token.

use rusqlite::{Connection, params};
use uuid::Uuid;

use crate::{clock::Millis, error::AppError};

const WORKFLOWS: [&str; 5] = [
    "KYC individual \u{2013} Poland",
    "KYB company onboarding",
    "Document re-check",
    "Source of funds",
    "Address proof",
];
const SECOND: Millis = 1000;
const MINUTE: Millis = 60 * SECOND;

/// Writes `count` entries, one every seven minutes back from now. The newest `live` of them are
/// active for an hour.
pub(crate) fn seed(
    db: &mut Connection,
    count: u32,
    live: u32,
    now: Millis,
) -> Result<u32, AppError> {
    let all = db.transaction()?;
    {
        let mut statement = all.prepare(
            "INSERT INTO entries (id, workspace_id, workspace_name, workspace_kind, api,
                workflow_id, workflow_name, subject, label, purpose, state, requested_at,
                issued_at, expires_at, lifetime, expiry_source, used_at, http_status, request_ms,
                token_fingerprint, authorized_from_cache)
             VALUES (?1, 'demo', 'Demo', 'demo', ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12,
                ?13, ?14, ?15, 131, ?16, 1)",
        )?;
        for number in (0..count).rev() {
            let is_live = number < live;
            // They differ by a second, so that their order is plain.
            let apart = if is_live { SECOND } else { 7 * MINUTE };
            let at = now - Millis::from(number + 1) * apart;
            let failed = !is_live && number % 17 == 3;
            let used = !is_live && !failed && number % 3 == 0;
            let workflow = number as usize % WORKFLOWS.len();
            let id = Uuid::new_v4();
            statement.execute(params![
                id.to_string(),
                if number % 4 == 0 { "v1" } else { "v2" },
                Uuid::from_u128(0x3b2d_8a4f_579f_4e2e_a51c_0000_0000_0000 + workflow as u128)
                    .to_string(),
                WORKFLOWS[workflow],
                Uuid::new_v4().to_string(),
                format!("ticket #{}", 10_000 + number),
                if number % 9 == 1 {
                    "preview"
                } else {
                    "handOver"
                },
                if failed { "failed" } else { "issued" },
                at,
                (!failed).then_some(at + 215),
                (!failed).then_some(at + 60 * MINUTE),
                (!failed).then_some(60 * MINUTE),
                (!failed).then_some("server"),
                used.then_some(at + 2 * MINUTE),
                if failed { 404 } else { 201 },
                (!failed).then(|| id.simple().to_string()[..16].to_owned())
            ])?;
        }
    }
    all.commit()?;
    Ok(count)
}
