//! What a new case consists of.

use std::fmt;

use serde::Serialize;

/// A new case: `POST /cases` (documented; deprecated by the vendor). Every field is optional.
#[derive(Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NewCase {
    /// A person's first name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// A person's last name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// The number a state knows a person by. Typed string, though the vendor's sample is a number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub personal_number: Option<String>,
    /// An e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// A telephone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<Phone>,
    /// A company's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub company_name: Option<String>,
    /// A company's number in its register.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub company_number: Option<String>,
    /// A company's address, in one text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub company_address: Option<String>,
    /// Resources that belong to the case.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<CaseDocument>,
}

/// A telephone number (documented).
#[derive(Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Phone {
    /// The country's code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country_code: Option<String>,
    /// The number in that country.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
}

/// A document of a case: a resource, as its answer described it (documented).
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CaseDocument {
    /// The resource.
    pub resource_id: String,
    /// Its name.
    pub resource_name: String,
    /// Where the API keeps it.
    pub resource_path: String,
}

impl fmt::Debug for NewCase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NewCase(hidden)")
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Phone(hidden)")
    }
}

impl fmt::Debug for CaseDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CaseDocument(hidden)")
    }
}
