//! `[deploy]` of `formwork.toml`: how the accounts of stacks are reached.

use std::collections::BTreeMap;

use anyhow::Result;
use toml::de::{DeTable, DeValue};

use super::Reader;

/// The keys that the table may have.
const KEYS: [&str; 1] = ["accounts"];

/// How the accounts of stacks are reached.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Deploy {
    /// By account, the role that is assumed for stacks that belong there.
    pub(crate) accounts: BTreeMap<String, String>,
}

impl Deploy {
    pub(super) fn read(table: &DeTable<'_>, reader: &Reader<'_>) -> Result<Self> {
        let mut deploy = Self::default();
        for (key, value) in table {
            let ("accounts", DeValue::Table(accounts)) = (key.get_ref().as_ref(), value.get_ref()) else {
                if key.get_ref() == "accounts" {
                    return Err(reader.failure(value.span(), "`accounts` is a table").into());
                }
                return Err(reader.unknown(key, &KEYS, None).into());
            };
            for (account, role) in accounts {
                let DeValue::String(role) = role.get_ref() else {
                    let message = format!("the role of `{}` is a string, its ARN", account.get_ref());
                    return Err(reader.failure(role.span(), &message).into());
                };
                deploy.accounts.insert(account.get_ref().to_string(), role.to_string());
            }
        }
        Ok(deploy)
    }
}
