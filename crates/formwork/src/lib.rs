//! Infrastructure as code in Rust: typed builders that synthesize CloudFormation
