//! `POST /link` and `POST /link/send`, and the links they give out: each opens the hosted page's
//! widget once, and ends the link before it for the same subject.

use std::sync::Arc;

use axum::{
    extract::{ConnectInfo, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    answers::{self, Refusal, Refuses},
    asked::{Asked, CreateWorkflowTokenV2Dto, TokenBody},
    connection::Cut,
    incoming::{Admitted, Body},
    kept::Kept,
    shared::{REMEMBERED_MS, Shared, WidgetToken, lock, now_ms},
};

/// How long a link lives (invented).
const LINK_MS: u64 = 7 * 24 * 3600 * 1000;

/// The documented answer.
#[derive(Serialize, ToSchema)]
pub(crate) struct WorkflowLinkDto {
    /// The hosted page.
    #[schema(example = "https://link.transactionlink.io/0df7e442-720c-4afb-8fed-c2664d6cb803")]
    link: String,
}

/// Links, and which is the last of each subject.
#[derive(Default)]
pub(crate) struct Links {
    links: Kept<Link>,
    last: Kept<Uuid>,
}

struct Link {
    subject: Option<Uuid>,
    ends_at_ms: u64,
    opens: WidgetToken,
}

impl Links {
    fn put(&mut self, id: Uuid, subject: Option<Uuid>, opens: WidgetToken, now_ms: u64) {
        let link = Link {
            subject,
            ends_at_ms: now_ms.saturating_add(LINK_MS),
            opens,
        };
        // It is remembered for longer than it lives, to say why it opens nothing any more.
        let until_ms = now_ms.saturating_add(REMEMBERED_MS);
        self.links.put(&id.to_string(), link, until_ms, now_ms);
        if let Some(subject) = subject {
            self.last.put(&subject.to_string(), id, until_ms, now_ms);
        }
    }

    /// A link that still opens the widget.
    ///
    /// # Errors
    /// Why it does not.
    fn open(&mut self, id: Uuid, now_ms: u64) -> Result<&mut Link, Refusal> {
        let refusal = |status, code, message| Err(Refusal::new(status, code, message));
        let gone = StatusCode::GONE;
        let Some(link) = self.links.get(&id.to_string(), now_ms) else {
            let message = "The link is none of this simulator's.";
            return refusal(StatusCode::NOT_FOUND, "simulator.link_unknown", message);
        };
        if link.opens.used {
            let message = "The link was used before; each opens the widget once.";
            return refusal(gone, "simulator.link_used", message);
        }
        let last = link.subject.map(|subject| subject.to_string());
        let last = last.and_then(|subject| self.last.get(&subject, now_ms).copied());
        if last.is_some_and(|last| last != id) {
            let message = "The link was replaced by a newer one.";
            return refusal(gone, "simulator.link_replaced", message);
        }
        if link.ends_at_ms <= now_ms {
            let message = "The link has expired.";
            return refusal(gone, "simulator.link_expired", message);
        }
        Ok(link)
    }

    /// The status of the hosted page.
    pub(crate) fn status(&mut self, id: Uuid, now_ms: u64) -> StatusCode {
        match self.open(id, now_ms) {
            Ok(_) => StatusCode::OK,
            Err(refusal) => refusal.status,
        }
    }

    /// Uses a link up for what it opens.
    pub(crate) fn use_up(&mut self, id: Uuid, now_ms: u64) -> Result<WidgetToken, Refusal> {
        let link = self.open(id, now_ms)?;
        link.opens.used = true;
        Ok(link.opens.clone())
    }
}

/// Makes a link to the hosted page.
///
/// It opens the widget once, and ends the link before it for the same case or record.
#[utoipa::path(
    post, path = "/link", tag = "link",
    operation_id = "create-link",
    request_body(content(
        (TokenBody = "application/json"),
        (CreateWorkflowTokenV2Dto = "application/json;version=2"),
    )),
    responses(
        (status = 201, description = "Link has been generated.", body = WorkflowLinkDto),
        Refuses<400>, Refuses<401>, Refuses<403>, Refuses<404>, Refuses<406>, Refuses<413>,
        Refuses<429>, Refuses<500>,
    ),
)]
pub(crate) async fn link(
    _: Admitted,
    State(shared): State<Arc<Shared>>,
    ConnectInfo(connection): ConnectInfo<Cut>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    give(&shared, &connection, &headers, body).await
}

/// Makes a link to the hosted page and sends it.
///
/// The stand-in sends it to nobody.
#[utoipa::path(
    post, path = "/link/send", tag = "link",
    operation_id = "send-link",
    request_body(content(
        (TokenBody = "application/json"),
        (CreateWorkflowTokenV2Dto = "application/json;version=2"),
    )),
    responses(
        (status = 201, description = "Link has been generated.", body = WorkflowLinkDto),
        Refuses<400>, Refuses<401>, Refuses<403>, Refuses<404>, Refuses<406>, Refuses<413>,
        Refuses<429>, Refuses<500>,
    ),
)]
pub(crate) async fn send(
    _: Admitted,
    State(shared): State<Arc<Shared>>,
    ConnectInfo(connection): ConnectInfo<Cut>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    give(&shared, &connection, &headers, body).await
}

async fn give(
    shared: &Shared,
    connection: &Cut,
    headers: &HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    let asked = Asked::read(headers, body, shared.options.lenient)?;
    let scenario = asked.settle_for_end_user(shared, connection).await?;
    let opens = WidgetToken {
        workflow: scenario.name,
        lang: asked.lang,
        run: None,
        used: false,
    };
    let id = Uuid::new_v4();
    lock(&shared.links).put(id, asked.subject, opens, now_ms());
    let link = format!("{}/{id}", shared.origin);
    Ok(answers::secret(
        StatusCode::CREATED,
        WorkflowLinkDto { link },
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opens() -> WidgetToken {
        WidgetToken {
            workflow: "w",
            lang: None,
            run: None,
            used: false,
        }
    }

    #[test]
    fn a_link_ends_by_age_use_and_a_newer_one_for_its_subject() {
        let mut links = Links::default();
        let [a, b, c, d] = std::array::from_fn(|_| Uuid::new_v4());
        let subject = Some(Uuid::new_v4());
        links.put(a, subject, opens(), 0);
        assert_eq!(links.status(a, LINK_MS - 1), StatusCode::OK);
        assert_eq!(links.status(a, LINK_MS), StatusCode::GONE);
        links.put(b, Some(Uuid::new_v4()), opens(), 0);
        links.put(c, None, opens(), 0);
        links.put(d, subject, opens(), 1);
        assert_eq!(links.status(a, 2), StatusCode::GONE, "d replaced it");
        for id in [b, c, d] {
            assert_eq!(links.status(id, 2), StatusCode::OK);
            assert!(links.use_up(id, 2).is_ok());
            assert_eq!(links.status(id, 2), StatusCode::GONE, "it was used");
        }
        assert_eq!(links.status(Uuid::new_v4(), 2), StatusCode::NOT_FOUND);
    }
}
