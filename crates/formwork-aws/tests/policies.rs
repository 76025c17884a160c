//! Policy documents: what is said twice stands once, and means the same.
#![cfg(feature = "identity")]
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::collections::BTreeSet;

use formwork_aws::iam::{ConditionKey, Effect, PolicyCondition, PolicyDocument, Principal, Statement};
use formwork_core::{App, Build, Expr, Json, RawResource};
use proptest::prelude::*;

/// The actions and resources of the property below; the forms with a `*` cover others.
const ACTIONS: [&str; 6] =
    ["s3:GetObject", "s3:GetObjectTagging", "s3:PutObject", "s3:GetObject*", "s3:*", "*"];
const RESOURCES: [&str; 3] = ["arn:aws:s3:::c/*", "arn:aws:s3:::a/*", "arn:aws:s3:::b/*"];

/// Which plain action is allowed on which resource, where and by whom.
fn meaning(statements: &[serde_json::Value]) -> BTreeSet<(String, String, String)> {
    let list = |value: &serde_json::Value| match value {
        serde_json::Value::Array(items) => {
            items.iter().map(|item| item.as_str().unwrap().to_owned()).collect()
        }
        one => vec![one.as_str().unwrap().to_owned()],
    };
    let mut allowed = BTreeSet::new();
    for statement in statements {
        let beside = format!("{} {} {}", statement["Effect"], statement["Condition"], statement["Sid"]);
        let people = list(&statement["Principal"]["AWS"]);
        for (pattern, resource) in list(&statement["Action"]).iter().flat_map(|action| {
            list(&statement["Resource"]).into_iter().map(move |resource| (action, resource))
        }) {
            let begin = pattern.trim_end_matches('*');
            let plain = ACTIONS.iter().filter(|action| !action.ends_with('*'));
            for action in
                plain.filter(|plain| *plain == pattern || pattern.ends_with('*') && plain.starts_with(begin))
            {
                for who in &people {
                    allowed.insert((format!("{beside} {who}"), (*action).to_owned(), resource.clone()));
                }
            }
        }
    }
    allowed
}

/// The statements of a policy, as the template has them.
fn statements(policy: PolicyDocument) -> Vec<serde_json::Value> {
    let mut app = App::new();
    let policy: Expr<Json> = policy.into();
    RawResource::new("AWS::S3::BucketPolicy")
        .property("PolicyDocument", policy)
        .build(&mut app.stack("a"), "P");
    let template = app.synthesize().unwrap().stacks[0].template.to_json();
    let template: serde_json::Value = serde_json::from_str(&template).unwrap();
    template["Resources"]["P"]["Properties"]["PolicyDocument"]["Statement"].as_array().unwrap().clone()
}

proptest! {
    #[test]
    fn merging_changes_no_meaning_and_leaves_nothing_twice(
        all in proptest::collection::vec(
            (any::<bool>(), proptest::sample::subsequence(&ACTIONS, 1..4), proptest::sample::subsequence(&RESOURCES, 1..3), 0..3_u8, any::<bool>()),
            1..9,
        )
    ) {
        let statement = |(allow, actions, resources, who, bounded): &(bool, Vec<&str>, Vec<&str>, u8, bool)| {
            let effect = if *allow { Effect::Allow } else { Effect::Deny };
            let statement = Statement::new(effect, actions.iter().copied(), resources.iter().copied())
                .principal(Principal::arn(format!("arn:aws:iam::111111111111:user/{who}")));
            if *bounded { statement.when(PolicyCondition::bool(ConditionKey::SECURE_TRANSPORT, true)) } else { statement }
        };
        let apart: Vec<_> =
            all.iter().flat_map(|one| statements(PolicyDocument::new().statement(statement(one)))).collect();
        let policy = || all.iter().fold(PolicyDocument::new(), |policy, one| policy.statement(statement(one)));
        let merged = statements(policy());
        prop_assert_eq!(meaning(&apart), meaning(&merged));
        prop_assert!(merged.len() <= apart.len());
        // What is merged stays as it is, whatever is said again.
        let again = all.iter().fold(policy(), |policy, one| policy.statement(statement(one)));
        prop_assert_eq!(meaning(&statements(again)), meaning(&merged));
        for one in &merged {
            let actions = one["Action"].as_array().cloned().unwrap_or_default();
            let mut sorted: Vec<_> = actions.iter().map(|action| action.as_str().unwrap()).collect();
            sorted.sort_unstable();
            sorted.dedup();
            prop_assert_eq!(sorted, actions.iter().map(|action| action.as_str().unwrap()).collect::<Vec<_>>());
        }
    }
}
