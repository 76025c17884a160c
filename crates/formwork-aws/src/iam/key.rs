//! [`ConditionKey`]: what a condition looks at, and of which kind its values are.

use std::{borrow::Cow, marker::PhantomData};

use formwork_core::{Literal, builder::Node};

/// Values that are ARNs, for [`ConditionKey`]. They are given as text.
#[derive(Debug)]
pub enum Arn {}

/// Values that are address ranges, for [`ConditionKey`]. They are given as text.
#[derive(Debug)]
pub enum IpRange {}

/// Values that are bytes, for [`ConditionKey`]. They are given as text in base 64.
#[derive(Debug)]
pub enum Binary {}

/// A moment, in coordinated universal time.
///
/// ```
/// use formwork_aws::iam::Date;
///
/// let end_of_the_year = Date::new(2026, 12, 31).at(23, 59, 59);
/// # let _ = end_of_the_year;
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
    time: (u8, u8, u8),
}

impl Date {
    /// The begin of a day.
    pub const fn new(year: u16, month: u8, day: u8) -> Self {
        Self { year, month, day, time: (0, 0, 0) }
    }

    /// A time of the day.
    pub const fn at(mut self, hour: u8, minute: u8, second: u8) -> Self {
        self.time = (hour, minute, second);
        self
    }
}

impl Literal for Date {
    fn into_node(self) -> Node {
        let Self { year, month, day, time: (hour, minute, second) } = self;
        let text = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z");
        Node::String(text.into())
    }
}

/// What a condition looks at: a key of the request, with the kind of its values.
///
/// The keys of all services are constants, so that each is compared as what it is. A key of one
/// service is written as text, and is of whichever kind the operator compares; `formwork check`
/// knows which actions it comes with.
///
/// ```
/// use formwork_aws::iam::{ConditionKey, PolicyCondition};
///
/// let encrypted = PolicyCondition::bool(ConditionKey::SECURE_TRANSPORT, true);
/// let few = PolicyCondition::numeric_less_than_equals("s3:max-keys", 10);
/// # let _ = (encrypted, few);
/// ```
///
/// A flag is not an address:
///
/// ```compile_fail
/// use formwork_aws::iam::{ConditionKey, PolicyCondition};
///
/// let wrong = PolicyCondition::ip_address(ConditionKey::SECURE_TRANSPORT, "10.0.0.0/8");
/// ```
///
/// See [global condition keys](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html).
#[derive(Debug)]
pub struct ConditionKey<T> {
    name: Cow<'static, str>,
    kind: PhantomData<fn() -> T>,
}

impl<T> ConditionKey<T> {
    const fn global(name: &'static str) -> Self {
        Self { name: Cow::Borrowed(name), kind: PhantomData }
    }

    pub(super) fn into_name(self) -> String {
        self.name.into_owned()
    }
}

impl<T> From<&'static str> for ConditionKey<T> {
    fn from(name: &'static str) -> Self {
        Self::global(name)
    }
}

impl<T> From<String> for ConditionKey<T> {
    fn from(name: String) -> Self {
        Self { name: Cow::Owned(name), kind: PhantomData }
    }
}

macro_rules! keys {
    ($kind:ty: $($(#[$doc:meta])* $constant:ident = $name:literal;)*) => {
        impl ConditionKey<$kind> {
            $($(#[$doc])* pub const $constant: Self = Self::global($name);)*
        }
    };
}

keys! { String:
    /// The account of the principal.
    PRINCIPAL_ACCOUNT = "aws:PrincipalAccount";
    /// The organization of the principal.
    PRINCIPAL_ORG_ID = "aws:PrincipalOrgID";
    /// The places of the principal in its organization: several values.
    PRINCIPAL_ORG_PATHS = "aws:PrincipalOrgPaths";
    /// The service that makes the request, where one does.
    PRINCIPAL_SERVICE_NAME = "aws:PrincipalServiceName";
    /// What the principal is: `Account`, `User`, `AssumedRole`, ...
    PRINCIPAL_TYPE = "aws:PrincipalType";
    /// The id of the principal.
    USER_ID = "aws:userid";
    /// The name of the user.
    USER_NAME = "aws:username";
    /// The network that the request comes from.
    SOURCE_VPC = "aws:SourceVpc";
    /// The endpoint that the request comes through.
    SOURCE_VPC_ENDPOINT = "aws:SourceVpce";
    /// The account of the resource that a service acts for.
    SOURCE_ACCOUNT = "aws:SourceAccount";
    /// The organization of the resource that a service acts for.
    SOURCE_ORG_ID = "aws:SourceOrgID";
    /// The account that owns the resource.
    RESOURCE_ACCOUNT = "aws:ResourceAccount";
    /// The organization of the account that owns the resource.
    RESOURCE_ORG_ID = "aws:ResourceOrgID";
    /// The region that the request goes to.
    REQUESTED_REGION = "aws:RequestedRegion";
    /// The services that the request came through: several values.
    CALLED_VIA = "aws:CalledVia";
    /// The keys of the tags in the request: several values.
    TAG_KEYS = "aws:TagKeys";
    /// What the role that the request is made with was taken by.
    SOURCE_IDENTITY = "aws:SourceIdentity";
    /// The program that makes the request, by its own account.
    USER_AGENT = "aws:UserAgent";
    /// What another account gives to take a role of this one, so that nobody is mistaken for it.
    EXTERNAL_ID = "sts:ExternalId";
}

keys! { Arn:
    /// The principal.
    PRINCIPAL_ARN = "aws:PrincipalArn";
    /// The resource that a service acts for.
    SOURCE_ARN = "aws:SourceArn";
}

keys! { IpRange:
    /// The address that the request comes from.
    SOURCE_IP = "aws:SourceIp";
    /// The address that the request comes from, within its network.
    VPC_SOURCE_IP = "aws:VpcSourceIp";
}

keys! { bool:
    /// Whether the request is sent encrypted.
    SECURE_TRANSPORT = "aws:SecureTransport";
    /// Whether the principal has shown a second factor.
    MULTI_FACTOR_AUTH_PRESENT = "aws:MultiFactorAuthPresent";
    /// Whether a service makes the request itself.
    PRINCIPAL_IS_AWS_SERVICE = "aws:PrincipalIsAWSService";
    /// Whether a service makes the request for the principal.
    VIA_AWS_SERVICE = "aws:ViaAWSService";
}

keys! { i64:
    /// The seconds since the principal has shown a second factor.
    MULTI_FACTOR_AUTH_AGE = "aws:MultiFactorAuthAge";
}

keys! { Date:
    /// When the request is made.
    CURRENT_TIME = "aws:CurrentTime";
    /// When the credentials were given out.
    TOKEN_ISSUE_TIME = "aws:TokenIssueTime";
}

impl ConditionKey<String> {
    /// A tag of the resource.
    pub fn resource_tag(key: &str) -> Self {
        format!("aws:ResourceTag/{key}").into()
    }

    /// A tag in the request.
    pub fn request_tag(key: &str) -> Self {
        format!("aws:RequestTag/{key}").into()
    }

    /// A tag of the principal.
    pub fn principal_tag(key: &str) -> Self {
        format!("aws:PrincipalTag/{key}").into()
    }
}
