//! That `bench/templates` holds what the programs synthesize: `docs/cdk` compares it with the CDK's.

use std::{fs, path::Path, process::Command};

use serde_json::Value;

#[test]
fn kept_templates_are_fresh() {
    for (program, name, stack) in [
        (env!("CARGO_BIN_EXE_web-asg"), "web-asg", "WebAsg"),
        (env!("CARGO_BIN_EXE_ecs-fargate"), "ecs-fargate", "EcsFargate"),
        (env!("CARGO_BIN_EXE_iam-heavy"), "iam-heavy", "IamHeavy"),
    ] {
        let directory = tempfile::tempdir().unwrap();
        let status = Command::new(program).env("CDK_OUTDIR", directory.path()).status().unwrap();
        assert!(status.success(), "{name} ends with {status}");
        let templates = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
        let kept = templates.join(format!("{name}.template.json"));
        let fresh = directory.path().join(format!("{stack}.template.json"));
        let read = |file: &Path| -> Value { serde_json::from_slice(&fs::read(file).unwrap()).unwrap() };
        let same = read(&fresh) == read(&kept);
        assert!(same, "bench/templates/{name}.template.json is stale: run `cargo xtask compare`");
    }
}
