//! The service's limits that a template can run into.
//!
//! Source: [CloudFormation quotas](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html)
//! and [IAM quotas](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html).

/// Resources in one template.
pub const RESOURCES: usize = 500;
/// Parameters in one template.
pub const PARAMETERS: usize = 200;
/// Outputs in one template.
pub const OUTPUTS: usize = 200;
/// Mappings in one template.
pub const MAPPINGS: usize = 200;
/// Bytes of a template that is sent with the request.
pub const TEMPLATE_BYTES_INLINE: usize = 51_200;
/// Bytes of a template that is read from S3.
pub const TEMPLATE_BYTES_URL: usize = 1_048_576;
/// Bytes of a template's description.
pub const DESCRIPTION_BYTES: usize = 1_024;
/// Characters of a logical id.
pub const LOGICAL_ID_CHARACTERS: usize = 255;
/// Characters of a stack name.
pub const STACK_NAME_CHARACTERS: usize = 128;
/// Bytes of EC2 user data before it is encoded.
pub const USER_DATA_BYTES: usize = 16_384;
/// Characters of a customer managed policy, white space not counted.
pub const MANAGED_POLICY_CHARACTERS: usize = 6_144;
/// Characters of all inline policies of one role, white space not counted.
pub const ROLE_INLINE_POLICY_CHARACTERS: usize = 10_240;
/// Characters of all inline policies of one user, white space not counted.
pub const USER_INLINE_POLICY_CHARACTERS: usize = 2_048;
/// Characters of all inline policies of one group, white space not counted.
pub const GROUP_INLINE_POLICY_CHARACTERS: usize = 5_120;
/// Characters of a role's trust policy unless the account has asked for more.
pub const TRUST_POLICY_CHARACTERS: usize = 2_048;
/// Tags on one resource.
pub const TAGS: usize = 50;
/// From this share of a limit on there is a warning, in percent.
pub const WARNING_PERCENT: usize = 80;
