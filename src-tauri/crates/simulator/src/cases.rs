//! `POST /cases` and `GET /cases/{caseId}`.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    SAMPLE_CASE_ID,
    answers::{self, Refusal, Refuses},
    asked::{party, subject_not_found},
    incoming::{Admitted, Body, In, Version, read},
    resources::DocumentDto,
    shared::{REMEMBERED_MS, Shared, iso, lock, now_ms},
};

/// A text, for which the documented sample has a number.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum TextOrNumber {
    Text(String),
    #[schema(value_type = f64)]
    Number(serde_json::Number),
}

impl TextOrNumber {
    fn text(self) -> String {
        match self {
            Self::Text(text) => text,
            Self::Number(number) => number.to_string(),
        }
    }
}

/// The documented request; every field is optional.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CreateCaseDto {
    #[schema(example = "Jan")]
    first_name: Option<String>,
    #[schema(example = "Kowalski")]
    last_name: Option<String>,
    personal_number: Option<TextOrNumber>,
    #[schema(example = "jan.kowalski@example.com")]
    email: Option<String>,
    phone: Option<CreatePhoneDto>,
    #[schema(example = "Example Ltd")]
    company_name: Option<String>,
    #[schema(example = "0000123456")]
    company_number: Option<String>,
    #[schema(example = "1 Example Street, Warsaw")]
    company_address: Option<String>,
    /// Of `POST /resources`.
    #[schema(example = json!([]))]
    documents: Option<Vec<DocumentDto>>,
}

/// A telephone number as it is given.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CreatePhoneDto {
    country_code: Option<TextOrNumber>,
    number: Option<TextOrNumber>,
}

/// The documented answer.
#[derive(Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CaseDto {
    /// When it was created.
    #[schema(format = DateTime, example = "2025-09-01T15:42:12.820469Z")]
    created_date: String,
    /// The case.
    #[schema(example = "11111111-2222-3333-4444-555555555555")]
    case_id: Uuid,
    /// The party behind it.
    party_id: Uuid,
    party_details: PartyDetails,
}

/// What is known of a party.
#[derive(Clone, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PartyDetails {
    personal: PersonalDetails,
    business: BusinessDetails,
    documents: Vec<DocumentDto>,
}

/// Of the person.
#[derive(Clone, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PersonalDetails {
    #[schema(example = "Jan")]
    first_name: Option<String>,
    #[schema(example = "Kowalski")]
    last_name: Option<String>,
    #[schema(example = "80010112345")]
    personal_number: Option<String>,
    #[schema(example = "jan.kowalski@example.com")]
    email: Option<String>,
    phone: Option<PhoneDto>,
}

/// A telephone number.
#[derive(Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PhoneDto {
    #[schema(example = "48")]
    country_code: Option<String>,
    #[schema(example = "500600700")]
    number: Option<String>,
}

/// Of the company.
#[derive(Clone, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BusinessDetails {
    #[schema(example = "0000123456")]
    company_number: Option<String>,
    #[schema(example = "Example Ltd")]
    company_name: Option<String>,
    #[schema(example = "1 Example Street, Warsaw")]
    company_address: Option<String>,
}

/// A case that was created here.
pub(crate) type Case = CaseDto;

impl CreateCaseDto {
    fn details(self) -> PartyDetails {
        let text = |given: Option<TextOrNumber>| given.map(TextOrNumber::text);
        PartyDetails {
            personal: PersonalDetails {
                first_name: self.first_name,
                last_name: self.last_name,
                personal_number: text(self.personal_number),
                email: self.email,
                phone: self.phone.map(|phone| PhoneDto {
                    country_code: text(phone.country_code),
                    number: text(phone.number),
                }),
            },
            business: BusinessDetails {
                company_number: self.company_number,
                company_name: self.company_name,
                company_address: self.company_address,
            },
            documents: self.documents.unwrap_or_default(),
        }
    }
}

/// The case in the path.
#[derive(Deserialize, IntoParams, ToSchema)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Path)]
pub(crate) struct CasePath {
    /// The case.
    #[param(example = "11111111-2222-3333-4444-555555555555")]
    case_id: Uuid,
}

/// Creates a case.
///
/// Documents have to be resources of this workspace.
#[utoipa::path(
    post, path = "/cases", tag = "cases",
    operation_id = "create-case",
    request_body = CreateCaseDto,
    responses(
        (status = 201, description = "Case was created successfully", body = CaseDto),
        Refuses<400>, Refuses<401>, Refuses<413>,
    ),
)]
pub(crate) async fn create(
    _: Admitted,
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    let lenient = shared.options.lenient;
    let request: CreateCaseDto = read(&headers, body, lenient, StatusCode::BAD_REQUEST)?;
    let now_ms = now_ms();
    let party_details = request.details();
    shared.must_exist(&party_details.documents, now_ms)?;
    let case_id = Uuid::new_v4();
    let case = Case {
        created_date: iso(now_ms),
        case_id,
        party_id: party(Some(case_id)),
        party_details,
    };
    let ends_at_ms = now_ms.saturating_add(REMEMBERED_MS);
    lock(&shared.cases).put(&case_id.to_string(), case.clone(), ends_at_ms, now_ms);
    Ok(answers::secret(StatusCode::CREATED, case))
}

/// Gives a case.
#[utoipa::path(
    get, path = "/cases/{caseId}", tag = "cases",
    operation_id = "get-case",
    params(CasePath),
    responses(
        (status = 200, description = "The case", body = CaseDto),
        Refuses<400>, Refuses<401>, Refuses<404>,
    ),
)]
pub(crate) async fn get(
    _: Admitted,
    In(path): In<CasePath>,
    State(shared): State<Arc<Shared>>,
) -> Result<Response, Refusal> {
    let case = shared.case(path.case_id, now_ms());
    let case = case.ok_or_else(|| subject_not_found(Version::V1))?;
    Ok(answers::secret(StatusCode::OK, case))
}

impl Shared {
    /// A case that was created here, or the sample.
    fn case(&self, id: Uuid, now_ms: u64) -> Option<Case> {
        if let Some(case) = lock(&self.cases).get(&id.to_string(), now_ms) {
            return Some(case.clone());
        }
        (id.to_string() == SAMPLE_CASE_ID).then(|| Case {
            created_date: iso(0),
            case_id: id,
            party_id: party(Some(id)),
            party_details: sample_details(),
        })
    }

    /// Who is behind a subject: those of its case, or somebody made up.
    pub(crate) fn party_details(&self, subject: Option<Uuid>, now_ms: u64) -> PartyDetails {
        let case = subject.and_then(|id| self.case(id, now_ms));
        case.map_or_else(sample_details, |case| case.party_details)
    }
}

fn sample_details() -> PartyDetails {
    PartyDetails {
        personal: PersonalDetails {
            first_name: Some("Anna".into()),
            last_name: Some("Example".into()),
            personal_number: Some("00000000000".into()),
            email: Some("anna@example.com".into()),
            phone: Some(PhoneDto {
                country_code: Some("48".into()),
                number: Some("500000000".into()),
            }),
        },
        ..PartyDetails::default()
    }
}
