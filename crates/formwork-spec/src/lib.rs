//! Facts on every CloudFormation resource type, in a compressed table
