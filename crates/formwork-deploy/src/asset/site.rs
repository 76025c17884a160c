//! [`Site`]: the account and region that assets go to.

use std::{collections::BTreeMap, fmt, sync::Arc};

use tokio::sync::{Mutex, OnceCell};

use super::{
    AssetError, ContainerCommand,
    registry::{Ecr, Registry},
};
use crate::{
    bucket::partition,
    clock::{Clock, SystemClock},
    connection::Aws,
    error::ServiceError,
    object::{ObjectStore, S3},
    retry::{RetryPolicy, attempt},
};

/// An account and region, with its buckets and its registry.
pub struct Site {
    aws: Option<Aws>,
    account: OnceCell<String>,
    region: String,
    objects: Arc<dyn ObjectStore>,
    registry: Arc<dyn Registry>,
    /// The host of the registry, once somebody is logged in.
    host: OnceCell<String>,
    /// The same as other roles.
    assumed: Mutex<BTreeMap<String, Arc<Site>>>,
}

impl fmt::Debug for Site {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = formatter.debug_struct("Site");
        shown.field("account", &self.account).field("region", &self.region).finish_non_exhaustive()
    }
}

impl Site {
    /// The account and region of what is connected. Nothing is called yet.
    pub fn new(aws: &Aws) -> Self {
        Self {
            aws: Some(aws.clone()),
            account: OnceCell::new(),
            region: aws.region().to_owned(),
            objects: Arc::new(S3::new(aws)),
            registry: Arc::new(Ecr::new(aws)),
            host: OnceCell::new(),
            assumed: Mutex::default(),
        }
    }

    /// An account and region with other services than AWS's, for tests.
    pub fn of(
        account: impl Into<String>,
        region: impl Into<String>,
        objects: Arc<dyn ObjectStore>,
        registry: Arc<dyn Registry>,
    ) -> Self {
        Self {
            aws: None,
            account: OnceCell::new_with(Some(account.into())),
            region: region.into(),
            objects,
            registry,
            host: OnceCell::new(),
            assumed: Mutex::default(),
        }
    }

    pub(super) fn objects(&self) -> &dyn ObjectStore {
        &*self.objects
    }

    pub(super) fn registry(&self) -> &dyn Registry {
        &*self.registry
    }

    /// The account, asked for once.
    pub(super) async fn account(&self) -> Result<&str, ServiceError> {
        let account = self.account.get_or_try_init(|| async {
            let Some(aws) = &self.aws else { return Ok(String::new()) };
            attempt(&SystemClock::new(), &RetryPolicy::DEFAULT, || aws.account()).await.result
        });
        Ok(account.await?)
    }

    /// A text with what its placeholders stand for.
    pub(super) async fn resolve(&self, text: &str) -> Result<String, ServiceError> {
        if !text.contains("${AWS::") {
            return Ok(text.to_owned());
        }
        let text = text.replace("${AWS::AccountId}", self.account().await?);
        let text = text.replace("${AWS::Partition}", partition(&self.region).0);
        Ok(text.replace("${AWS::Region}", &self.region))
    }

    /// The same as another role, whose name may hold placeholders.
    pub(super) async fn assume(&self, role: &str) -> Result<Arc<Self>, ServiceError> {
        let role = self.resolve(role).await?;
        let mut assumed = self.assumed.lock().await;
        if let Some(site) = assumed.get(&role) {
            return Ok(Arc::clone(site));
        }
        let site = Arc::new(match &self.aws {
            Some(aws) => Self::new(&aws.clone().assume(&role).await),
            None => Self {
                aws: None,
                account: self.account.clone(),
                region: self.region.clone(),
                objects: Arc::clone(&self.objects),
                registry: Arc::clone(&self.registry),
                host: OnceCell::new(),
                assumed: Mutex::default(),
            },
        });
        assumed.insert(role, Arc::clone(&site));
        Ok(site)
    }

    /// Logs in to the registry, once, and says its host.
    pub(super) async fn log_in(
        &self,
        command: &ContainerCommand,
        clock: &dyn Clock,
        retry: &RetryPolicy,
    ) -> Result<&str, AssetError> {
        let host = self.host.get_or_try_init(|| async {
            let login = attempt(clock, retry, || self.registry.login()).await.result?;
            command.log_in(&login.host, &login.user, &login.password).await?;
            Ok::<_, AssetError>(login.host)
        });
        Ok(host.await?)
    }
}
