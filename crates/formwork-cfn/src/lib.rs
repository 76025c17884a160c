//! Generated typed builders for every CloudFormation resource type
