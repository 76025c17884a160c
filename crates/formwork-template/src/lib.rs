//! A CloudFormation template as data: sections, values, findings, canonical JSON and safe YAML
