//! [`CloudControl`]: reading resources of any type over the AWS SDK.

use std::fmt;

use aws_sdk_cloudcontrol as sdk;

use crate::{drift::LiveResources, error::ServiceError, failure::failure, service::Answer};

use super::incomplete;

/// Cloud Control over the AWS SDK.
#[derive(Clone)]
pub struct CloudControl {
    inner: sdk::Client,
    is_authoritative: bool,
}

impl fmt::Debug for CloudControl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("CloudControl")
            .field("is_authoritative", &self.is_authoritative)
            .finish_non_exhaustive()
    }
}

impl CloudControl {
    pub(super) fn new(config: sdk::Config, is_authoritative: bool) -> Self {
        Self { inner: sdk::Client::from_conf(config), is_authoritative }
    }
}

impl LiveResources for CloudControl {
    fn properties<'a>(&'a self, resource_type: &'a str, identifier: &'a str) -> Answer<'a, String> {
        Box::pin(async move {
            let call = self.inner.get_resource().type_name(resource_type).identifier(identifier);
            let output = call.send().await.map_err(|error| match failure(&error) {
                ServiceError::Other { code, message } if code == "ResourceNotFoundException" => {
                    ServiceError::NotFound { message }
                }
                other => other,
            })?;
            let properties = output.resource_description.and_then(|resource| resource.properties);
            properties.ok_or_else(|| incomplete("properties"))
        })
    }

    fn is_authoritative(&self) -> bool {
        self.is_authoritative
    }
}
