//! Who may call the simulator.

use uuid::Uuid;

/// The credentials the simulator takes.
#[derive(Clone)]
pub struct Accounts {
    /// API key of the one workspace.
    pub key: String,
    /// Its secret.
    pub secret: String,
    /// The organization token, which starts with `tot_`.
    pub organization_token: String,
}

impl Accounts {
    /// Credentials made up now.
    #[must_use]
    pub fn random() -> Self {
        let word = || Uuid::new_v4().simple().to_string();
        Self {
            key: word(),
            secret: word() + &word(),
            organization_token: format!("tot_{}{}", word(), word()),
        }
    }

    /// Credentials that are the same at each start, for a simulator that runs by itself.
    /// They open nothing but a simulator.
    #[must_use]
    pub fn documented() -> Self {
        Self {
            key: "simulator-key".into(),
            secret: "simulator-secret".into(),
            organization_token: "tot_simulator_organization_token".into(),
        }
    }
}
